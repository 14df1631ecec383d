package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/ward"
)

// shared finds a folder of the public data, which is not part of the repository.
func shared(t testing.TB, folder string) string {
	t.Helper()
	dir := os.Getenv("WARDKEEPER_DATA")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; root != "/"; root = filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
		}
		dir = filepath.Join(root, "../shared/data")
	}
	dir = filepath.Join(dir, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: %v; set WARDKEEPER_DATA to the folder that holds %s/", err, folder)
	}
	return dir
}

// rounds is how often a randomised trial runs: seldom in CI, often in make prove.
func rounds(seldom, often int) int {
	if os.Getenv("WARDKEEPER_PROVE") != "" {
		return often
	}
	return seldom
}

// seeded gives random numbers that a failure can be repeated with: WARDKEEPER_SEED.
func seeded(t *testing.T) (*rand.Rand, uint64) {
	seed := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("WARDKEEPER_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed: WARDKEEPER_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1)), seed //nolint:gosec // a trial, not a secret
}

// TestMutatedCaptures spoils every shared capture in many ways. Nothing may crash, hang, panic in a
// decoder, grow without bound, invent a device, or depend on the number of workers.
func TestMutatedCaptures(t *testing.T) {
	dir := shared(t, "pcaps")
	files, err := filepath.Glob(filepath.Join(dir, "*.pcap*"))
	if err != nil || len(files) < 80 {
		t.Fatalf("%d captures in %s: %v", len(files), dir, err)
	}
	sort.Strings(files)
	random, _ := seeded(t)
	var pool []tapeFile
	for _, f := range files {
		pool = append(pool, load(t, f)...)
	}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := range rounds(1, 40) {
		for i := range pool {
			name := fmt.Sprintf("%s, round %d", pool[i].name, n)
			spoilt := pool[i].spoil(random, pool)
			judgeSpoilt(t, name, spoilt, os.Getenv("WARDKEEPER_PROVE") != "")
			if t.Failed() {
				keep := filepath.Join(os.TempDir(), "wardkeeper-spoilt.pcap")
				t.Fatalf("%s: the capture is kept in %s (%v)", name, keep, os.WriteFile(keep, spoilt, 0o600))
			}
		}
	}
	var after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 64<<20 { //nolint:gosec // far below 2^63
		t.Errorf("%d MB more in use after the campaign", grown>>20)
	}
}

// TestSameDocument: a capture as it is gives the same document every time, byte for byte, however
// many workers read it.
func TestSameDocument(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "pcaps"), "*.pcap*"))
	if err != nil || len(files) < 80 {
		t.Fatalf("%d captures: %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f) //nolint:gosec // a file of the corpus
		if err != nil {
			t.Fatal(err)
		}
		var docs [2][]byte
		for i := range docs {
			if docs[i], err = json.Marshal(scanBytes(t, f, text, i+1)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(docs[0], docs[1]) {
			t.Errorf("%s: two workers say otherwise than one: %s", filepath.Base(f), difference(docs[0], docs[1]))
		}
	}
}

// judgeSpoilt reads a spoilt capture and checks what is said about it.
func judgeSpoilt(t *testing.T, name string, file []byte, twice bool) {
	t.Helper()
	first := scanBytes(t, name, file, 2)
	if first == nil {
		return
	}
	for reason := range first.Counts.Dropped {
		if strings.Contains(reason, "panic") {
			t.Errorf("%s: %s", name, reason)
		}
	}
	senders, tunnels := sendersIn(file)
	for i := range first.Devices {
		d := &first.Devices[i]
		real := false
		for _, a := range append(append([]string{}, d.MACs...), d.IPs...) {
			real = real || senders[a] || inside(tunnels, a)
		}
		if !real && len(d.MACs)+len(d.IPs) > 0 {
			t.Errorf("%s: a ghost: %s %v %v", name, d.ID, d.MACs, d.IPs)
		}
	}
	text, err := json.Marshal(first)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if !twice {
		return
	}
	second := scanBytes(t, name, file, 1)
	again, err := json.Marshal(second)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if !bytes.Equal(text, again) {
		t.Errorf("%s: two workers say otherwise than one: %s", name, difference(text, again))
	}
}

func difference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	return fmt.Sprintf("\n...%s\n...%s", a[from:min(len(a), i+200)], b[from:min(len(b), i+200)])
}

func scanBytes(t *testing.T, name string, file []byte, workers int) *ward.Document {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // a hang, not slowness
	defer cancel()
	s := app.Scan{Input: bytes.NewReader(file), InputName: "spoilt", Workers: workers}
	doc, err := s.Run(ctx)
	if ctx.Err() != nil {
		t.Fatalf("%s: not read after two minutes", name)
	}
	if err != nil && ward.KindOf(err) != ward.Invalid {
		t.Errorf("%s: %v", name, err)
	}
	return doc
}

// tapeFile is a capture taken apart: frames of one link type.
type tapeFile struct {
	name   string
	link   uint32
	frames [][]byte
	times  []time.Time
}

// load takes a capture apart, one file for each link type in it.
func load(t *testing.T, path string) []tapeFile {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // a file of the corpus
	if err != nil {
		t.Fatal(err)
	}
	f := tapeFile{name: filepath.Base(path)}
	var source gopacket.PacketDataSource
	if r, err := pcapgo.NewReader(bytes.NewReader(text)); err == nil {
		f.link, source = uint32(r.LinkType()), r
	} else if r, err := pcapgo.NewNgReader(bytes.NewReader(text), pcapgo.DefaultNgReaderOptions); err == nil {
		f.link, source = uint32(r.LinkType()), r
	} else {
		t.Fatalf("%s: %v", path, err)
	}
	for {
		data, info, err := source.ReadPacketData()
		if err != nil {
			return []tapeFile{f}
		}
		f.frames, f.times = append(f.frames, bytes.Clone(data)), append(f.times, info.Timestamp)
	}
}

// spoil gives the capture as a pcap file with frames flipped, cut, grown, doubled, exchanged, lost
// and mixed with another capture's, and now and then with its file format spoilt too.
func (f *tapeFile) spoil(r *rand.Rand, pool []tapeFile) []byte {
	frames := make([][]byte, 0, len(f.frames))
	snap := 1 << 16
	if r.IntN(4) == 0 {
		snap = 14 + r.IntN(200)
	}
	rate := []int{2, 8, 40}[r.IntN(3)]
	for _, frame := range f.frames {
		frame = frame[:min(len(frame), snap)]
		if r.IntN(rate) == 0 {
			frame = spoilFrame(r, frame)
		}
		switch r.IntN(4 * rate) {
		case 0: // lost
		case 1:
			frames = append(frames, frame, frame)
		case 2:
			if n := len(frames); n > 0 {
				at := max(0, n-1-r.IntN(8))
				frames = append(frames, frames[at])
				frames[at] = frame
			}
		case 3:
			other := &pool[r.IntN(len(pool))]
			if other.link == f.link && len(other.frames) > 0 {
				frames = append(frames, other.frames[r.IntN(len(other.frames))])
			}
			frames = append(frames, frame)
		default:
			frames = append(frames, frame)
		}
	}
	out := f.file(frames)
	if r.IntN(6) == 0 && len(out) > 60 { // the file itself
		for range 1 + r.IntN(4) {
			out[24+r.IntN(len(out)-24)] ^= 1 << r.IntN(8)
		}
		if r.IntN(2) == 0 {
			out = out[:24+r.IntN(len(out)-24)]
		}
	}
	return out
}

func spoilFrame(r *rand.Rand, frame []byte) []byte {
	frame = bytes.Clone(frame)
	if len(frame) == 0 {
		return frame
	}
	at := r.IntN(len(frame))
	if r.IntN(2) == 0 { // the headers hold the lengths
		at = r.IntN(min(len(frame), 80))
	}
	switch r.IntN(6) {
	case 0:
		frame[at] ^= 1 << r.IntN(8)
	case 1:
		for range 1 + r.IntN(16) {
			frame[r.IntN(len(frame))] = byte(r.Uint32())
		}
	case 2:
		return frame[:at]
	case 3: // absurd numbers
		copy(frame[at:], [][]byte{{0xff, 0xff, 0xff, 0xff}, {0, 0, 0, 0}, {0x7f, 0xff, 0xff, 0xff}, {0x80, 0, 0, 0}, {0xff}, {0}}[r.IntN(6)])
	case 4: // a piece twice
		n := r.IntN(len(frame) - at)
		frame = append(frame[:at+n:at+n], frame[at:]...)
	case 5: // a piece gone
		n := r.IntN(len(frame) - at)
		frame = append(frame[:at:at], frame[at+n:]...)
	}
	return frame[:min(len(frame), 65000)]
}

// file writes frames as a pcap.
func (f *tapeFile) file(frames [][]byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, 0xa1b23c4d)
	out = append(out, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0)
	out = binary.LittleEndian.AppendUint32(out, f.link)
	for i, frame := range frames {
		at := f.times[min(i, len(f.times)-1)]
		for _, n := range []int64{at.Unix(), int64(at.Nanosecond()), int64(len(frame)), int64(len(frame))} {
			out = binary.LittleEndian.AppendUint32(out, uint32(n)) //nolint:gosec // fits by construction
		}
		out = append(out, frame...)
	}
	return out
}

// inside reports whether the bytes of an address stand in one of the payloads.
func inside(payloads [][]byte, address string) bool {
	var raw []byte
	if m, err := net.ParseMAC(address); err == nil {
		raw = m
	} else if ip, err := netip.ParseAddr(address); err == nil {
		raw = ip.AsSlice()
	}
	for _, p := range payloads {
		if bytes.Contains(p, raw) {
			return true
		}
	}
	return false
}

// sendersIn collects every address that sent something in a pcap, as gopacket reads it. What is in
// a CAPWAP tunnel, which gopacket does not read, comes as it stands.
func sendersIn(pcap []byte) (senders map[string]bool, tunnels [][]byte) {
	senders = map[string]bool{}
	if len(pcap) < 24 {
		return senders, nil
	}
	link := layers.LinkType(binary.LittleEndian.Uint32(pcap[20:])) //nolint:gosec // as in the file
	for at := 24; at+16 <= len(pcap); {
		n := int(binary.LittleEndian.Uint32(pcap[at+8:]))
		if n > 1<<20 || at+16+n > len(pcap) {
			break
		}
		data := pcap[at+16 : at+16+n]
		at += 16 + n
		var first gopacket.Decoder = link
		if t := link; (t == 101 || t == 12 || t == 14 || t == 228 || t == 229) && n > 0 {
			first = layers.LayerTypeIPv4
			if data[0]>>4 == 6 {
				first = layers.LayerTypeIPv6
			}
		}
		p := gopacket.NewPacket(data, first, gopacket.NoCopy)
		collectSenders(senders, p)
		if p.ErrorLayer() != nil { // it is stricter than we are
			tunnels = append(tunnels, data)
		}
		if u, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok {
			if u.DstPort == 5247 || u.SrcPort == 5247 {
				tunnels = append(tunnels, u.Payload)
			}
			if b := u.Payload; len(b) > 240 && b[0] == 1 { // BOOTP, on any port: who asks is in it
				senders[net.HardwareAddr(b[28:34]).String()] = true
			}
		}
	}
	return senders, tunnels
}

func collectSenders(senders map[string]bool, p gopacket.Packet) {
	ip := func(b net.IP) {
		if a, ok := netip.AddrFromSlice(b); ok {
			senders[a.Unmap().String()] = true
		}
	}
	for _, l := range p.Layers() {
		switch l := l.(type) {
		case *layers.Ethernet:
			senders[l.SrcMAC.String()] = true
		case *layers.Dot11:
			senders[l.Address2.String()], senders[l.Address3.String()] = true, true
		case *layers.LinuxSLL:
			senders[l.Addr.String()] = true
		case *layers.IPv4:
			ip(l.SrcIP)
		case *layers.IPv6:
			ip(l.SrcIP)
		case *layers.ARP:
			ip(l.SourceProtAddress)
		case *layers.DHCPv4:
			if l.Operation == layers.DHCPOpRequest {
				senders[l.ClientHWAddr.String()] = true
			}
		}
	}
}
