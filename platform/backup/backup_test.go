package backup

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What must appear nowhere in clear.
const (
	canaryName = "CANARY-Zebedee-Quux"
	canaryNote = "CANARY-note-4711"
)

var canaries = []string{canaryName, canaryNote, "Zebedee", "subject-0815"}

// patients is a stage of the tests' own with sealed columns.
var patients = store.Migrations{Stage: "patients", Files: fstest.MapFS{"00001_patients.sql": {Data: []byte(
	"-- +goose Up\nCREATE TABLE patients_people (id TEXT PRIMARY KEY, name BLOB NOT NULL, note BLOB NOT NULL, found BLOB NOT NULL, adult BOOLEAN NOT NULL);\n")}}}

var columns = append(Columns(),
	vault.Column{Table: "patients_people", Key: "id", Name: "name", Person: true},
	vault.Column{Table: "patients_people", Key: "id", Name: "note"})

func stages() []store.Migrations {
	return []store.Migrations{vault.Migrations(), audit.Migrations(), Migrations(), patients}
}

// house is a small Wardkeeper to back up.
type house struct {
	*Backups
	data string
	at   time.Time
	key  RecoveryKey
	ids  []age.Identity
}

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	ctx := t.Context()
	h := &house{data: t.TempDir(), at: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)}
	source := vault.File(filepath.Join(h.data, "site.key"))
	v, err := vault.Open(ctx, s, vault.Options{Source: source, Columns: columns})
	if err != nil {
		t.Fatal(err)
	}
	h.Backups = &Backups{
		Store: s, Stages: stages(), Vault: v, Source: source, Data: h.data, Skip: []string{"site.key", "wardkeeper.db"},
		Site: "main", Version: "test", Now: func() time.Time { h.at = h.at.Add(time.Second); return h.at },
	}
	if h.key, err = h.NewRecoveryKey(false); err != nil {
		t.Fatal(err)
	}
	if h.ids, err = Identities(strings.NewReader("# paper\n" + h.key.Secret + "\n")); err != nil {
		t.Fatal(err)
	}
	if err := v.Prepare(ctx, nil, []string{"patients_people.name"}); err != nil {
		t.Fatal(err)
	}
	log := &audit.Log{Store: s}
	for i := range 20 {
		err := s.Write(ctx, func(tx store.Tx) error {
			id := store.NewID(time.Now())
			name, err := v.Seal(ctx, tx, vault.Place{Table: "patients_people", Row: id, Column: "name", Subject: "subject-0815"}, []byte(canaryName))
			if err != nil {
				return err
			}
			note, err := v.Seal(ctx, tx, vault.Place{Table: "patients_people", Row: id, Column: "note"}, []byte(canaryNote))
			if err != nil {
				return err
			}
			found, err := v.Index(ctx, "patients_people", "name", canaryName)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO patients_people (id, name, note, found, adult) VALUES (?, ?, ?, ?, ?)`, id, name, note, found, i%2 == 0); err != nil {
				return err
			}
			if err := tx.Emit("patient.added", id, nil); err != nil {
				return err
			}
			return log.Append(ctx, tx, audit.Leaf{Time: time.Now(), Site: "main", Actor: "system:test", Action: "patient.add", Object: id, Summary: "added"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"captures/one.json": "{}", "ledger.txt": "a ledger"} {
		path := filepath.Join(h.data, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *house) make(t *testing.T, recipients ...string) *Made {
	t.Helper()
	m, err := h.Make(t.Context(), "", recipients)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func each(t *testing.T, test func(*testing.T, *house)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newHouse(t, s)) }, stages()...)
}

func wantKind(t *testing.T, err error, want ward.Kind) {
	t.Helper()
	if err == nil || ward.KindOf(err) != want {
		t.Errorf("got error %v, want one of kind %v", err, want)
	}
}

func TestRehearsal(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m := h.make(t)
		for with, ids := range map[string][]age.Identity{"this server's own key": nil, "recovery key": h.ids} {
			r, err := h.Rehearse(t.Context(), m.Path, ids)
			if err != nil || !r.Good {
				t.Fatalf("%s: %+v, %v", with, r, err)
			}
			if r.OpenedWith != with || r.AuditSize != 20 || r.Rows < 60 || r.Keys < 4 || r.Files != 5 || r.Took <= 0 || r.Size != m.Size {
				t.Errorf("%+v", r)
			}
			if wantKey := map[bool]string{true: "this server", false: "the backup"}[ids == nil]; r.SiteKey != wantKey {
				t.Errorf("the site key of %q was tried, want that of %q", r.SiteKey, wantKey)
			}
		}
		left, _ := filepath.Glob(filepath.Join(h.data, scratchPrefix+"*"))
		if len(left) > 0 {
			t.Errorf("scratch folders are left: %v", left)
		}
		stranger, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.Rehearse(t.Context(), m.Path, []age.Identity{stranger})
		wantKind(t, err, ward.Forbidden)
		_, err = h.Rehearse(t.Context(), filepath.Join(h.data, "absent"), nil)
		wantKind(t, err, ward.NotFound)
	})
}

// Restore needs the backup, the program and the recovery key, nothing else; into SQLite or
// PostgreSQL, from either.
func TestRestore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		m := h.make(t)
		for _, engine := range []string{"sqlite", "postgres"} {
			t.Run("to "+engine, func(t *testing.T) {
				to := Target{Data: filepath.Join(t.TempDir(), "new"), Database: "wardkeeper.db", KeyFile: "site.key", Stages: stages()}
				url := "sqlite:" + filepath.Join(to.Data, to.Database)
				if engine == "postgres" {
					url = storetest.PostgresURL(t)
					to.Store = url
				}
				r, err := Restore(t.Context(), m.Path, h.ids, to)
				if err != nil || r.AuditSize != 20 {
					t.Fatalf("%+v, %v", r, err)
				}
				same(t, h, to, url)
			})
		}
	})
}

// same checks that a restored house has what the old one had, and opens its sealed values.
func same(t *testing.T, h *house, to Target, url string) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx, stages()...); err != nil {
		t.Fatal(err)
	}
	source := vault.File(filepath.Join(to.Data, to.KeyFile))
	v, err := vault.Open(ctx, s, vault.Options{Source: source, Columns: columns})
	if err != nil {
		t.Fatal(err)
	}
	var id string
	var name, found []byte
	if err := s.QueryRow(ctx, `SELECT id, name, found FROM patients_people ORDER BY id LIMIT 1`).Scan(&id, &name, &found); err != nil {
		t.Fatal(err)
	}
	got, err := v.Open(ctx, s, vault.Place{Table: "patients_people", Row: id, Column: "name", Subject: "subject-0815"}, name)
	if err != nil || string(got) != canaryName {
		t.Errorf("%q, %v", got, err)
	}
	again, err := v.Index(ctx, "patients_people", "name", strings.ToUpper(canaryName))
	if err != nil || !bytes.Equal(again, found) {
		t.Errorf("the blind index finds it no more: %v", err)
	}
	was, err := (&audit.Log{Store: h.Store}).Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if is, err := (&audit.Log{Store: s}).Verify(ctx); err != nil || is != was {
		t.Errorf("audit %v, %v; want %v", is, err, was)
	}
	for file, want := range map[string]string{"captures/one.json": "{}", "ledger.txt": "a ledger"} {
		if text, err := os.ReadFile(filepath.Join(to.Data, file)); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v", file, text, err)
		}
	}
	next := &Backups{Store: s, Stages: stages(), Vault: v, Source: source, Data: to.Data, Site: "main"}
	if !next.HasRecoveryKey() {
		t.Error("the restored house does not know the recovery key")
	}
	if _, err := os.Lstat(filepath.Join(to.Data, ".restoring")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("scratch is left: %v", err)
	}
}

func TestRestoreOverwritesNothingAndLeavesNothingBehind(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	m := h.make(t)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "mine"), []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	to := Target{Data: full, Database: "wardkeeper.db", KeyFile: "site.key", Stages: stages()}
	_, err := Restore(t.Context(), m.Path, h.ids, to)
	wantKind(t, err, ward.Conflict)
	if list, _ := os.ReadDir(full); len(list) != 1 {
		t.Errorf("%v", list)
	}
	own, err := h.ownIdentities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to.Data = filepath.Join(t.TempDir(), "new")
	_, err = Restore(t.Context(), m.Path, own, to) // opens the backup, but not the site key
	wantKind(t, err, ward.Forbidden)
	if _, err := os.Lstat(to.Data); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a failed restore leaves its folder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Restore(ctx, m.Path, h.ids, to); err == nil {
		t.Error("a cancelled restore succeeds")
	}
}

func TestRecipients(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	m := h.make(t, classic.Recipient().String())
	if r, err := h.Rehearse(t.Context(), m.Path, []age.Identity{classic}); err != nil || !r.Good || r.SiteKey != "the backup" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := h.Rehearse(t.Context(), m.Path, nil); err != nil || !r.Good {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = h.Rehearse(t.Context(), m.Path, h.ids) // it was made for others
	wantKind(t, err, ward.Forbidden)
	_, err = h.Make(t.Context(), "", []string{classic.Recipient().String(), h.key.Public})
	wantKind(t, err, ward.Invalid)
	_, err = h.Make(t.Context(), "", []string{"nonsense"})
	wantKind(t, err, ward.Invalid)
	_, err = h.NewRecoveryKey(false)
	wantKind(t, err, ward.Conflict)
	_, err = Identities(strings.NewReader("AGE-SECRET-KEY-PQ-1NONSENSE"))
	wantKind(t, err, ward.Invalid)
	if strings.Contains(err.Error(), "NONSENSE") {
		t.Error("the error quotes the key")
	}
}

// TestCanaries looks for planted values in everything that leaves the process: database, its log,
// backup, log lines, reports, errors.
func TestCanaries(t *testing.T) {
	var lines bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(was)
	ctx := t.Context()
	dir := t.TempDir()
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "wardkeeper.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Migrate(ctx, stages()...); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, s)
	m := h.make(t)
	r, err := h.Rehearse(ctx, m.Path, h.ids)
	if err != nil || !r.Good {
		t.Fatal(r, err)
	}
	if err := s.Write(ctx, func(tx store.Tx) error { return h.Record(ctx, tx, r) }); err != nil {
		t.Fatal(err)
	}
	var all []string
	var note []byte
	if err := s.QueryRow(ctx, `SELECT note FROM patients_people LIMIT 1`).Scan(&note); err != nil {
		t.Fatal(err)
	}
	_, err = h.Vault.Open(ctx, s, vault.Place{Table: "patients_people", Row: "another", Column: "note"}, note)
	all = append(all, lines.String(), err.Error())
	unpacked := t.TempDir()
	if _, err := unpack(ctx, m.Path, h.ids, unpacked, false); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{dir, h.data, unpacked} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			all = append(all, string(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	planted := false
	for _, text := range all {
		planted = planted || strings.Contains(text, "patient.added")
		for _, c := range append(canaries, h.key.Secret) {
			if strings.Contains(text, c) {
				t.Errorf("a canary is in clear: %s", c)
			}
		}
	}
	if !planted || len(all) < 8 {
		t.Error("the search looks at the wrong files")
	}
}
