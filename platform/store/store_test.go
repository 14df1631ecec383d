package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

var demo = store.Migrations{Stage: "demo", Files: fstest.MapFS{"00001_demo.sql": {Data: []byte(`-- +goose Up
CREATE TABLE demo_parents (id TEXT PRIMARY KEY, note TEXT);
CREATE TABLE demo_children (
    id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES demo_parents (id),
    n BIGINT NOT NULL, share DOUBLE PRECISION NOT NULL, flag BOOLEAN NOT NULL, raw BLOB NOT NULL);
`)}}}

func TestBothEnginesKeepEveryType(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 3)
		check(t, s, 3)
	}, demo)
}

func fill(t *testing.T, s *store.Store, n int) {
	t.Helper()
	ctx := t.Context()
	err := s.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO demo_parents (id, note) VALUES (?, ?)`, "p", nil); err != nil {
			return err
		}
		b := tx.Bulk(`INSERT INTO demo_children (id, parent, n, share, flag, raw) VALUES`, 6, `ON CONFLICT (id) DO NOTHING`)
		for i := range n {
			if err := b.Add(ctx, fmt.Sprintf("c%06d", i), "p", int64(i)<<40, 1.0, i%2 == 0, []byte{0, byte(i), 0xff}); err != nil {
				return err
			}
		}
		return b.Close(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, s *store.Store, n int) {
	t.Helper()
	type child struct {
		id, parent string
		n          int64
		share      float64
		flag       bool
		raw        []byte
	}
	all, err := store.All(t.Context(), s, func(r *sql.Rows, c *child) error {
		return r.Scan(&c.id, &c.parent, &c.n, &c.share, &c.flag, &c.raw)
	}, `SELECT id, parent, n, share, flag, raw FROM demo_children WHERE parent = ? AND id <> '?' ORDER BY id`, "p")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != n {
		t.Fatalf("%d rows, want %d", len(all), n)
	}
	for i, c := range all {
		if c.n != int64(i)<<40 || c.share != 1 || c.flag != (i%2 == 0) || len(c.raw) != 3 || c.raw[1] != byte(i) {
			t.Fatalf("row %d came back as %+v", i, c)
		}
	}
	var note sql.NullString
	if err := s.QueryRow(t.Context(), `SELECT note FROM demo_parents`).Scan(&note); err != nil || note.Valid {
		t.Fatalf("note %v, err %v", note, err)
	}
}

func TestTextSortsByBytesOnBothEngines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		err := s.Write(ctx, func(tx store.Tx) error {
			for _, id := range []string{"b", "B", "a", "É", "Z"} {
				if _, err := tx.Exec(ctx, `INSERT INTO demo_parents (id) VALUES (?)`, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := store.All(ctx, s, func(r *sql.Rows, v *string) error { return r.Scan(v) }, `SELECT id FROM demo_parents ORDER BY id`)
		if err != nil || strings.Join(got, "") != "BZabÉ" {
			t.Fatalf("%v %v", got, err)
		}
	}, demo)
}

func TestErrorUndoesEverything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		boom := errors.New("boom")
		err := s.Write(ctx, func(tx store.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO demo_parents (id) VALUES ('x')`); err != nil {
				return err
			}
			if err := tx.Emit("demo.made", "x", nil); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		var n int
		if err := s.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM demo_parents) + (SELECT COUNT(*) FROM store_outbox)`).Scan(&n); err != nil || n != 0 {
			t.Fatalf("%d rows stayed behind, err %v", n, err)
		}
	}, demo)
}

func TestConflictIsRecognised(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		insert := func(tx store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO demo_parents (id) VALUES ('x')`)
			return err
		}
		if err := s.Write(ctx, insert); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(ctx, insert); !store.IsConflict(err) {
			t.Fatalf("a second row with the same key gave %v", err)
		}
	}, demo)
}

func TestReadPoolCannotWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		rows, err := s.Query(t.Context(), `INSERT INTO demo_parents (id) VALUES ('x') RETURNING id`)
		if err == nil {
			rows.Next()
			err = rows.Err()
			rows.Close()
		}
		if err == nil {
			t.Fatal("the read pool wrote")
		}
	}, demo)
}

func TestMigrateTwiceAndRefuseNewer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Migrate(t.Context(), demo); err != nil {
			t.Fatal(err)
		}
		newer := store.Migrations{Stage: "demo", Files: fstest.MapFS{
			"00001_demo.sql": demo.Files.(fstest.MapFS)["00001_demo.sql"],
			"00002_more.sql": {Data: []byte("-- +goose Up\nALTER TABLE demo_parents ADD COLUMN more TEXT;\n")},
		}}
		if err := s.Migrate(t.Context(), newer); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context(), demo); err == nil {
			t.Fatal("an older program accepted a newer database")
		}
	}, demo)
}

func TestCopyBetweenEngines(t *testing.T) {
	from := storetest.SQLite(t, demo)
	fill(t, from, 2500)
	post(t, from, "a.b", 3)
	to := storetest.Postgres(t, demo)
	done, err := store.Copy(t.Context(), from, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(done) < 5 {
		t.Fatalf("only %v", done)
	}
	check(t, to, 2500)
	post(t, to, "a.b", 1)
	if head, err := to.Head(t.Context()); err != nil || head != 4 {
		t.Fatalf("the outbox goes on at %d, err %v", head, err)
	}
	if _, err := store.Copy(t.Context(), from, to, nil); ward.KindOf(err) != ward.Conflict {
		t.Fatalf("copying over a database in use gave %v", err)
	}
	back := storetest.SQLite(t, demo)
	if _, err := store.Copy(t.Context(), to, back, nil); err != nil {
		t.Fatal(err)
	}
	check(t, back, 2500)
}

func TestBackupRestoresWhileWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 100)
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := s.Backup(t.Context(), path, demo); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), path, demo); ward.KindOf(err) != ward.Conflict {
			t.Fatalf("a second backup onto the first gave %v", err)
		}
		b, err := store.Open(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		check(t, b, 100)
	}, demo)
}

func post(t *testing.T, s *store.Store, topic string, n int) {
	t.Helper()
	err := s.Write(t.Context(), func(tx store.Tx) error {
		for i := range n {
			if err := tx.Emit(topic, fmt.Sprint(i), map[string]int{"i": i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFollowerSeesEveryMessageOnceInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const writers, each = 4, 20
		errs := make(chan error, writers)
		for range writers {
			go func() {
				for i := range each {
					err := s.Write(t.Context(), func(tx store.Tx) error { return tx.Emit("x.y", "s", i) })
					if err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		f, err := s.Follow(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		var at int64
		for at < writers*each {
			batch, gap, err := f.Next(t.Context())
			if err != nil || gap {
				t.Fatalf("gap %v err %v", gap, err)
			}
			for _, m := range batch {
				if m.Position != at+1 {
					t.Fatalf("after %d came %d", at, m.Position)
				}
				at = m.Position
			}
		}
		for range writers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestFollowerFiltersAndReportsGaps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		post(t, s, "noise.x", 5)
		post(t, s, "device.changed", 2)
		f, err := s.Follow(t.Context(), 0, "device.")
		if err != nil {
			t.Fatal(err)
		}
		batch, gap, err := f.Next(t.Context())
		if err != nil || gap || len(batch) != 2 || f.Position() != 7 {
			t.Fatalf("%v %v %v at %d", batch, gap, err, f.Position())
		}
		if err := s.Prune(t.Context(), time.Now().Add(time.Hour), time.Minute); err != nil {
			t.Fatal(err)
		}
		post(t, s, "device.changed", 1)
		old, err := s.Follow(t.Context(), 3, "device.")
		if err != nil {
			t.Fatal(err)
		}
		if batch, gap, err = old.Next(t.Context()); err != nil || !gap || len(batch) != 1 {
			t.Fatalf("%v gap %v err %v", batch, gap, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := old.Next(ctx); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

func TestConsumerHandlesEachMessageOnceAcrossRestarts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		post(t, s, "a.b", 5)
		enough := errors.New("enough")
		var seen []int64
		run := func(until int) {
			err := s.Consume(t.Context(), "stage", []string{"a."}, func(_ store.Tx, m store.Message) error {
				if len(seen) == until {
					return enough
				}
				seen = append(seen, m.Position)
				return nil
			})
			if !errors.Is(err, enough) {
				t.Fatal(err)
			}
		}
		stop, cancel := context.WithCancel(t.Context())
		err := s.Consume(stop, "stage", []string{"a."}, func(_ store.Tx, m store.Message) error {
			seen = append(seen, m.Position)
			if m.Position == 5 {
				time.AfterFunc(0, cancel)
			}
			return nil
		})
		if err == nil {
			t.Fatal("Consume ended without being told")
		}
		handled := len(seen) // the commit of the batch may or may not have been quicker than the cancel
		var at int64
		s.QueryRow(t.Context(), `SELECT COALESCE(MAX(position), 0) FROM store_subscribers`).Scan(&at) //nolint:errcheck // checked by what follows
		seen = seen[:at]
		post(t, s, "a.b", 2)
		run(6)
		if handled != 5 || seen[5] != 6 {
			t.Fatalf("handled %d, then %v", handled, seen)
		}
	})
}
