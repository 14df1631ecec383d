package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/kasa"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	kasaMaker    = ward.Field{Protocol: "tp-link smart home", Name: "answers", Proves: ward.Manufacturer, Trust: ward.TrustRole}
	kasaModel    = ward.Field{Protocol: "tp-link smart home", Name: "model", Proves: ward.Model, Trust: ward.TrustStated}
	kasaFirmware = ward.Field{Protocol: "tp-link smart home", Name: "sw_ver", Proves: ward.Firmware, Trust: ward.TrustStated}
	kasaHardware = ward.Field{Protocol: "tp-link smart home", Name: "hw_ver", Proves: ward.Hardware, Trust: ward.TrustStated}
	kasaType     = ward.Field{Protocol: "tp-link smart home", Name: "type", Proves: ward.Type, Trust: ward.TrustStated}
	kasaAlias    = ward.Field{Protocol: "tp-link smart home", Name: "alias", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
)

// plugs reads what TP-Link's plugs and lamps answer. Telephones and speakers ask the same question
// all day and are none of them; where a thing stands on the globe is left unread.
func plugs() decode.Decoder {
	return decode.Decoder{
		Name: "tp-link smart home", UDPPorts: []uint16{9999}, TCPPorts: []uint16{9999}, Limit: 4 << 10,
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if !kasa.Is(p.Payload) {
				return false
			}
			return sayKasa(p.Payload, p.SrcPort == 9999, out)
		},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if len(first) < 8 {
				return decode.More
			}
			if _, ok := kasa.Frame(first); ok {
				return decode.Yes
			}
			return decode.No
		},
		Open: func() decode.Session { return kasaSession{} },
	}
}

type kasaSession struct{}

func (kasaSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if len(data) < 8 {
		return 0
	}
	size, ok := kasa.Frame(data)
	if !ok || dir == decode.Client {
		return decode.Done
	}
	if len(data) < size && len(data) < 2048 {
		return 0
	}
	sayKasa(data[4:min(size, len(data))], true, out)
	return decode.Done
}

// sayKasa reads the start of one message; answers to get_sysinfo hold the words of the device.
func sayKasa(b []byte, answer bool, out *decode.Out) bool {
	var buf [2048]byte
	text := kasa.AppendClear(buf[:0], b[:min(len(b), len(buf))])
	model := kasa.Value(text, "model")
	if !answer || model == nil {
		return isText(text[:min(len(text), 32)])
	}
	out.SayString(&kasaMaker, "TP-Link")
	out.Say(&kasaModel, model)
	out.Say(&kasaFirmware, kasa.Value(text, "sw_ver"))
	out.Say(&kasaHardware, kasa.Value(text, "hw_ver"))
	out.Say(&kasaAlias, kasa.Value(text, "alias"))
	typ := kasa.Value(text, "type")
	if typ == nil {
		typ = kasa.Value(text, "mic_type")
	}
	switch string(typ) {
	case "IOT.SMARTPLUGSWITCH":
		out.SayString(&kasaType, "smart plug")
	case "IOT.SMARTBULB":
		out.SayString(&kasaType, "smart light")
	}
	return true
}
