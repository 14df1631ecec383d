package clinicalhttp

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
)

const (
	fhirManufacturer = "Device.manufacturer"
	fhirModel        = "Device.modelNumber"
	fhirSerial       = "Device.serialNumber"
	fhirFirmware     = "Device.version"
	fhirHardware     = "Device.version hardware"
	fhirUDI          = "Device.udiCarrier"
	fhirEUI          = "Device.identifier"
	fhirType         = "Device.type"
	fhirSoftware     = "CapabilityStatement.software"
	fhirServer       = "answers with CapabilityStatement"
)

// Bounds of one message: tokens that are looked at, levels and devices that are kept.
const (
	maxTokens  = 100_000
	maxDepth   = 64
	maxDevices = 64
)

// readFHIR walks a resource or Bundle and keeps the identity elements of the Device resources and
// of a CapabilityStatement. A Device that a client sends describes a device it reports for, seldom the
// client itself, so that it becomes a part. A cut-off body yields what stands before the cut.
func readFHIR(e *Exchange, isXML bool) (Reading, bool) {
	w := walk{r: Reading{Protocol: "fhir"}, answer: e.Response}
	if isXML {
		w.xml(e.Body)
	} else {
		w.json(e.Body)
	}
	for len(w.frames) > 0 {
		w.closeFrame()
	}
	kind := w.root
	if kind == "" {
		if len(e.Body) > 0 {
			return Reading{}, false // it says it is FHIR, but is not
		}
		kind = typeInPath(e.Path)
	}
	w.r.What = strings.TrimSpace(cut(e.Method) + " " + kind)
	w.r.Patient = w.r.Patient || patientKinds[kind]
	if e.Response && w.capability {
		w.r.Fields = append(w.r.Fields, Field{Name: fhirServer, Value: "server", Attr: "type", Derived: true})
	} else if !e.Response {
		// A client that posts a CapabilityStatement describes whatever it likes.
		w.r.Fields = dropField(w.r.Fields, fhirSoftware)
	}
	return w.r, true
}

func dropField(fields []Field, name string) []Field {
	kept := fields[:0]
	for _, f := range fields {
		if f.Name != name {
			kept = append(kept, f)
		}
	}
	return kept
}

// patientKinds are the resources of FHIR R4's patient compartment that occur between systems.
var patientKinds = map[string]bool{
	"Patient": true, "Observation": true, "Encounter": true, "Condition": true, "Procedure": true,
	"MedicationRequest": true, "MedicationAdministration": true, "MedicationStatement": true,
	"MedicationDispense": true, "DiagnosticReport": true, "AllergyIntolerance": true, "Immunization": true,
	"CarePlan": true, "CareTeam": true, "DocumentReference": true, "ServiceRequest": true, "ImagingStudy": true,
	"QuestionnaireResponse": true, "RelatedPerson": true, "Coverage": true, "Claim": true, "Appointment": true,
	"DeviceUseStatement": true, "DeviceRequest": true, "Flag": true, "Composition": true, "Media": true,
	"Specimen": true, "Communication": true, "RiskAssessment": true, "NutritionOrder": true, "Account": true,
}

// typeInPath finds the resource type in a request target: the last path element that starts with
// a capital and holds letters only.
func typeInPath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	kind := ""
	for _, p := range strings.Split(path, "/") {
		if isResourceType(p) {
			kind = p
		}
	}
	return kind
}

func isResourceType(s string) bool {
	if len(s) < 3 || len(s) > 40 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// walk gathers elements while a reader goes through JSON or XML. names is the path from the root;
// a frame is a resource: its type and where its path begins.
type walk struct {
	r          Reading
	root       string
	answer     bool
	capability bool
	devices    int
	names      []string
	frames     []frame
}

type frame struct {
	kind    string
	depth   int // names up to the resource
	device  device
	program [2]string
}

type device struct {
	manufacturer, model, serial, udi, eui, kind string
	firmware, hardware                          string
	idKind, versionKind                         string
}

func (w *walk) openFrame() {
	if len(w.frames) < maxDepth {
		w.frames = append(w.frames, frame{depth: len(w.names)})
	}
}

func (w *walk) closeFrame() {
	f := &w.frames[len(w.frames)-1]
	if len(w.frames) == 1 {
		w.root = f.kind
	}
	w.r.Patient = w.r.Patient || patientKinds[f.kind]
	switch f.kind {
	case "Device":
		w.addDevice(&f.device)
	case "CapabilityStatement":
		w.capability = true
		if f.program[0] != "" {
			w.r.Fields = append(w.r.Fields, Field{
				Name: fhirSoftware, Value: cut(strings.TrimSpace(f.program[0] + " " + f.program[1])), Attr: "component",
			})
		}
	}
	w.frames = w.frames[:len(w.frames)-1]
}

func (w *walk) addDevice(d *device) {
	key := d.serial
	if key == "" {
		key = d.eui
	}
	if key == "" {
		key = d.udi
	}
	if key == "" || w.devices >= maxDevices || w.answer { // a server answers out of its records
		return
	}
	w.devices++
	part := "fhir " + cut(key)
	for _, f := range [...]Field{
		{Name: fhirManufacturer, Value: d.manufacturer, Attr: "manufacturer"},
		{Name: fhirModel, Value: d.model, Attr: "model"}, {Name: fhirSerial, Value: d.serial, Attr: "serial"},
		{Name: fhirFirmware, Value: d.firmware, Attr: "firmware"}, {Name: fhirHardware, Value: d.hardware, Attr: "hardware"},
		{Name: fhirUDI, Value: d.udi, Attr: "udi"}, {Name: fhirEUI, Value: d.eui, Attr: "uuid"},
		{Name: fhirType, Value: d.kind, Attr: "type"},
	} {
		if f.Value != "" {
			f.Part, f.Value = part, cut(f.Value)
			w.r.Fields = append(w.r.Fields, f)
		}
	}
}

// value takes one primitive element at the present path.
func (w *walk) value(v string) {
	if len(w.frames) == 0 {
		return
	}
	f := &w.frames[len(w.frames)-1]
	rel := w.names[min(f.depth, len(w.names)):]
	if len(rel) == 0 || len(rel) > 4 || len(v) > 4*maxText {
		return
	}
	d := &f.device
	switch strings.Join(rel, "/") {
	case "resourceType":
		if isResourceType(v) {
			f.kind = v
		}
	case "manufacturer":
		d.manufacturer = v
	case "modelNumber":
		d.model = v
	case "serialNumber":
		d.serial = v
	case "udiCarrier/carrierHRF", "udiCarrier/deviceIdentifier":
		if d.udi == "" || rel[1] == "carrierHRF" {
			d.udi = v
		}
	case "identifier/type/coding/code":
		d.idKind = v
	case "identifier/value":
		if d.idKind == "SYSID" && d.eui == "" { // Continua: the EUI-64 of the device
			d.eui = v
		}
		d.idKind = ""
	case "version/type/coding/code":
		d.versionKind = v
	case "version/value":
		d.version(v)
	case "type/coding/code", "specialization/systemType/coding/code":
		if t := specialisations[v]; t != "" {
			d.kind = t
		}
	case "patient/reference":
		w.r.Patient = w.r.Patient || f.kind == "Device"
	case "software/name":
		f.program[0] = v
	case "software/version":
		f.program[1] = v
	}
}

// version files a Device.version by its MDC production specification code (IEEE 11073-10101).
func (d *device) version(v string) {
	switch d.versionKind {
	case "531976": // MDC_ID_PROD_SPEC_FW
		d.firmware = v
	case "531975": // MDC_ID_PROD_SPEC_SW
		if d.firmware == "" {
			d.firmware = v
		}
	case "531974": // MDC_ID_PROD_SPEC_HW
		d.hardware = v
	}
	d.versionKind = ""
}

// specialisations are IEEE 11073-10101 device codes (personal health devices and MDS types) whose
// kind of device is beyond doubt.
var specialisations = map[string]string{
	"528388": "pulse oximeter", "528391": "blood pressure monitor", "528392": "thermometer",
	"528399": "weighing scale", "528401": "glucose meter", "528403": "infusion pump",
	"528404": "weighing scale", "528484": "activity tracker", "528390": "electrocardiograph",
	"69965": "patient monitor", "69985": "infusion pump", "70049": "infusion pump",
	"70001": "ventilator", "70041": "anaesthesia workstation", "69641": "pulse oximeter", "531981": "health gateway",
}

// json walks a JSON body. An object under "resource" or "contained" is a resource of its own.
func (w *walk) json(body []byte) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	type level struct{ array, frame, key bool } // key: the next string is a member name
	var stack []level
	for range maxTokens {
		tok, err := dec.Token()
		if err != nil || len(stack) > maxDepth {
			return
		}
		top := len(stack) - 1
		if s, ok := tok.(string); ok && top >= 0 && stack[top].key {
			w.names = append(w.names, s)
			stack[top].key = false
			continue
		}
		switch t := tok.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				l := level{array: t == '[', key: t == '{'}
				if n := len(w.names); t == '{' && (n == 0 || w.names[n-1] == "resource" || w.names[n-1] == "contained") {
					l.frame = true
					w.openFrame()
				}
				stack = append(stack, l)
				continue
			default:
				if stack[top].frame && len(w.frames) > 0 {
					w.closeFrame()
				}
				stack = stack[:top]
				top--
			}
		case string:
			w.value(t)
		}
		if top >= 0 && !stack[top].array { // a member ends with its value
			w.names = w.names[:len(w.names)-1]
			stack[top].key = true
		}
	}
}

// xml walks an XML body, where the resource type is an element and values are attributes.
func (w *walk) xml(body []byte) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	for range maxTokens {
		tok, err := dec.RawToken()
		if err != nil || len(w.names) > maxDepth {
			return
		}
		switch t := tok.(type) {
		case xml.StartElement:
			n := len(w.names)
			resource := isResourceType(t.Name.Local) &&
				(n == 0 || w.names[n-1] == "resource" || w.names[n-1] == "contained")
			w.names = append(w.names, t.Name.Local)
			if resource {
				w.openFrame()
				w.frames[len(w.frames)-1].kind = t.Name.Local
			}
			for _, a := range t.Attr {
				if a.Name.Local == "value" {
					w.value(a.Value)
				}
			}
		case xml.EndElement:
			if len(w.names) == 0 {
				return
			}
			if n := len(w.frames); n > 0 && w.frames[n-1].depth == len(w.names) {
				w.closeFrame()
			}
			w.names = w.names[:len(w.names)-1]
		}
	}
}
