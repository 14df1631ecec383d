package prints

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// recogDir finds the shared recog files from the root of the repository.
func recogDir(t *testing.T) string {
	t.Helper()
	data := os.Getenv("WARDKEEPER_DATA")
	if data == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if root == filepath.Dir(root) {
				t.Fatal("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		data = filepath.Join(root, "../shared/data")
	}
	dir := filepath.Join(data, "fingerprints", "recog")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no recog files in %s: set WARDKEEPER_DATA to test the loader against them", dir)
	}
	return dir
}

// TestRecog reads every file of the recog directory and replays every one of its examples.
func TestRecog(t *testing.T) {
	dir := recogDir(t)
	paths, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	total, examples := 0, 0
	for _, path := range paths {
		list, unread, err := parseRecog(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range unread {
			t.Error(u)
		}
		total += len(list)
		x := newIndex(list)
		for i, p := range list {
			for _, y := range p.yes {
				examples++
				if p.match(y) == nil {
					t.Errorf("%s does not match its example %q", p.id, y)
				} else if !slices.Contains(x.candidates(y), i) {
					t.Errorf("the index leaves %s out for its example %q", p.id, y)
				}
			}
		}
	}
	t.Logf("%d prints of %d files, %d examples replayed", total, len(paths), examples)
}

func TestLoadRecog(t *testing.T) {
	s := NewSet()
	r, err := s.LoadRecog(recogDir(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d prints loaded; left out: %q", r.Files, r.Prints, r.Unread)
	if r.Prints < 2500 || r.Prints != s.Len() {
		t.Errorf("%d prints, the set holds %d", r.Prints, s.Len())
	}
	known := declared(t)
	for _, f := range s.Fields() {
		if !known[f] {
			t.Errorf("no decoder declares the field %q", f)
		}
	}
	if c := s.Match("ssh software", "OpenSSH_6.6.1p1 Ubuntu-2ubuntu2.8"); len(c) == 0 {
		t.Error("nothing is known of Ubuntu")
	}
}

func TestRecogOfNothing(t *testing.T) {
	if _, err := NewSet().LoadRecog(t.TempDir()); err == nil {
		t.Error("an empty directory was accepted")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ssh_banners.xml"), []byte("<fingerprints ><fingerprint pattern='(?<a>x)(?=y)'/><unclosed>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewSet().LoadRecog(dir); err == nil {
		t.Error("a broken file was accepted")
	}
}
