package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/tuya"
)

// tuyaThings recognises Tuya's local protocol. It is encrypted, and many makers build on it: it
// proves neither who made a thing nor what it is.
func tuyaThings() decode.Decoder {
	return decode.Decoder{
		Name: "tuya", UDPPorts: []uint16{6666, 6667, 7000}, TCPPorts: []uint16{6668}, Encrypted: true, Limit: 64,
		Datagram: func(p *decode.Packet, _ *decode.Out) bool { return tuya.Is(p.Payload) },
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if tuya.Is(first) {
				return decode.Yes
			}
			if len(first) < 24 && (len(first) == 0 || first[0] == 0) {
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return ignored{} },
	}
}
