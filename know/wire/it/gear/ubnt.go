package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ubnt"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ubntMAC      = ward.Field{Protocol: "ubnt discovery", Name: "hardware address"}
	ubntFirmware = ward.Field{Protocol: "ubnt discovery", Name: "firmware"}
	ubntVersion  = ward.Field{Protocol: "ubnt discovery", Name: "version", Proves: ward.Firmware, Trust: ward.TrustStated}
	ubntHostname = ward.Field{Protocol: "ubnt discovery", Name: "hostname", Proves: ward.Hostname, Trust: ward.TrustStated}
	ubntPlatform = ward.Field{Protocol: "ubnt discovery", Name: "platform"}
	ubntModel    = ward.Field{Protocol: "ubnt discovery", Name: "model", Proves: ward.Model, Trust: ward.TrustStated}
)

// ubiquiti reads what Ubiquiti's devices announce of themselves.
func ubiquiti() decode.Decoder {
	return decode.Decoder{Name: "ubnt discovery", UDPPorts: []uint16{10001}, Strict: true, Datagram: readUBNT}
}

func readUBNT(p *decode.Packet, out *decode.Out) bool {
	fields, ok := ubnt.Read(p.Payload)
	if !ok {
		return ubnt.IsQuestion(p.Payload)
	}
	var platform, model, firmware []byte
	var version bool
	for typ, v := range ubnt.Fields(fields) {
		switch typ {
		case ubnt.Addresses, ubnt.MAC:
			if len(v) >= 6 {
				var buf [17]byte
				out.Say(&ubntMAC, appendMAC(buf[:0], ward.MAC(v)))
			}
		case ubnt.Firmware:
			firmware = v
			out.Say(&ubntFirmware, v)
		case ubnt.FirmwareNum:
			version = true
			out.Say(&ubntVersion, v)
		case ubnt.Hostname:
			out.Say(&ubntHostname, v)
		case ubnt.Platform:
			platform = v
			out.Say(&ubntPlatform, v)
		case ubnt.ModelText, ubnt.ModelShort:
			model = v
		}
	}
	if model == nil {
		model = platform
	}
	out.Say(&ubntModel, model)
	if i := bytes.Index(firmware, []byte(".v")); i >= 0 && !version {
		out.Say(&ubntVersion, firmware[i+2:])
	}
	return true
}
