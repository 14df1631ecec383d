package vault

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// After Shred no key in the vault opens the subject's values, in this process or another, and
// everybody else's open as before.
func TestShreddedSubjectIsUnreadable(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, file string, c *clock) {
		ctx := t.Context()
		put(t, s, v, "1", "p1", "note", "Ada")
		put(t, s, v, "2", "p2", "note", "Ben")
		other := open(t, s, File(file), c)
		_, ada := sealed(t, s, "1")
		_, ben := sealed(t, s, "2")
		for _, v := range []*Vault{v, other} {
			if _, err := v.Open(ctx, s, name("1", "p1"), ada); err != nil {
				t.Fatal(err)
			}
		}
		shred := func(subject string) (was bool) {
			err := s.Write(ctx, func(tx store.Tx) (err error) {
				was, err = v.Shred(ctx, tx, subject)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return was
		}
		if !shred("p1") || shred("p1") || shred("nobody") {
			t.Error("Shred says wrongly whether there was a key")
		}
		for _, v := range []*Vault{v, other, open(t, s, File(file), c)} {
			_, err := v.Open(ctx, s, name("1", "p1"), ada)
			wantKind(t, err, ward.NotFound)
			if got, err := v.Open(ctx, s, name("2", "p2"), ben); err != nil || string(got) != "Ben" {
				t.Errorf("the other subject: %q, %v", got, err)
			}
			err = s.Write(ctx, func(tx store.Tx) error {
				_, err := v.Seal(ctx, tx, name("3", "p1"), []byte("Ada again"))
				return err
			})
			wantKind(t, err, ward.NotFound)
		}
		// with every key that is left, and with the bytes that stand where the key stood
		ref, body, err := parse(ada)
		if err != nil {
			t.Fatal(err)
		}
		gone, err := keyByRef(ctx, s, ref)
		if err != nil || !bytes.Equal(gone.wrapped, make([]byte, len(gone.wrapped))) {
			t.Fatalf("the wrapped key is still there: %v", err)
		}
		for _, n := range []string{"table:people", "index:vault.subject"} {
			row, err := newestKey(ctx, s, n)
			if err != nil {
				t.Fatal(err)
			}
			key, err := v.unwrap(ctx, row)
			if err != nil {
				t.Fatal(err)
			}
			aead, err := newAEAD(key)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := aead.Open(nil, nil, body, name("1", "p1").bound(ref.header())); err == nil {
				t.Errorf("key %s opens it", n)
			}
		}
	})
}

// Whoever takes the disk and has the site key must not find the wrapped key of a shredded subject
// in what the database left lying about.
func TestShreddedKeyLeavesNoTraceInTheFile(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx, Migrations()); err != nil {
		t.Fatal(err)
	}
	table(t, s)
	v := open(t, s, File(filepath.Join(dir, "site.key")), newClock())
	for i := range 400 {
		put(t, s, v, fmt.Sprint(i), fmt.Sprint("p", i), "note", "Ada")
	}
	var gone [][]byte
	err = s.Write(ctx, func(tx store.Tx) error {
		for i := 0; i < 400; i += 3 {
			n, err := v.subjectName(ctx, &tx, fmt.Sprint("p", i))
			if err != nil {
				return err
			}
			row, err := newestKey(ctx, tx, n)
			if err != nil {
				return err
			}
			gone = append(gone, row.wrapped)
			if _, err := v.Shred(ctx, tx, fmt.Sprint("p", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	kept, err := newestKey(ctx, s, "table:people")
	if err != nil {
		t.Fatal(err)
	}
	found, traces := false, 0
	for _, n := range []string{"test.db", "test.db-wal", "test.db-shm"} {
		text, err := os.ReadFile(filepath.Join(dir, n))
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(text, kept.wrapped)
		for _, w := range gone {
			if bytes.Contains(text, w) {
				traces++
			}
		}
	}
	if !found {
		t.Error("the search does not even find a key that is there")
	}
	if traces > 0 {
		t.Errorf("%d of %d destroyed keys are still in the files", traces, len(gone))
	}
}
