package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ipp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ippServes   = ward.Field{Protocol: "ipp", Name: "serves", Proves: ward.Type, Trust: ward.TrustRole}
	ippModel    = ward.Field{Protocol: "ipp", Name: "printer-make-and-model"}
	ippDeviceID = ward.Field{Protocol: "ipp", Name: "printer-device-id"}
	ippInfo     = ward.Field{Protocol: "ipp", Name: "printer-info"}
	ippName     = ward.Field{Protocol: "ipp", Name: "printer-name"}
	ippPlace    = ward.Field{Protocol: "ipp", Name: "printer-location", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
	ippUUID     = ward.Field{Protocol: "ipp", Name: "printer-uuid", Proves: ward.UUID, Trust: ward.TrustStated}
	ippFirmware = ward.Field{Protocol: "ipp", Name: "printer-firmware-string-version", Proves: ward.Firmware, Trust: ward.TrustStated}
	ippSerial   = ward.Field{Protocol: "ipp", Name: "printer-serial-number", Proves: ward.Serial, Trust: ward.TrustStated}
)

// sayIPP reads an IPP message in an HTTP body for the decoder of HTTP, and reports whether it is
// one. Only a server's answers say anything of the printer; job names and user names stay inside.
func sayIPP(body []byte, fromServer bool, out *decode.Out) bool {
	m, err := ipp.Read(body)
	if err != nil {
		return false
	}
	out.Speaks("ipp")
	if !fromServer {
		return true
	}
	out.SayString(&ippServes, "printer")
	for a := range m.Attributes {
		if a.Group != ipp.PrinterAttributes {
			continue
		}
		switch string(a.Name) {
		case "printer-make-and-model":
			out.Say(&ippModel, a.Value)
		case "printer-device-id":
			out.Say(&ippDeviceID, a.Value)
		case "printer-info":
			out.Say(&ippInfo, a.Value)
		case "printer-name":
			out.Say(&ippName, a.Value)
		case "printer-location":
			out.Say(&ippPlace, a.Value)
		case "printer-uuid":
			out.Say(&ippUUID, a.Value)
		case "printer-firmware-string-version":
			out.Say(&ippFirmware, a.Value)
		case "printer-serial-number":
			out.Say(&ippSerial, a.Value)
		}
	}
	return true
}
