package capture

import "encoding/binary"

// pcapWalker reads the classic format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records
// of a 16-byte header (24 in Kuznetzov's variant) and the packet.
type pcapWalker struct {
	big  bool
	nano bool
	head int // length of a record header
	link uint16
	max  uint32
}

// newPcapWalker reads the file header; nil when it is none.
func newPcapWalker(h []byte) *pcapWalker {
	w := &pcapWalker{head: 16}
	switch binary.LittleEndian.Uint32(h) {
	case 0xa1b2c3d4:
	case 0xa1b23c4d:
		w.nano = true
	case 0xa1b2cd34:
		w.head = 24
	case 0xd4c3b2a1:
		w.big = true
	case 0x4d3cb2a1:
		w.big, w.nano = true, true
	case 0x34cdb2a1:
		w.big, w.head = true, 24
	default:
		return nil
	}
	w.link = uint16(w.u32(h[20:])) //nolint:gosec // the upper half holds the length of the FCS
	w.max = MaxPacket
	return w
}

func (w *pcapWalker) u32(b []byte) uint32 {
	if w.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (w *pcapWalker) next(b []byte, r *Record) (n, need int, err error) {
	if len(b) < w.head {
		return 0, w.head, nil
	}
	sec, frac, caplen, wire := w.u32(b), w.u32(b[4:]), w.u32(b[8:]), w.u32(b[12:])
	if caplen > w.max {
		return 0, 0, ErrTorn
	}
	end := w.head + int(caplen)
	if end > len(b) {
		return 0, end, nil
	}
	if !w.nano {
		frac *= 1000
	}
	r.Time = int64(sec)*1e9 + int64(frac)
	r.Data = b[w.head:end:end]
	r.Wire = max(wire, caplen)
	r.Link = w.link
	return end, 0, nil
}
