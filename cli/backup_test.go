package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

// command runs a command as a person does and gives its exit code and what it wrote.
func command(t *testing.T, stdin string, args ...string) (code int, out string) {
	t.Helper()
	var b bytes.Buffer
	code = Main(args, strings.NewReader(stdin), &b, &b)
	return code, b.String()
}

// newStore makes an empty store, as a first start does, and a configuration that names it.
func newStore(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	data := filepath.Join(folder, "wardkeeper")
	config := "data: " + data + "\n"
	for _, err := range []error{
		os.Mkdir(data, 0o700),
		os.WriteFile(filepath.Join(folder, "wardkeeper.yaml"), []byte(config), 0o600),
		os.WriteFile(filepath.Join(folder, "restored.yaml"), []byte("data: "+data+"-new\n"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if code, out := command(t, "", "migrate-store", "sqlite:"+filepath.Join(folder, "empty.db"), "sqlite:"+filepath.Join(data, "wardkeeper.db")); code != 0 {
		t.Fatal(out)
	}
	return folder
}

var secretKey = regexp.MustCompile(`AGE-SECRET-KEY-PQ-1[0-9A-Z]+`)

// TestOperationsPages runs the commands that the pages on backups and keys show, in their order.
func TestOperationsPages(t *testing.T) {
	for page, want := range map[string]int{"backup.md": 6, "keys.md": 3} {
		t.Run(page, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "docs", "operations", page))
			if err != nil {
				t.Fatal(err)
			}
			folder := newStore(t)
			t.Chdir(folder)
			n := 0
			for line := range strings.Lines(string(text)) {
				line, ok := strings.CutPrefix(strings.TrimSpace(line), "$ wardkeeper ")
				if !ok {
					continue
				}
				n++
				newest, _ := filepath.Glob(filepath.Join(folder, "wardkeeper", "backups", "*")) //nolint:errcheck // a sound pattern
				file := ""
				if len(newest) > 0 {
					file = newest[len(newest)-1]
				}
				line = strings.NewReplacer("/etc/", folder+"/", "/var/lib/", folder+"/", "wardkeeper-2026-11-24T010000.123Z.tar.gz.age", file).Replace(line)
				code, out := command(t, "", strings.Fields(line)...)
				if code != 0 {
					t.Fatalf("wardkeeper %s: exit code %d\n%s", line, code, out)
				}
				if key := secretKey.FindString(out); key != "" && n == 1 { // what a person writes down
					if err := os.WriteFile("key.txt", []byte(key+"\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			if n != want {
				t.Errorf("%d commands on the page, want %d", n, want)
			}
		})
	}
}

func TestBackupCommands(t *testing.T) {
	folder := newStore(t)
	t.Chdir(folder)
	t.Setenv("WARDKEEPER_DATA_DIR", filepath.Join(folder, "wardkeeper"))
	expect := func(kind ward.Kind, part, stdin string, args ...string) string {
		t.Helper()
		code, out := command(t, stdin, args...)
		want := 0
		if kind != good {
			want = kind.ExitCode()
		}
		if code != want || !strings.Contains(out, part) {
			t.Errorf("wardkeeper %s: exit code %d, want %d and %q\n%s", strings.Join(args, " "), code, want, part, out)
		}
		return out
	}
	expect(ward.NotFound, "There is no backup", "", "rehearse")
	out := expect(good, "This is the recovery key", "", "backup", "--to", "elsewhere")
	key := secretKey.FindString(out)
	list, err := filepath.Glob("elsewhere/wardkeeper-*.tar.gz.age")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	file := list[0]
	if text, err := os.ReadFile(filepath.Join(folder, "wardkeeper", "recovery.pub")); err != nil || strings.Contains(string(text), "SECRET") {
		t.Errorf("%v; the secret half must be kept nowhere", err)
	}
	expect(good, "opened with  recovery key", key+"\n", "rehearse", "--identity", "-", file)
	expect(good, "opened with  this server's own key", "", "rehearse", file)
	expect(ward.Invalid, "no recovery key", "nonsense\n", "rehearse", "--identity", "-", file)
	expect(ward.Invalid, "--to", "", "restore", file)
	expect(good, "Restored into", key+"\n", "restore", "--to", "new", "--identity", "-", file)
	expect(ward.Conflict, "not empty", key+"\n", "restore", "--to", "new", "--identity", "-", file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(ward.Conflict, "damaged", "", "rehearse", file)
	expect(ward.Conflict, "damaged", key+"\n", "restore", "--to", "other", "--identity", "-", file)
	if _, err := os.Lstat("other"); err == nil {
		t.Error("a failed restore leaves its folder")
	}
	t.Setenv("WARDKEEPER_DATA_DIR", filepath.Join(folder, "nowhere"))
	expect(ward.NotFound, "There is no store", "", "backup")
	if _, err := os.Lstat("nowhere"); err == nil {
		t.Error("a slip in a path makes a store")
	}
}

// good stands for no error.
const good = ward.Kind(255)
