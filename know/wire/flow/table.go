// Package flow is the table of conversations under way: fixed in size, free of pointers, keyed by
// a random hash, and built so that a batch of packets can wait for memory together instead of one
// after another.
package flow

import "github.com/wardkeeper/wardkeeper/ward"

// Flow is one conversation between two ends. Side 0 is who was seen sending first. Counters are
// those since they were last taken.
type Flow struct {
	IP    [2]ward.IP // or hardware addresses where there are none: see packet.Info.Ends
	Port  [2]uint16
	VLAN  uint16
	Proto uint8 // IP protocol number; 0 for link-layer frames
	State uint8 // owned by the user of the table
	// 40 bytes so far: what a look-up compares.
	Last    [2]int64
	Packets [2]uint32
	Bytes   [2]uint32
	MAC     [2]ward.MAC
	Hops    [2]uint8
	Seen    uint8     // sides that sent since the counters were last taken: bits 0 and 1
	Sent    uint8     // sides that ever sent
	Conn    int32     // owned by the user: index of the connection's state, 0 for none
	Next    [2]uint32 // TCP: next sequence number of each side; UDP: hash of the latest payload
	ISN     uint32    // TCP: initial sequence number of who opened the connection
	Decoder int16     // owned by the user: who recognised it, from 1; below 0 a tunnel
	Ether   uint16    // EtherType of link-layer frames
	Server  uint8     // the serving side
	Quiet   uint8     // owned by the user: datagrams since something new was learnt
	Tries   [2]uint8  // owned by the user
	_       [8]byte   // to two cache lines
}

// Hot reads the second half of a flow, so that it is in the cache when it is needed.
func (f *Flow) Hot() uint64 { return uint64(f.ISN) }

// Cold is what is needed only when a flow starts and ends.
type Cold struct {
	First  [2]int64
	Frame  [2]uint64
	Source int32
}

// ways is how many flows share a bucket: one cache line of eight tags, indexes and ages.
const ways = 8

type bucket struct {
	tag [ways]uint16
	idx [ways]uint32 // index+1; 0 is free
	age [ways]uint16 // coarse time; the top bit marks flows worth keeping
}

const keepBit = 1 << 15

// Table holds flows. It belongs to one goroutine.
type Table struct {
	Evicted uint64 // flows that had to go for others

	buckets []bucket
	mask    uint64
	flows   []Flow
	cold    []Cold
	at      []uint32 // bucket of each flow
	free    []uint32
	used    int
	ended   func(i uint32) // is told of a flow just before it goes
}

// NewTable makes a table for capacity flows. ended is called for each flow that is evicted.
func NewTable(capacity int, ended func(i uint32)) *Table {
	n := 64
	for n*ways < 2*capacity {
		n *= 2
	}
	return &Table{
		buckets: make([]bucket, n), mask: uint64(n - 1),
		flows: make([]Flow, capacity), cold: make([]Cold, capacity), at: make([]uint32, capacity),
		ended: ended,
	}
}

// Len is the number of flows in the table.
func (t *Table) Len() int { return t.used - len(t.free) }

// At is the flow at an index. The pointer is valid until the flow goes.
func (t *Table) At(i uint32) *Flow { return &t.flows[i] }

// Cold is the rest of the flow at an index.
func (t *Table) Cold(i uint32) *Cold { return &t.cold[i] }

func (t *Table) where(h uint64) (b uint64, tag uint16) {
	return h & t.mask, uint16(h >> 48) //nolint:gosec // the upper bits
}

// Touch reads the bucket of a hash, so that it is in the cache when it is needed.
func (t *Table) Touch(h uint64) uint16 { return t.buckets[h&t.mask].tag[0] }

// Guess finds the first flow in the bucket whose tag fits, and touches it. The guess is right
// but for one in some thousand; Find checks.
func (t *Table) Guess(h uint64) (i uint32, ok bool) {
	n, tag := t.where(h)
	b := &t.buckets[n]
	for w := range ways {
		if b.tag[w] == tag && b.idx[w] != 0 {
			return b.idx[w] - 1, true
		}
	}
	return 0, false
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
	n, tag := t.where(h)
	bk := &t.buckets[n]
	for w := range ways {
		if bk.tag[w] == tag && bk.idx[w] != 0 {
			i = bk.idx[w] - 1
			if side = t.flows[i].Side(a, b, aPort, bPort, vlan, proto, ether); side >= 0 {
				return i, side
			}
		}
	}
	return 0, -1
}

func coarse(now int64) uint16 { return uint16(now>>30) &^ keepBit } //nolint:gosec // wraps by design

// Seen makes a flow young again. keep marks it as worth more than others when room is needed.
func (t *Table) Seen(h uint64, i uint32, now int64, keep bool) {
	b := &t.buckets[h&t.mask]
	for w := range ways {
		if b.idx[w] == i+1 {
			b.age[w] = b.age[w]&keepBit | coarse(now)
			if keep {
				b.age[w] |= keepBit
			}
			return
		}
	}
}

// Insert makes room for a new flow and returns its index; the flow is zero.
func (t *Table) Insert(h uint64, now int64) uint32 {
	n, tag := t.where(h)
	b := &t.buckets[n]
	way := -1
	for w := range ways {
		if b.idx[w] == 0 {
			way = w
			break
		}
	}
	if way < 0 {
		way = t.oldest(b, now)
		t.evict(n, way)
	} else if t.used == len(t.flows) && len(t.free) == 0 {
		t.makeRoom(n, now)
	}
	var i uint32
	if k := len(t.free); k > 0 {
		i = t.free[k-1]
		t.free = t.free[:k-1]
	} else {
		i = uint32(t.used) //nolint:gosec // bounded by the capacity
		t.used++
	}
	b.tag[way], b.idx[way], b.age[way] = tag, i+1, coarse(now)
	t.at[i] = uint32(n) //nolint:gosec // bounded by the number of buckets
	t.flows[i], t.cold[i] = Flow{}, Cold{}
	return i
}

// oldest is the flow of a bucket to give up: the one unused for longest, those worth keeping last.
func (t *Table) oldest(b *bucket, now int64) int {
	best, bestAge := -1, -1
	nowAge := coarse(now)
	for w := range ways {
		if b.idx[w] == 0 {
			continue
		}
		age := int((nowAge - b.age[w]) &^ keepBit)
		if b.age[w]&keepBit == 0 {
			age |= keepBit
		}
		if age > bestAge {
			best, bestAge = w, age
		}
	}
	return best
}

// makeRoom gives up the oldest flow of the nearest bucket that holds any.
func (t *Table) makeRoom(n uint64, now int64) {
	for step := uint64(0); step <= t.mask; step++ {
		k := (n + step) & t.mask
		if way := t.oldest(&t.buckets[k], now); way >= 0 {
			t.evict(k, way)
			return
		}
	}
}

func (t *Table) evict(n uint64, way int) {
	t.Evicted++
	t.remove(n, way)
}

func (t *Table) remove(n uint64, way int) {
	b := &t.buckets[n]
	i := b.idx[way] - 1
	if t.ended != nil {
		t.ended(i)
	}
	b.idx[way], b.tag[way], b.age[way] = 0, 0, 0
	t.free = append(t.free, i)
}

// Remove ends one flow.
func (t *Table) Remove(i uint32) {
	n := uint64(t.at[i])
	for w := range ways {
		if t.buckets[n].idx[w] == i+1 {
			t.remove(n, w)
			return
		}
	}
}

// Each calls f for every flow in the order of their indexes; f may Remove the flow it is given.
func (t *Table) Each(f func(i uint32)) {
	for i := range t.used {
		i := uint32(i) //nolint:gosec // bounded by the capacity
		n := t.at[i]
		for w := range ways {
			if t.buckets[n].idx[w] == i+1 {
				f(i)
				break
			}
		}
	}
}
