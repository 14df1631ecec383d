package e2e

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// watchPeak follows the resident peak of a child and gives it, in MiB, when the child has ended. What
// the kernel accounts to the child at its end would begin with the peak of this test itself, whose
// memory the child shares until it becomes another program.
func watchPeak(pid int) (done func() int) {
	stop, result := make(chan struct{}), make(chan int)
	go func() {
		clock := time.NewTicker(2 * time.Millisecond)
		defer clock.Stop()
		peak := 0
		for {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) //nolint:errcheck,gosec // it may have ended
			if _, rest, ok := strings.Cut(string(text), "VmHWM:"); ok {
				line, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
				if n, err := strconv.Atoi(line); err == nil {
					peak = max(peak, n>>10)
				}
			}
			select {
			case <-stop:
				result <- peak
				return
			case <-clock.C:
			}
		}
	}()
	return func() int { close(stop); return <-result }
}

// TestFlood sends packets from made-up senders, each a flow of its own, through a scan: memory
// stays bounded, and what did not fit is counted and said.
func TestFlood(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: peak memory of a child is read as Linux gives it")
	}
	packets := rounds(1_000_000, 4_000_000)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"flows", "fragments", "connections"} {
		t.Run(kind, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), self, "scan", "--json", "-") //nolint:gosec // ourselves
			c.Args[0] = "wardkeeper"                                           // how testscript's binary knows which program to be
			in, err := c.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			var out, complaints bytes.Buffer
			c.Stdout, c.Stderr = &out, &complaints
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			peaks := watchPeak(c.Process.Pid)
			flood(t, in, kind, packets)
			err = c.Wait()
			peak := peaks()
			if err != nil {
				t.Fatalf("%v: %s", err, complaints.String())
			}
			var doc ward.Document
			if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d packets, %d devices, %d flows, dropped %v, peak %d MiB", kind, doc.Counts.Packets, len(doc.Devices), len(doc.Flows), doc.Counts.Dropped, peak)
			if peak == 0 || peak > 256 {
				t.Errorf("%d MiB at the peak", peak)
			}
			if doc.Counts.Packets != uint64(packets) { //nolint:gosec // positive
				t.Errorf("%d packets counted of %d", doc.Counts.Packets, packets)
			}
			if len(doc.Counts.Dropped) == 0 || !strings.Contains(complaints.String(), "not everything fitted") {
				t.Errorf("what did not fit is not said: %v %q", doc.Counts.Dropped, complaints.String())
			}
		})
	}
}

// flood writes a capture of n packets, each from another address and port.
func flood(t *testing.T, to io.WriteCloser, kind string, n int) {
	t.Helper()
	w := bufio.NewWriterSize(to, 1<<20)
	head := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	head = append(head, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 1, 0, 0, 0)
	if _, err := w.Write(head); err != nil {
		t.Fatal(err)
	}
	frame := make([]byte, 16+14+20+40)
	eth, ip, l4 := frame[16:30], frame[30:50], frame[50:]
	binary.LittleEndian.PutUint32(frame[8:], uint32(len(frame)-16))  //nolint:gosec // small
	binary.LittleEndian.PutUint32(frame[12:], uint32(len(frame)-16)) //nolint:gosec // small
	copy(eth, []byte{0, 0x1e, 0xf6, 1, 2, 3, 0x02, 0, 0, 0, 0, 0, 8, 0})
	copy(ip, []byte{0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 0, 10, 255, 0, 1})
	for i := range uint32(n) { //nolint:gosec // positive
		binary.LittleEndian.PutUint32(frame, 1700000000+i>>12)
		binary.BigEndian.PutUint32(eth[8:], i*2654435761)
		binary.BigEndian.PutUint32(ip[12:], 10<<24|(i*2654435761)>>8)
		binary.BigEndian.PutUint16(l4, uint16(i))        //nolint:gosec // wraps
		binary.BigEndian.PutUint16(l4[2:], uint16(i>>3)) //nolint:gosec // wraps
		binary.BigEndian.PutUint16(l4[4:], 40)
		switch kind {
		case "fragments": // every one the first piece of a datagram that never goes on
			binary.BigEndian.PutUint16(ip[4:], uint16(i)) //nolint:gosec // wraps
			ip[6] = 0x20
		case "connections": // data in the middle of connections nobody has seen open
			ip[9] = 6
			binary.BigEndian.PutUint32(l4[4:], i)
			copy(l4[12:], []byte{0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0})
			copy(l4[20:], "MSH|^~\\&|A|B|C|D|2026")
		}
		if _, err := w.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
}
