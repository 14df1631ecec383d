package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/arp"
	"github.com/wardkeeper/wardkeeper/ward"
)

// addressResolution reads who owns which IPv4 address on the segment (RFC 826). Only the sender's
// own pair is evidence; a probe (RFC 5227) names no address of its own and binds nothing.
func addressResolution() decode.Decoder {
	return decode.Decoder{Name: "arp", EtherTypes: []uint16{0x0806}, Frame: readARP}
}

func readARP(p *decode.Packet, out *decode.Out) bool {
	var a arp.Packet
	if !arp.Parse(p.Payload, &a) {
		return false
	}
	out.Bind(ward.MAC(a.SenderMAC), ward.IP4(a.SenderIP[:]), "arp")
	return true
}
