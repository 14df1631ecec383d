package packet

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/ward"
)

// linkWiFiSwapped is our own number for 802.11 inside CAPWAP, where one maker's access points
// write the two bytes of the frame control field in the wrong order.
const linkWiFiSwapped = 0xfff0

// LinkWiFi802 marks 802.11 management and control frames, which have no EtherType.
const LinkWiFi802 = 0x0003

func (p *Parser) radiotap(b []byte, in *Info) {
	if len(b) < 8 || b[0] != 0 {
		return
	}
	head := int(binary.LittleEndian.Uint16(b[2:]))
	present := binary.LittleEndian.Uint32(b[4:])
	if head < 8 || head > len(b) {
		return
	}
	// The flags field (bit 1) says whether the frame check sequence is there. Before it stand
	// further words of the bitmap and the TSFT (bit 0), which is aligned to eight.
	at := 8
	for w := present; w&(1<<31) != 0 && at+4 <= head; at += 4 {
		w = binary.LittleEndian.Uint32(b[at:])
	}
	fcs := false
	if present&2 != 0 {
		if present&1 != 0 {
			at = (at+7)&^7 + 8
		}
		fcs = at < head && b[at]&0x10 != 0
	}
	b = b[head:]
	if fcs && len(b) >= 4 {
		b = b[:len(b)-4]
	}
	p.wifi(b, in)
}

// wifi reads an IEEE 802.11 header. Data frames in clear continue with LLC; of all others only
// the sender is known.
func (p *Parser) wifi(b []byte, in *Info) {
	if len(b) < 24 || b[0]&3 != 0 {
		return
	}
	p.wifiFrame(b[0], b[1], b, in)
}

func (p *Parser) wifiSwapped(b []byte, in *Info) {
	if len(b) < 24 {
		return
	}
	control, flags := b[0], b[1]
	if swapped := flags&0x0f == 0x08 && control&0x0f != 0x08; swapped {
		control, flags = flags, control
	}
	if control&3 == 0 {
		p.wifiFrame(control, flags, b, in)
	}
}

func (p *Parser) wifiFrame(control, flags byte, b []byte, in *Info) {
	const typeData, subNull, subQoS = 2, 4, 8
	kind, sub := control>>2&3, control>>4
	head := 24
	dst, src := b[4:10], b[10:16]
	switch flags & 3 {
	case 1: // to the distribution system: BSSID, sender, receiver
		dst = b[16:22]
	case 2: // from it: receiver, BSSID, sender
		src = b[16:22]
	case 3: // between access points: the true ends are the third and fourth address
		if len(b) < 30 {
			return
		}
		dst, src, head = b[16:22], b[24:30], 30
	}
	if kind == 1 { // control frames may have no sender at all
		return
	}
	in.DstMAC, in.SrcMAC = ward.MAC(dst), ward.MAC(src)
	in.Group = in.DstMAC.IsGroup()
	if kind != typeData {
		p.frame(LinkWiFi802, nil, in)
		return
	}
	aggregated := false
	if sub&subQoS != 0 {
		if len(b) < head+2 {
			return
		}
		aggregated = b[head]&0x80 != 0
		head += 2
		if flags&0x80 != 0 {
			head += 4
		}
	}
	protected := flags&0x40 != 0
	if sub&subNull != 0 || protected || aggregated || len(b) < head+8 {
		p.frame(LinkWiFi802, nil, in)
		return
	}
	p.llc(b[head:], in)
}
