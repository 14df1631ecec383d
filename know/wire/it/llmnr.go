package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/ward"
)

var llmnrName = ward.Field{Protocol: "llmnr", Name: "name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}

// llmnr reads link-local multicast name resolution (RFC 4795). Who answers for a name has it; who
// asks only asks.
func llmnr() decode.Decoder {
	return decode.Decoder{Name: "llmnr", UDPPorts: []uint16{5355}, Strict: true, Datagram: readLLMNR}
}

func readLLMNR(p *decode.Packet, out *decode.Out) bool {
	m, ok := dns.Parse(p.Payload)
	if !ok || m.Questions != 1 || m.Opcode != 0 {
		return false
	}
	if !m.SkipQuestions() {
		return false
	}
	var r dns.Record
	for m.Response && m.Code == 0 && m.Next(&r) {
		// The address must be the sender's own: tools that answer for any name are not it.
		own := r.Type == dns.A && len(r.Data) == 4 && ward.IP4(r.Data) == out.Sender.IP ||
			r.Type == dns.AAAA && len(r.Data) == 16 && ward.IP6(r.Data) == out.Sender.IP
		if own && r.Section == dns.Answer {
			out.Say(&llmnrName, r.Name())
		}
	}
	return true
}
