package it

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// TestNoFindingIsRaisedWithoutCause plays every labelled capture: what is flagged must stand among
// the attacks or tolerated findings of its labels.
func TestNoFindingIsRaisedWithoutCause(t *testing.T) {
	dir := decodetest.DataDir(t)
	b, err := os.ReadFile(filepath.Join(dir, "pcaps", "labels.json"))
	if err != nil {
		t.Skipf("SKIPPED: the labels are not here (set WARDKEEPER_DATA): %v", err)
	}
	var labels struct {
		Captures map[string]struct{ Attacks, May []string }
	}
	if err := json.Unmarshal(b, &labels); err != nil {
		t.Fatal(err)
	}
	for name, l := range labels.Captures {
		allowed := append(slices.Clone(l.Attacks), l.May...)
		for _, line := range decodetest.Capture(t, name, namesAndFiles()) {
			_, finding, ok := strings.Cut(line, ": finding ")
			if !ok {
				continue
			}
			kind, _, _ := strings.Cut(finding, " (")
			if !slices.Contains(allowed, kind) {
				t.Errorf("%s: %s, allowed are %q", name, line, allowed)
			}
		}
	}
}
