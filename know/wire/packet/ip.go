package packet

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/ward"
)

func (p *Parser) ipv4(b []byte, in *Info) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return
	}
	head := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if head < 20 || head > len(b) {
		return
	}
	if total == 0 { // offloaded to the network card: the length is not filled in yet
		total = len(b)
	}
	src := binary.LittleEndian.Uint32(b[12:])
	if total < head || b[12]&0xf0 == 224 || src == 0xffffffff { // groups do not send
		return
	}
	missing := 0
	if total > len(b) {
		missing = total - len(b)
	} else {
		b = b[:total]
	}
	in.EtherType = etherIPv4
	in.TTL = b[8]
	if src != 0 {
		setIP4(&in.Src, src)
	}
	setIP4(&in.Dst, binary.LittleEndian.Uint32(b[16:]))
	d := b[16]
	in.Group = in.Group || d >= 224
	in.Hops = hops(in.TTL, d == 224 && b[17] == 0 && b[18] == 0)
	proto := b[9]
	if frag := binary.BigEndian.Uint16(b[6:]); frag&0x3fff != 0 {
		id := uint32(binary.BigEndian.Uint16(b[4:]))
		p.fragment(id, proto, int(frag&0x1fff)*8, frag&0x2000 != 0, b[head:], missing, in)
		return
	}
	p.transport(proto, b[head:], missing, in)
}

// setIP4 writes an IPv4 address, given as its bytes in memory, in two words: byte by byte it would
// cost as much as the rest of the header, because the whole is read back soon.
func setIP4(ip *ward.IP, b uint32) {
	binary.LittleEndian.PutUint64(ip[:8], 0)
	binary.LittleEndian.PutUint64(ip[8:], 0xffff0000|uint64(b)<<32)
}

// extension header numbers of IPv6 (RFC 8200)
const (
	extHop      = 0
	extRouting  = 43
	extFragment = 44
	extAuth     = 51
	extNone     = 59
	extDest     = 60
	extMobility = 135
)

func (p *Parser) ipv6(b []byte, in *Info) {
	if len(b) < 40 || b[0]>>4 != 6 || b[8] == 0xff { // groups do not send
		return
	}
	length := int(binary.BigEndian.Uint16(b[4:]))
	in.EtherType = etherIPv6
	in.TTL = b[7]
	in.Src, in.Dst = ward.IP6(b[8:]), ward.IP6(b[24:])
	in.Group = in.Group || b[24] == 0xff
	in.Hops = hops(in.TTL, b[24] == 0xff && b[25]&15 == 2)
	next := b[6]
	b = b[40:]
	missing := 0
	switch {
	case length == 0 && next != extHop: // offloaded, or empty
	case length > len(b):
		missing = length - len(b)
	case length < len(b) && length > 0:
		b = b[:length]
	}
	for range 8 {
		switch next {
		case extHop, extRouting, extDest, extMobility:
			if len(b) < 8 || int(b[1])*8+8 > len(b) {
				return
			}
			next, b = b[0], b[int(b[1])*8+8:]
		case extAuth:
			if len(b) < 8 || int(b[1])*4+8 > len(b) {
				return
			}
			next, b = b[0], b[int(b[1])*4+8:]
		case extFragment:
			if len(b) < 8 {
				return
			}
			off := binary.BigEndian.Uint16(b[2:])
			id := binary.BigEndian.Uint32(b[4:])
			next, b = b[0], b[8:]
			if off&^uint16(6) != 0 { // an atomic fragment is whole
				p.fragment(id, next, int(off&^7), off&1 != 0, b, missing, in)
				return
			}
		case extNone:
			in.Kind, in.Transport = Network, next
			p.finish(in)
			return
		default:
			p.transport(next, b, missing, in)
			return
		}
	}
}

// transport reads what an IP header carries.
func (p *Parser) transport(proto uint8, b []byte, missing int, in *Info) {
	in.Transport = proto
	in.Missing = uint32(missing) //nolint:gosec // below 2^16
	switch proto {
	case protoTCP:
		if len(b) < 20 {
			return
		}
		head := int(b[12]>>4) * 4
		if head < 20 {
			return
		}
		in.SrcPort, in.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		in.Seq, in.Ack, in.Flags = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:]), b[13]
		in.Kind = TCP
		if head > len(b) { // cut within the options: nothing of the payload was captured
			head, in.Missing = len(b), 0
		}
		in.Payload = b[head:]
	case protoUDP:
		if len(b) < 8 {
			return
		}
		in.SrcPort, in.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		in.Kind = UDP
		if n := int(binary.BigEndian.Uint16(b[4:])); n >= 8 && n < len(b) {
			b = b[:n]
		}
		in.Payload = b[8:]
		p.udpTunnel(in)
	case protoICMPv6:
		in.Kind, in.Payload = ICMPv6, b
	case protoSCTP:
		in.Kind, in.Payload = Network, b
		if len(b) >= 12 {
			in.SrcPort, in.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		}
	case protoGRE:
		in.Kind, in.Payload = Network, b
		p.gre(b, in)
	case protoIPIP, protoIPv6:
		in.Kind, in.Payload = Network, b
		if len(b) >= 20 {
			p.wrap(IPIP, LinkRaw, 0, b, in)
		}
	default:
		in.Kind, in.Payload = Network, b
	}
	p.finish(in)
}

// fragment keeps a piece of a datagram, and goes on with the whole when it is complete.
func (p *Parser) fragment(id uint32, proto uint8, offset int, more bool, b []byte, missing int, in *Info) {
	in.Kind = Fragment
	in.Transport = proto
	if p.Frags == nil || missing > 0 {
		p.Frags.drop()
		return
	}
	whole := p.Frags.add(id, proto, offset, more, b, in)
	if whole == nil {
		return
	}
	in.Kind = Undecoded
	p.transport(proto, whole, 0, in)
}
