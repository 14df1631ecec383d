package building

import (
	"encoding/hex"
	"unicode/utf8"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/knx"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What KNX interfaces and routers say of themselves. The friendly name is the product's as it comes
// and the installer's afterwards.
var (
	knxServes  = ward.Field{Protocol: "knxnet/ip", Name: "answers as interface", Proves: ward.Type, Trust: ward.TrustRole}
	knxMaker   = ward.Field{Protocol: "knxnet/ip", Name: "serial number's manufacturer", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	knxSerial  = ward.Field{Protocol: "knxnet/ip", Name: "device serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	knxName    = ward.Field{Protocol: "knxnet/ip", Name: "device friendly name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	knxAddress = ward.Field{Protocol: "knxnet/ip", Name: "individual address"}
)

func knxDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "knxnet/ip",
		UDPPorts: []uint16{3671},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if len(p.Payload) == 0 || knx.Size(p.Payload) != len(p.Payload) {
				return false
			}
			knxMessage(decode.Server, p.Payload, out)
			return true
		},
		TCPPorts: []uint16{3671},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(knx.Size(first))
		},
		Open: func() decode.Session { return framed{size: knx.Size, read: knxMessage} },
	}
}

func knxMessage(_ decode.Dir, b []byte, out *decode.Out) {
	m, ok := knx.Parse(b)
	if !ok || !m.FromServer() {
		return
	}
	out.SayString(&knxServes, "building gateway")
	d, ok := knx.ParseDevice(&m)
	if !ok {
		return
	}
	out.SayString(&knxMaker, knx.MakerName(d.Maker()))
	if d.Serial != [6]byte{} {
		var room [12]byte
		out.Say(&knxSerial, hex.AppendEncode(room[:0], d.Serial[:]))
	}
	var room [64]byte
	name := room[:0]
	for _, c := range d.Friendly {
		name = utf8.AppendRune(name, rune(c))
	}
	out.Say(&knxName, name)
	out.SayString(&knxAddress, knxDotted(d.Address))
}

// knxDotted writes an individual address as installers do: area.line.device.
func knxDotted(a uint16) string {
	b := make([]byte, 0, 12)
	b = appendDecimal(b, byte(a>>12))
	b = appendDecimal(append(b, '.'), byte(a>>8&15))
	return string(appendDecimal(append(b, '.'), byte(a)))
}

func appendDecimal(b []byte, n byte) []byte {
	if n >= 100 {
		b = append(b, '0'+n/100)
	}
	if n >= 10 {
		b = append(b, '0'+n/10%10)
	}
	return append(b, '0'+n%10)
}
