// Package packet parses captured bytes down to the transport: link layers, tags, tunnels, IPv4 and
// IPv6 with their extensions and fragments. It allocates nothing, believes no length, and never
// invents an address: what it cannot read it leaves undecoded.
package packet

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Kind says how far a packet could be read.
type Kind uint8

// The kinds of packet.
const (
	Undecoded Kind = iota
	Frame          // a link-layer frame without IP: EtherType and Payload are set
	Network        // IP with a transport that has no ports here: Payload is what follows IP
	ICMPv6
	UDP
	TCP
	Fragment // a piece of a datagram, kept until the others come
)

// Transport numbers (IANA protocol numbers).
const (
	protoICMP   = 1
	protoIPIP   = 4
	protoTCP    = 6
	protoUDP    = 17
	protoIPv6   = 41
	protoGRE    = 47
	protoICMPv6 = 58
	protoSCTP   = 132
)

// TCP flags (RFC 9293).
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Tunnel names what a packet was wrapped in, or wraps.
type Tunnel uint8

// The tunnels that are looked into.
const (
	NoTunnel Tunnel = iota
	GRE
	ERSPAN
	VXLAN
	Geneve
	CAPWAP
	IPIP
	PPPoE
)

// String is the name under which a tunnel is printed.
func (t Tunnel) String() string {
	return [...]string{"", "gre", "erspan", "vxlan", "geneve", "capwap", "ipip", "pppoes"}[t]
}

// Info is a parsed packet. Payload points into the captured bytes.
type Info struct {
	decode.Packet
	Hash    uint64 // of the flow, the same in both directions
	Seq     uint32
	Ack     uint32
	Wire    uint32 // bytes on the wire; of all pieces for a reassembled datagram
	Missing uint32 // bytes of payload that were sent but not captured
	Frames  uint16 // frames that carried it: 1 but for reassembled datagrams
	Flags   uint8  // TCP flags
	Kind    Kind
	Via     Tunnel // PPPoE: the link it came over
	Outer   Tunnel // it is the wrapping of this tunnel: the packet inside follows
	Group   bool   // addressed to a group, by hardware or network address
	Hops    uint8  // routers between the sender and the sensor by TTL; 255 when unknown

	keys [2]ward.IP // see Ends
}

// reset makes an entry ready for the next packet. Naming the fields is several times quicker than
// assigning a fresh Info.
func (in *Info) reset() {
	in.SrcMAC, in.DstMAC = ward.MAC{}, ward.MAC{}
	in.Src, in.Dst = ward.IP{}, ward.IP{}
	in.EtherType, in.SrcPort, in.DstPort = 0, 0, 0
	in.Transport, in.TTL = 0, 0
	in.Payload = nil
	in.Hash, in.Seq, in.Ack, in.Missing = 0, 0, 0, 0
	in.Frames, in.Flags, in.Kind, in.Via, in.Outer, in.Group, in.Hops = 1, 0, Undecoded, NoTunnel, NoTunnel, false, 255
}

// Inner is the packet inside a tunnel, still to be parsed.
type Inner struct {
	Link uint16
	VLAN uint16 // of the mirrored port, when the tunnel says
	Data []byte // nil when there is none
}

// maxDepth bounds tunnels in tunnels.
const maxDepth = 4

// Parser parses packets. It belongs to one goroutine.
type Parser struct {
	Key   Key
	Frags *Fragments // nil: fragments are not put together
	Tag   uint16     // VLAN of the next frame, where the network card took the tag off
	inner Inner
}

// Parse reads one frame into infos: one entry, and one more for each tunnel it is wrapped in. It
// reports how many entries it used, 0 when the frame is a fragment that must wait. infos needs
// room for MaxInfos.
func (p *Parser) Parse(link uint16, data []byte, wire uint32, t int64, frame uint64, source int, infos []Info) int {
	vlan := p.Tag
	n := 0
	for depth := 0; depth < maxDepth; depth++ {
		in := &infos[n]
		in.reset()
		in.Wire, in.Time, in.Frame, in.Source, in.VLAN = wire, t, frame, source, vlan
		p.inner.Data = nil
		p.link(link, data, in)
		if in.Kind == Fragment {
			break
		}
		if n > 0 {
			endOfTunnel(&infos[n-1], in)
		}
		n++
		if p.inner.Data == nil {
			break
		}
		link, data, vlan = p.inner.Link, p.inner.Data, p.inner.VLAN
		wire = uint32(len(data)) //nolint:gosec // bounded by the captured length
	}
	return n
}

// endOfTunnel gives the packet in an IP tunnel the hardware address of the packet around it when no
// router touched either: a router that puts packets into a tunnel takes one off their lifetime (RFC
// 2003, section 3.1), so an untouched one was sent by the end of the tunnel itself.
func endOfTunnel(outer, in *Info) {
	if outer.Outer == IPIP && in.SrcMAC.IsZero() && in.Hops == 0 && outer.Hops == 0 {
		in.SrcMAC = outer.SrcMAC
	}
}

// MaxInfos is the most entries that Parse uses for one frame.
const MaxInfos = maxDepth

// finish sets what depends on the addresses.
func (p *Parser) finish(in *Info) {
	if in.SrcMAC.IsGroup() {
		in.SrcMAC = ward.MAC{}
	}
	in.Hash = p.Key.Hash(in)
}

// hopsOf is the number of hops for each TTL: the distance to the next initial value that
// systems use (32, 64, 128, 255).
var hopsOf = func() (t [256]uint8) {
	for ttl := range t {
		for _, initial := range [...]int{32, 64, 128, 255} {
			if ttl <= initial {
				t[ttl] = uint8(initial - ttl) //nolint:gosec // at most 127
				break
			}
		}
	}
	return t
}()

// hops estimates the routers a packet passed. Packets to link-local groups are sent with TTL 1 or
// 255 and never pass any.
func hops(ttl uint8, linkLocal bool) uint8 {
	if linkLocal && (ttl == 1 || ttl == 255) {
		return 0
	}
	return hopsOf[ttl]
}
