package wire

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// inNamespace runs a test in a network of its own with a veth pair, wk0 and wk1. Whatever it
// starts from its goroutine runs there too.
func inNamespace(t *testing.T, test func()) {
	t.Helper()
	for _, tool := range []string{"ip", "tcpreplay"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed", tool)
		}
	}
	skip := ""
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			skip = fmt.Sprintf("no network of our own: %v (run as root)", err)
			return
		}
		_ = os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0) //nolint:gosec // only so that the kernel is silent
		for _, line := range []string{
			"link add wk0 type veth peer name wk1", "link set wk0 arp off up", "link set wk1 arp off up",
		} {
			if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil { //nolint:gosec // fixed commands
				skip = fmt.Sprintf("ip %s: %v: %s", line, err, out)
				return
			}
		}
		test()
	}()
	<-done
	if skip != "" {
		t.Skip("SKIPPED: " + skip)
	}
}

func replayFile(t *testing.T, frames int) string {
	t.Helper()
	var b bytes.Buffer
	p := wiretest.NewPcap(&b, 1)
	for i := range frames {
		h := wiretest.HostN(uint32(10 + i%500))
		p.Write(1e18+int64(i)*1000, wiretest.UDP(h, bob, uint16(1000+i%7000), 2000, []byte(fmt.Sprintf("datagram number %d", i))))
	}
	name := filepath.Join(t.TempDir(), "replay.pcap")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func replay(t *testing.T, file string) {
	t.Helper()
	if out, err := exec.Command("tcpreplay", "--topspeed", "--preload-pcap", "-i", "wk1", file).CombinedOutput(); err != nil { //nolint:gosec // a test's own file
		t.Errorf("tcpreplay: %v: %s", err, out)
	}
}

// TestLive replays packets over a virtual wire as fast as it goes: each that was sent is seen, on
// one ring and on several, and nothing is sent back.
func TestLive(t *testing.T) {
	const sent = 100_000
	for _, workers := range []int{1, 3} {
		t.Run(fmt.Sprint(workers, " workers"), func(t *testing.T) {
			file := replayFile(t, sent)
			inNamespace(t, func() {
				e := New(Options{Workers: workers, RingBytes: 256 << 20, Decoders: []decode.Decoder{text()}})
				ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
				defer cancel()
				var stations, packets atomic.Uint64
				go func() {
					defer cancel()
					look := time.NewTicker(20 * time.Millisecond)
					defer look.Stop()
					for ctx.Err() == nil {
						<-look.C
						if h := e.Health(); len(h) == 1 && h[0].Packets >= sent {
							return
						}
					}
				}()
				err := e.live(ctx, []string{"wk0"}, time.Second, func(o *ward.Observation) {
					stations.Add(uint64(len(o.Stations)))
					for _, s := range o.Stations {
						packets.Add(s.Packets)
					}
				}, func() { replay(t, file) })
				if err != nil {
					t.Error(err)
					return
				}
				h, c := e.Health()[0], e.Counts()
				if h.Packets != sent || h.Drops != 0 || packets.Load() != sent || stations.Load() < 500 || c.Packets != sent {
					t.Errorf("sent %d: health %+v, %d packets of %d stations, counts %+v", sent, h, packets.Load(), stations.Load(), c)
				}
				out, err := exec.Command("ip", "-s", "-j", "link", "show", "wk0").Output()
				if err != nil || !strings.Contains(strings.ReplaceAll(string(out), " ", ""), `"tx":{"bytes":0,"packets":0,`) {
					t.Errorf("the sensor's interface has sent packets: %v: %s", err, out)
				}
			})
		})
	}
}

// TestLiveDrops: when the decoders stand still, the kernel drops packets, and they are counted.
func TestLiveDrops(t *testing.T) {
	file := replayFile(t, 100_000)
	inNamespace(t, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		release := make(chan struct{})
		d := decode.Decoder{Name: "slow", Datagram: func(*decode.Packet, *decode.Out) bool { <-release; return false }}
		e := New(Options{Workers: 1, Decoders: []decode.Decoder{d}, RingBytes: 2 << 20})
		err := e.live(ctx, []string{"wk0"}, time.Hour, func(*ward.Observation) {}, func() {
			replay(t, file)
			close(release)
			cancel()
		})
		h, c := e.Health()[0], e.Counts()
		if err != nil || h.Drops == 0 || h.Packets+h.Drops < 90_000 || c.Dropped["packets dropped by the kernel"] != h.Drops {
			t.Errorf("%v, health %+v, dropped %v", err, h, c.Dropped)
		}
	})
}

func TestLiveErrors(t *testing.T) {
	e := New(Options{Workers: 1, FlowCapacity: 64})
	err := e.Live(context.Background(), []string{"nosuch0"}, time.Second, func(*ward.Observation) {})
	if ward.KindOf(err) != ward.NotFound {
		t.Errorf("%v", err)
	}
}
