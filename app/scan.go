package app

import (
	"context"
	"errors"
	"io"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Scan names the devices in captures: the wire and the identity engine, with no store behind them.
type Scan struct {
	Files     []string
	Input     io.Reader // read instead of Files when set
	InputName string

	Workers   int    // 0: one per core
	ShowNames bool   // keep personal names in clear; needs a person's permission
	Recog     string // folder of recog fingerprint files to load as a further source

	Progress func(done, total int64) // bytes read of all files
}

// Run reads every capture and says what is in them. Captures that cannot be read at all make an
// error of kind Invalid, naming the file; what the others held is returned all the same. When ctx
// ends early the document holds what was found until then.
func (s *Scan) Run(ctx context.Context) (*ward.Document, error) {
	set, err := fingerprints(s.Recog)
	if err != nil {
		return nil, err
	}
	mask := identity.Mask
	if s.ShowNames {
		mask = nil
	}
	engine := wire.New(wire.Options{Decoders: decoders.All(), Workers: s.Workers, Mask: mask, Progress: s.Progress})
	names := identity.New(identity.Options{Prints: set})

	var sources []ward.Source
	var failed []error
	take := func(src ward.Source, err error) {
		if err != nil {
			failed = append(failed, err)
			return
		}
		sources = append(sources, src)
	}
	if s.Input != nil {
		take(engine.Read(ctx, s.Input, s.InputName))
	}
	for _, f := range s.Files {
		if ctx.Err() != nil {
			break
		}
		take(engine.ReadFile(ctx, f))
	}
	names.Observe(engine.Close())
	return document(names.Picture(), engine.Counts(), sources...), errors.Join(failed...)
}

// document puts together what the parts found.
func document(p *identity.Picture, counts ward.Counts, sources ...ward.Source) *ward.Document {
	if sources == nil {
		sources = []ward.Source{}
	}
	for reason, n := range p.Dropped {
		counts.Dropped[reason] += n
	}
	return &ward.Document{
		Schema: ward.SchemaVersion, Version: Version(), Sources: sources,
		Devices: p.Devices, Interfaces: p.Interfaces, Flows: p.Flows, Findings: p.Findings, Coverage: p.Coverage, Counts: counts,
	}
}
