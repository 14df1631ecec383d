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
	Quiet   uint8     // datagrams since something new was learnt
	Tries   [2]uint8  // datagrams of each side that nobody recognised
	_       [16]byte  // to two cache lines
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
	keepBit = 1 << 15 // of an age: the flow is worth more than others
	ageMask = keepBit - 1
	ageUnit = 27 // 2^27 ns = 134 ms: ages wrap after more than an hour
)

func lane(v *[2]uint64, w int) uint16 { return uint16(v[w>>2] >> (16 * (w & 3))) } //nolint:gosec // one lane

func setLane(v *[2]uint64, w int, x uint16) {
	shift := 16 * (w & 3)
	v[w>>2] = v[w>>2]&^(0xffff<<shift) | uint64(x)<<shift
}

// Table holds flows. It belongs to one goroutine.
type Table struct {
	Evicted uint64 // flows that had to go for others

	buckets []bucket
	mask    uint64
	flows   []Flow
	cold    []Cold
	ended   func(i uint32)
}

// NewTable makes a table with room for capacity flows, rounded up to a power of two. ended is
// told of each flow just before it goes.
func NewTable(capacity int, ended func(i uint32)) *Table {
	n := 8
	for n*ways < capacity {
		n *= 2
	}
	return &Table{
		buckets: make([]bucket, n), mask: uint64(n - 1),
		flows: make([]Flow, n*ways), cold: make([]Cold, n*ways), ended: ended,
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

// Guess finds the first flow in the bucket whose tag fits, else the one that would have to go for
// a new flow, and touches it. Nothing hangs on the guess but speed.
func (t *Table) Guess(h uint64, now int64) (i uint32, touched uint64) {
	n := h & t.mask
	b := &t.buckets[n]
	tag := tagOf(h)
	for word := range b.tag {
		if m := match(b.tag[word], tag); m != 0 {
			i = uint32(n)*ways + uint32(word*4+bits.TrailingZeros64(m)/16) //nolint:gosec // an index
			f := &t.flows[i]
			return i, uint64(f.Proto) + uint64(f.ISN)
		}
	}
	i = uint32(n)*ways + uint32(b.victim(now)) //nolint:gosec // an index
	f := &t.flows[i]
	return i, uint64(f.Proto) + uint64(f.ISN) + uint64(t.cold[i].Source) //nolint:gosec // only touched
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

// Seen makes a flow young again. keep marks it as worth more than others when room is needed.
func (t *Table) Seen(i uint32, now int64, keep bool) {
	age := coarse(now)
	if keep {
		age |= keepBit
	}
	setLane(&t.buckets[i/ways].age, int(i%ways), age)
}

// Over marks a flow as finished: it goes first when room is needed.
func (t *Table) Over(i uint32, now int64) {
	setLane(&t.buckets[i/ways].age, int(i%ways), (coarse(now)+1)&ageMask) // wraps to the oldest
}

// Insert makes room for a new flow and returns its index; the flow is zero.
func (t *Table) Insert(h uint64, now int64) uint32 {
	n := h & t.mask
	b := &t.buckets[n]
	w := b.victim(now)
	i := uint32(n)*ways + uint32(w) //nolint:gosec // an index
	if lane(&b.tag, w) != 0 {
		t.Evicted++
		t.ended(i)
	}
	setLane(&b.tag, w, tagOf(h))
	setLane(&b.age, w, coarse(now))
	t.flows[i] = Flow{}
	return i
}

// keepFactor is how much longer than others a flow worth keeping may be silent. It is a ratio, so
// that a flood does not drive out conversations, nor finished conversations keep out new ones.
const keepFactor = 4

// victim is the lane to use for a new flow: a free one, else the one unused for longest.
func (b *bucket) victim(now int64) int {
	best, bestAge := 0, -1
	nowAge := coarse(now)
	for w := range ways {
		if lane(&b.tag, w) == 0 {
			return w
		}
		a := lane(&b.age, w)
		age := int((nowAge - a) & ageMask)
		if a&keepBit == 0 {
			age *= keepFactor
		}
		if age > bestAge {
			best, bestAge = w, age
		}
	}
	return best
}

// Remove ends one flow.
func (t *Table) Remove(i uint32) {
	t.ended(i)
	setLane(&t.buckets[i/ways].tag, int(i%ways), 0)
	t.flows[i] = Flow{} // nobody must find it by a guess
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
