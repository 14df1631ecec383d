package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/backup"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The kinds of job that app runs.
const (
	readCapture = "read capture"
	tidyUp      = "tidy up"
)

// captureArgs are the arguments of a readCapture job.
type captureArgs struct {
	Name string `json:"name"` // as the person called it
	Path string `json:"path"` // where it waits; removed when it has been read
}

func (s *System) jobs() map[string]func(context.Context, *store.Job) error {
	return map[string]func(context.Context, *store.Job) error{
		readCapture: s.readDropped, tidyUp: s.tidy, vault.Tend: s.Vault.Job, backup.Nightly: s.backUp,
	}
}

func (s *System) repeats() []store.Repeat {
	repeats := []store.Repeat{
		{Order: store.Order{Kind: tidyUp, Site: s.Config.Site, Once: tidyUp}, Every: time.Hour},
		{Order: store.Order{Kind: vault.Tend, Site: s.Config.Site, Once: vault.Tend}, Every: time.Hour},
	}
	if !s.Synthetic {
		repeats = append(repeats, store.Repeat{Order: store.Order{Kind: backup.Nightly, Site: s.Config.Site, Once: backup.Nightly, Tries: 2}, Every: 24 * time.Hour})
	}
	return repeats
}

// tidy keeps tables and identity's memory within their retention.
func (s *System) tidy(ctx context.Context, _ *store.Job) error {
	s.learner.mu.Lock()
	s.Names.Forget(s.Now().AddDate(0, 0, -max(1, s.Config.RetentionDays)))
	s.learner.mu.Unlock()
	s.sweepCaptures()
	_, history := s.Journal.Prune(ctx)
	_, guests := s.Register.Forget(ctx)
	return errors.Join(history, guests, s.Store.Prune(ctx, s.Now(), 24*time.Hour))
}

// sweepCaptures removes dropped captures whose job never came to read them, as after a crash: they
// hold what patients' devices said.
func (s *System) sweepCaptures() {
	left, _ := filepath.Glob(filepath.Join(s.Config.Data, "captures", "dropped-*")) //nolint:errcheck // the pattern is sound
	for _, path := range left {
		if info, err := os.Stat(path); err == nil && s.Now().Sub(info.ModTime()) > 24*time.Hour {
			os.Remove(path) //nolint:errcheck,gosec // tried again in an hour
		}
	}
}

// takeCapture keeps a dropped capture on this machine and queues the job that reads it.
func (s *System) takeCapture(ctx context.Context, name string, r io.Reader) (job string, err error) {
	f, err := os.CreateTemp(filepath.Join(s.Config.Data, "captures"), "dropped-*")
	if err != nil {
		return "", &ward.Error{Kind: ward.Unavailable, Op: "app.takeCapture", Msg: "The capture could not be kept: is the disk full?", Err: err}
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name()) //nolint:errcheck,gosec // already failing
		return "", &ward.Error{Kind: ward.Unavailable, Op: "app.takeCapture", Msg: "The capture did not arrive whole. Try again.", Err: err}
	}
	person, _ := access.From(ctx)
	err = s.Door.Do(ctx, access.Action{
		Verb: "capture.drop", Permission: access.SensorsFeed, Object: filepath.Base(f.Name()), Summary: "dropped a capture",
	}, func(tx store.Tx) error {
		job, err = tx.Enqueue(ctx, s.Now(), store.Order{
			Kind: readCapture, Args: captureArgs{Name: filepath.Base(name), Path: f.Name()},
			Site: s.Config.Site, Person: person.ID, Tries: 1,
		})
		return err
	})
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck,gosec // already failing
	}
	return job, err
}

// readDropped reads a dropped capture: its devices enter the register, and a document of its own is
// kept for the person who dropped it. In the demo only the document is made: real devices have no
// place among invented ones.
func (s *System) readDropped(ctx context.Context, job *store.Job) error {
	var args captureArgs
	if err := json.Unmarshal(job.Args, &args); err != nil {
		return err
	}
	defer os.Remove(args.Path) //nolint:errcheck // a leftover is removed with the data folder
	opt := s.wireOptions("capture " + args.Name)
	last := time.Time{}
	opt.Progress = func(done, total int64) {
		if now := s.Now(); now.Sub(last) > 200*time.Millisecond {
			last = now
			job.Progress(ctx, done, total, "reading "+args.Name) //nolint:errcheck // the next one tells
		}
	}
	engine := wire.New(opt)
	src, err := engine.ReadFile(ctx, args.Path)
	if err != nil {
		return err
	}
	src.File = args.Name
	seen := engine.Close()
	names := identity.New(identity.Options{Prints: s.Prints, Expected: s.Config.subnets()})
	names.Observe(seen)
	doc := document(names.Picture(), engine.Counts(), src)
	if err := s.keepDocument(job.ID, doc); err != nil {
		return err
	}
	note := fmt.Sprintf("%d devices in %d packets", len(doc.Devices), src.Packets)
	if !s.Synthetic {
		if err := s.learn(ctx, seen); err != nil {
			return err
		}
		if err := s.Register.Heartbeat(ctx, inventory.Sensor{
			Name: args.Name, Kind: "capture", State: "done", Detail: note, Packets: src.Packets, Bytes: src.Bytes,
			Dropped: doc.Counts.Dropped, Devices: len(doc.Devices), First: src.First, Last: src.Last, Updated: s.Now(), Torn: src.Torn,
		}); err != nil {
			return err
		}
	}
	return job.Progress(ctx, int64(src.Bytes), int64(src.Bytes), note) //nolint:gosec // below 2^63
}

var jobID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

func (s *System) documentPath(job string) string {
	return filepath.Join(s.Config.Data, "captures", job+".json")
}

func (s *System) keepDocument(job string, doc *ward.Document) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return os.WriteFile(s.documentPath(job), text, 0o600)
}

// document gives what a readCapture job found.
func (s *System) document(_ context.Context, job string) (*ward.Document, error) {
	notFound := &ward.Error{Kind: ward.NotFound, Op: "app.document", Msg: "There is no result of that capture."}
	if !jobID.MatchString(job) {
		return nil, notFound
	}
	text, err := os.ReadFile(s.documentPath(job))
	if errors.Is(err, os.ErrNotExist) {
		return nil, notFound
	}
	if err != nil {
		return nil, err
	}
	doc := new(ward.Document)
	return doc, json.Unmarshal(text, doc)
}
