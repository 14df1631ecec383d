package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ipp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ippServes   = ward.Field{Protocol: "ipp", Name: "serves", Proves: ward.Type, Trust: ward.TrustRole}
	ippModel    = ward.Field{Protocol: "ipp", Name: "printer-make-and-model"}
	ippDeviceID = ward.Field{Protocol: "ipp", Name: "printer-device-id"}
	ippInfo     = ward.Field{Protocol: "ipp", Name: "printer-info", Personal: true}
	ippName     = ward.Field{Protocol: "ipp", Name: "printer-name", Personal: true}
	ippPlace    = ward.Field{Protocol: "ipp", Name: "printer-location", Proves: ward.Place, Trust: ward.TrustWeak, Personal: true, Place: true}
	ippUUID     = ward.Field{Protocol: "ipp", Name: "printer-uuid", Proves: ward.UUID, Trust: ward.TrustStated}
	ippFirmware = ward.Field{Protocol: "ipp", Name: "printer-firmware-string-version", Proves: ward.Firmware, Trust: ward.TrustStated}
	ippSerial   = ward.Field{Protocol: "ipp", Name: "printer-serial-number", Proves: ward.Serial, Trust: ward.TrustStated}
)

// printer reads the answer of a printer (RFC 8011): job names and user names stay inside. CUPS on a
// computer answers for its queues, which describe the printers behind it, not itself.
func (s *httpSession) printer(content, program []byte, out *decode.Out) {
	m, err := ipp.Read(content)
	if err != nil {
		return
	}
	out.Speaks("ipp")
	path := s.path[:s.pathSize]
	if bytes.HasPrefix(path, []byte("/printers/")) || bytes.HasPrefix(path, []byte("/classes/")) || bytes.HasPrefix(program, []byte("CUPS/")) {
		return
	}
	out.SayString(&ippServes, "printer")
	for a := range m.Attributes {
		if a.Group != ipp.PrinterAttributes {
			continue
		}
		if f := ippField(a.Name); f != nil {
			out.Say(f, bytes.TrimPrefix(a.Value, []byte("urn:uuid:")))
		}
	}
}

func ippField(name []byte) *ward.Field {
	switch string(name) {
	case "printer-make-and-model":
		return &ippModel
	case "printer-device-id":
		return &ippDeviceID
	case "printer-info":
		return &ippInfo
	case "printer-name", "printer-dns-sd-name":
		return &ippName
	case "printer-location":
		return &ippPlace
	case "printer-uuid":
		return &ippUUID
	case "printer-firmware-string-version":
		return &ippFirmware
	case "printer-serial-number":
		return &ippSerial
	}
	return nil
}

// printing notes a request to a printer.
func printing(content []byte, out *decode.Out) {
	if _, err := ipp.Read(content); err == nil {
		out.Speaks("ipp")
	}
}
