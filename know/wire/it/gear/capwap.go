package gear

import (
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/capwap"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	capwapType     = ward.Field{Protocol: "capwap", Name: "asks for a controller", Proves: ward.Type, Trust: ward.TrustRole}
	capwapACType   = ward.Field{Protocol: "capwap", Name: "answers as controller", Proves: ward.Type, Trust: ward.TrustRole}
	capwapName     = ward.Field{Protocol: "capwap", Name: "WTP name", Proves: ward.Hostname, Trust: ward.TrustStated}
	capwapACName   = ward.Field{Protocol: "capwap", Name: "AC name", Proves: ward.Hostname, Trust: ward.TrustStated}
	capwapModel    = ward.Field{Protocol: "capwap", Name: "model number", Proves: ward.Model, Trust: ward.TrustStated}
	capwapSerial   = ward.Field{Protocol: "capwap", Name: "serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	capwapSoftware = ward.Field{Protocol: "capwap", Name: "active software version"} // of the radio image, not of its system
	capwapACCode   = ward.Field{Protocol: "capwap", Name: "AC software version", Proves: ward.Firmware, Trust: ward.TrustStated}
	capwapPlace    = ward.Field{Protocol: "capwap", Name: "location data", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
)

// wirelessControl reads how access points look for their controller and what both say of
// themselves before they encrypt. The same two ports then carry DTLS, which secured reads.
func wirelessControl(secured func(*decode.Packet, *decode.Out) bool) decode.Decoder {
	return decode.Decoder{
		Name: "capwap", UDPPorts: []uint16{5246}, Strict: true,
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if readCAPWAP(p, out) {
				return true
			}
			if secured == nil || !secured(p, out) {
				return false
			}
			out.Speaks("dtls")
			return true
		},
	}
}

func readCAPWAP(p *decode.Packet, out *decode.Out) bool {
	typ, elements, ok := capwap.Read(p.Payload)
	if !ok {
		return false
	}
	switch typ {
	case capwap.DiscoveryRequest, capwap.JoinRequest:
		out.SayString(&capwapType, "access point")
	case capwap.DiscoveryAnswer, capwap.JoinAnswer:
		out.SayString(&capwapACType, "wireless lan controller")
	default:
		return true
	}
	for typ, v := range capwap.Elements(elements) {
		switch typ {
		case capwap.WTPName:
			out.Say(&capwapName, v)
		case capwap.ACName:
			out.Say(&capwapACName, v)
		case capwap.Location:
			out.Say(&capwapPlace, v)
		case capwap.WTPBoard:
			out.Say(&capwapModel, capwap.Board(v, capwap.BoardModel))
			out.Say(&capwapSerial, capwap.Board(v, capwap.BoardSerial))
		case capwap.WTPDescriptor:
			sayVersion(out, &capwapSoftware, capwap.Descriptor(v, false, capwap.ActiveSoftware))
		case capwap.ACDescriptor:
			sayVersion(out, &capwapACCode, capwap.Descriptor(v, true, capwap.ACSoftware))
		}
	}
	return true
}

// sayVersion: the standard has text, Cisco writes four numbers.
func sayVersion(out *decode.Out, f *ward.Field, v []byte) {
	if len(v) != 4 || isText(v) {
		out.Say(f, v)
		return
	}
	var buf [16]byte
	b := buf[:0]
	for i, c := range v {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(c), 10)
	}
	out.Say(f, b)
}
