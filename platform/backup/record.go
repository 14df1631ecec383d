package backup

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// NotRehearsed is the finding that nobody has proved for too long that a backup can be restored.
const NotRehearsed ward.FindingKind = "backup not rehearsed"

// MaxAge is how old the last good rehearsal may be.
const MaxAge = 30 * 24 * time.Hour

// Record keeps the report of a rehearsal.
func (b *Backups) Record(ctx context.Context, tx store.Tx, r *Rehearsal) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO backup_rehearsals (id, site, at, good, file, report) VALUES (?, ?, ?, ?, ?, ?)`,
		r.ID, b.Site, store.Micros(r.At), r.Good, r.File, string(text))
	return err
}

// Rehearsals gives the newest reports.
func (b *Backups) Rehearsals(ctx context.Context, limit int) ([]Rehearsal, error) {
	return store.All(ctx, b.Store, func(rows *sql.Rows, r *Rehearsal) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), r)
	}, `SELECT report FROM backup_rehearsals ORDER BY at DESC, id DESC LIMIT ?`, limit)
}

// Overdue gives a finding when the last good rehearsal is older than MaxAge or there was none, and
// nil otherwise.
func (b *Backups) Overdue(ctx context.Context) (*ward.Finding, error) {
	var us int64
	if err := b.Store.QueryRow(ctx, `SELECT COALESCE(MAX(at), 0) FROM backup_rehearsals WHERE good = TRUE`).Scan(&us); err != nil {
		return nil, unable("backup.Overdue", "The reports of rehearsals cannot be read.", err)
	}
	last := store.Time(us)
	switch {
	case us == 0 && !b.HasRecoveryKey():
		return &ward.Finding{Kind: NotRehearsed, Title: "There is no backup: run `wardkeeper backup` once to make the recovery key"}, nil
	case us == 0:
		return &ward.Finding{Kind: NotRehearsed, Title: "No backup has been rehearsed yet"}, nil
	case b.now().Sub(last) > MaxAge:
		return &ward.Finding{Kind: NotRehearsed, Title: fmt.Sprintf("The last good rehearsal of a backup was on %s, more than %d days ago",
			last.Format(time.DateOnly), int(MaxAge.Hours()/24))}, nil
	}
	return nil, nil //nolint:nilnil // no finding is the good answer
}

// List gives the paths of the backups in the usual folder, newest first.
func (b *Backups) List() ([]string, error) {
	list, err := os.ReadDir(b.folder())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, unable("backup.List", "The folder of backups cannot be read.", err)
	}
	var out []string
	for _, e := range list {
		if t, ok := strings.CutPrefix(e.Name(), "wardkeeper-"); ok && e.Type().IsRegular() {
			if t, ok = strings.CutSuffix(t, suffix); ok {
				if _, err := time.Parse(stamp, t); err == nil {
					out = append(out, filepath.Join(b.folder(), e.Name()))
				}
			}
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// Prune removes the oldest backups beyond Keep from the usual folder and says how many.
func (b *Backups) Prune() (int, error) {
	keep := b.Keep
	if keep <= 0 {
		keep = 14
	}
	list, err := b.List()
	if err != nil || len(list) <= keep {
		return 0, err
	}
	for i, path := range list[keep:] {
		if err := os.Remove(path); err != nil {
			return i, unable("backup.Prune", "An old backup cannot be removed.", err)
		}
	}
	return len(list) - keep, nil
}

// Nightly is the kind of the job that Night does.
const Nightly = "nightly backup"

// Night does the nightly job: it makes a backup, rehearses it, has the report kept by record, and
// only when it was good removes the oldest. Without a recovery key it does nothing and says so.
func (b *Backups) Night(ctx context.Context, job *store.Job, record func(context.Context, *Rehearsal) error) error {
	if !b.HasRecoveryKey() {
		job.Note = "no recovery key yet: run `wardkeeper backup` once"
		return nil
	}
	made, err := b.Make(ctx, "", nil)
	if err != nil {
		return err
	}
	if err := job.Progress(ctx, 1, 2, "rehearsing "+filepath.Base(made.Path)); err != nil {
		return err
	}
	r, err := b.Rehearse(ctx, made.Path, nil)
	if err != nil {
		return err
	}
	if err := record(ctx, r); err != nil {
		return err
	}
	if !r.Good {
		return broken("backup.Night", "Tonight's backup could not be restored: "+r.Problem, nil)
	}
	gone, err := b.Prune()
	job.Done, job.Total = 2, 2
	job.Note = fmt.Sprintf("%s made and rehearsed: %d rows, %d old backups removed", r.File, r.Rows, gone)
	return err
}
