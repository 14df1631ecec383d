package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// columns of the tests' own table.
var columns = []Column{
	{Table: "people", Key: "id", Name: "note"},
	{Table: "people", Key: "id", Name: "name", Person: true},
}

func table(t *testing.T, s *store.Store) {
	t.Helper()
	blob := "BLOB"
	if s.Engine() == "PostgreSQL" {
		blob = "BYTEA"
	}
	err := s.Write(t.Context(), func(tx store.Tx) error {
		_, err := tx.Exec(t.Context(), `CREATE TABLE people (id TEXT PRIMARY KEY, note `+blob+`, name `+blob+`, found `+blob+`)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// clock is a time that tests move.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { return c.at }

func open(t *testing.T, s *store.Store, source Source, c *clock) *Vault {
	t.Helper()
	v, err := Open(t.Context(), s, Options{Source: source, Columns: columns, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// each runs a test on both engines with the tests' table and a vault on a key file.
func each(t *testing.T, test func(t *testing.T, s *store.Store, v *Vault, keyFile string, c *clock)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		table(t, s)
		file, c := filepath.Join(t.TempDir(), "site.key"), newClock()
		test(t, s, open(t, s, File(file), c), file, c)
	}, Migrations())
}

func note(row string) Place { return Place{Table: "people", Row: row, Column: "note"} }

func name(row, subject string) Place {
	return Place{Table: "people", Row: row, Column: "name", Subject: subject}
}

// put seals a note and a name into a row.
func put(t *testing.T, s *store.Store, v *Vault, row, subject, noteText, nameText string) {
	t.Helper()
	ctx := t.Context()
	err := s.Write(ctx, func(tx store.Tx) error {
		a, err := v.Seal(ctx, tx, note(row), []byte(noteText))
		if err != nil {
			return err
		}
		b, err := v.Seal(ctx, tx, name(row, subject), []byte(nameText))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO people (id, note, name) VALUES (?, ?, ?)`, row, a, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sealed(t *testing.T, s *store.Store, row string) (noteValue, nameValue []byte) {
	t.Helper()
	if err := s.QueryRow(t.Context(), `SELECT note, name FROM people WHERE id = ?`, row).Scan(&noteValue, &nameValue); err != nil {
		t.Fatal(err)
	}
	return noteValue, nameValue
}

func wantNote(t *testing.T, s *store.Store, v *Vault, row, want string) {
	t.Helper()
	b, _ := sealed(t, s, row)
	got, err := v.Open(t.Context(), s, note(row), b)
	if err != nil || string(got) != want {
		t.Fatalf("row %s: got %q, %v; want %q", row, got, err, want)
	}
}

func wantKind(t *testing.T, err error, want ward.Kind) {
	t.Helper()
	if err == nil || ward.KindOf(err) != want {
		t.Errorf("got error %v, want one of kind %v", err, want)
	}
}

func TestSealedValuesOpenOnlyWhereTheyStand(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, _ *clock) {
		put(t, s, v, "1", "p1", "hello", "Ada")
		put(t, s, v, "2", "p2", "", "Ben")
		wantNote(t, s, v, "1", "hello")
		wantNote(t, s, v, "2", "")
		a, b := sealed(t, s, "1")
		if got, err := v.Open(t.Context(), s, name("1", "p1"), b); err != nil || string(got) != "Ada" {
			t.Errorf("got %q, %v", got, err)
		}
		for _, p := range []Place{note("2"), {Table: "people", Row: "1", Column: "name"}, {Table: "peopl", Row: "e1", Column: "note"}} {
			_, err := v.Open(t.Context(), s, p, a)
			wantKind(t, err, ward.Conflict)
		}
		_, err := v.Open(t.Context(), s, name("2", "p2"), b)
		wantKind(t, err, ward.Conflict)
		_, err = v.Open(t.Context(), s, note("1"), []byte("not sealed at all, and long enough to be so, is it not?"))
		wantKind(t, err, ward.Invalid)
		err = s.Write(t.Context(), func(tx store.Tx) error {
			_, err := v.Seal(t.Context(), tx, Place{Table: "people", Row: "1", Column: "other"}, nil)
			return err
		})
		wantKind(t, err, ward.Internal)
		if n, err := v.Verify(t.Context()); err != nil || n != 4 {
			t.Errorf("Verify: %d keys, %v; want 4: of the table, two subjects and their index", n, err)
		}
	})
}

// A key made in a transaction that is undone must not be used afterwards: what it seals could
// never be opened.
func TestKeysOfUndoneTransactionsAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, c *clock) {
		undo := errors.New("undo")
		var orphan []byte
		err := s.Write(t.Context(), func(tx store.Tx) (err error) {
			for range 2 { // the second finds the first one's key
				if orphan, err = v.Seal(t.Context(), tx, note("1"), []byte("x")); err != nil {
					return err
				}
			}
			if _, err := v.Open(t.Context(), tx, note("1"), orphan); err != nil {
				t.Errorf("inside its transaction: %v", err)
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		_, err = v.Open(t.Context(), s, note("1"), orphan)
		wantKind(t, err, ward.Conflict)
		put(t, s, v, "1", "p1", "hello", "Ada")
		wantNote(t, s, open(t, s, v.source, c), "1", "hello")
	})
}

func TestSealer(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, _ *clock) {
		x, err := v.Sealer(t.Context(), "people", "note")
		if err != nil {
			t.Fatal(err)
		}
		err = s.Write(t.Context(), func(store.Tx) error { // it needs no transaction, nor minds one
			b, err := x.Seal(t.Context(), "root key", []byte("secret"))
			if err != nil {
				return err
			}
			got, err := x.Open(t.Context(), "root key", b)
			if err != nil || string(got) != "secret" {
				t.Errorf("got %q, %v", got, err)
			}
			_, err = x.Open(t.Context(), "other key", b)
			wantKind(t, err, ward.Conflict)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = v.Sealer(t.Context(), "people", "unlisted")
		wantKind(t, err, ward.Internal)
	})
}

// trials is how many random changes a property test makes: few in CI, all with WARDKEEPER_PROVE=1.
func trials(t *testing.T) (*rand.Rand, int) {
	t.Helper()
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any number
	n := 5000
	if os.Getenv("WARDKEEPER_PROVE") == "1" {
		n = 100000
	}
	t.Logf("seed %d, %d trials", seed, n)
	return rand.New(rand.NewPCG(seed, 1)), n //nolint:gosec // reproducible on purpose
}

func TestAFlippedBitInASealedValueIsDetected(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, _ *clock) {
		random, n := trials(t)
		put(t, s, v, "1", "p1", strings.Repeat("a note of some length ", 5), "Ada")
		a, b := sealed(t, s, "1")
		if s.Engine() == "PostgreSQL" {
			n /= 5 // a changed key id asks the server
		}
		for range n {
			p, good := note("1"), a
			if random.IntN(2) == 0 {
				p, good = name("1", "p1"), b
			}
			bad := bytes.Clone(good)
			bit := random.IntN(8 * len(bad))
			bad[bit/8] ^= 1 << (bit % 8)
			if _, err := v.Open(t.Context(), s, p, bad); err == nil {
				t.Fatalf("bit %d changed and not detected", bit)
			}
		}
	})
}

func TestAFlippedBitInAWrappedKeyIsDetected(t *testing.T) {
	ctx := t.Context()
	k, err := newLocalKey(newKey(), Site{Kind: "file"})
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.SQLite(t, Migrations())
	table(t, s)
	v := open(t, s, func(context.Context, []Site) ([]SiteKey, error) { return []SiteKey{k}, nil }, newClock())
	put(t, s, v, "1", "p1", "hello", "Ada")
	row, err := newestKey(ctx, s, "table:people")
	if err != nil {
		t.Fatal(err)
	}
	random, n := trials(t)
	for range n {
		bad := *row
		bad.wrapped = bytes.Clone(row.wrapped)
		switch bit := random.IntN(8 * (len(row.wrapped) + 20)); { // the wrapped key, its id or its version
		case bit < 8*len(row.wrapped):
			bad.wrapped[bit/8] ^= 1 << (bit % 8)
		case bit < 8*(len(row.wrapped)+16):
			bit -= 8 * len(row.wrapped)
			bad.ref.id[bit/8] ^= 1 << (bit % 8)
		default:
			bad.ref.version ^= 1 << (bit % 32)
		}
		if _, err := v.unwrap(ctx, &bad); err == nil {
			t.Fatal("a changed wrapped key was accepted")
		}
	}
	bad := *row
	bad.name = "table:other"
	if _, err := v.unwrap(ctx, &bad); err == nil {
		t.Error("a wrapped key under another name was accepted")
	}
	if _, err := v.unwrap(ctx, row); err != nil {
		t.Errorf("the unchanged key: %v", err)
	}
}

func TestBlindIndexFindsWhatPeopleTakeForTheSame(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, v *Vault, _ string, _ *clock) {
		ctx := t.Context()
		_, err := v.Index(ctx, "people", "name", "x")
		wantKind(t, err, ward.NotFound)
		if err := v.Prepare(ctx, nil, []string{"people.name", "people.phone"}); err != nil {
			t.Fatal(err)
		}
		index := func(v *Vault, column, value string) string {
			b, err := v.Index(ctx, "people", column, value)
			if err != nil || len(b) != 32 {
				t.Fatalf("%d bytes, %v", len(b), err)
			}
			return string(b)
		}
		want := index(v, "name", "Strauß Émile")
		for _, same := range []string{" strauss  émile ", "STRAUSS E\u0301MILE", "Ｓtrauß\tÉmile"} {
			if index(v, "name", same) != want {
				t.Errorf("%q is not found", same)
			}
		}
		if index(v, "name", "Straus Émile") == want || index(v, "phone", "Strauß Émile") == want {
			t.Error("another value, or the same in another column, is taken for it")
		}
		if index(open(t, s, v.source, newClock()), "name", "Strauß Émile") != want {
			t.Error("after a restart it is not found")
		}
	})
}

func TestKeyFile(t *testing.T) {
	ctx := t.Context()
	s := storetest.SQLite(t, Migrations())
	dir := t.TempDir()
	path := filepath.Join(dir, "site.key")
	v := open(t, s, File(path), newClock())
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	raw, _ := v.Export()
	for _, printed := range []string{fmt.Sprint(v.ring), fmt.Sprintf("%+v", v.ring), fmt.Sprintf("%#v", v.ring[v.active])} {
		if strings.Contains(printed, fmt.Sprint(raw)) || strings.Contains(printed, fmt.Sprintf("%x", raw)) || strings.Contains(printed, string(raw)) {
			t.Error("printing shows the key")
		}
	}
	try := func(source Source) error {
		_, err := Open(ctx, s, Options{Source: source})
		return err
	}
	wantKind(t, try(File(filepath.Join(dir, "absent"))), ward.Unavailable)
	other := filepath.Join(dir, "other")
	if err := createKeyFile(other); err != nil {
		t.Fatal(err)
	}
	wantKind(t, try(File(other)), ward.Forbidden)
	wantKind(t, try(Passphrase([]byte("a passphrase long enough"), Cost{64, 1, 1})), ward.Forbidden)
	if err := os.Chmod(path, 0o640); err != nil { //nolint:gosec // that is the test
		t.Fatal(err)
	}
	wantKind(t, try(File(path)), ward.Forbidden)
	if err := os.WriteFile(other, []byte(keyLine+"c2hvcnQ\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantKind(t, try(File(other)), ward.Invalid)
}

func TestPassphrase(t *testing.T) {
	ctx := t.Context()
	s := storetest.SQLite(t, Migrations())
	table(t, s)
	cheap := Cost{Memory: 64, Passes: 1, Threads: 1}
	first := []byte("correct horse battery staple")
	v := open(t, s, Passphrase(first, cheap), newClock())
	put(t, s, v, "1", "p1", "hello", "Ada")
	wantNote(t, s, open(t, s, Passphrase([]byte("correct horse battery staple\n"), DefaultCost), newClock()), "1", "hello")
	_, err := Open(ctx, s, Options{Source: Passphrase([]byte("correct horse battery stapler"), cheap)})
	wantKind(t, err, ward.Forbidden)
	_, err = Open(ctx, s, Options{Source: Passphrase([]byte("too short"), cheap)})
	wantKind(t, err, ward.Invalid)

	second := Passphrase([]byte("another horse, another battery"), cheap)
	keys, err := second(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.RotateSite(ctx, keys[0]); err != nil {
		t.Fatal(err)
	}
	wantNote(t, s, open(t, s, second, newClock()), "1", "hello")
	_, err = Open(ctx, s, Options{Source: Passphrase(first, cheap)})
	wantKind(t, err, ward.Forbidden)
	raw, _ := v.Export() // out of a backup, say
	wantNote(t, s, open(t, s, Fixed(raw), newClock()), "1", "hello")
}

// Processes that start at once on a new store must agree on one site key.
func TestSeveralFirstStarts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		table(t, s)
		var all sync.WaitGroup
		vaults := make([]*Vault, 6)
		for i := range vaults {
			all.Go(func() {
				source := Passphrase([]byte("correct horse battery staple"), Cost{64, 1, 1})
				v, err := Open(t.Context(), s, Options{Source: source, Columns: columns})
				if err != nil {
					t.Error(err)
				}
				vaults[i] = v
			})
		}
		all.Wait()
		for i, v := range vaults {
			if t.Failed() {
				return
			}
			put(t, s, v, fmt.Sprint(i), "p", "note", "Ada")
			wantNote(t, s, vaults[0], fmt.Sprint(i), "note")
		}
		if known, err := sites(t.Context(), s); err != nil || len(known) != 1 {
			t.Errorf("%d site keys, %v", len(known), err)
		}
	}, Migrations())
}

func FuzzParse(f *testing.F) {
	f.Add(make([]byte, overhead))
	f.Add(append([]byte{format}, bytes.Repeat([]byte{0xff}, overhead)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		ref, body, err := parse(b)
		if err != nil {
			return
		}
		if !bytes.Equal(append(ref.header(), body...), b) {
			t.Fatal("header and body are not the value")
		}
		if again, err := parseRef(ref.uuid(), int64(ref.version)); err == nil && again != ref {
			t.Fatal("an id changes on its way through the database")
		}
	})
}

func FuzzKeyFile(f *testing.F) {
	f.Add([]byte(keyLine + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := parseKeyFile(b)
		if err == nil && (len(keys) == 0 || len(keys) > maxKeyLines) {
			t.Fatalf("%d keys", len(keys))
		}
	})
}

func BenchmarkSealAndOpen(b *testing.B) {
	s := storetest.SQLite(b, Migrations())
	v, err := Open(b.Context(), s, Options{Source: File(filepath.Join(b.TempDir(), "k")), Columns: columns})
	if err != nil {
		b.Fatal(err)
	}
	x, err := v.Sealer(b.Context(), "people", "note")
	if err != nil {
		b.Fatal(err)
	}
	plain := make([]byte, 64)
	for b.Loop() {
		c, err := x.Seal(b.Context(), "row", plain)
		if err == nil {
			_, err = x.Open(b.Context(), "row", c)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
