package it

import (
	"os"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// TestDump prints what all decoders say of the captures named in DUMP, for people.
func TestDump(t *testing.T) {
	if os.Getenv("DUMP") == "" {
		t.Skip("SKIPPED: prints captures for people; set DUMP=name,name")
	}
	for _, name := range strings.Split(os.Getenv("DUMP"), ",") {
		t.Log(name + "\n" + strings.Join(decodetest.Capture(t, name, Decoders()), "\n"))
	}
}
