package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/bjnp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	bjnpType   = ward.Field{Protocol: "bjnp", Name: "answers", Proves: ward.Type, Trust: ward.TrustRole}
	bjnpID     = ward.Field{Protocol: "bjnp", Name: "device id"}
	bjnpMaker  = ward.Field{Protocol: "bjnp", Name: "MFG", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	bjnpModel  = ward.Field{Protocol: "bjnp", Name: "MDL", Proves: ward.Model, Trust: ward.TrustStated}
	bjnpSerial = ward.Field{Protocol: "bjnp", Name: "SERN", Proves: ward.Serial, Trust: ward.TrustStated}
)

// canonPrinters reads what Canon's printers answer to a search. The search itself says nothing of
// the one who searches.
func canonPrinters() decode.Decoder {
	return decode.Decoder{Name: "bjnp", UDPPorts: []uint16{8611, 8612}, Datagram: readBJNP}
}

func readBJNP(p *decode.Packet, out *decode.Out) bool {
	m, ok := bjnp.Read(p.Payload)
	if !ok {
		return false
	}
	if m.Answer {
		out.SayString(&bjnpType, "printer")
		if id := m.ID(); id != nil {
			out.Say(&bjnpID, id)
			out.Say(&bjnpMaker, bjnp.Part(id, "MFG", "MANUFACTURER"))
			out.Say(&bjnpModel, bjnp.Part(id, "MDL", "MODEL"))
			out.Say(&bjnpSerial, bjnp.Part(id, "SERN", "SN"))
		}
	}
	return true
}
