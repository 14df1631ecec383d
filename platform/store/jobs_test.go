package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// bench is a runner with a clock that stands still until it is moved.
type bench struct {
	*store.Runner
	at time.Time
}

func newBench(s *store.Store, kinds map[string]func(context.Context, *store.Job) error) *bench {
	b := &bench{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	b.Runner = &store.Runner{Store: s, Name: "one", Kinds: kinds, Now: func() time.Time { return b.at }}
	return b
}

func (b *bench) order(t *testing.T, o store.Order) string {
	t.Helper()
	var id string
	err := b.Store.Write(t.Context(), func(tx store.Tx) (err error) {
		id, err = tx.Enqueue(t.Context(), b.at, o)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *bench) step(t *testing.T, want bool) {
	t.Helper()
	ran, err := b.Step(t.Context())
	if err != nil || ran != want {
		t.Fatalf("ran %v, want %v, err %v", ran, want, err)
	}
}

func (b *bench) state(t *testing.T, id string, want store.JobState) *store.Job {
	t.Helper()
	j, err := b.Store.Job(t.Context(), id)
	if err != nil || j.State != want {
		t.Fatalf("job is %+v, want %s, err %v", j, want, err)
	}
	return j
}

func TestJobRetriesWithGrowingPausesThenFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		runs := 0
		b := newBench(s, map[string]func(context.Context, *store.Job) error{
			"flaky": func(context.Context, *store.Job) error { runs++; return errors.New("no luck") },
		})
		id := b.order(t, store.Order{Kind: "flaky", Tries: 3})
		for _, pause := range []time.Duration{0, 2 * time.Second, 4 * time.Second} {
			if pause > 0 {
				b.at = b.at.Add(pause - time.Millisecond)
				b.step(t, false)
				b.at = b.at.Add(time.Millisecond)
			}
			b.step(t, true)
		}
		j := b.state(t, id, store.JobFailed)
		if runs != 3 || j.Error == "" || j.Finished.IsZero() {
			t.Fatalf("%d runs, %+v", runs, j)
		}
	})
}

func TestHopelessJobIsNotTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(s, map[string]func(context.Context, *store.Job) error{
			"bad":   func(context.Context, *store.Job) error { return &ward.Error{Kind: ward.Invalid, Msg: "Wrong file."} },
			"panic": func(context.Context, *store.Job) error { panic("oops") },
		})
		id := b.order(t, store.Order{Kind: "bad"})
		b.step(t, true)
		if j := b.state(t, id, store.JobFailed); j.Error != "Wrong file." {
			t.Fatal(j.Error)
		}
		id = b.order(t, store.Order{Kind: "panic"})
		b.step(t, true)
		b.state(t, id, store.JobQueued)
	})
}

func TestJobOfADeadRunnerIsTakenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var second *bench
		b := newBench(s, nil)
		b.Kinds = map[string]func(context.Context, *store.Job) error{
			"slow": func(ctx context.Context, j *store.Job) error {
				if err := j.Progress(ctx, 1, 10, "begun"); err != nil {
					return err
				}
				second.step(t, false) // ours for a minute
				second.at = b.at.Add(61 * time.Second)
				second.step(t, true)
				return j.Progress(ctx, 2, 10, "still here?")
			},
		}
		second = newBench(s, map[string]func(context.Context, *store.Job) error{
			"slow": func(_ context.Context, j *store.Job) error {
				if j.Done != 1 || j.Attempts != 2 {
					t.Errorf("took over %+v", j)
				}
				return nil
			},
		})
		second.Name = "two"
		id := b.order(t, store.Order{Kind: "slow"})
		b.step(t, true)
		b.state(t, id, store.JobDone) // the second runner's word stands
	})
}

func TestCancelledJobStops(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		cancel := func(id string) {
			err := s.Write(t.Context(), func(tx store.Tx) error { return tx.CancelJob(t.Context(), time.Now(), id) })
			if err != nil {
				t.Error(err)
			}
		}
		b := newBench(s, map[string]func(context.Context, *store.Job) error{
			"long": func(ctx context.Context, j *store.Job) error {
				cancel(j.ID)
				err := j.Progress(ctx, 1, 2, "")
				if ctx.Err() == nil {
					t.Error("the context of a cancelled job goes on")
				}
				return err
			},
		})
		id := b.order(t, store.Order{Kind: "long"})
		b.step(t, true)
		b.state(t, id, store.JobCancelled)

		waiting := b.order(t, store.Order{Kind: "long"})
		cancel(waiting)
		b.step(t, false)
		b.state(t, waiting, store.JobCancelled)
	})
}

func TestRepeatsComeBackAndOnceHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		runs := 0
		b := newBench(s, map[string]func(context.Context, *store.Job) error{
			"tidy": func(context.Context, *store.Job) error { runs++; return nil },
		})
		if a, c := b.order(t, store.Order{Kind: "other", Once: "x", Delay: time.Hour}),
			b.order(t, store.Order{Kind: "other", Once: "x", Delay: time.Hour}); a != c {
			t.Fatal("queued twice")
		}
		b.Repeats = []store.Repeat{{Order: store.Order{Kind: "tidy"}, Every: time.Minute}}
		b.step(t, true)
		b.step(t, false)
		b.at = b.at.Add(time.Minute)
		b.step(t, true)
		if runs != 2 {
			t.Fatalf("%d runs", runs)
		}
	})
}

func TestRunnerDrainsQueueAndStops(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		done := make(chan string, 10)
		b := newBench(s, map[string]func(context.Context, *store.Job) error{
			"k": func(_ context.Context, j *store.Job) error { done <- j.ID; return nil },
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); b.Run(ctx) }()
		for range 10 {
			b.order(t, store.Order{Kind: "k"})
		}
		seen := map[string]bool{}
		for range 10 {
			seen[<-done] = true
		}
		cancel()
		<-ended
		if len(seen) != 10 {
			t.Fatalf("%d distinct jobs ran", len(seen))
		}
	})
}
