package vault

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

func TestTableKeyIsReplacedWhileWorkGoesOn(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, file string, c *clock) {
		ctx := t.Context()
		for i := range 3*batch/2 + 1 {
			put(t, s, v, fmt.Sprintf("%03d", i), "p1", fmt.Sprint("note ", i), "Ada")
		}
		other := open(t, s, File(file), c) // another process
		wantNote(t, s, other, "000", "note 0")
		err := s.Write(ctx, func(tx store.Tx) error { return v.RotateTable(ctx, tx, "people") })
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, other, "late", "p1", "by a process with the old key", "Ada")
		wantNote(t, s, v, "000", "note 0")
		wantNote(t, s, v, "late", "by a process with the old key")

		done, err := v.Tidy(ctx, nil)
		if err != nil || done.Resealed != 302 || done.Retired != 0 {
			t.Fatalf("%+v, %v; want 302 values resealed, the old key kept for its grace", done, err)
		}
		c.at = c.at.Add(grace)
		if done, err = v.Tidy(ctx, nil); err != nil || done.Resealed != 0 || done.Retired != 1 {
			t.Fatalf("%+v, %v; want the old key destroyed", done, err)
		}
		for _, v := range []*Vault{v, other, open(t, s, File(file), c)} {
			for i := range 301 {
				wantNote(t, s, v, fmt.Sprintf("%03d", i), fmt.Sprint("note ", i))
			}
			put(t, s, v, fmt.Sprintf("%p", v), "p2", "after", "Ben")
		}
		if done, err = v.Tidy(ctx, nil); err != nil || done != (Rotated{}) {
			t.Errorf("%+v, %v; want nothing to do", done, err)
		}
	})
}

func TestADamagedValueHoldsUpTheEndOfItsKey(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, c *clock) {
		ctx := t.Context()
		put(t, s, v, "1", "p1", "good", "Ada")
		put(t, s, v, "2", "p1", "to be damaged", "Ada")
		a, _ := sealed(t, s, "2")
		a[len(a)-1] ^= 1
		err := s.Write(ctx, func(tx store.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE people SET note = ? WHERE id = '2'`, a); err != nil {
				return err
			}
			return v.RotateTable(ctx, tx, "people")
		})
		if err != nil {
			t.Fatal(err)
		}
		c.at = c.at.Add(2 * grace)
		done, err := v.Tidy(ctx, nil)
		if err != nil || done.Damaged != 1 || done.Resealed != 1 || done.Retired != 0 {
			t.Errorf("%+v, %v", done, err)
		}
	})
}

// The site key is replaced, several times, while another process seals and opens.
func TestSiteKeyIsReplacedWhileWorkGoesOn(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, file string, c *clock) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		put(t, s, v, "first", "p0", "note", "Ada")
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		serving := open(t, s, File(file), c)
		var rounds atomic.Int64
		var all sync.WaitGroup
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				row := fmt.Sprint("row", i)
				err := s.Write(t.Context(), func(tx store.Tx) error {
					b, err := serving.Seal(t.Context(), tx, name(row, row), []byte(row)) // a new subject's key each time
					if err == nil {
						_, err = tx.Exec(t.Context(), `INSERT INTO people (id, name) VALUES (?, ?)`, row, b)
					}
					return err
				})
				var b, got []byte
				if err == nil {
					err = s.QueryRow(t.Context(), `SELECT name FROM people WHERE id = ?`, row).Scan(&b)
				}
				if err == nil {
					got, err = serving.Open(t.Context(), s, name(row, row), b)
				}
				if err != nil || string(got) != row {
					t.Errorf("%s: %q, %v", row, got, err)
					return
				}
				rounds.Add(1)
			}
		})
		for range 5 {
			start := rounds.Load()
			if _, err := v.RotateSiteFile(t.Context(), file); err != nil {
				t.Error(err)
				break
			}
			for rounds.Load() < start+5 && !t.Failed() {
				wantNote(t, s, serving, "first", "note")
			}
		}
		stop()
		all.Wait()
		after, err := os.ReadFile(file)
		if err != nil || strings.Count(string(after), keyLine) != 1 || bytes.Equal(before, after) {
			t.Errorf("the key file should hold one new key: %v", err)
		}
		fresh := open(t, s, File(file), c)
		if n, err := fresh.Verify(t.Context()); err != nil || n != rounds.Load()+3 {
			t.Errorf("%d keys open with the new site key, %v; want %d", n, err, rounds.Load()+3)
		}
		for i := range rounds.Load() {
			row := fmt.Sprint("row", i)
			_, b := sealed(t, s, row)
			if got, err := fresh.Open(t.Context(), s, name(row, row), b); err != nil || string(got) != row {
				t.Fatalf("%s: %q, %v", row, got, err)
			}
		}
		known, err := sites(t.Context(), s)
		if err != nil || len(known) != 6 {
			t.Fatalf("%d site keys known, %v", len(known), err)
		}
		for _, k := range known {
			if (k.State == active) != (k.ID == fresh.Site().ID) || k.State == old {
				t.Errorf("site key %s is %s", k.ID, k.State)
			}
		}
	})
}

// A rotation that ends after any of its steps leaves a store that opens, and can be run again.
func TestInterruptedSiteRotation(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, file string, c *clock) {
		ctx := t.Context()
		put(t, s, v, "1", "p1", "note", "Ada")
		keys, err := readKeyFile(file)
		if err != nil {
			t.Fatal(err)
		}
		next, err := newLocalKey(newKey(), Site{Kind: "file"})
		if err != nil {
			t.Fatal(err)
		}
		if err := replaceKeyFile(file, next, keys[0]); err != nil { // and then the power went
			t.Fatal(err)
		}
		v = open(t, s, File(file), c)
		wantNote(t, s, v, "1", "note")
		if v.Site().ID != keys[0].Site().ID {
			t.Error("a key that the store has not taken yet is in use")
		}
		if err := s.Write(ctx, func(tx store.Tx) error { return insertAsActive(ctx, tx, next, c) }); err != nil { // or then
			t.Fatal(err)
		}
		v = open(t, s, File(file), c)
		wantNote(t, s, v, "1", "note")
		if done, err := v.Tidy(ctx, nil); err != nil || done.Wrapped != 3 {
			t.Errorf("%+v, %v; want 3 keys carried over", done, err)
		}
		if _, err := v.RotateSiteFile(ctx, file); err != nil {
			t.Fatal(err)
		}
		wantNote(t, s, open(t, s, File(file), c), "1", "note")
	})
}

func insertAsActive(ctx context.Context, tx store.Tx, next SiteKey, c *clock) error {
	if _, err := tx.Exec(ctx, `UPDATE vault_sites SET state = 'old'`); err != nil {
		return err
	}
	return insertSite(ctx, tx, next.Site(), store.Micros(c.at.Add(time.Second)))
}

func TestTheJobRunnerTends(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, c *clock) {
		ctx := t.Context()
		put(t, s, v, "1", "p1", "note", "Ada")
		var id string
		err := s.Write(ctx, func(tx store.Tx) (err error) {
			if err = v.RotateTable(ctx, tx, "people"); err != nil {
				return err
			}
			id, err = tx.Enqueue(ctx, c.at, store.Order{Kind: Tend, Once: Tend})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		runner := &store.Runner{Store: s, Name: "test", Now: c.now, Kinds: map[string]func(context.Context, *store.Job) error{Tend: v.Job}}
		if ran, err := runner.Step(ctx); !ran || err != nil {
			t.Fatal(ran, err)
		}
		job, err := s.Job(ctx, id)
		if err != nil || job.State != store.JobDone || !strings.HasPrefix(job.Note, "0 keys wrapped and 1 values sealed anew") {
			t.Errorf("%+v, %v", job, err)
		}
		wantNote(t, s, v, "1", "note")
	})
}

func TestRotatingWhatHasNoKey(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, _ *clock) {
		err := s.Write(t.Context(), func(tx store.Tx) error { return v.RotateTable(t.Context(), tx, "people") })
		wantKind(t, err, ward.NotFound)
	})
}
