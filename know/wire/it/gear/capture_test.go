package gear

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// TestDump prints what all decoders say of the captures named in DUMP, for people.
func TestDump(t *testing.T) {
	if os.Getenv("DUMP") == "" {
		t.Skip("SKIPPED: prints captures for people; set DUMP=name,name")
	}
	for name := range strings.SplitSeq(os.Getenv("DUMP"), ",") {
		t.Log(name + "\n" + strings.Join(decodetest.Capture(t, name, Decoders(nil)), "\n"))
	}
}

// capture checks that the decoders say each wanted line of a capture and none that begins with, or
// contains, an unwanted text.
func capture(t *testing.T, name string, want, never []string) {
	t.Helper()
	lines := decodetest.Capture(t, name, Decoders(nil))
	for _, w := range want {
		if !slices.Contains(lines, w) {
			t.Errorf("%s: nobody said %q", name, w)
		}
	}
	for _, n := range never {
		for _, line := range lines {
			if strings.Contains(line, n) {
				t.Errorf("%s: %q must not be said", name, line)
			}
		}
	}
	if t.Failed() {
		t.Log("said:\n" + strings.Join(lines, "\n"))
	}
}
