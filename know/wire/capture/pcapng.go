package capture

import (
	"encoding/binary"
	"math/bits"
)

// Limits of a pcapng file: more interfaces than this in one section is an attack.
const maxInterfaces = 4096

// Block types of pcapng (draft-ietf-opsawg-pcapng).
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 2 // obsolete, still written by old tools
	blockSimple    = 3
	blockEnhanced  = 6
)

// pcapngWalker reads the block format. Byte order and interfaces belong to the section.
type pcapngWalker struct {
	order binary.ByteOrder
	ifs   []pcapngInterface
}

type pcapngInterface struct {
	link    uint16
	snap    uint32
	mul     uint64 // nanoseconds a tick, when a tick is a nanosecond or more
	div     uint64 // ticks a nanosecond, when less
	shift   uint8  // ticks a second as a power of two, 0 when decimal
	offset  int64  // seconds added to each time
	lastEnd int64  // time of the latest packet, for blocks without one
}

func (w *pcapngWalker) next(b []byte, r *Record) (n, need int, err error) {
	r.Data = nil
	if len(b) < 12 {
		return 0, 12, nil
	}
	if binary.LittleEndian.Uint32(b) == blockSection { // the same in both orders
		return w.section(b)
	}
	if w.order == nil {
		return 0, 0, ErrFormat
	}
	kind, size := w.order.Uint32(b), w.order.Uint32(b[4:])
	if size < 12 || size%4 != 0 {
		return 0, 0, ErrTorn
	}
	read := kind == blockEnhanced || kind == blockSimple || kind == blockPacket || kind == blockInterface
	if !read {
		if size > 1<<30 {
			return 0, 0, ErrTorn
		}
		return int(size), 0, nil
	}
	if size > MaxPacket+4096 {
		return 0, 0, ErrTorn
	}
	if int(size) > len(b) {
		return 0, int(size), nil
	}
	if w.order.Uint32(b[size-4:]) != size {
		return 0, 0, ErrTorn
	}
	body := b[8 : size-4]
	switch kind {
	case blockInterface:
		err = w.addInterface(body)
	case blockEnhanced:
		err = w.enhanced(body, r)
	case blockSimple:
		err = w.simple(body, r)
	case blockPacket:
		err = w.obsolete(body, r)
	}
	return int(size), 0, err
}

func (w *pcapngWalker) section(b []byte) (n, need int, err error) {
	if len(b) < 28 {
		return 0, 28, nil
	}
	switch binary.LittleEndian.Uint32(b[8:]) {
	case 0x1a2b3c4d:
		w.order = binary.LittleEndian
	case 0x4d3c2b1a:
		w.order = binary.BigEndian
	default:
		if w.order == nil {
			return 0, 0, ErrFormat
		}
		return 0, 0, ErrTorn
	}
	size := w.order.Uint32(b[4:])
	if size < 28 || size%4 != 0 || size > 1<<24 {
		return 0, 0, ErrTorn
	}
	w.ifs = w.ifs[:0]
	return int(size), 0, nil
}

func (w *pcapngWalker) addInterface(body []byte) error {
	if len(body) < 8 {
		return ErrTorn
	}
	if len(w.ifs) >= maxInterfaces {
		return ErrTorn
	}
	i := pcapngInterface{link: w.order.Uint16(body), snap: w.order.Uint32(body[4:]), mul: 1000, div: 1}
	for o := body[8:]; len(o) >= 4; {
		code, size := w.order.Uint16(o), int(w.order.Uint16(o[2:]))
		if code == 0 || 4+size > len(o) {
			break
		}
		v := o[4 : 4+size]
		switch {
		case code == 9 && size >= 1: // if_tsresol
			i.resolution(v[0])
		case code == 14 && size >= 8: // if_tsoffset
			i.offset = int64(w.order.Uint64(v)) //nolint:gosec // signed by specification
		}
		o = o[min(len(o), 4+(size+3)&^3):]
	}
	w.ifs = append(w.ifs, i)
	return nil
}

func (i *pcapngInterface) resolution(v byte) {
	i.mul, i.div, i.shift = 1, 1, 0
	if v&0x80 != 0 {
		i.shift = min(v&0x7f, 63)
		if i.shift == 0 {
			i.mul = 1e9
		}
		return
	}
	for p := v; p < 9; p++ {
		i.mul *= 10
	}
	for p := byte(9); p < v && i.div < 1e18; p++ {
		i.div *= 10
	}
}

func (i *pcapngInterface) time(ticks uint64) int64 {
	if i.shift > 0 {
		sec := ticks >> i.shift
		hi, lo := bits.Mul64(ticks&(1<<i.shift-1), 1e9)
		frac := lo>>i.shift | hi<<(64-i.shift)
		return (int64(sec)+i.offset)*1e9 + int64(frac) //nolint:gosec // wraps only for absurd clocks
	}
	return int64(ticks/i.div*i.mul) + i.offset*1e9 //nolint:gosec // wraps only for absurd clocks
}

func (w *pcapngWalker) enhanced(b []byte, r *Record) error {
	if len(b) < 20 {
		return ErrTorn
	}
	id := w.order.Uint32(b)
	return w.packet(id, w.order.Uint32(b[4:]), w.order.Uint32(b[8:]), w.order.Uint32(b[12:]), w.order.Uint32(b[16:]), b[20:], r)
}

func (w *pcapngWalker) obsolete(b []byte, r *Record) error {
	if len(b) < 20 {
		return ErrTorn
	}
	id := uint32(w.order.Uint16(b))
	return w.packet(id, w.order.Uint32(b[4:]), w.order.Uint32(b[8:]), w.order.Uint32(b[12:]), w.order.Uint32(b[16:]), b[20:], r)
}

func (w *pcapngWalker) packet(id, high, low, caplen, wire uint32, data []byte, r *Record) error {
	if id >= uint32(len(w.ifs)) || caplen > uint32(len(data)) { //nolint:gosec // both are small
		return ErrTorn
	}
	i := &w.ifs[id]
	r.Time = i.time(uint64(high)<<32 | uint64(low))
	i.lastEnd = r.Time
	r.Data = data[:caplen:caplen]
	r.Wire = max(wire, caplen)
	r.Link = i.link
	return nil
}

// simple reads a block that has neither time nor interface: it is the first interface's, and has
// the time of that interface's latest packet.
func (w *pcapngWalker) simple(b []byte, r *Record) error {
	if len(b) < 4 || len(w.ifs) == 0 {
		return ErrTorn
	}
	i := &w.ifs[0]
	wire := w.order.Uint32(b)
	n := min(int(wire), len(b)-4)
	if i.snap > 0 {
		n = min(n, int(i.snap))
	}
	r.Time, r.Data, r.Wire, r.Link = i.lastEnd, b[4:4+n:4+n], wire, i.link
	return nil
}
