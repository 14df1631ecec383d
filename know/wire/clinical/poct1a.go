package clinical

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/poct1a"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The DEV object of HEL.R01: what an analyser says of itself when it opens a conversation.
var (
	poctID       = ward.Field{Protocol: "poct1-a", Name: "DEV.device_id", Proves: ward.UUID, Trust: ward.TrustStated}
	poctIDOther  = ward.Field{Protocol: "poct1-a", Name: "DEV.device_id name"}
	poctVendor   = ward.Field{Protocol: "poct1-a", Name: "DEV.vendor_id"}
	poctModel    = ward.Field{Protocol: "poct1-a", Name: "DEV.model_id", Proves: ward.Model, Trust: ward.TrustStated}
	poctSerial   = ward.Field{Protocol: "poct1-a", Name: "DEV.serial_id", Proves: ward.Serial, Trust: ward.TrustStated}
	poctMaker    = ward.Field{Protocol: "poct1-a", Name: "DEV.manufacturer_name", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	poctHardware = ward.Field{Protocol: "poct1-a", Name: "DEV.hw_version", Proves: ward.Hardware, Trust: ward.TrustStated}
	poctSoftware = ward.Field{Protocol: "poct1-a", Name: "DEV.sw_version", Proves: ward.Firmware, Trust: ward.TrustStated}
	poctName     = ward.Field{Protocol: "poct1-a", Name: "DEV.device_name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	poctType     = ward.Field{Protocol: "poct1-a", Name: "HEL.R01", Proves: ward.Type, Trust: ward.TrustRole}
	poctPatient  = ward.Field{Protocol: "poct1-a", Name: "PT"}
)

// poct1aDecoder reads POCT1-A on any port.
func poct1aDecoder() decode.Decoder {
	return decode.Decoder{
		Name: "poct1-a",
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return [...]decode.Match{poct1a.NotPOCT: decode.No, poct1a.Unsure: decode.More, poct1a.IsPOCT: decode.Yes}[poct1a.Recognise(first)]
		},
		Open:  func() decode.Session { return &poctSession{} },
		Limit: 1 << 20,
	}
}

type poctSession struct {
	sides   [2]poctSide
	flagged bool
}

type poctSide struct {
	stream  poct1a.Stream
	kind    text
	patient bool
}

// Read implements decode.Session.
func (s *poctSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	side := &s.sides[dir]
	used := 0
	for {
		n, event := side.stream.Next(data[used:])
		used += n
		switch event {
		case poct1a.NeedMore:
			return used
		case poct1a.Begin:
			side.kind.set(side.stream.Name)
			side.patient = false
			if string(side.stream.Name) == "HEL.R01" {
				out.SayString(&poctType, "point-of-care analyser")
			}
		case poct1a.Value:
			side.value(out)
		case poct1a.End:
			s.end(side, out)
		case poct1a.Broken:
			return decode.Done
		}
	}
}

func (s *poctSide) value(out *decode.Out) {
	name, v := s.stream.Name, s.stream.Value
	if len(v) == 0 {
		return
	}
	if len(name) > 3 && string(name[:3]) == "PT." {
		switch string(name) {
		case "PT.patient_id", "PT.name", "PT.birth_date":
			s.patient = true
		}
		return
	}
	if string(s.kind.bytes()) != "HEL.R01" {
		return
	}
	switch string(name) {
	case "DEV.device_id":
		if isEUI64(v) {
			out.Say(&poctID, v)
		} else {
			out.Say(&poctIDOther, v)
		}
	case "DEV.vendor_id":
		out.Say(&poctVendor, v)
	case "DEV.model_id":
		out.Say(&poctModel, v)
	case "DEV.serial_id":
		out.Say(&poctSerial, v)
	case "DEV.manufacturer_name":
		out.Say(&poctMaker, v)
	case "DEV.hw_version":
		out.Say(&poctHardware, v)
	case "DEV.sw_version":
		out.Say(&poctSoftware, v)
	case "DEV.device_name":
		out.Say(&poctName, v)
	}
}

func (s *poctSession) end(side *poctSide, out *decode.Out) {
	kind := string(side.kind.bytes())
	if kind != "ACK.R01" {
		out.Carry(decode.Carried{Protocol: "poct1-a", What: kind, Patient: side.patient})
	}
	if side.patient && !s.flagged {
		s.flagged = true
		out.Flag(ward.PHIInClear, &poctPatient, kind+": patient object present")
	}
}
