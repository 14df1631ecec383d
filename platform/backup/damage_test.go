package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Any flipped bit, any cut and any byte added is detected: 100,000 trials with WARDKEEPER_PROVE=1,
// fewer in CI, with a printed seed.
func TestAChangedBackupIsDetected(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	good, err := os.ReadFile(h.make(t).Path)
	if err != nil {
		t.Fatal(err)
	}
	seed, n := uint64(time.Now().UnixNano()), 400 //nolint:gosec // any number
	if os.Getenv("WARDKEEPER_PROVE") == "1" {
		n = 100_000
	}
	t.Logf("seed %d, %d trials on %d bytes", seed, n, len(good))
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // reproducible on purpose
	spare := ""
	accepted := func(b []byte) bool {
		folder := spare
		if folder == "" {
			folder = t.TempDir()
		}
		_, err := unpackFrom(t.Context(), bytes.NewReader(b), int64(len(b)), h.ids, folder, false)
		spare = ""
		if list, readErr := os.ReadDir(folder); readErr == nil && len(list) == 0 {
			spare = folder // nothing was written: the next trial may have it
		}
		return err == nil
	}
	if !accepted(good) {
		t.Fatal("the unchanged backup is refused")
	}
	for range n {
		bit := random.IntN(8 * len(good))
		if random.IntN(4) == 0 {
			bit = random.IntN(8 * min(len(good), 4000)) // the header, more often
		}
		bad := bytes.Clone(good)
		bad[bit/8] ^= 1 << (bit % 8)
		if accepted(bad) {
			t.Fatalf("bit %d changed and not detected", bit)
		}
	}
	for range 20 {
		if accepted(good[:random.IntN(len(good))]) {
			t.Fatal("a backup that was cut off is accepted")
		}
	}
	if accepted(append(bytes.Clone(good), 0)) {
		t.Error("a backup with a byte more is accepted")
	}
}

// forge encrypts an archive of one's own to the recovery key, as anybody can who has its public half.
func forge(t *testing.T, h *house, entries []tar.Header, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "forged"+suffix)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	to, err := age.ParseHybridRecipient(h.key.Public)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := age.Encrypt(f, to)
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(sealed)
	w := tar.NewWriter(packed)
	for _, e := range entries {
		if e.Typeflag == tar.TypeReg {
			e.Size = int64(len(text))
		}
		if err := w.WriteHeader(&e); err != nil {
			t.Fatal(err)
		}
		if e.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []interface{ Close() error }{w, packed, sealed, f} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestForgedBackupsWriteNowhereElse(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	file := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o777} }
	for name, entries := range map[string][]tar.Header{
		"up":               {file("../escape")},
		"up from data":     {file("data/../../escape")},
		"absolute":         {file("/tmp/escape")},
		"unclean":          {file("data/./escape")},
		"symbolic link":    {{Name: "data/link", Typeflag: tar.TypeSymlink, Linkname: "/tmp"}, file("data/link/escape")},
		"hard link":        {{Name: "data/link", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"}},
		"device":           {{Name: "data/null", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 3}},
		"another folder":   {file("bin/escape")},
		"twice":            {file("data/a"), file("data/a")},
		"no manifest":      {file(databaseName)},
		"after manifest":   {file(manifestName), file("data/a")},
		"only a manifest":  {file(manifestName)},
		"file and folder":  {file("data/a"), file("data/a/b")},
		"nothing":          {},
		"manifest missing": {file("data/a")},
	} {
		t.Run(name, func(t *testing.T) {
			into := t.TempDir()
			m, err := unpack(t.Context(), forge(t, h, entries, `{"format":1}`), h.ids, into, false)
			if err == nil {
				t.Fatalf("accepted: %+v", m)
			}
			if _, err := os.Lstat(filepath.Join(filepath.Dir(into), "escape")); err == nil {
				t.Error("it wrote beside its folder")
			}
		})
	}
}

func TestABackupThatExplodesIsStopped(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	x := &extraction{left: 1000, seen: map[string]File{}}
	err := x.entry(&tar.Header{Name: "data/a", Typeflag: tar.TypeReg, Size: 1001}, strings.NewReader(""))
	wantKind(t, err, ward.Invalid)
	// more follows the archive than there is any reason for
	path := forge(t, h, []tar.Header{{Name: "data/a", Typeflag: tar.TypeReg}}, "")
	if _, err := unpack(t.Context(), path, h.ids, t.TempDir(), false); err == nil {
		t.Error("an archive without manifest is accepted")
	}
}

// A database whose audit log was damaged is still saved and can still be restored; both say so.
func TestDamagedAuditLog(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	err := h.Store.Write(t.Context(), func(tx store.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE audit_leaves SET actor = 'somebody else' WHERE position = 3`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m := h.make(t)
	if !strings.Contains(m.Manifest.Audit.Problem, "leaf 3") {
		t.Errorf("%+v", m.Manifest.Audit)
	}
	r, err := h.Rehearse(t.Context(), m.Path, nil)
	if err != nil || r.Good || !strings.Contains(r.Problem, "leaf 3") {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = Restore(t.Context(), m.Path, h.ids, Target{Data: filepath.Join(t.TempDir(), "x"), Database: "w.db", KeyFile: "k", Stages: stages()})
	if err != nil || !strings.Contains(r.Problem, "leaf 3") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestOverdue(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		want := func(part string) {
			t.Helper()
			f, err := h.Overdue(t.Context())
			if err != nil || (f == nil) != (part == "") || f != nil && (f.Kind != NotRehearsed || !strings.Contains(f.Title, part)) {
				t.Errorf("%+v, %v; want %q", f, err, part)
			}
		}
		record := func(ctx context.Context, r *Rehearsal) error {
			return h.Store.Write(ctx, func(tx store.Tx) error { return h.Record(ctx, tx, r) })
		}
		want("No backup has been rehearsed yet")
		kinds := map[string]func(context.Context, *store.Job) error{Nightly: func(ctx context.Context, j *store.Job) error { return h.Night(ctx, j, record) }}
		runner := &store.Runner{Store: h.Store, Name: "test", Kinds: kinds, Now: h.Now, Repeats: []store.Repeat{{Order: store.Order{Kind: Nightly}, Every: 24 * time.Hour}}}
		h.Keep = 2
		for range 4 {
			if ran, err := runner.Step(t.Context()); !ran || err != nil {
				t.Fatal(ran, err)
			}
			want("")
			h.at = h.at.Add(25 * time.Hour)
		}
		jobs, err := h.Store.Jobs(t.Context(), Nightly, 10)
		if err != nil || len(jobs) != 4 || jobs[0].State != store.JobDone || !strings.Contains(jobs[0].Note, "1 old backups removed") {
			t.Errorf("%+v, %v", jobs, err)
		}
		if list, err := h.List(); err != nil || len(list) != 2 {
			t.Errorf("%v, %v", list, err)
		}
		if all, err := h.Rehearsals(t.Context(), 10); err != nil || len(all) != 4 || !all[0].Good || all[0].AuditSize != 20 {
			t.Errorf("%+v, %v", all, err)
		}
		h.at = h.at.Add(MaxAge)
		want("more than 30 days ago")
		err = record(t.Context(), &Rehearsal{ID: "bad", At: h.at}) // a bad one does not count
		if err != nil {
			t.Fatal(err)
		}
		want("more than 30 days ago")
		if err := os.Remove(filepath.Join(h.data, recoveryFile)); err != nil {
			t.Fatal(err)
		}
		if ran, err := runner.Step(t.Context()); !ran || err != nil {
			t.Fatal(ran, err)
		}
		if jobs, err := h.Store.Jobs(t.Context(), Nightly, 1); err != nil || !strings.Contains(jobs[0].Note, "no recovery key") {
			t.Errorf("%+v, %v", jobs, err)
		}
		_, err = h.Make(t.Context(), "", nil)
		wantKind(t, err, ward.NotFound)
	})
}

// A backup made before the site key was replaced still rehearses, and still restores with the site
// key inside it.
func TestRehearsalAfterRotation(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	m := h.make(t)
	if _, err := h.Vault.RotateSiteFile(t.Context(), filepath.Join(h.data, "site.key")); err != nil {
		t.Fatal(err)
	}
	r, err := h.Rehearse(t.Context(), m.Path, nil)
	if err != nil || !r.Good || r.Keys != 0 || !strings.Contains(r.SiteKey, "not tried") {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = h.Rehearse(t.Context(), m.Path, h.ids)
	if err != nil || !r.Good || r.Keys == 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWhatAKilledBackupLeftIsSwept(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	h.make(t)
	scratch, part := filepath.Join(h.data, scratchPrefix+"1"), filepath.Join(h.data, "backups", "wardkeeper-2026-11-23T010000.000Z"+suffix+".part")
	fresh := part[:len(part)-len(".part")-len(suffix)-4] + "111Z" + suffix + ".part"
	for _, err := range []error{
		os.MkdirAll(filepath.Join(scratch, "database"), 0o700), os.WriteFile(part, nil, 0o600), os.WriteFile(fresh, nil, 0o600),
		os.Chtimes(scratch, h.at, h.at.Add(-25*time.Hour)), os.Chtimes(part, h.at, h.at.Add(-25*time.Hour)), os.Chtimes(fresh, h.at, h.at),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	h.make(t)
	for _, gone := range []string{scratch, part} {
		if _, err := os.Lstat(gone); err == nil {
			t.Errorf("%s is still there", gone)
		}
	}
	if _, err := os.Lstat(fresh); err != nil {
		t.Error("what somebody may be writing was removed")
	}
}

func TestFilesThatStayBehindAreNamed(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t, stages()...))
	big, err := os.Create(filepath.Join(h.data, "captures", "huge.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(maxFile + 1); err != nil {
		t.Fatal(err)
	}
	big.Close()
	if err := os.Symlink("/etc/passwd", filepath.Join(h.data, "link")); err != nil {
		t.Fatal(err)
	}
	m := h.make(t)
	got := map[string]string{}
	for _, l := range m.Manifest.LeftOut {
		got[l.Name] = l.Why
	}
	if got["captures/huge.pcap"] != "too large" || got["link"] != "no regular file" || len(got) != 2 {
		t.Errorf("%v", got)
	}
	for _, f := range m.Manifest.Files {
		if strings.Contains(f.Name, "site.key") && f.Name != siteKeyName {
			t.Errorf("the site key is inside for the server's own key to read: %s", f.Name)
		}
	}
}
