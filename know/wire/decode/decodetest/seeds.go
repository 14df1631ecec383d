package decodetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Seed is what one packet of a capture carries.
type Seed struct {
	Port    uint16 // the lower one
	Payload []byte
}

// Seeds takes at most n UDP and TCP payloads, the first of each port, out of every capture of the
// data folder, for fuzz targets. There are none where the folder is absent.
func Seeds(t testing.TB, n int) []Seed {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(DataDir(t), "pcaps", "*.pcap*"))
	var all []Seed
	for _, name := range files {
		b, err := os.ReadFile(name) //nolint:gosec // a test's own path
		if err != nil {
			continue
		}
		seen := map[uint16]int{}
		r := &replay{seed: func(s Seed) {
			if seen[s.Port]++; seen[s.Port] <= 2 && len(seen) <= n && len(s.Payload) > 0 {
				all = append(all, s)
			}
		}}
		if r.file(b) != nil {
			continue
		}
	}
	return all
}
