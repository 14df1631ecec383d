// Package clinicalhttp reads what clinical messages in HTTP say about devices: FHIR R4 resources
// (hl7.org/fhir/R4), HL7 v2 in a POST (content type of the HAPI "HL7 over HTTP" specification),
// the self-descriptions of web-service devices (DPWS, IEEE 11073 SDC) and the uploads of two makers
// of bathroom scales.
//
// It is given one request or one response at a time and returns identity fields and whether
// patient data was carried. It never returns a measurement, a name of a person, a token or a
// password; the bytes that hold them are skipped.
package clinicalhttp

import "strings"

// Exchange is one HTTP request or response. For a response, Method, Host, Path and UserAgent are
// those of the request it answers when that is known, else empty; ContentType and Body are its own.
type Exchange struct {
	Method      string
	Host        string
	Path        string // the request target with its query: "/scale/register?serialNumber=..."
	ContentType string
	UserAgent   string
	Body        []byte // what is at hand of the content, decoded; may be cut off
	Response    bool
	Status      int // of a response
}

// Reading is what an exchange said.
type Reading struct {
	Protocol string // "fhir", "hl7", "dpws", "sdc" or "health upload"
	What     string // kind of message for the interface catalogue: "POST Observation", "ADT^A01"
	Patient  bool   // it carries data of a patient or a person
	Fields   []Field
}

// Field is one statement about the sender of the exchange or, when Part is set, about a device
// that the sender speaks for.
type Field struct {
	Name    string // one of the names in Fields
	Value   string
	Attr    string // the attribute it states in the words of package ward, or empty
	Derived bool   // concluded from where it was sent to; read as it stands when false
	Part    string // "fhir 20150200002A": a device behind the sender
}

// Fields lists every protocol and field that Read can return, with empty values, so that a caller
// can declare them once.
func Fields() map[string][]Field {
	return map[string][]Field{
		"fhir": {
			{Name: fhirManufacturer, Attr: "manufacturer"}, {Name: fhirModel, Attr: "model"},
			{Name: fhirSerial, Attr: "serial"}, {Name: fhirFirmware, Attr: "firmware"},
			{Name: fhirHardware, Attr: "hardware"}, {Name: fhirUDI, Attr: "udi"}, {Name: fhirEUI, Attr: "uuid"},
			{Name: fhirType, Attr: "type"}, {Name: fhirSoftware, Attr: "component"},
			{Name: fhirServer, Attr: "type", Derived: true},
		},
		"dpws": {
			{Name: soapManufacturer, Attr: "manufacturer"}, {Name: soapModel, Attr: "model"}, {Name: soapName, Attr: "name"},
			{Name: soapFirmware, Attr: "firmware"}, {Name: soapSerial, Attr: "serial"},
		},
		"sdc": {
			{Name: mdsManufacturer, Attr: "manufacturer"}, {Name: mdsModel, Attr: "model"}, {Name: mdsSerial, Attr: "serial"},
			{Name: mdsUDI, Attr: "udi"}, {Name: mdsType, Attr: "type"},
		},
		"hl7": {{Name: hl7Application}},
		"health upload": {
			{Name: uploadMaker, Attr: "manufacturer", Derived: true}, {Name: uploadType, Attr: "type", Derived: true},
			{Name: uploadModel, Attr: "model", Derived: true},
			{Name: uploadSerial, Attr: "serial"}, {Name: uploadFirmware, Attr: "firmware"},
		},
	}
}

// Read reports what an exchange says, and whether it is one of the kinds that this package reads.
// An exchange of no interest costs a few comparisons and no allocation.
func Read(e Exchange) (Reading, bool) {
	if r, ok := readUpload(&e); ok {
		return r, true
	}
	switch kind := mediaType(e.ContentType); {
	case strings.EqualFold(kind, "application/fhir+json"), strings.EqualFold(kind, "application/json+fhir"):
		return readFHIR(&e, false)
	case strings.EqualFold(kind, "application/fhir+xml"), strings.EqualFold(kind, "application/xml+fhir"):
		return readFHIR(&e, true)
	case strings.EqualFold(kind, "x-application/hl7-v2+er7"), strings.EqualFold(kind, "application/hl7-v2+er7"):
		return readHL7(&e)
	case strings.EqualFold(kind, "application/soap+xml"), strings.EqualFold(kind, "text/xml"):
		return readSOAP(&e)
	}
	return Reading{}, false
}

// mediaType cuts the parameters off a Content-Type.
func mediaType(s string) string {
	if i := strings.IndexByte(s, ';'); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

// maxText is the longest value that is passed on, in bytes.
const maxText = 128

func cut(s string) string {
	if len(s) > maxText {
		return s[:maxText]
	}
	return s
}
