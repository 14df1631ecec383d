package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	JobQueued    JobState = "queued"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Job is work that outlives a request.
type Job struct {
	ID       string          `json:"id"`
	Site     string          `json:"site"`
	Kind     string          `json:"kind"`
	Args     json.RawMessage `json:"args"`
	State    JobState        `json:"state"`
	Person   string          `json:"person"` // id of who asked for it
	Attempts int             `json:"attempts"`
	Done     int64           `json:"done"` // progress: Done of Total; Total 0 means not known
	Total    int64           `json:"total"`
	Note     string          `json:"note"`  // what it is doing, or what came of it
	Error    string          `json:"error"` // for people; set when the last attempt failed
	Created  time.Time       `json:"created"`
	RunAt    time.Time       `json:"runAt"`
	Finished time.Time       `json:"finished,omitzero"`

	limit  int
	cancel bool
	hold   *hold // while it runs
}

// Order asks for a job.
type Order struct {
	Kind   string
	Args   any
	Site   string
	Person string
	Once   string        // with Kind: a second one is not queued while such a job waits or runs
	Delay  time.Duration // before the first attempt
	Tries  int           // attempts in all; 0 means 5
}

// Enqueue queues a job in a transaction and gives its id. With Order.Once set and such a job
// waiting already, it gives that one's.
func (t Tx) Enqueue(ctx context.Context, now time.Time, o Order) (string, error) {
	args, err := json.Marshal(o.Args)
	if err != nil {
		return "", fmt.Errorf("job %s: %w", o.Kind, err)
	}
	if o.Once != "" {
		var id string
		err := t.QueryRow(ctx, `SELECT id FROM store_jobs WHERE kind = ? AND once = ? AND state IN ('queued', 'running')`,
			o.Kind, o.Once).Scan(&id)
		if err == nil {
			return id, nil
		}
	}
	if o.Tries == 0 {
		o.Tries = 5
	}
	id := NewID(now)
	_, err = t.Exec(ctx, `INSERT INTO store_jobs (id, site, kind, once, args, state, person, attempts, limit_, run_at,
		lease, holder, cancel, done, total, note, error, created, finished)
		VALUES (?, ?, ?, ?, ?, 'queued', ?, 0, ?, ?, 0, '', FALSE, 0, 0, '', '', ?, 0)`,
		id, o.Site, o.Kind, o.Once, string(args), o.Person, o.Tries, Micros(now.Add(o.Delay)), Micros(now))
	if err != nil {
		return "", fmt.Errorf("job %s: %w", o.Kind, err)
	}
	return id, t.Emit("job.queued", id, map[string]string{"kind": o.Kind})
}

const jobColumns = `id, site, kind, args, state, person, attempts, limit_, run_at, cancel, done, total, note, error, created, finished`

func scanJob(scan func(...any) error, j *Job) error {
	var args string
	var runAt, created, finished int64
	err := scan(&j.ID, &j.Site, &j.Kind, &args, &j.State, &j.Person, &j.Attempts, &j.limit, &runAt, &j.cancel,
		&j.Done, &j.Total, &j.Note, &j.Error, &created, &finished)
	j.Args = json.RawMessage(args)
	j.RunAt, j.Created, j.Finished = Time(runAt), Time(created), Time(finished)
	return err
}

// Job gives a job.
func (s *Store) Job(ctx context.Context, id string) (*Job, error) {
	var j Job
	err := scanJob(s.QueryRow(ctx, `SELECT `+jobColumns+` FROM store_jobs WHERE id = ?`, id).Scan, &j)
	if err == sql.ErrNoRows { //nolint:errorlint // database/sql returns it bare
		return nil, &ward.Error{Kind: ward.NotFound, Op: "store.Job", Msg: "There is no such job."}
	}
	if err != nil {
		return nil, err
	}
	return &j, nil
}

// Jobs gives the newest jobs, of one kind when kind is set.
func (s *Store) Jobs(ctx context.Context, kind string, limit int) ([]Job, error) {
	return All(ctx, s, func(r *sql.Rows, j *Job) error { return scanJob(r.Scan, j) },
		`SELECT `+jobColumns+` FROM store_jobs WHERE (? = '' OR kind = ?) ORDER BY created DESC, id DESC LIMIT ?`,
		kind, kind, limit)
}

// CancelJob asks a job to stop: one that waits ends at once, one that runs at its next step.
func (t Tx) CancelJob(ctx context.Context, now time.Time, id string) error {
	n, err := t.Exec(ctx, `UPDATE store_jobs SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'`,
		Micros(now), id)
	if err != nil || n > 0 {
		return err
	}
	n, err = t.Exec(ctx, `UPDATE store_jobs SET cancel = TRUE WHERE id = ? AND state = 'running'`, id)
	if err == nil && n == 0 {
		return &ward.Error{Kind: ward.Conflict, Op: "store.CancelJob", Msg: "The job has ended already."}
	}
	return err
}
