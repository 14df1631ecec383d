package gear_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
)

// scan reads a capture with the whole engine and all decoders, and lists what was said.
func scan(t *testing.T, name string) []string {
	t.Helper()
	dir := os.Getenv("WARDKEEPER_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, "pcaps", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: the capture %s is not here (set WARDKEEPER_DATA): %v", name, err)
	}
	e := wire.New(wire.Options{Decoders: decoders.All()})
	if _, err := e.ReadFile(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	o := e.Close()
	var lines []string
	for _, s := range o.Sightings {
		what := s.Field.Protocol + " " + s.Field.Name
		if s.Finding != "" {
			what = "finding " + string(s.Finding) + " " + what
		}
		lines = append(lines, fmt.Sprintf("%s: %s = %s", s.Subject, strings.TrimSpace(what), s.Value))
	}
	for _, b := range o.Bindings {
		lines = append(lines, fmt.Sprintf("binding %s %s %s", b.MAC, b.IP, b.How))
	}
	slices.Sort(lines)
	return lines
}

// TestScanDump prints what the engine says of the captures named in SCAN, for people.
func TestScanDump(t *testing.T) {
	if os.Getenv("SCAN") == "" {
		t.Skip("SKIPPED: prints captures for people; set SCAN=name,name")
	}
	for name := range strings.SplitSeq(os.Getenv("SCAN"), ",") {
		t.Log(name + "\n" + strings.Join(scan(t, name), "\n"))
	}
}

// TestScans holds what needs the whole engine: tunnels, and two protocols on one flow.
func TestScans(t *testing.T) {
	for file, want := range map[string][]string{
		"arkime-gre-erspan.pcap": {
			"64:00:f1:e1:03:03: cdp platform = cisco CSR1000V", "64:00:f1:e1:03:03: cdp capabilities = router",
			"binding 64:00:f1:e1:03:03 23.0.0.3 cdp", "binding 64:00:f1:e1:02:02 23.0.0.2 cdp",
		},
		"ndpi-capwap.pcap": {
			"192.168.10.9: dtls certificate subject CN = AIR-CT2504-K9-24e9b347ae20",
			"192.168.10.9: capwap answers as controller = wireless lan controller",
		},
		"ndpi-ipp.pcap": {"10.10.10.251: ipp serves = printer"},
	} {
		lines := scan(t, file)
		for _, w := range want {
			if !slices.Contains(lines, w) {
				t.Errorf("%s: nobody said %q\nsaid:\n%s", file, w, strings.Join(lines, "\n"))
			}
		}
	}
}
