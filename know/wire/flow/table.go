// Package flow is the table of conversations under way: fixed in size, free of pointers, keyed by
// a random hash, and built so that a batch of packets can wait for memory together instead of one
// after another.
package flow

import (
	"math/bits"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Flow is one conversation between two ends. Side 0 is who was seen sending first. Counters are
// those since they were last taken. Fields without a comment of their own belong to the user.
type Flow struct {
	IP    [2]ward.IP // or hardware addresses where there are none: see packet.Info.Ends
	Port  [2]uint16
	VLAN  uint16
	Proto uint8 // IP protocol number; 0 for link-layer frames
	State uint8
	// 40 bytes so far: what a look-up compares.
	Last    [2]int64
	Packets [2]uint32
	Bytes   [2]uint32
	MAC     [2]ward.MAC
	Hops    [2]uint8
	Seen    uint8     // sides that sent since the counters were last taken: bits 0 and 1
	Sent    uint8     // sides that ever sent
	Conn    int32     // index of the connection's state, 0 for none
	Next    [2]uint32 // TCP: next sequence number of each side; UDP: hash of the latest payload
	ISN     uint32    // TCP: initial sequence number of who opened the connection
	Decoder int16     // who recognised it, from 1; below 0 a tunnel
	Ether   uint16    // EtherType of link-layer frames
	Server  uint8     // the serving side
	Quiet   uint8     // datagrams since something else was said
	Tries   [2]uint8  // datagrams of each side that nobody recognised
	Said    [2]uint32 // what the latest datagram of each side said, hashed
	_       [8]byte   // to two cache lines
}

// Cold is what is needed only when a flow starts and ends.
type Cold struct {
	First  [2]int64
	Frame  [2]uint64
	Source int32
}

// ways is how many flows share a bucket. A bucket's tags and ages fill half a cache line.
const ways = 8

// bucket holds eight lanes of sixteen bits each: tags (0: free) and ages.
type bucket struct {
	tag [2]uint64
	age [2]uint64
}

const (
	ones    = 0x0001_0001_0001_0001
	highs   = 0x8000_8000_8000_8000
	keepBit = 1 << 15 // of an age: a connection, which may be silent for long
	overBit = 1 << 14 // it is over
	ageMask = overBit - 1
	ageUnit = 28 // 2^28 ns = 268 ms: ages wrap after more than an hour
)

// Patience says how long a flow may be silent before what comes later is a new flow.
type Patience uint16

// The kinds of patience.
const (
	Short Patience = 0       // exchanges of datagrams, attempts
	Long  Patience = keepBit // connections
	None  Patience = overBit // closed connections, of which stragglers may come
)

// Nanoseconds is the longest silence.
func (p Patience) Nanoseconds() int64 {
	switch p {
	case Long:
		return 3600e9
	case None:
		return 30e9
	}
	return 120e9
}

// expired reports whether an age, in units, is surely beyond the patience.
func (p Patience) expired(age int) bool { return int64(age) > p.Nanoseconds()>>ageUnit+1 }

func lane(v *[2]uint64, w int) uint16 { return uint16(v[w>>2] >> (16 * (w & 3))) } //nolint:gosec // one lane

func setLane(v *[2]uint64, w int, x uint16) {
	shift := 16 * (w & 3)
	v[w>>2] = v[w>>2]&^(0xffff<<shift) | uint64(x)<<shift
}

// Owner is who uses a table.
type Owner interface {
	Ended(i uint32)          // the flow is about to go
	Moved(f *Flow, i uint32) // the flow has another index now
	Hash(f *Flow) uint64     // the hash under which it was inserted
}

// Table holds flows. It grows while the flows in it are alive, up to its capacity; then those
// unused for longest have to go. It belongs to one goroutine.
type Table struct {
	Evicted uint64 // flows that had to go for others before they were over

	buckets []bucket
	mask    uint64
	flows   []Flow
	cold    []Cold
	most    int // buckets
	owner   Owner
}

// firstFlows is the size of a new table: it fits the second-level cache of one core.
const firstFlows = 4096

// NewTable makes a table with room for capacity flows, rounded up to a power of two.
func NewTable(capacity int, owner Owner) *Table {
	t := &Table{most: 8, owner: owner}
	for t.most*ways < capacity {
		t.most *= 2
	}
	t.make(min(t.most, firstFlows/ways))
	return t
}

func (t *Table) make(n int) {
	t.buckets, t.mask = make([]bucket, n), uint64(n-1) //nolint:gosec // positive
	t.flows, t.cold = make([]Flow, n*ways), make([]Cold, n*ways)
}

// grow doubles the table.
func (t *Table) grow() {
	old := *t
	n := len(old.buckets)
	t.make(2 * n)
	for k := range old.buckets {
		b := &old.buckets[k]
		for w := range ways {
			if lane(&b.tag, w) == 0 {
				continue
			}
			from := k*ways + w
			f := &old.flows[from]
			to := t.owner.Hash(f) & t.mask
			i := uint32(to)*ways + uint32(w) //nolint:gosec // an index
			setLane(&t.buckets[to].tag, w, lane(&b.tag, w))
			setLane(&t.buckets[to].age, w, lane(&b.age, w))
			t.flows[i], t.cold[i] = *f, old.cold[from]
			t.owner.Moved(&t.flows[i], i)
		}
	}
}

// At is the flow at an index. The pointer is valid until the flow goes.
func (t *Table) At(i uint32) *Flow { return &t.flows[i] }

// Cold is the rest of the flow at an index.
func (t *Table) Cold(i uint32) *Cold { return &t.cold[i] }

func tagOf(h uint64) uint16 {
	if tag := uint16(h >> 48); tag != 0 { //nolint:gosec // the upper bits
		return tag
	}
	return 1
}

// match marks the lanes that hold a tag, by their top bits. Lanes above the first hit may be
// marked wrongly: who uses them compares keys anyway.
func match(word uint64, tag uint16) uint64 {
	x := word ^ uint64(tag)*ones
	return (x - ones) &^ x & highs
}

// Touch reads the bucket of a hash, so that it is in the cache when it is needed.
func (t *Table) Touch(h uint64) uint64 { return t.buckets[h&t.mask].tag[0] }

// Guess finds the first flow in the bucket whose tag fits, else the place of the one that would
// have to go for a new flow. Nothing hangs on the guess but speed.
func (t *Table) Guess(h uint64, now int64) (i uint32) {
	n := h & t.mask
	b := &t.buckets[n]
	tag := tagOf(h)
	if m := match(b.tag[0], tag); m != 0 {
		return uint32(n)*ways + uint32(bits.TrailingZeros64(m)/16) //nolint:gosec // an index
	}
	if m := match(b.tag[1], tag); m != 0 {
		return uint32(n)*ways + uint32(4+bits.TrailingZeros64(m)/16) //nolint:gosec // an index
	}
	w, _ := b.victim(now)
	return uint32(n)*ways + uint32(w) //nolint:gosec // an index
}

// TouchFlow reads both cache lines of a flow.
func (t *Table) TouchFlow(i uint32) uint64 {
	f := &t.flows[i]
	return uint64(f.Proto) + uint64(f.ISN)
}

// Side tells which side of the flow sends from a to b, or -1 when the flow is another.
func (f *Flow) Side(a, b *ward.IP, aPort, bPort, vlan uint16, proto uint8, ether uint16) int {
	if f.Proto != proto || f.VLAN != vlan || f.Ether != ether {
		return -1
	}
	if f.Port[0] == aPort && f.Port[1] == bPort && f.IP[0] == *a && f.IP[1] == *b {
		return 0
	}
	if f.Port[0] == bPort && f.Port[1] == aPort && f.IP[0] == *b && f.IP[1] == *a {
		return 1
	}
	return -1
}

// Find looks for the flow from a to b.
func (t *Table) Find(h uint64, a, b *ward.IP, aPort, bPort, vlan uint16, proto uint8, ether uint16) (i uint32, side int) {
	n := h & t.mask
	bk := &t.buckets[n]
	tag := tagOf(h)
	for word := range bk.tag {
		for m := match(bk.tag[word], tag); m != 0; m &= m - 1 {
			w := word*4 + bits.TrailingZeros64(m)/16
			if lane(&bk.tag, w) != tag {
				continue
			}
			i = uint32(n)*ways + uint32(w) //nolint:gosec // an index
			if side = t.flows[i].Side(a, b, aPort, bPort, vlan, proto, ether); side >= 0 {
				return i, side
			}
		}
	}
	return 0, -1
}

func coarse(now int64) uint16 { return uint16(now>>ageUnit) & ageMask } //nolint:gosec // wraps by design

// SameAge reports whether two times need no new age.
func SameAge(a, b int64) bool { return a>>ageUnit == b>>ageUnit }

// Seen makes a flow young again, and notes what its silence will mean.
func (t *Table) Seen(i uint32, now int64, p Patience) {
	setLane(&t.buckets[i/ways].age, int(i%ways), coarse(now)|uint16(p))
}

// Insert makes room for a new flow and returns its index; the flow is zero. Other flows may move.
func (t *Table) Insert(h uint64, now int64) uint32 {
	w, alive := t.buckets[h&t.mask].victim(now)
	for alive && len(t.buckets) < t.most {
		t.grow()
		w, alive = t.buckets[h&t.mask].victim(now)
	}
	n := h & t.mask
	b := &t.buckets[n]
	i := uint32(n)*ways + uint32(w) //nolint:gosec // an index
	if lane(&b.tag, w) != 0 {
		if alive {
			t.Evicted++
		}
		t.owner.Ended(i)
	}
	setLane(&b.tag, w, tagOf(h))
	setLane(&b.age, w, coarse(now))
	t.flows[i] = Flow{}
	return i
}

// keepFactor is how much longer than others a connection may be silent when room is needed. It is
// a ratio, so that a flood does not drive out connections, nor dead connections keep out new ones.
const keepFactor = 4

// victim is the lane to use for a new flow: a free one, else one that is over, else the one unused
// for longest, which may be alive.
func (b *bucket) victim(now int64) (w int, alive bool) {
	best, bestAge := 0, -1
	nowAge := coarse(now)
	for w := range ways {
		if lane(&b.tag, w) == 0 {
			return w, false
		}
		a := lane(&b.age, w)
		age := int((nowAge - a) & ageMask)
		switch p := Patience(a & (keepBit | overBit)); {
		case p.expired(age):
			age = keepFactor*ageMask + 1
		case p == None:
			age = keepFactor * ageMask
		case p == Short:
			age *= keepFactor
		}
		if age > bestAge {
			best, bestAge = w, age
		}
	}
	return best, bestAge <= keepFactor*ageMask
}

// Remove ends one flow.
func (t *Table) Remove(i uint32) {
	t.owner.Ended(i)
	setLane(&t.buckets[i/ways].tag, int(i%ways), 0)
	t.flows[i] = Flow{} // nobody must find it by a guess
}

// Empty ends all flows and gives the memory back.
func (t *Table) Empty() {
	t.Each(t.owner.Ended)
	t.make(min(t.most, firstFlows/ways))
}

// Each calls f for every flow in the order of their indexes; f may Remove the flow it is given.
func (t *Table) Each(f func(i uint32)) {
	for n := range t.buckets {
		b := &t.buckets[n]
		if b.tag[0]|b.tag[1] == 0 {
			continue
		}
		for w := range ways {
			if lane(&b.tag, w) != 0 {
				f(uint32(n*ways + w)) //nolint:gosec // an index
			}
		}
	}
}
