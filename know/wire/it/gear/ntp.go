package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ntp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ntpServer = ward.Field{Protocol: "ntp", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	ntpClock  = ward.Field{Protocol: "ntp", Name: "reference clock"}
)

// clocks reads who gives the time. The format is weak: only its own port is looked at.
func clocks() decode.Decoder {
	return decode.Decoder{Name: "ntp", UDPPorts: []uint16{123}, Strict: true, Datagram: readNTP}
}

func readNTP(p *decode.Packet, out *decode.Out) bool {
	m, ok := ntp.Read(p.Payload)
	if !ok {
		return false
	}
	if (m.Mode == ntp.Server || m.Mode == ntp.Broadcast) && p.SrcPort == 123 && m.Stratum > 0 && m.Stratum < 16 {
		out.SayString(&ntpServer, "ntp server")
		if m.Stratum == 1 && isText(m.Reference[:3]) {
			out.Say(&ntpClock, m.Reference[:])
		}
	}
	return true
}
