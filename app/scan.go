package app

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

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
// ends early the document holds what was found until then, without an error.
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
		switch {
		case ctx.Err() != nil && src.Packets > 0:
			src.Torn = false // the person stopped it, the file is whole
			sources = append(sources, src)
		case ctx.Err() != nil:
		case err != nil:
			failed = append(failed, &ward.Error{Kind: ward.Invalid, Op: "app.Scan", Msg: ward.Message(err), Err: errors.Unwrap(err)})
		default:
			sources = append(sources, src)
		}
	}
	if s.Input != nil {
		take(engine.Read(ctx, interruptible(ctx, s.Input), s.InputName))
	}
	for _, f := range s.Files {
		if ctx.Err() != nil {
			break
		}
		if isStream(f) {
			take(engine.Read(ctx, interruptible(ctx, &lateFile{path: f}), f))
			continue
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

// isStream reports whether a path is a pipe or a device: reading it, and even opening it, may wait
// for ever.
func isStream(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) != 0
}

// lateFile is opened when it is first read.
type lateFile struct {
	path string
	f    *os.File
}

func (l *lateFile) Read(b []byte) (int, error) {
	if l.f == nil {
		f, err := os.Open(l.path)
		if err != nil {
			return 0, err
		}
		l.f = f
	}
	return l.f.Read(b)
}

// interruptible reads from a source whose reads may wait for ever, until ctx ends. What had arrived
// by then is still delivered.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	r := &interrupted{ctx: ctx, arrived: make(chan piece, 1)}
	go func() { // lives until the source says something or the program ends
		for {
			buf := make([]byte, 256<<10)
			n, err := in.Read(buf)
			r.arrived <- piece{buf[:n], err}
			if err != nil {
				return
			}
		}
	}()
	return r
}

// piece is what one read of a source gave.
type piece struct {
	data []byte
	err  error
}

type interrupted struct {
	ctx     context.Context //nolint:containedctx // it is the interruption
	arrived chan piece
	now     piece
}

// grace is how long a piece that is on its way is waited for after the interruption.
const grace = 100 * time.Millisecond

// Read implements io.Reader.
func (r *interrupted) Read(b []byte) (int, error) {
	for len(r.now.data) == 0 {
		if r.now.err != nil {
			return 0, r.now.err
		}
		select {
		case r.now = <-r.arrived:
		case <-r.ctx.Done():
			select {
			case r.now = <-r.arrived:
			case <-time.After(grace):
				r.now.err = r.ctx.Err()
			}
		}
	}
	n := copy(b, r.now.data)
	r.now.data = r.now.data[n:]
	return n, nil
}
