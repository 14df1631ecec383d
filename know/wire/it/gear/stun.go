package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/stun"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	stunSoftware = ward.Field{Protocol: "stun", Name: "SOFTWARE"}
	stunServer   = ward.Field{Protocol: "stun", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
)

// addressFinders reads STUN and TURN, with which a device finds out how the world sees it.
func addressFinders() decode.Decoder {
	return decode.Decoder{
		Name: "stun", UDPPorts: []uint16{3478}, TCPPorts: []uint16{3478}, Limit: 1024,
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			answer, attributes, size, ok := stun.Read(p.Payload)
			if !ok || size > len(p.Payload) {
				return false
			}
			saySTUN(answer && p.SrcPort == 3478, attributes, out)
			return true
		},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if _, _, _, ok := stun.Read(first); ok {
				return decode.Yes
			}
			if len(first) < 20 && (len(first) == 0 || first[0] < 2) {
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return stunSession{} },
	}
}

type stunSession struct{}

func (stunSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if len(data) < 20 {
		return 0
	}
	answer, attributes, size, ok := stun.Read(data)
	if !ok {
		return decode.Done
	}
	if len(data) < size && size < 1024 {
		return 0
	}
	saySTUN(answer && dir == decode.Server, attributes, out)
	return decode.Done
}

func saySTUN(server bool, attributes []byte, out *decode.Out) {
	out.Say(&stunSoftware, stun.Get(attributes, stun.Software))
	if server {
		out.SayString(&stunServer, "stun server")
	}
}
