package sim

import (
	"bytes"
	"container/heap"
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// stage is one performance: simulated time, what is due when, and the tape it goes onto.
type stage struct {
	*Hospital
	tape   *Tape
	start  time.Time
	now    time.Time
	due    agenda
	order  uint64
	port   uint16 // last ephemeral port
	random *rand.Rand
	certs  *authority
}

// act is something that a device does at a time. Acts of one time come in the order in which they
// were planned, so that a performance is the same each time.
type act struct {
	at    time.Time
	order uint64
	do    func()
}

type agenda []act

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].order < a[j].order
	}
	return a[i].at.Before(a[j].at)
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(act)) } //nolint:forcetypeassert // only act is pushed
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// in plans something for later.
func (s *stage) in(d time.Duration, do func()) {
	s.order++
	heap.Push(&s.due, act{s.now.Add(d), s.order, do})
}

// every does something after a while and then again and again, never quite on time.
func (s *stage) every(first, period time.Duration, do func()) {
	s.in(first, func() {
		do()
		s.every(period-period/8+time.Duration(s.random.Int64N(int64(period/4))), period, do)
	})
}

// until plays everything that is due up to a time.
func (s *stage) until(t time.Time) error {
	for len(s.due) > 0 && !s.due[0].at.After(t) {
		next := heap.Pop(&s.due).(act) //nolint:forcetypeassert // only act is pushed
		s.now = next.at
		s.tape.At(s.now)
		next.do()
		if s.tape.err != nil {
			return s.tape.err
		}
	}
	s.now = t
	return nil
}

// beat is how often a performance in real time catches up with the clock and flushes.
const beat = 100 * time.Millisecond

// Play lets the hospital live in real time and writes what a mirror port shows of it to w as a pcap
// stream, until ctx ends or w fails. start is the time of the first frame.
func (h *Hospital) Play(ctx context.Context, w io.Writer, start time.Time) error {
	s, err := h.stage(w, start)
	if err != nil {
		return err
	}
	clock := time.NewTicker(beat)
	defer clock.Stop()
	began := time.Now()
	for {
		if err := s.until(start.Add(time.Since(began))); err != nil {
			return err
		}
		if err := s.tape.Flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

// Record writes what Play would show in a stretch of time, as fast as it can. The same seed and
// start give the same bytes.
func (h *Hospital) Record(w io.Writer, start time.Time, length time.Duration) error {
	s, err := h.stage(w, start)
	if err != nil {
		return err
	}
	if err := s.until(start.Add(length)); err != nil {
		return err
	}
	return s.tape.Flush()
}

// Capture is the first stretch of a hospital's day as a pcap file, for those who need one to read.
func Capture(seed uint64, start time.Time, length time.Duration) ([]byte, error) {
	var b bytes.Buffer
	err := NewHospital(seed).Record(&b, start, length)
	return b.Bytes(), err
}

// stage sets a performance up: who arrives when, and what each does from then on.
func (h *Hospital) stage(w io.Writer, start time.Time) (*stage, error) {
	certs, err := newAuthority(start)
	if err != nil {
		return nil, err
	}
	s := &stage{
		Hospital: h, tape: NewTape(w), start: start, now: start, port: 49152, certs: certs,
		random: rand.New(rand.NewPCG(h.seed, 0xac7)), //nolint:gosec // a script, not a secret
	}
	s.tape.Gateway = h.Gateway
	s.tape.At(start)
	known := map[string]script{}
	for _, p := range scripts() {
		known[p.kind] = p.play
	}
	for i, d := range h.arrivals() {
		play := known[d.Kind]
		if play == nil || d == h.swapped() { // who comes only after the exchange
			continue
		}
		s.in(arrival(i, len(h.Devices)), func() { play(s, d) })
	}
	s.problems()
	return s, nil
}

// arrivals lists the devices in the order in which they are heard first: what holds the network
// together, then servers, then the rest as they come.
func (h *Hospital) arrivals() []*Device {
	var first, rest []*Device
	for _, d := range h.Devices {
		if backbone[d.Kind] {
			first = append(first, d)
		} else {
			rest = append(rest, d)
		}
	}
	random := rand.New(rand.NewPCG(h.seed, 0xa11)) //nolint:gosec // a script, not a secret
	random.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return append(first, rest...)
}

// arrival is when the i-th of n devices is heard first: a third within four seconds, all within 24.
func arrival(i, n int) time.Duration {
	third := n / 3
	if i < third {
		return time.Duration(i) * 4 * time.Second / time.Duration(third)
	}
	return 4*time.Second + time.Duration(i-third)*20*time.Second/time.Duration(n-third)
}

// backbone is what must be there for the others to talk to.
var backbone = map[string]bool{
	"router": true, "switch": true, "domain controller": true, "interface engine": true, "health record": true, "pump server": true,
	"pacs": true, "laboratory system": true, "device gateway": true, "building controller": true, "video recorder": true, "nas": true,
}

// script is what a kind of device does from the moment it is switched on.
type script func(s *stage, d *Device)

type part struct {
	kind string
	play script
}

// scripts lists who says what, one line a kind of the shopping list.
func scripts() []part {
	return slices.Concat(networkParts(), officeParts(), bedsideParts(), imagingParts(), laboratoryParts(), buildingParts(), videoParts(), problemParts())
}

// one is the first device of a kind.
func (h *Hospital) one(kind string) *Device { return h.byKind[kind][0] }

// near is the first device of a kind in the same zone, else the first of all.
func (h *Hospital) near(d *Device, kind string) *Device {
	for _, o := range h.byKind[kind] {
		if o.VLAN == d.VLAN {
			return o
		}
	}
	return h.one(kind)
}

// outside is an address on the internet; the hospital's own are all known.
func outside(a, b, c, d byte) Port { return Port{IP: ward.IP4([]byte{a, b, c, d})} }
