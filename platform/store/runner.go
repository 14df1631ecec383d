package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Runner runs jobs. Several runners, in several programs, may work on one store.
type Runner struct {
	Store   *Store
	Name    string // of this runner, unique among those on the store
	Kinds   map[string]func(context.Context, *Job) error
	Repeats []Repeat
	Workers int              // 0 means 2
	Lease   time.Duration    // how long a job is ours without a sign of life; 0 means 60 s
	Now     func() time.Time // nil means time.Now
	Log     *slog.Logger     // nil means slog.Default
}

// Repeat is a job that comes back: it is queued when none of its kind waits or runs and the last
// one was queued longer than Every ago.
type Repeat struct {
	Order
	Every time.Duration
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func (r *Runner) log() *slog.Logger {
	if r.Log != nil {
		return r.Log
	}
	return slog.Default()
}

func (r *Runner) lease() time.Duration {
	if r.Lease > 0 {
		return r.Lease
	}
	return time.Minute
}

// Run works until ctx ends and every job in hand has stopped.
func (r *Runner) Run(ctx context.Context) {
	var wg sync.WaitGroup
	workers := r.Workers
	if workers == 0 {
		workers = 2
	}
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				wake := r.Store.bell.wait()
				ran, err := r.Step(ctx)
				if err != nil && ctx.Err() == nil {
					r.log().ErrorContext(ctx, "job runner", "err", err)
				}
				if ran {
					continue
				}
				timer := time.NewTimer(time.Second)
				select {
				case <-ctx.Done():
				case <-wake:
				case <-timer.C:
				}
				timer.Stop()
			}
		})
	}
	wg.Wait()
}

// Step runs one job that is due, if there is one, and says whether it did.
func (r *Runner) Step(ctx context.Context) (bool, error) {
	if err := r.repeat(ctx); err != nil {
		return false, err
	}
	j, err := r.claim(ctx)
	if err != nil || j == nil {
		return false, err
	}
	jobCtx, stop := context.WithCancel(ctx)
	defer stop()
	j.hold = &hold{runner: r, id: j.ID, stop: stop}
	beat := make(chan struct{})
	go func() { // signs of life while the job works without reporting progress
		defer close(beat)
		t := time.NewTicker(r.lease() / 3)
		defer t.Stop()
		for {
			select {
			case <-jobCtx.Done():
				return
			case <-t.C:
				j.hold.renew(jobCtx) //nolint:errcheck // the next beat tries again
			}
		}
	}()
	err = r.call(jobCtx, j)
	stop()
	<-beat
	return true, r.finish(context.WithoutCancel(ctx), j, err, ctx.Err() != nil)
}

func (r *Runner) call(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s panicked: %v", j.Kind, p)
		}
	}()
	work := r.Kinds[j.Kind]
	if work == nil {
		return fmt.Errorf("nobody knows how to do jobs of kind %q", j.Kind)
	}
	return work(ctx, j)
}

func (r *Runner) repeat(ctx context.Context) error {
	for _, p := range r.Repeats {
		now := r.now()
		var last int64
		err := r.Store.QueryRow(ctx, `SELECT COALESCE(MAX(created), 0) FROM store_jobs WHERE kind = ?`, p.Kind).Scan(&last)
		if err != nil {
			return err
		}
		if last > 0 && now.Sub(Time(last)) < p.Every {
			continue
		}
		p.Once = "repeat"
		err = r.Store.Write(ctx, func(tx Tx) error {
			_, err := tx.Enqueue(ctx, now, p.Order)
			return err
		})
		if err != nil && !IsConflict(err) { // another runner was quicker
			return err
		}
	}
	return nil
}

// claim takes the job that has been due longest: a queued one, or one whose holder died.
func (r *Runner) claim(ctx context.Context) (*Job, error) {
	now := r.now()
	var due int
	err := r.Store.QueryRow(ctx, `SELECT COUNT(*) FROM store_jobs WHERE (state = 'queued' AND run_at <= ?)
		OR (state = 'running' AND lease < ?)`, Micros(now), Micros(now)).Scan(&due)
	if err != nil || due == 0 {
		return nil, err
	}
	skip := ""
	if r.Store.engine == postgresEngine {
		skip = "FOR UPDATE SKIP LOCKED"
	}
	var j Job
	err = r.Store.Write(ctx, func(tx Tx) error {
		return scanJob(tx.QueryRow(ctx, `UPDATE store_jobs SET state = 'running', holder = ?, lease = ?, attempts = attempts + 1
			WHERE id = (SELECT id FROM store_jobs WHERE (state = 'queued' AND run_at <= ?) OR (state = 'running' AND lease < ?)
				ORDER BY run_at, id LIMIT 1 `+skip+`)
			RETURNING `+jobColumns, r.Name, Micros(now.Add(r.lease())), Micros(now), Micros(now)).Scan, &j)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &j, err
}

// finish records how an attempt ended. A job that failed comes back after 2, 4, 8 ... seconds, at
// most an hour; ward.Invalid and the like do not come back, since trying again cannot help.
func (r *Runner) finish(ctx context.Context, j *Job, failure error, shutdown bool) error {
	now := r.now()
	state, note, message := JobDone, j.Note, ""
	runAt := j.RunAt
	switch {
	case failure == nil:
	case j.hold.cancelled.Load():
		state = JobCancelled
	case shutdown:
		state, runAt = JobQueued, now
		j.Attempts--
	case j.Attempts >= j.limit || hopeless(failure):
		state, message = JobFailed, ward.Message(failure)
	default:
		state, message = JobQueued, ward.Message(failure)
		runAt = now.Add(min(time.Hour, time.Second<<min(j.Attempts, 12)))
	}
	if failure != nil && !shutdown {
		r.log().WarnContext(ctx, "job ended", "kind", j.Kind, "job", j.ID, "state", state, "attempt", j.Attempts, "err", failure)
	}
	var finished int64
	if state != JobQueued {
		finished = Micros(now)
	}
	return r.Store.Write(ctx, func(tx Tx) error {
		_, err := tx.Exec(ctx, `UPDATE store_jobs SET state = ?, run_at = ?, error = ?,
			note = ?, attempts = ?, finished = ?, lease = 0, holder = '' WHERE id = ? AND holder = ?`,
			string(state), Micros(runAt), message, note, j.Attempts, finished, j.ID, r.Name)
		if err != nil {
			return err
		}
		return tx.Emit("job."+string(state), j.ID, map[string]string{"kind": j.Kind})
	})
}

func hopeless(err error) bool {
	switch ward.KindOf(err) {
	case ward.Invalid, ward.NotFound, ward.Forbidden, ward.Conflict:
		return true
	}
	return false
}

// hold is a runner's grip on a running job.
type hold struct {
	runner    *Runner
	id        string
	stop      context.CancelFunc
	cancelled atomic.Bool
}

// Progress records how far the job is and prolongs its lease. It fails when the job was cancelled
// or taken over: return that error.
func (j *Job) Progress(ctx context.Context, done, total int64, note string) error {
	j.Done, j.Total, j.Note = done, total, note
	err := j.hold.runner.Store.Write(ctx, func(tx Tx) error {
		n, err := tx.Exec(ctx, `UPDATE store_jobs SET done = ?, total = ?, note = ? WHERE id = ? AND holder = ?`,
			done, total, note, j.ID, j.hold.runner.Name)
		if err != nil || n == 0 {
			return err
		}
		return tx.Emit("job.progress", j.ID, map[string]int64{"done": done, "total": total})
	})
	if err != nil {
		return err
	}
	return j.hold.renew(ctx)
}

// renew prolongs the lease and learns whether the job is to stop.
func (h *hold) renew(ctx context.Context) error {
	var cancel bool
	err := h.runner.Store.Write(ctx, func(tx Tx) error {
		return tx.QueryRow(ctx, `UPDATE store_jobs SET lease = ? WHERE id = ? AND holder = ? RETURNING cancel`,
			Micros(h.runner.now().Add(h.runner.lease())), h.id, h.runner.Name).Scan(&cancel)
	})
	if errors.Is(err, sql.ErrNoRows) {
		h.stop()
		return &ward.Error{Kind: ward.Conflict, Op: "store.Progress", Msg: "Another runner took this job over."}
	}
	if err == nil && cancel {
		h.cancelled.Store(true)
		h.stop()
		return &ward.Error{Kind: ward.Conflict, Op: "store.Progress", Msg: "The job was cancelled."}
	}
	return err
}
