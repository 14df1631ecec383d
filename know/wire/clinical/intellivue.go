package clinical

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/intellivue"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What a monitor says of itself, by the attributes of its managed object.
var (
	ivMaker    = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_MODEL manufacturer", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	ivModel    = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_MODEL", Proves: ward.Model, Trust: ward.TrustStated}
	ivSerial   = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_PROD_SPECN serial", Proves: ward.Serial, Trust: ward.TrustStated}
	ivPart     = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_PROD_SPECN part number"}
	ivHardware = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_PROD_SPECN hardware", Proves: ward.Hardware, Trust: ward.TrustStated}
	ivSoftware = ward.Field{Protocol: "intellivue", Name: "NOM_ATTR_ID_PROD_SPECN software", Proves: ward.Firmware, Trust: ward.TrustStated}
	ivLabel    = ward.Field{Protocol: "intellivue", Name: "monitor label", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
	ivType     = ward.Field{Protocol: "intellivue", Name: "message", Proves: ward.Type, Trust: ward.TrustStated}
	ivPatient  = ward.Field{Protocol: "intellivue", Name: "patient demographics"}
)

// intellivueDecoder reads Philips IntelliVue data export (UDP 24105) and connect indications
// (broadcast to UDP 24005). See package intellivue for what of it is proven.
func intellivueDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "intellivue",
		UDPPorts: []uint16{24005, 24105},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			m, ok := intellivue.Parse(p.Payload)
			if !ok {
				return false
			}
			switch m.Kind {
			case intellivue.ConnectIndication, intellivue.CreateEvent:
				sayMonitor(&m.Monitor, out)
			case intellivue.PollResult:
				out.SayString(&ivType, "patient monitor")
				out.Carry(decode.Carried{Protocol: "intellivue", What: "poll result", Patient: true})
				if m.Demographics {
					out.Flag(ward.PHIInClear, &ivPatient, "present in a poll result")
				}
			}
			return true
		},
	}
}

func sayMonitor(m *intellivue.Monitor, out *decode.Out) {
	out.SayString(&ivType, "patient monitor")
	out.Say(&ivMaker, m.Manufacturer)
	out.Say(&ivModel, m.Model)
	out.Say(&ivSerial, m.Serial)
	out.Say(&ivPart, m.Part)
	out.Say(&ivHardware, m.Hardware)
	out.Say(&ivSoftware, m.Software)
	out.SayString(&ivLabel, m.Label)
}
