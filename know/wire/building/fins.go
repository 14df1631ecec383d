package building

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/fins"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What Omron controllers say of themselves. The maker and the kind follow from a model number in the
// answer to a command that only Omron's controllers have.
var (
	finsModel   = ward.Field{Protocol: "omron fins", Name: "controller model", Proves: ward.Model, Trust: ward.TrustStated}
	finsVersion = ward.Field{Protocol: "omron fins", Name: "controller version", Proves: ward.Firmware, Trust: ward.TrustStated}
	finsMaker   = ward.Field{Protocol: "omron fins", Name: "answers controller data read", Proves: ward.Manufacturer, Trust: ward.TrustRole}
	finsType    = ward.Field{Protocol: "omron fins", Name: "answers controller data read", Proves: ward.Type, Trust: ward.TrustRole}
)

func finsDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "omron fins",
		UDPPorts: []uint16{9600},
		Strict:   true, // twelve bytes of small numbers are no signature
		Datagram: func(p *decode.Packet, out *decode.Out) bool { return finsFrame(p.Payload, out) },
		TCPPorts: []uint16{9600},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(fins.TCPSize(first))
		},
		Open: func() decode.Session {
			return framed{size: fins.TCPSize, read: func(_ decode.Dir, b []byte, out *decode.Out) {
				if body, ok := fins.TCPBody(b); ok {
					finsFrame(body, out)
				}
			}}
		},
	}
}

func finsFrame(b []byte, out *decode.Out) bool {
	f, ok := fins.Parse(b)
	if !ok {
		return false
	}
	c, ok := fins.ParseController(&f)
	if !ok {
		return true
	}
	out.Say(&finsModel, c.Model)
	out.Say(&finsVersion, c.Version)
	out.SayString(&finsMaker, "Omron")
	out.SayString(&finsType, "plc")
	return true
}
