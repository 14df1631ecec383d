// Package clinical holds the decoders of the protocols in which medical devices and clinical
// systems talk: DICOM, HL7 v2, SDC discovery, POCT1-A, ASTM and IntelliVue data export.
//
// They say what equipment, software and place the bytes name, and which messages travel from whom
// to whom. Patient data is recognised by its field and skipped: what leaves this package is that it
// was there. A device that somebody else reports on (a scanner whose images a router forwards, a
// monitor behind a gateway) becomes a part of the sender, never the sender itself.
package clinical

import "github.com/wardkeeper/wardkeeper/know/wire/decode"

// Decoders lists the decoders of this package in the order in which they are tried.
func Decoders() []decode.Decoder {
	return []decode.Decoder{
		dicomDecoder(),
		hl7Decoder(),
		astmDecoder(),
		poct1aDecoder(),
		sdcDecoder(),
		intellivueDecoder(),
	}
}

// unlimited is for sessions that follow a connection to its end in constant memory.
const unlimited = 1 << 40
