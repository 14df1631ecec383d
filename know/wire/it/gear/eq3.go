package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/eq3"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	eq3Maker    = ward.Field{Protocol: "eq-3 max", Name: "eQ3MaxAp", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	eq3Model    = ward.Field{Protocol: "eq-3 max", Name: "answers as cube", Proves: ward.Model, Trust: ward.TrustStated}
	eq3Type     = ward.Field{Protocol: "eq-3 max", Name: "serves heating", Proves: ward.Type, Trust: ward.TrustRole}
	eq3Serial   = ward.Field{Protocol: "eq-3 max", Name: "serial", Proves: ward.Serial, Trust: ward.TrustStated}
	eq3Firmware = ward.Field{Protocol: "eq-3 max", Name: "H: firmware", Proves: ward.Firmware, Trust: ward.TrustStated}
)

// heatingCubes reads how the cubes of the MAX! heating system name themselves.
func heatingCubes() decode.Decoder {
	return decode.Decoder{
		Name: "eq-3 max", UDPPorts: []uint16{23272}, TCPPorts: []uint16{62910}, Limit: 512,
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if len(p.Payload) == 0 || p.Payload[0] != 'e' {
				return false
			}
			serial, ok := eq3.Answer(p.Payload)
			if ok {
				sayCube(serial, out)
			}
			return ok || eq3.IsSearch(p.Payload)
		},
		Match: func(dir decode.Dir, first []byte, _ uint16) decode.Match {
			if _, _, ok := eq3.Hello(first); ok && dir == decode.Server {
				return decode.Yes
			}
			if len(first) < 24 && (len(first) == 0 || first[0] == 'H') {
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return cubeSession{} },
	}
}

type cubeSession struct{}

func (cubeSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if serial, firmware, ok := eq3.Hello(data); ok && dir == decode.Server {
		sayCube(serial, out)
		out.Say(&eq3Firmware, firmware)
	}
	return decode.Done
}

func sayCube(serial []byte, out *decode.Out) {
	out.SayString(&eq3Maker, "eQ-3")
	out.SayString(&eq3Model, "MAX! Cube")
	out.SayString(&eq3Type, "iot hub")
	out.Say(&eq3Serial, serial)
}
