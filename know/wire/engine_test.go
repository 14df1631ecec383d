package wire

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/ward"
)

func TestStationsAreSenders(t *testing.T) {
	group := wiretest.Host{MAC: [6]byte{1, 0, 0x5e, 0, 0, 0xfb}, IP: [4]byte{224, 0, 0, 251}}
	all := [6]byte{255, 255, 255, 255, 255, 255}
	o, c := play(t, Options{Decoders: []decode.Decoder{text()}},
		wiretest.UDP(alice, bob, 1000, 2000, []byte("query to somebody who is not there")),
		wiretest.UDP(alice, group, 5353, 5353, []byte("hello everybody")),
		wiretest.Ethernet(all, bob.MAC, 0x0806, make([]byte, 28)),
		wiretest.Ethernet(all, bob.MAC, 0x1234, []byte("unknown")),
	)
	if len(o.Stations) != 2 {
		t.Fatalf("stations %+v", o.Stations)
	}
	for _, s := range o.Stations {
		switch s.MAC {
		case ward.MAC(alice.MAC):
			if s.IP != ward.IP4(alice.IP[:]) || s.Packets != 2 || s.Hops != 0 || s.Frame != 1 {
				t.Errorf("station %+v", s)
			}
		case ward.MAC(bob.MAC):
			if !s.IP.IsZero() || s.Packets != 2 || s.Hops != 255 || s.Frame != 3 {
				t.Errorf("station %+v", s)
			}
		}
	}
	if c.Packets != 4 || c.Decoded != 3 || c.Undecoded != 1 {
		t.Errorf("counts %+v", c)
	}
	for _, s := range o.Sightings {
		if s.Subject.IP.IsGroup() {
			t.Errorf("a group is said to speak: %+v", s)
		}
	}
}

func TestConversations(t *testing.T) {
	o, _ := play(t, Options{},
		wiretest.TCP(alice, bob, 40000, 80, 1, 0, syn, nil),
		wiretest.TCP(bob, alice, 80, 40000, 1, 2, syn|ack, nil),
		wiretest.TCP(alice, bob, 40001, 80, 1, 0, syn, nil),
		wiretest.TCP(alice, bob, 80, 9999, 1, 0, syn, nil), // the client uses a low port
		wiretest.UDP(bob, alice, 53, 3333, []byte("answer first")),
	)
	type row struct {
		from    ward.IP
		port    uint16
		packets uint64
		out     uint64
		answer  bool
	}
	a, b := ward.IP4(alice.IP[:]), ward.IP4(bob.IP[:])
	want := map[row]bool{{a, 80, 3, 2, true}: true, {a, 9999, 1, 1, false}: true, {a, 53, 1, 0, true}: true}
	for _, c := range o.Conversations {
		r := row{c.From.IP, c.Service.Port, c.Packets, c.PacketsOut, c.Answered}
		if !want[r] {
			t.Errorf("unexpected %+v", r)
		}
		delete(want, r)
		if c.To.MAC != ward.MAC(bob.MAC) || c.From.MAC != ward.MAC(alice.MAC) {
			t.Errorf("hardware addresses of %+v", c)
		}
	}
	_ = b
	if len(want) > 0 {
		t.Errorf("missing %+v", want)
	}
}

// TestRoutedCopy: a mirror that shows a packet before and after a router shows two senders.
func TestRoutedCopy(t *testing.T) {
	router := wiretest.HostN(99)
	before := wiretest.UDP(alice, bob, 1000, 53, []byte("x"))
	after := append([]byte(nil), before...)
	copy(after[6:], router.MAC[:])
	after[22]-- // TTL
	o, _ := play(t, Options{}, before, after, before, after)
	if len(o.Stations) != 2 {
		t.Fatalf("stations %+v", o.Stations)
	}
	for _, s := range o.Stations {
		want := uint8(0)
		if s.MAC == ward.MAC(router.MAC) {
			want = 1
		}
		if s.Hops != want || s.Packets != 2 {
			t.Errorf("station %+v", s)
		}
	}
}

// TestTunnelEnds: both ends of a tunnel speak it; what is inside is seen as if directly.
func TestTunnelEnds(t *testing.T) {
	inner := wiretest.UDP(wiretest.HostN(7), wiretest.HostN(8), 1000, 2000, []byte("inside"))
	vxlan := append([]byte{8, 0, 0, 0, 0, 0, 1, 0}, inner...)
	o, c := play(t, Options{Decoders: []decode.Decoder{text()}}, wiretest.UDP(alice, bob, 40000, 4789, vxlan))
	speaks := map[ward.IP]string{}
	for _, s := range o.Sightings {
		if s.Field == &decode.Speaks {
			speaks[s.Subject.IP] += s.Value
		}
	}
	h7, h8 := wiretest.HostN(7), wiretest.HostN(8)
	want := map[ward.IP]string{ward.IP4(alice.IP[:]): "vxlan", ward.IP4(bob.IP[:]): "vxlan", ward.IP4(h7.IP[:]): "text", ward.IP4(h8.IP[:]): "text"}
	for ip, p := range want {
		if speaks[ip] != p {
			t.Errorf("%s speaks %q, want %q", ip, speaks[ip], p)
		}
	}
	if len(o.Stations) != 2 || c.Packets != 1 || c.Decoded != 1 {
		t.Errorf("stations %+v, counts %+v", o.Stations, c)
	}
}

func TestFlushEndsNothing(t *testing.T) {
	tp := &tape{}
	e := New(Options{Workers: 1, FlowCapacity: 64, Decoders: []decode.Decoder{tp.decoder()}})
	read := func(frames ...[]byte) {
		var b bytes.Buffer
		p := wiretest.NewPcap(&b, 1)
		for i, f := range frames {
			p.Write(1e18+int64(i), f)
		}
		if _, err := e.Read(context.Background(), &b, "test"); err != nil {
			t.Fatal(err)
		}
	}
	read(fromA(99, syn, ""), fromA(100, ack, "one "))
	first := e.Flush()
	read(fromA(104, ack, "two"))
	second := e.Flush()
	if tp.got[0].String() != "one two" || tp.ends != 0 {
		t.Errorf("got %q, %d ends", tp.got[0].String(), tp.ends)
	}
	third := e.Close()
	if tp.ends != 1 {
		t.Errorf("%d ends", tp.ends)
	}
	if len(first.Conversations) != 1 || first.Conversations[0].Packets != 2 || len(second.Conversations) != 1 ||
		second.Conversations[0].Packets != 1 || second.Conversations[0].Source != 1 || len(third.Conversations) != 0 {
		t.Errorf("conversations\n%+v\n%+v\n%+v", first.Conversations, second.Conversations, third.Conversations)
	}
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "text")
	if err := os.WriteFile(file, []byte("this is no capture, whatever its name may say"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := New(Options{Workers: 1, FlowCapacity: 64})
	for path, kind := range map[string]ward.Kind{file: ward.Invalid, dir: ward.Invalid, filepath.Join(dir, "none"): ward.NotFound} {
		if _, err := e.ReadFile(context.Background(), path); ward.KindOf(err) != kind {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestTornAndUnknown: a torn file yields what lies before the tear, an unknown link type nothing
// but counts.
func TestTornAndUnknown(t *testing.T) {
	var b, u bytes.Buffer
	p, q := wiretest.NewPcap(&b, 1), wiretest.NewPcap(&u, 147)
	for range 3 {
		p.Write(1e18, wiretest.UDP(alice, bob, 1, 2, []byte("x")))
		q.Write(1e18, wiretest.UDP(alice, bob, 1, 2, []byte("x")))
	}
	e := New(Options{Workers: 2, FlowCapacity: 64})
	src, err := e.Read(context.Background(), bytes.NewReader(b.Bytes()[:b.Len()-5]), "torn")
	if err != nil || !src.Torn || src.Packets != 2 {
		t.Errorf("%+v, %v", src, err)
	}
	src, err = e.Read(context.Background(), &u, "user link")
	if err != nil || src.LinkType != "147" || src.Packets != 3 {
		t.Errorf("%+v, %v", src, err)
	}
	o, c := e.Close(), e.Counts()
	if len(o.Stations) != 1 || c.Packets != 5 || c.Decoded != 2 || c.Undecoded != 3 {
		t.Errorf("stations %+v, counts %+v", o.Stations, c)
	}
}

type slow struct {
	data   []byte
	cancel func()
}

func (s *slow) Read(b []byte) (int, error) {
	n := copy(b, s.data)
	if len(s.data) < 500_000 {
		s.cancel()
	}
	s.data = s.data[n:]
	return n, nil
}

func TestCancel(t *testing.T) {
	var b bytes.Buffer
	p := wiretest.NewPcap(&b, 1)
	for range 10_000 {
		p.Write(1e18, wiretest.UDP(alice, bob, 1, 2, make([]byte, 100)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	e := New(Options{Workers: 2, FlowCapacity: 64})
	src, err := e.Read(ctx, &slow{b.Bytes(), cancel}, "slow")
	if !errors.Is(err, context.Canceled) || src.Packets == 0 || src.Packets == 10_000 {
		t.Errorf("%+v, %v", src, err)
	}
	if o := e.Close(); len(o.Stations) != 1 || o.Stations[0].Packets != src.Packets {
		t.Errorf("stations %+v of %d packets", o.Stations, src.Packets)
	}
}

// TestFlood: very many flows and hosts leave memory bounded, and every loss is counted.
func TestFlood(t *testing.T) {
	const n = 300_000
	var b bytes.Buffer
	p := wiretest.NewPcap(&b, 1)
	for i := range uint32(n) {
		p.Write(1e18+int64(i)*1e5, wiretest.TCP(wiretest.HostN(i), bob, uint16(i), 80, i, 0, syn, nil))
	}
	e := New(Options{Workers: 1, FlowCapacity: 1 << 12, Summaries: 1 << 12})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := e.Read(context.Background(), bytes.NewReader(b.Bytes()), "flood"); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 { //nolint:gosec // a heap
		t.Errorf("grew by %d bytes", grown)
	}
	o, c := e.Close(), e.Counts()
	if len(o.Stations) != 1<<9 || c.Packets != n {
		t.Errorf("%d stations, counts %+v", len(o.Stations), c)
	}
	if c.Dropped["stations"] != n-1<<9 || c.Dropped["flows evicted"] == 0 || c.Dropped["conversations"] != n-3<<9 {
		t.Errorf("dropped %v", c.Dropped)
	}
}

// TestNoAllocations: in steady state a packet costs no allocation.
func TestNoAllocations(t *testing.T) {
	tp := &tape{limit: 1 << 30}
	d := tp.decoder()
	d.Open = func() decode.Session { return quietSession{} }
	e := New(Options{Workers: 1, FlowCapacity: 1 << 10, Decoders: []decode.Decoder{d, text()}})
	w := e.workers[0]
	parser := packet.Parser{Key: e.key}
	var infos [64]packet.Info
	list := []uint16{0, 1, 2, 3}
	seq := uint32(100)
	round := func() {
		frames := [...][]byte{
			fixedA, fixedB, fixedUDP, fixedARP,
		}
		for i, f := range frames {
			parser.Parse(1, f, uint32(len(f)), 1e18, 1, 0, infos[i:]) //nolint:gosec // small
		}
		infos[0].Seq = seq
		seq += uint32(len(infos[0].Payload)) //nolint:gosec // small
		w.work(infos[:], list)
	}
	for range 100 {
		round()
	}
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations for four packets", n)
	}
}

var (
	fixedA   = fromA(100, ack, "some data of the client")
	fixedB   = fromB(500, ack, "")
	fixedUDP = wiretest.UDP(alice, bob, 1000, 2000, []byte("text in a datagram"))
	fixedARP = wiretest.Ethernet(alice.MAC, bob.MAC, 0x0806, make([]byte, 28))
)

type quietSession struct{}

func (quietSession) Read(_ decode.Dir, data []byte, _ *decode.Out) int { return len(data) }

func FuzzEngine(f *testing.F) {
	add := func(frames ...[]byte) {
		var b bytes.Buffer
		p := wiretest.NewPcap(&b, 1)
		for i, fr := range frames {
			p.Write(1e18+int64(i)*1e9, fr)
		}
		f.Add(b.Bytes())
	}
	add(fromA(99, syn, ""), fromB(499, syn|ack, ""), fromA(104, ack, "early"), fromA(100, ack, "late"), fromB(500, ack|fin, "bye"), fromA(109, rst, ""))
	add(fixedUDP, fixedARP, fixedA, fixedB)
	f.Fuzz(func(t *testing.T, file []byte) {
		tp := &tape{use: func(b []byte) int { return len(b) - 1 }}
		e := New(Options{Workers: 1, FlowCapacity: 64, Connections: 16, Reassembly: 1 << 14, Summaries: 64, Decoders: []decode.Decoder{tp.decoder(), text()}})
		src, _ := e.Read(context.Background(), bytes.NewReader(file), "fuzz")
		o, c := e.Close(), e.Counts()
		if c.Packets != src.Packets || c.Decoded+c.Undecoded != c.Packets {
			t.Errorf("counts %+v of %d packets", c, src.Packets)
		}
		if tp.opens != tp.ends {
			t.Errorf("%d sessions, %d ends", tp.opens, tp.ends)
		}
		for n := range c.Dropped {
			if bytes.HasPrefix([]byte(n), []byte("decoder panic")) {
				t.Error(n)
			}
		}
		for _, s := range o.Stations {
			if s.MAC.IsGroup() || s.IP.IsGroup() {
				t.Errorf("a group is a station: %+v", s)
			}
		}
		if left := e.workers[0].conns.pool.left; left != 1<<14 {
			t.Errorf("%d bytes of buffers were not given back", 1<<14-left)
		}
	})
}
