package clinical

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What an SDC device announces of itself in clear; its description and readings run inside TLS.
var (
	sdcReference = ward.Field{Protocol: "sdc", Name: "endpoint reference", Proves: ward.UUID, Trust: ward.TrustStated}
	sdcLocation  = ward.Field{Protocol: "sdc", Name: "location context", Proves: ward.Place, Trust: ward.TrustStated, Place: true}
	sdcRole      = ward.Field{Protocol: "sdc", Name: "types", Proves: ward.Role, Trust: ward.TrustRole}
	sdcScope     = ward.Field{Protocol: "sdc", Name: "scope"}
)

// sdcDecoder reads the discovery of IEEE 11073 SDC: WS-Discovery messages about endpoints of the
// type MedicalDevice. All other WS-Discovery is left to the decoder that reads it in general.
func sdcDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "sdc",
		UDPPorts: []uint16{3702},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if !wsd.Recognise(p.Payload) {
				return false
			}
			m, err := wsd.Parse(p.Payload)
			if err != nil {
				return false
			}
			medical := false
			for i := range m.Endpoints {
				e := &m.Endpoints[i]
				if !e.Medical() {
					continue
				}
				medical = true
				if m.Action.Announces() && m.Action != wsd.Bye {
					announced(e, len(m.Endpoints) > 1, out)
				}
			}
			return medical
		},
	}
}

// announced says what one endpoint announces. A message about several comes from a discovery proxy.
func announced(e *wsd.Endpoint, proxy bool, out *decode.Out) {
	id := strings.TrimPrefix(strings.TrimPrefix(e.Address, "urn:uuid:"), "uuid:")
	if id == "" {
		return
	}
	subject := out.Sender
	if proxy {
		subject.Part = "sdc " + id
	}
	out.SayOf(subject, &sdcReference, id)
	out.SayOf(subject, &sdcRole, "sdc service provider")
	if l, ok := e.Location(); ok {
		out.SayOf(subject, &sdcLocation, l.String())
	}
	for _, s := range e.Scopes {
		if strings.HasPrefix(s, "sdc.cdc.type:") { // component type, IEEE 11073-20701
			out.SayOf(subject, &sdcScope, s)
		}
	}
}
