package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/coap"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	coapEndpoint = ward.Field{Protocol: "coap", Name: "lwm2m endpoint"}
	coapCore     = ward.Field{Protocol: "coap", Name: "well-known core"}
	lwm2mMaker   = ward.Field{Protocol: "coap", Name: "lwm2m manufacturer", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	lwm2mModel   = ward.Field{Protocol: "coap", Name: "lwm2m model number", Proves: ward.Model, Trust: ward.TrustStated}
	lwm2mSerial  = ward.Field{Protocol: "coap", Name: "lwm2m serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	lwm2mCode    = ward.Field{Protocol: "coap", Name: "lwm2m firmware version", Proves: ward.Firmware, Trust: ward.TrustStated}
)

// smallThings reads CoAP: what a sensor calls itself when it registers, and LwM2M's object about
// the device. The format is weak: only its own port is looked at.
func smallThings() decode.Decoder {
	return decode.Decoder{Name: "coap", UDPPorts: []uint16{5683}, Strict: true, Datagram: readCoAP}
}

func readCoAP(p *decode.Packet, out *decode.Out) bool {
	m, ok := coap.Read(p.Payload)
	if !ok {
		return false
	}
	if m.Answer() {
		sayLwM2M(&m, out)
		return true
	}
	registers := false
	for n, v := range m.Options {
		switch {
		case n == coap.URIPath && m.Code == 2:
			registers = registers || string(v) == "rd"
		case n == coap.URIQuery && registers:
			if name, ok := bytes.CutPrefix(v, []byte("ep=")); ok {
				out.Say(&coapEndpoint, name)
			}
		}
	}
	return true
}

func sayLwM2M(m *coap.Message, out *decode.Out) {
	switch m.Format() {
	case coap.FormatTLV:
		if d, ok := coap.ReadDevice(m.Payload); ok {
			out.Say(&lwm2mMaker, d.Manufacturer)
			out.Say(&lwm2mModel, d.Model)
			out.Say(&lwm2mSerial, d.Serial)
			out.Say(&lwm2mCode, d.Firmware)
		}
	case 40: // application/link-format
		out.Say(&coapCore, m.Payload[:min(len(m.Payload), 120)])
	}
}
