package packet

import "encoding/binary"

// wrap notes that a packet carries another one.
func (p *Parser) wrap(t Tunnel, link, vlan uint16, inner []byte, in *Info) {
	if len(inner) == 0 {
		return
	}
	in.Outer = t
	p.inner = Inner{Link: link, VLAN: vlan, Data: inner}
}

// gre reads RFC 2784 and 2890 headers, and ERSPAN inside.
func (p *Parser) gre(b []byte, in *Info) {
	if len(b) < 4 || b[1]&7 != 0 { // version 1 is PPTP's
		return
	}
	flags, proto := b[0], binary.BigEndian.Uint16(b[2:])
	head, sequenced := 4, flags&0x10 != 0
	if flags&0xc0 != 0 { // checksum or routing: both bring four bytes
		head += 4
	}
	if flags&0x40 != 0 { // source routing (RFC 1701) is not followed
		return
	}
	if flags&0x20 != 0 {
		head += 4
	}
	if sequenced {
		head += 4
	}
	if head > len(b) {
		return
	}
	b = b[head:]
	switch proto {
	case etherIPv4, etherIPv6:
		p.wrap(GRE, LinkRaw, 0, b, in)
	case etherBridge:
		p.wrap(GRE, LinkEthernet, 0, b, in)
	case 0x88be: // ERSPAN I has no header of its own and no sequence number, II has eight bytes
		if !sequenced {
			p.wrap(ERSPAN, LinkEthernet, 0, b, in)
			return
		}
		if len(b) > 8 && b[0]>>4 == 1 {
			p.wrap(ERSPAN, LinkEthernet, binary.BigEndian.Uint16(b)&0xfff, b[8:], in)
		}
	case 0x22eb: // ERSPAN III: twelve bytes, eight more with a platform header
		if len(b) < 12 || b[0]>>4 != 2 {
			return
		}
		n := 12
		if b[11]&1 == 1 {
			n = 20
		}
		if len(b) > n {
			p.wrap(ERSPAN, LinkEthernet, binary.BigEndian.Uint16(b)&0xfff, b[n:], in)
		}
	}
}

// Ports of tunnels over UDP (IANA).
const (
	portVXLAN  = 4789
	portVXLAN0 = 8472 // what Linux used before the number was assigned
	portGeneve = 6081
	portCAPWAP = 5247
)

func (p *Parser) udpTunnel(in *Info) {
	switch in.DstPort {
	case portVXLAN, portVXLAN0:
		if b := in.Payload; len(b) > 22 && b[0] == 8 && b[1]|b[2]|b[3]|b[7] == 0 {
			p.wrap(VXLAN, LinkEthernet, 0, b[8:], in)
		}
	case portGeneve:
		p.geneve(in)
	case portCAPWAP:
		p.capwap(in)
	default:
		if in.SrcPort == portCAPWAP {
			p.capwap(in)
		}
	}
}

// geneve reads RFC 8926.
func (p *Parser) geneve(in *Info) {
	b := in.Payload
	if len(b) < 8 || b[0]>>6 != 0 {
		return
	}
	head := 8 + int(b[0]&0x3f)*4
	if len(b) <= head {
		return
	}
	switch binary.BigEndian.Uint16(b[2:]) {
	case etherBridge:
		p.wrap(Geneve, LinkEthernet, 0, b[head:], in)
	case etherIPv4, etherIPv6:
		p.wrap(Geneve, LinkRaw, 0, b[head:], in)
	}
}

// capwap reads the data channel of RFC 5415: 802.3 or 802.11 frames in clear. Datagrams under
// DTLS, keep-alives and fragments are left to decoders.
func (p *Parser) capwap(in *Info) {
	b := in.Payload
	if len(b) < 8 || b[0] != 0 {
		return
	}
	word := binary.BigEndian.Uint32(b)
	head := int(word>>19&0x1f) * 4
	wireless, native := word>>9&0x1f, word&0x100 != 0
	fragment, keepAlive := word&0x80 != 0, word&0x08 != 0
	if head < 8 || head >= len(b) || fragment || keepAlive {
		return
	}
	b = b[head:]
	switch {
	case !native:
		p.wrap(CAPWAP, LinkEthernet, 0, b, in)
	case wireless == 1:
		p.wrap(CAPWAP, linkWiFiSwapped, 0, b, in)
	}
}
