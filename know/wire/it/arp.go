package it

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// arp reads who owns which IPv4 address on the segment (RFC 826). Only the sender's own pair is
// evidence; a probe (RFC 5227) names no address of its own and binds nothing.
func arp() decode.Decoder {
	return decode.Decoder{Name: "arp", EtherTypes: []uint16{0x0806}, Frame: readARP}
}

const (
	arpEthernetIPv4 = 0x0001080006040000 // hardware type, protocol type and lengths, operation masked
	arpRequest      = 1
	arpReply        = 2
)

func readARP(p *decode.Packet, out *decode.Out) bool {
	b := p.Payload
	if len(b) < 28 {
		return false
	}
	head := binary.BigEndian.Uint64(b)
	if op := head & 0xffff; head&^0xffff != arpEthernetIPv4 || op != arpRequest && op != arpReply {
		return false
	}
	out.Bind(ward.MAC(b[8:14]), ward.IP4(b[14:18]), "arp")
	return true
}
