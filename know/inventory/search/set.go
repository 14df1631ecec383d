package search

import (
	"math/bits"
	"slices"
)

// Bits is a set of slots, one bit each.
type Bits []uint64

func newBits(n int) Bits { return make(Bits, (n+63)/64) }

func (b Bits) has(i uint32) bool { return int(i>>6) < len(b) && b[i>>6]&(1<<(i&63)) != 0 }
func (b Bits) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }

// Len counts the slots in the set.
func (b Bits) Len() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Each calls f for each slot in rising order until it returns false.
func (b Bits) Each(f func(uint32) bool) {
	for i, w := range b {
		for w != 0 {
			if !f(uint32(i<<6 + bits.TrailingZeros64(w))) { //nolint:gosec // slots are fewer than 2^31
				return
			}
			w &= w - 1
		}
	}
}

func (b Bits) and(o Bits) {
	for i := range b {
		if i < len(o) {
			b[i] &= o[i]
		} else {
			b[i] = 0
		}
	}
}

func (b Bits) or(o Bits) {
	for i := range o {
		b[i] |= o[i]
	}
}

func (b Bits) without(o Bits) {
	for i := range min(len(b), len(o)) {
		b[i] &^= o[i]
	}
}

// set is a set of slots that is a sorted list while it is small and bits when it is not.
type set struct {
	list []uint32
	bits Bits
	n    int
}

// dense is the share of all slots (one in dense) from which on bits are cheaper than a list.
const dense = 64

func (s *set) add(i uint32, slots int) {
	if s.bits != nil {
		if !s.bits.has(i) {
			for int(i>>6) >= len(s.bits) {
				s.bits = append(s.bits, 0)
			}
			s.bits.set(i)
			s.n++
		}
		return
	}
	at, ok := slices.BinarySearch(s.list, i)
	if ok {
		return
	}
	s.list = slices.Insert(s.list, at, i)
	s.n++
	if s.n > 256 && s.n*dense > slots {
		s.bits = newBits(max(slots, int(i)+1))
		for _, x := range s.list {
			s.bits.set(x)
		}
		s.list = nil
	}
}

func (s *set) remove(i uint32) {
	if s.bits != nil {
		if s.bits.has(i) {
			s.bits[i>>6] &^= 1 << (i & 63)
			s.n--
		}
		return
	}
	if at, ok := slices.BinarySearch(s.list, i); ok {
		s.list = slices.Delete(s.list, at, at+1)
		s.n--
	}
}

// into adds the set to b.
func (s *set) into(b Bits) {
	b.or(s.bits)
	for _, i := range s.list {
		b.set(i)
	}
}

// common counts the slots that are also in b.
func (s *set) common(b Bits) int {
	n := 0
	for i, w := range s.bits {
		if i >= len(b) {
			break
		}
		n += bits.OnesCount64(w & b[i])
	}
	for _, i := range s.list {
		if b.has(i) {
			n++
		}
	}
	return n
}
