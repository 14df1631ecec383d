package packet

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Link types, as registered at tcpdump.org.
const (
	LinkNull     = 0
	LinkEthernet = 1
	LinkPPP      = 9
	linkRawOld   = 12
	linkRawBSD   = 14
	LinkPPPHDLC  = 50
	LinkRaw      = 101
	LinkWiFi     = 105
	LinkLoop     = 108
	LinkSLL      = 113
	LinkRadiotap = 127
	LinkRaw4     = 228
	LinkRaw6     = 229
	LinkSLL2     = 276
)

// LinkName is the name of a link type in the scan document; empty when it is not supported.
func LinkName(link uint16) string {
	switch link {
	case LinkNull:
		return "null"
	case LinkEthernet:
		return "ethernet"
	case LinkPPP, LinkPPPHDLC:
		return "ppp"
	case linkRawOld, linkRawBSD, LinkRaw:
		return "raw ip"
	case LinkRaw4:
		return "raw ipv4"
	case LinkRaw6:
		return "raw ipv6"
	case LinkWiFi:
		return "802.11"
	case LinkLoop:
		return "loop"
	case LinkSLL:
		return "linux cooked"
	case LinkSLL2:
		return "linux cooked v2"
	case LinkRadiotap:
		return "802.11 radiotap"
	}
	return ""
}

// EtherTypes (IEEE 802 numbers).
const (
	etherIPv4    = 0x0800
	etherIPv6    = 0x86dd
	etherBridge  = 0x6558 // transparent Ethernet bridging, inside GRE
	etherMPLS    = 0x8847
	etherMPLSUp  = 0x8848
	etherPPPoE   = 0x8864
	etherVLAN    = 0x8100
	etherQinQ    = 0x88a8
	etherQinQOld = 0x9100
)

func (p *Parser) link(link uint16, b []byte, in *Info) {
	switch link {
	case LinkEthernet:
		p.ethernet(b, in)
	case LinkRaw, linkRawOld, linkRawBSD, LinkRaw4, LinkRaw6:
		p.rawIP(b, in)
	case LinkNull, LinkLoop:
		p.null(b, in)
	case LinkSLL:
		p.cooked(b, in)
	case LinkSLL2:
		p.cooked2(b, in)
	case LinkPPP, LinkPPPHDLC:
		if len(b) > 2 && b[0] == 0xff && b[1] == 0x03 {
			b = b[2:]
		}
		p.ppp(b, in)
	case LinkWiFi:
		p.wifi(b, in)
	case LinkRadiotap:
		p.radiotap(b, in)
	case linkWiFiSwapped:
		p.wifiSwapped(b, in)
	}
}

func (p *Parser) ethernet(b []byte, in *Info) {
	if len(b) < 14 {
		return
	}
	in.DstMAC = ward.MAC(b[:6])
	in.SrcMAC = ward.MAC(b[6:12])
	in.Group = b[0]&1 == 1
	p.etherType(binary.BigEndian.Uint16(b[12:]), b[14:], in)
}

// etherType reads what follows an EtherType field: at most four tags, then the network layer.
func (p *Parser) etherType(et uint16, b []byte, in *Info) {
	for tags := 0; et == etherVLAN || et == etherQinQ || et == etherQinQOld; tags++ {
		if len(b) < 4 || tags == 4 {
			return
		}
		if id := binary.BigEndian.Uint16(b) & 0xfff; id != 0 {
			in.VLAN = id
		}
		et, b = binary.BigEndian.Uint16(b[2:]), b[4:]
	}
	switch {
	case et == etherIPv4:
		p.ipv4(b, in)
	case et == etherIPv6:
		p.ipv6(b, in)
	case et < 0x600:
		if int(et) < len(b) {
			b = b[:et]
		}
		p.llc(b, in)
	case et == etherPPPoE:
		p.pppoe(b, in)
	case et == etherMPLS || et == etherMPLSUp:
		p.mpls(b, in)
	default:
		p.frame(et, b, in)
	}
}

// frame ends at the link layer.
func (p *Parser) frame(et uint16, b []byte, in *Info) {
	in.Kind, in.EtherType, in.Payload = Frame, et, b
	p.finish(in)
}

// llc reads IEEE 802.2. SNAP frames of the Ethernet OUI continue under their EtherType.
func (p *Parser) llc(b []byte, in *Info) {
	switch {
	case len(b) < 3:
		return
	case b[0] == 0xaa && b[1] == 0xaa && b[2] == 3 && len(b) >= 8:
		et, rest := binary.BigEndian.Uint16(b[6:]), b[8:]
		switch {
		case b[3]|b[4]|b[5] == 0 && et >= 0x600:
			p.etherType(et, rest, in)
		case b[3] == 0 && b[4] == 0 && b[5] == 0x0c && et == decode.LLCCisco:
			p.frame(decode.LLCCisco, rest, in)
		default:
			p.frame(decode.LLCOther, b, in)
		}
	case b[0] == 0x42 && b[1] == 0x42:
		p.frame(decode.LLCSpanningTree, b[3:], in)
	default:
		p.frame(decode.LLCOther, b, in)
	}
}

func (p *Parser) pppoe(b []byte, in *Info) {
	if len(b) < 8 || b[0] != 0x11 || b[1] != 0 {
		p.frame(etherPPPoE, b, in)
		return
	}
	if n := int(binary.BigEndian.Uint16(b[4:])); n >= 2 && 6+n < len(b) {
		b = b[:6+n]
	}
	in.Via = PPPoE
	whole := b
	p.ppp(b[6:], in)
	if in.Kind == Undecoded {
		p.frame(etherPPPoE, whole, in)
	}
}

// ppp reads the protocol field (RFC 1661; compressed to one byte where agreed).
func (p *Parser) ppp(b []byte, in *Info) {
	if len(b) < 2 {
		return
	}
	proto, n := binary.BigEndian.Uint16(b), 2
	if b[0]&1 == 1 {
		proto, n = uint16(b[0]), 1
	}
	switch proto {
	case 0x0021:
		p.ipv4(b[n:], in)
	case 0x0057:
		p.ipv6(b[n:], in)
	}
}

func (p *Parser) mpls(b []byte, in *Info) {
	for labels := 0; labels < 8 && len(b) >= 5; labels++ {
		bottom := b[2]&1 == 1
		b = b[4:]
		if bottom {
			p.rawIP(b, in)
			return
		}
	}
}

func (p *Parser) rawIP(b []byte, in *Info) {
	if len(b) == 0 {
		return
	}
	switch b[0] >> 4 {
	case 4:
		p.ipv4(b, in)
	case 6:
		p.ipv6(b, in)
	}
}

// null reads the BSD loopback header: an address family in the byte order of who captured it.
func (p *Parser) null(b []byte, in *Info) {
	if len(b) < 4 {
		return
	}
	family := binary.LittleEndian.Uint32(b)
	if family > 0xffff {
		family = binary.BigEndian.Uint32(b)
	}
	switch family {
	case 2:
		p.ipv4(b[4:], in)
	case 10, 24, 28, 30: // IPv6 on Linux, NetBSD, FreeBSD, Darwin
		p.ipv6(b[4:], in)
	}
}

const arphrdEther = 1

// cooked reads Linux "any" captures: the sender's address is all there is of the link layer.
func (p *Parser) cooked(b []byte, in *Info) {
	if len(b) < 16 {
		return
	}
	if binary.BigEndian.Uint16(b[2:]) == arphrdEther && binary.BigEndian.Uint16(b[4:]) == 6 {
		in.SrcMAC = ward.MAC(b[6:12])
	}
	in.Group = binary.BigEndian.Uint16(b) == 1 || binary.BigEndian.Uint16(b) == 2
	p.cookedType(binary.BigEndian.Uint16(b[14:]), b[16:], in)
}

func (p *Parser) cooked2(b []byte, in *Info) {
	if len(b) < 20 {
		return
	}
	if binary.BigEndian.Uint16(b[8:]) == arphrdEther && b[11] == 6 {
		in.SrcMAC = ward.MAC(b[12:18])
	}
	in.Group = b[10] == 1 || b[10] == 2
	p.cookedType(binary.BigEndian.Uint16(b), b[20:], in)
}

// cookedType reads the protocol of a cooked header: EtherTypes, and Linux' own numbers below.
func (p *Parser) cookedType(et uint16, b []byte, in *Info) {
	switch {
	case et >= 0x600:
		p.etherType(et, b, in)
	case et == 4: // 802.2
		p.llc(b, in)
	}
}
