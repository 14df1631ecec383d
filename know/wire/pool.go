package wire

import "math/bits"

// Sizes of the buffers in which bytes wait.
const (
	smallBuffer = 512
	largeBuffer = 512 << 10
	classes     = 6 // 512 B, 2 KiB, 8 KiB, 32 KiB, 128 KiB, 512 KiB
)

// pool lends buffers out of a fixed budget.
type pool struct {
	left int // bytes that may still be lent
	free [classes][][]byte
}

func class(n int) int {
	if n <= smallBuffer {
		return 0
	}
	return (bits.Len(uint(n-1)/smallBuffer) + 1) / 2 //nolint:gosec // n is positive
}

// get lends an empty buffer for at least n bytes; nil when there is no room.
func (p *pool) get(n int) []byte {
	c := class(n)
	if c >= classes {
		return nil
	}
	size := smallBuffer << (2 * c)
	if size > p.left {
		return nil
	}
	p.left -= size
	if k := len(p.free[c]); k > 0 {
		b := p.free[c][k-1]
		p.free[c] = p.free[c][:k-1]
		return b
	}
	return make([]byte, 0, size)
}

// put takes a buffer back. Only a few of each size are kept for the next borrower.
func (p *pool) put(b []byte) {
	if cap(b) == 0 {
		return
	}
	p.left += cap(b)
	if c := class(cap(b)); len(p.free[c]) < 256>>(2*c)+2 {
		p.free[c] = append(p.free[c], b[:0])
	}
}

// add appends to a lent buffer, exchanging it for a larger one when needed. It reports false, and
// leaves the buffer as it was, when there is no room.
func (p *pool) add(b, data []byte) ([]byte, bool) {
	if len(b)+len(data) <= cap(b) {
		return append(b, data...), true
	}
	grown := p.get(len(b) + len(data))
	if grown == nil {
		return b, false
	}
	grown = append(append(grown, b...), data...)
	p.put(b)
	return grown, true
}
