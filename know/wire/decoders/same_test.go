package decoders

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire"
)

// TestSameWithAllDecoders reads the public captures with one worker and with three: with every
// decoder on, what is found must be the same.
func TestSameWithAllDecoders(t *testing.T) {
	dir := os.Getenv("WARDKEEPER_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "pcaps", "*.pcap*"))
	if len(files) == 0 {
		t.Skipf("SKIPPED: no captures in %s; set WARDKEEPER_DATA to the folder that holds pcaps/", dir)
	}
	read := func(workers int) (lines []string) {
		e := wire.New(wire.Options{Decoders: All(), Workers: workers})
		for _, f := range files {
			if _, err := e.ReadFile(context.Background(), f); err != nil {
				t.Fatal(err)
			}
		}
		o := e.Close()
		add := func(v any) {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(b))
		}
		for i := range o.Sightings {
			add(o.Sightings[i])
		}
		for i := range o.Bindings {
			add(o.Bindings[i])
		}
		for i := range o.Stations {
			add(o.Stations[i])
		}
		for i := range o.Conversations {
			add(o.Conversations[i])
		}
		for i := range o.Exchanges {
			add(o.Exchanges[i])
		}
		for reason, n := range e.Counts().Dropped {
			t.Logf("%d workers: dropped %s %d", workers, reason, n)
		}
		sort.Strings(lines)
		return lines
	}
	one, three := read(1), read(3)
	if len(one) < 3000 {
		t.Errorf("only %d lines found", len(one))
	}
	differ := 0
	for i, line := range one {
		if _, ok := slices.BinarySearch(three, line); !ok {
			if differ++; differ <= 10 {
				t.Errorf("only with one worker: %d %s", i, line)
			}
		}
	}
	for _, line := range three {
		if _, ok := slices.BinarySearch(one, line); !ok {
			if differ++; differ <= 20 {
				t.Errorf("only with three workers: %s", line)
			}
		}
	}
}
