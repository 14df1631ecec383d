package sim_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wardkeeper/wardkeeper/sim"
)

// record is the hospital's first minutes as a capture.
func record(t *testing.T, seed uint64, length time.Duration) []byte {
	t.Helper()
	b, err := sim.Capture(seed, start, length)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b, c := record(t, 1, 20*time.Second), record(t, 1, 20*time.Second), record(t, 2, 20*time.Second)
	if !bytes.Equal(a, b) {
		t.Error("two recordings with one seed differ")
	}
	if bytes.Equal(a, c) {
		t.Error("recordings with two seeds are the same")
	}
}

// frames calls fn with the time since the start and the bytes of each frame of a recording.
func frames(t *testing.T, capture []byte, fn func(at time.Duration, frame []byte)) {
	t.Helper()
	last := time.Duration(-1)
	for b := capture[24:]; len(b) > 0; {
		le := binary.LittleEndian
		at := time.Unix(int64(le.Uint32(b)), int64(le.Uint32(b[4:]))).Sub(start)
		n := le.Uint32(b[8:])
		if at < last {
			t.Fatalf("time goes back from %v to %v", last, at)
		}
		last = at
		fn(at, b[16:16+n])
		b = b[16+n:]
	}
}

func TestDevicesArriveQuickly(t *testing.T) {
	cast := map[[6]byte]bool{}
	for _, d := range sim.NewHospital(1).Devices {
		cast[d.MAC] = true
	}
	heard := map[[6]byte]time.Duration{}
	vlans := map[uint16]bool{}
	frames(t, record(t, 1, 30*time.Second), func(at time.Duration, f []byte) {
		vlans[binary.BigEndian.Uint16(f[14:])] = true
		mac := [6]byte(f[6:12])
		if _, known := heard[mac]; !known && cast[mac] {
			heard[mac] = at
		}
	})
	by5 := 0
	for _, at := range heard {
		if at < 5*time.Second {
			by5++
		}
	}
	if by5 < 200 || len(heard) != len(cast) {
		t.Errorf("%d devices heard within 5 s, %d of %d within 30 s", by5, len(heard), len(cast))
	}
	for _, z := range sim.Zones {
		if vlans[z.VLAN] != z.Seen {
			t.Errorf("VLAN %d seen %v, want %v", z.VLAN, vlans[z.VLAN], z.Seen)
		}
	}
}

func TestPlayShowsWhatRecordDoes(t *testing.T) {
	want := record(t, 1, 12*time.Second)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 12*time.Second+50*time.Millisecond)
		defer cancel()
		var b bytes.Buffer
		if err := sim.NewHospital(1).Play(ctx, &b, start); err != nil {
			t.Fatal(err)
		}
		if got := b.Bytes(); !bytes.Equal(got, want) {
			t.Errorf("played %d bytes in twelve seconds, recorded %d", len(got), len(want))
		}
	})
}

type brokenPipe struct{}

var errPipe = errors.New("nobody reads")

func (brokenPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestPlayEndsWhenNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := sim.NewHospital(1).Play(context.Background(), brokenPipe{}, start); !errors.Is(err, errPipe) {
			t.Errorf("Play ended with %v, want the error of its writer", err)
		}
	})
}

// TestThirdPartyReadsIt lets tshark take every frame apart.
func TestThirdPartyReadsIt(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed: nobody but ourselves has read the recording")
	}
	file := filepath.Join(t.TempDir(), "hospital.pcap")
	if err := os.WriteFile(file, record(t, 1, 40*time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command(tshark, append([]string{"-r", file}, args...)...) //nolint:gosec // a test's own arguments
		cmd.Stderr = nil
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	checks := []string{"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"}
	bad := run(append(checks, "-Y", "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment")...)
	if bad != "" {
		lines := strings.Split(bad, "\n")
		t.Errorf("tshark finds fault with %d frames, first:\n%s", len(lines)-1, strings.Join(lines[:min(5, len(lines))], "\n"))
	}
	tree := run("-q", "-z", "io,phs")
	for _, p := range []string{
		"vlan", "arp", "lldp", "cdp", "stp", "dhcp", "dns", "mdns", "nbns", "browser", "kerberos", "smb", "smb2", "ntp", "radius", "snmp", "ssdp", "sip", "rtsp", "rtp",
		"tls", "ssh", "http", "ipp", "xml", "json", "mqtt", "hl7", "dicom", "bacnet", "modbus", "s7comm", "pn_dcp",
	} {
		if !strings.Contains(tree, " "+p+" ") && !strings.Contains(tree, " "+p+"  ") {
			t.Errorf("tshark sees no %s", p)
		}
	}
}
