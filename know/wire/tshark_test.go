package wire

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

var convLine = regexp.MustCompile(`^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(\d+)\s+(.*?)\s+(\d+)\s+(.*?)\s+(\d+)\s`)

// TestAgainstTshark sums packets for each pair of ends and serving port, as tshark counts them,
// and compares with our conversations. Captures with tunnels or fragments are left out: tshark
// counts those at other layers.
func TestAgainstTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("SKIPPED: tshark is not installed")
	}
	leftOut := map[string]string{
		"arkime-gre-erspan.pcap": "tunnel", "ndpi-capwap.pcap": "tunnel", "ndpi-syslog.pcap": "tunnels",
	}
	compared := 0
	for _, file := range sharedCaptures(t) {
		base := filepath.Base(file)
		if leftOut[base] != "" {
			continue
		}
		e := New(Options{Workers: 1, FlowCapacity: 1 << 12})
		if _, err := e.ReadFile(context.Background(), file); err != nil {
			t.Fatal(err)
		}
		got := map[string]uint64{}
		for _, c := range e.Close().Conversations {
			if c.Service.Transport == 6 || c.Service.Transport == 17 {
				got[pair(c.From.IP.Addr().String(), c.To.IP.Addr().String(), c.Service.Transport)] += c.Packets
			}
		}
		want := tsharkPairs(t, file)
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s: %s: %d packets, tshark counts %d", base, k, got[k], n)
			}
			compared++
		}
		for k := range got {
			if _, ok := want[k]; !ok {
				t.Errorf("%s: %s: tshark sees no such conversation", base, k)
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d pairs compared", compared)
	}
	t.Logf("%d pairs agree", compared)
}

func pair(a, b string, transport uint8) string {
	if a == "invalid IP" {
		a = "0.0.0.0"
	}
	if b == "invalid IP" {
		b = "0.0.0.0"
	}
	if b < a {
		a, b = b, a
	}
	return fmt.Sprint(a, " ", b, " ", ward.Service{Transport: transport}.String()[:3])
}

func tsharkPairs(t *testing.T, file string) map[string]uint64 {
	t.Helper()
	out, err := exec.Command("tshark", "-n", "-r", file, "-q", "-z", "conv,tcp", "-z", "conv,udp").Output() //nolint:gosec // a test's own file
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	pairs := map[string]uint64{}
	transport := uint8(0)
	for line := range strings.Lines(string(out)) {
		switch {
		case strings.HasPrefix(line, "TCP Conv"):
			transport = 6
		case strings.HasPrefix(line, "UDP Conv"):
			transport = 17
		}
		m := convLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		a, _ := strconv.ParseUint(m[5], 10, 64)
		b, _ := strconv.ParseUint(m[7], 10, 64)
		pairs[pair(m[1], m[3], transport)] += a + b
	}
	return pairs
}
