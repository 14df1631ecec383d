package audit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
)

func grow(t *testing.T, s *store.Store, n int) *audit.Log {
	t.Helper()
	l := &audit.Log{Store: s}
	for i := range n {
		err := s.Write(t.Context(), func(tx store.Tx) error {
			return l.Append(t.Context(), tx, audit.Leaf{
				Time: time.Unix(1764000000+int64(i), 123456789), Site: "main", Actor: "p1", Action: "device.label",
				Object: fmt.Sprint("d", i), Summary: "Said what it is.",
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestLogVerifiesAndHeadAgrees(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for range 9 { // every shape of a small tree
			l := grow(t, s, 1)
			got, err := l.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if head, err := l.Head(t.Context()); err != nil || head != got {
				t.Fatalf("head %v, verified %v, err %v", head, got, err)
			}
		}
	}, audit.Migrations())
}

func TestChangeAndLeafStandOrFallTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := grow(t, s, 2)
		undo := errors.New("undo")
		err := s.Write(t.Context(), func(tx store.Tx) error {
			if err := l.Append(t.Context(), tx, audit.Leaf{Actor: "p", Action: "x"}); err != nil {
				return err
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		grow(t, s, 1)
		if h, err := l.Verify(t.Context()); err != nil || h.Size != 3 {
			t.Fatalf("%v %v", h, err)
		}
	}, audit.Migrations())
}

func TestConcurrentWritersKeepTheTreeWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				l := &audit.Log{Store: s}
				for range 10 {
					err := s.Write(t.Context(), func(tx store.Tx) error {
						return l.Append(t.Context(), tx, audit.Leaf{Actor: "p", Action: "x"})
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if h, err := (&audit.Log{Store: s}).Verify(t.Context()); err != nil || h.Size != 40 {
			t.Fatalf("%v %v", h, err)
		}
	}, audit.Migrations())
}

func TestAnyTamperingIsFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test's dice
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := grow(t, s, 7)
		for _, change := range []string{
			`UPDATE audit_leaves SET leaf = REPLACE(leaf, 'd3', 'd4') WHERE position = 3`,
			`UPDATE audit_leaves SET actor = 'p2' WHERE position = 0`,
			`UPDATE audit_leaves SET at = at + 1 WHERE position = 6`,
			`DELETE FROM audit_leaves WHERE position = 6`,
			`DELETE FROM audit_leaves WHERE position = 2`,
			`DELETE FROM audit_hashes WHERE position = 9`,
			`UPDATE audit_hashes SET hash = (SELECT hash FROM audit_hashes WHERE position = 1) WHERE position = 0`,
			`UPDATE audit_head SET size = 6`,
		} {
			err := s.Write(t.Context(), func(tx store.Tx) error {
				_, err := tx.Exec(t.Context(), change)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Verify(t.Context()); err == nil {
				t.Fatalf("not found: %s", change)
			} else if !strings.Contains(err.Error(), "does not verify") {
				t.Fatal(err)
			}
			restore(t, s)
			l = grow(t, s, 7)
			if _, err := l.Verify(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		flip := rng.IntN(200)
		var text string
		if err := s.QueryRow(t.Context(), `SELECT leaf FROM audit_leaves WHERE position = 5`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		b := []byte(text)
		b[flip%len(b)] ^= 1
		if err := s.Write(t.Context(), func(tx store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE audit_leaves SET leaf = ? WHERE position = 5`, string(b))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Verify(t.Context()); err == nil {
			t.Fatalf("a flipped bit at %d was not found", flip%len(b))
		}
	}, audit.Migrations())
}

func restore(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Write(t.Context(), func(tx store.Tx) error {
		for _, q := range []string{`DELETE FROM audit_leaves`, `DELETE FROM audit_hashes`, `UPDATE audit_head SET size = 0`} {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLeavesAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := grow(t, s, 5)
		for _, c := range []struct {
			actor, action, object string
			before                int64
			want                  int
		}{{"", "", "", 0, 5}, {"p1", "device.", "", 3, 3}, {"p2", "", "", 0, 0}, {"", "dev", "d4", 0, 1}} {
			got, err := l.Leaves(t.Context(), c.actor, c.action, c.object, c.before, 10)
			if err != nil || len(got) != c.want {
				t.Fatalf("%+v: %d leaves, err %v", c, len(got), err)
			}
		}
	}, audit.Migrations())
}
