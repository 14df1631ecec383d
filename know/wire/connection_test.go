package wire

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// tape is a decoder that records what a session is given.
type tape struct {
	match func(dir decode.Dir, first []byte) decode.Match
	use   func(data []byte) int
	limit int

	got   [2]bytes.Buffer
	calls []string
	ends  int
	opens int
	who   []ward.Subject
}

func (t *tape) decoder() decode.Decoder {
	return decode.Decoder{
		Name: "tape", Limit: t.limit, TCPPorts: []uint16{2000},
		Match: func(dir decode.Dir, first []byte, _ uint16) decode.Match {
			if t.match == nil {
				return decode.Yes
			}
			return t.match(dir, first)
		},
		Open: func() decode.Session { t.opens++; return &tapeSession{t} },
	}
}

type tapeSession struct{ t *tape }

func (s *tapeSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	n := len(data)
	if s.t.use != nil {
		n = s.t.use(data)
	}
	if n > 0 {
		s.t.got[dir].Write(data[:n])
	}
	s.t.calls = append(s.t.calls, fmt.Sprintf("%d:%s@%d", dir, data, out.Frame))
	s.t.who = append(s.t.who, out.Sender)
	return n
}

func (s *tapeSession) End(*decode.Out) { s.t.ends++ }

// play reads frames as a capture, one a millisecond.
func play(t *testing.T, opt Options, frames ...[]byte) (*ward.Observation, ward.Counts) {
	t.Helper()
	var b bytes.Buffer
	p := wiretest.NewPcap(&b, 1)
	for i, f := range frames {
		p.Write(1e18+int64(i)*1e6, f)
	}
	if opt.Workers == 0 {
		opt.Workers = 1
	}
	if opt.FlowCapacity == 0 {
		opt.FlowCapacity = 1 << 10
	}
	e := New(opt)
	if _, err := e.Read(context.Background(), &b, "test"); err != nil {
		t.Fatal(err)
	}
	o := e.Close()
	return o, e.Counts()
}

var alice, bob = wiretest.HostN(1), wiretest.HostN(2)

// fromA and fromB are segments between port 40000 and 2000.
func fromA(seq uint32, flags byte, data string) []byte {
	return wiretest.TCP(alice, bob, 40000, 2000, seq, 1, flags, []byte(data))
}

func fromB(seq uint32, flags byte, data string) []byte {
	return wiretest.TCP(bob, alice, 2000, 40000, seq, 1, flags, []byte(data))
}

const (
	syn = wiretest.SYN
	ack = wiretest.ACK
	fin = wiretest.FIN
	rst = wiretest.RST
)

func TestConnections(t *testing.T) {
	open := [][]byte{fromA(99, syn, ""), fromB(499, syn|ack, "")}
	for _, c := range []struct {
		name   string
		frames [][]byte
		want   [2]string
	}{
		{"in order", append(open, fromA(100, ack, "hello "), fromA(106, ack, "world"), fromB(500, ack, "yes")), [2]string{"hello world", "yes"}},
		{"reordered", append(open, fromA(106, ack, "world"), fromA(100, ack, "hello ")), [2]string{"hello world", ""}},
		{"retransmitted", append(open, fromA(100, ack, "hello "), fromA(100, ack, "hello "), fromA(106, ack, "world")), [2]string{"hello world", ""}},
		{"overlap: first wins", append(open, fromA(100, ack, "hello "), fromA(103, ack, "XXXworld")), [2]string{"hello world", ""}},
		{"early overlap: first wins", append(open, fromA(106, ack, "world"), fromA(100, ack, "hello XXXXX!")), [2]string{"hello world!", ""}},
		{"early pieces overlap", append(open, fromA(108, ack, "rl"), fromA(106, ack, "woXXd"), fromA(100, ack, "hello ")), [2]string{"hello world", ""}},
		{"gap ends a direction", append(open, fromA(100, ack, "hello "), fromA(120, ack, "lost"), fromB(500, ack, "yes")), [2]string{"hello ", "yes"}},
		{"begins in the middle", [][]byte{fromA(100, ack, "hello "), fromA(106, ack, "world")}, [2]string{"hello world", ""}},
		{"server first, begins in the middle", [][]byte{fromB(500, ack, "yes"), fromA(100, ack, "hello")}, [2]string{"hello", "yes"}},
		{"data with the handshake", [][]byte{fromA(99, syn, "hi "), fromB(499, syn|ack, ""), fromA(103, ack, "there")}, [2]string{"hi there", ""}},
		{"sequence numbers wrap", [][]byte{fromA(0xfffffffe, syn, ""), fromA(0xffffffff, ack, "ab"), fromA(1, ack, "cd")}, [2]string{"abcd", ""}},
		{"keep-alive probes", append(open, fromA(100, ack, "hi"), fromA(101, ack, "x"), fromA(102, ack, "!")), [2]string{"hi!", ""}},
		{"last data behind the FIN", append(open, fromA(106, ack|fin, "world"), fromB(500, ack|fin, ""), fromA(100, ack, "hello ")), [2]string{"hello world", ""}},
		{"reset", append(open, fromA(100, ack, "hello"), fromA(105, rst, ""), fromA(105, ack, "never")), [2]string{"hello", ""}},
		{"blind reset", append(open, fromA(100, ack, "hello"), fromA(99_000_000, rst, ""), fromA(105, ack, " you")), [2]string{"hello you", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tp := &tape{}
			play(t, Options{Decoders: []decode.Decoder{tp.decoder()}}, c.frames...)
			if got := [2]string{tp.got[0].String(), tp.got[1].String()}; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if tp.ends != 1 || tp.opens != 1 {
				t.Errorf("%d sessions, %d ends", tp.opens, tp.ends)
			}
		})
	}
}

// TestRandomOrder cuts a text at random, shuffles, repeats and overlaps the pieces: what the
// session reads is the text.
func TestRandomOrder(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	want := strings.Repeat("The quick brown fox jumps over the lazy dog. ", 40)
	for round := range 300 {
		frames := [][]byte{fromA(99, syn, "")}
		for at := 0; at < len(want); {
			n := min(1+r.IntN(120), len(want)-at)
			from := max(0, at-r.IntN(30))
			frames = append(frames, fromA(100+uint32(from), ack, want[from:at+n]))
			if r.IntN(5) == 0 {
				frames = append(frames, fromA(100+uint32(at), ack, want[at:at+n]))
			}
			at += n
		}
		for i := 1; i < len(frames); i++ { // within a window, as networks do
			k := min(len(frames)-1, i+r.IntN(6))
			frames[i], frames[k] = frames[k], frames[i]
		}
		tp := &tape{use: func(b []byte) int { return len(b) / 2 }}
		if round%2 == 0 {
			tp.use = nil
		}
		play(t, Options{Decoders: []decode.Decoder{tp.decoder()}}, frames...)
		got := tp.got[0].String()
		if round%2 == 0 && got != want || !strings.HasPrefix(want, got) || len(got) < len(want)-8 {
			t.Fatalf("seed %d round %d: got %d bytes, want %d", seed, round, len(got), len(want))
		}
	}
}

// TestFirstBytesComeInOrder: when the second direction decides, the session still gets the first
// direction's bytes first, under the frame that carried them.
func TestFirstBytesComeInOrder(t *testing.T) {
	tp := &tape{match: func(dir decode.Dir, first []byte) decode.Match {
		if dir == decode.Client {
			return decode.More
		}
		if len(first) < 4 {
			return decode.More
		}
		return decode.Yes
	}}
	o, _ := play(t, Options{Decoders: []decode.Decoder{tp.decoder()}},
		fromA(99, syn, ""), fromB(499, syn|ack, ""), fromA(100, ack, "ask"), fromB(500, ack, "an"), fromB(502, ack, "swer"))
	want := []string{"0:ask@3", "1:answer@5"}
	if fmt.Sprint(tp.calls) != fmt.Sprint(want) {
		t.Errorf("calls %v, want %v", tp.calls, want)
	}
	if tp.who[0].IP != ward.IP4(alice.IP[:]) || tp.who[1].IP != ward.IP4(bob.IP[:]) || tp.who[1].MAC != ward.MAC(bob.MAC) {
		t.Errorf("senders %v", tp.who)
	}
	if len(o.Conversations) != 1 || o.Conversations[0].Protocol != "tape" || o.Conversations[0].Service.Port != 2000 {
		t.Errorf("conversations %+v", o.Conversations)
	}
}

// TestRolesBySwapping: a connection joined in the middle whose ports tell nothing is tried both
// ways round.
func TestRolesBySwapping(t *testing.T) {
	tp := &tape{match: func(dir decode.Dir, _ []byte) decode.Match {
		if dir == decode.Server {
			return decode.Yes
		}
		return decode.No
	}}
	o, _ := play(t, Options{Decoders: []decode.Decoder{tp.decoder()}},
		wiretest.TCP(alice, bob, 50000, 40000, 7, 1, ack, []byte("greeting")))
	if tp.got[1].String() != "greeting" {
		t.Fatalf("got %q", tp.calls)
	}
	if c := o.Conversations[0]; c.Service.Port != 50000 || c.From.IP != ward.IP4(bob.IP[:]) || c.Answered != true {
		t.Errorf("conversation %+v", c)
	}
}

func TestPortUsedAgain(t *testing.T) {
	tp := &tape{}
	play(t, Options{Decoders: []decode.Decoder{tp.decoder()}},
		fromA(99, syn, ""), fromA(100, ack, "one"), fromA(99, syn, ""),
		fromA(9099, syn, ""), fromA(9100, ack, "two"))
	if tp.opens != 2 || tp.ends != 2 || tp.got[0].String() != "onetwo" {
		t.Errorf("%d sessions, %d ends, got %q", tp.opens, tp.ends, tp.got[0].String())
	}
}

func TestLimit(t *testing.T) {
	tp := &tape{limit: 10}
	play(t, Options{Decoders: []decode.Decoder{tp.decoder()}},
		fromA(99, syn, ""), fromA(100, ack, "1234567"), fromA(107, ack, "8901234"), fromA(114, ack, "more"))
	if got := tp.got[0].String(); got != "1234567890" {
		t.Errorf("got %q", got)
	}
}

// TestPanic: a decoder that panics is counted, its connection set aside, and the rest goes on.
func TestPanic(t *testing.T) {
	tp := &tape{use: func(b []byte) int {
		if b[0] == '!' {
			panic("boom")
		}
		return len(b)
	}}
	o, c := play(t, Options{Decoders: []decode.Decoder{tp.decoder()}},
		fromA(99, syn, ""), fromA(100, ack, "!"), fromA(101, ack, "after"),
		wiretest.TCP(alice, bob, 40001, 2000, 1, 1, ack, []byte("other")))
	if c.Dropped["decoder panic: tape"] != 1 {
		t.Errorf("dropped %v", c.Dropped)
	}
	if tp.got[0].String() != "other" || c.Decoded != 4 || len(o.Stations) != 1 {
		t.Errorf("got %q, counts %+v, stations %v", tp.got[0].String(), c, o.Stations)
	}
}

// TestConnectionLimits: neither connections nor waiting bytes exceed their bounds, and each
// shortage is counted.
func TestConnectionLimits(t *testing.T) {
	tp := &tape{use: func([]byte) int { return 0 }, limit: 1 << 20}
	var frames [][]byte
	for n := range 200 {
		h := wiretest.HostN(uint32(10 + n))
		for k := range 4 {
			frames = append(frames, wiretest.TCP(h, bob, 40000, 2000, uint32(1+1000*k), 1, ack, make([]byte, 1000)))
		}
	}
	_, c := play(t, Options{Decoders: []decode.Decoder{tp.decoder()}, Connections: 50, Reassembly: 64 << 10}, frames...)
	if c.Dropped["connections not read"] == 0 || tp.opens != tp.ends {
		t.Errorf("dropped %v, %d sessions, %d ends", c.Dropped, tp.opens, tp.ends)
	}
}
