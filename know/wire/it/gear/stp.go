package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/stp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	stpBridge = ward.Field{Protocol: "stp", Name: "bridge id"}
	stpType   = ward.Field{Protocol: "stp", Name: "sends BPDUs", Proves: ward.Type, Trust: ward.TrustRole}
)

// spanningTree reads the frames with which switches agree on a tree. Only a switch sends them.
func spanningTree() decode.Decoder {
	return decode.Decoder{Name: "stp", EtherTypes: []uint16{decode.LLCSpanningTree}, Frame: readSTP}
}

func readSTP(p *decode.Packet, out *decode.Out) bool {
	b, ok := stp.Read(p.Payload)
	if !ok {
		return false
	}
	out.SayString(&stpType, "switch")
	if mac := ward.MAC(b.Bridge.MAC); !mac.IsZero() {
		var buf [17]byte
		out.Say(&stpBridge, appendMAC(buf[:0], mac))
	}
	return true
}

// appendMAC writes a hardware address without making garbage: these frames come every two seconds.
func appendMAC(b []byte, mac ward.MAC) []byte {
	const hex = "0123456789abcdef"
	for i, c := range mac {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, hex[c>>4], hex[c&15])
	}
	return b
}
