package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "conn.log")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var at position
	read := func() string {
		t.Helper()
		var got []string
		to, _, err := readNew(t.Context(), path, at, func(_ uint64, line []byte) error {
			got = append(got, strings.TrimSpace(string(line)))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		at = to
		return strings.Join(got, " ")
	}
	write("one\ntwo\nthr")
	if got := read(); got != "one two" {
		t.Errorf("first look: %q, want the complete lines", got)
	}
	write("one\ntwo\nthree\nfour\n")
	if got := read(); got != "three four" {
		t.Errorf("second look: %q, want what is new", got)
	}
	if got := read(); got != "" {
		t.Errorf("third look: %q, want nothing", got)
	}
	write("another file after rotation, longer than the old one was\nlast\n")
	if got := read(); !strings.HasSuffix(got, "last") || !strings.HasPrefix(got, "another") {
		t.Errorf("after rotation: %q, want all of the new file", got)
	}
	write("x\n")
	if got := read(); got != "x" {
		t.Errorf("after truncation: %q, want all of it", got)
	}
	write(strings.Repeat("y", 3<<20) + "\nend\n")
	if got := read(); !strings.HasSuffix(got, "end") {
		t.Errorf("an endless line hid what follows it")
	}
}
