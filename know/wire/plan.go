package wire

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
)

// maxTCP is how many decoders may read TCP: the width of a mask.
const maxTCP = 128

// plan says which decoder is asked for what, in which order. It is read only.
type plan struct {
	decoders []decode.Decoder

	ether map[uint16][]int16 // link-layer decoders by EtherType
	icmp6 []int16

	udpHint []uint8   // port: list in udpList, 0 for none
	udpList [][]int16 // decoders that name the port
	udpAny  []int16   // decoders that recognise their format on any port

	tcp     []int16   // decoders of TCP; masks count in this order
	tcpHint []uint8   // port: list in tcpList, 0 for none
	tcpList [][]uint8 // decoders that name the port
	all     mask
	first   [2][256]mask // by side and first byte: who may know what begins so

	known []uint8 // ports on which something serves: bit 0 TCP, bit 1 UDP
}

// mask is a set of TCP decoders.
type mask [2]uint64

func (m *mask) set(i uint8)      { m[i>>6] |= 1 << (i & 63) }
func (m *mask) clear(i uint8)    { m[i>>6] &^= 1 << (i & 63) }
func (m *mask) has(i uint8) bool { return m[i>>6]>>(i&63)&1 == 1 }
func (m *mask) keep(o *mask)     { m[0], m[1] = m[0]&o[0], m[1]&o[1] }

// likely strikes out who is neither in a set nor in a list.
func (m *mask) likely(set *mask, list []uint8) {
	keep := *set
	for _, n := range list {
		keep.set(n)
	}
	m.keep(&keep)
}

func (m *mask) empty() bool { return m[0]|m[1] == 0 }

func newPlan(decoders []decode.Decoder) *plan {
	p := &plan{
		decoders: decoders, ether: map[uint16][]int16{}, tcpHint: make([]uint8, 1<<16), tcpList: make([][]uint8, 1),
		udpHint: make([]uint8, 1<<16), udpList: make([][]int16, 1), known: make([]uint8, 1<<16),
	}
	for i := range decoders {
		d, id := &decoders[i], int16(i) //nolint:gosec // some hundred at most
		if d.Frame != nil {
			for _, t := range d.EtherTypes {
				p.ether[t] = append(p.ether[t], id)
			}
		}
		if d.ICMPv6 != nil {
			p.icmp6 = append(p.icmp6, id)
		}
		if d.Datagram != nil {
			p.addUDP(d, id)
		}
		if d.Match != nil && d.Open != nil && len(p.tcp) < maxTCP {
			n := uint8(len(p.tcp)) //nolint:gosec // below maxTCP
			p.tcp = append(p.tcp, id)
			p.all.set(n)
			for _, port := range d.TCPPorts {
				p.known[port] |= 1
				p.addTCP(port, n)
			}
		}
	}
	p.probe()
	return p
}

// probe asks each decoder of TCP about every first byte, so that later only those are asked that
// may say yes. One that refuses every single byte is not believed: it wants more to look at. Nor
// is one on the ports it names.
func (p *plan) probe() {
	for dir := range p.first {
		for n, id := range p.tcp {
			n := uint8(n) //nolint:gosec // below maxTCP
			some := false
			for b := range 256 {
				if begins(&p.decoders[id], decode.Dir(dir), byte(b)) {
					p.first[dir][b].set(n)
					some = true
				}
			}
			for b := 0; b < 256 && !some; b++ {
				p.first[dir][b].set(n)
			}
		}
	}
}

// begins reports whether a decoder may know what begins with a byte. One that panics is asked
// again when it matters.
func begins(d *decode.Decoder, dir decode.Dir, b byte) (may bool) {
	defer func() {
		if recover() != nil {
			may = true
		}
	}()
	return d.Match(dir, []byte{b}, 0) != decode.No
}

func (p *plan) addTCP(port uint16, n uint8) {
	at := p.tcpHint[port]
	if at == 0 {
		if len(p.tcpList) > 255 {
			return
		}
		at = uint8(len(p.tcpList)) //nolint:gosec // checked
		p.tcpList = append(p.tcpList, nil)
		p.tcpHint[port] = at
	}
	p.tcpList[at] = append(p.tcpList[at], n)
}

func (p *plan) addUDP(d *decode.Decoder, id int16) {
	for _, port := range d.UDPPorts {
		p.known[port] |= 2
		at := p.udpHint[port]
		if at == 0 {
			if len(p.udpList) > 255 {
				continue
			}
			at = uint8(len(p.udpList)) //nolint:gosec // checked
			p.udpList = append(p.udpList, nil)
			p.udpHint[port] = at
		}
		p.udpList[at] = append(p.udpList[at], id)
	}
	if !d.Strict {
		p.udpAny = append(p.udpAny, id)
	}
}

// serverSide guesses which of two ports serves: a port that a decoder names, else the lower one.
// ambiguous says that nothing but the number decided.
func (p *plan) serverSide(transport uint8, a, b uint16) (side uint8, ambiguous bool) {
	bit := uint8(1)
	if transport == 17 {
		bit = 2
	}
	knownA, knownB := p.known[a]&bit != 0, p.known[b]&bit != 0
	switch {
	case knownA != knownB && knownB:
		return 1, false
	case knownA != knownB:
		return 0, false
	case a < b:
		return 0, true
	}
	return 1, true
}

// knows reports whether a link-layer frame is of a kind that is known: one that a decoder reads,
// or one of the few that carry nothing to read.
func (p *plan) knows(ether uint16) bool {
	switch ether {
	case 0x0806, // ARP
		0x8863, 0x8864, // PPPoE
		0x888e, // EAP over LAN
		0x8892, // PROFINET
		0x88cc, // LLDP
		0x9000, // loopback test
		decode.LLCSpanningTree, decode.LLCCisco,
		packet.LinkWiFi802: // management and encrypted frames
		return true
	}
	return len(p.ether[ether]) > 0
}
