package sim

import (
	"encoding/json"
	"fmt"

	"github.com/wardkeeper/wardkeeper/proto/mqtt"
)

const (
	fhirPort = 8080
	fhirType = "application/fhir+json; charset=utf-8"
)

// object is a JSON object; encoding/json writes its members in order of their names.
type object map[string]any

// text writes an object; what goes in are strings, numbers and objects, which cannot fail.
func (o object) text() []byte {
	b, _ := json.Marshal(o)
	return b
}

// capabilities plays how a client asks a FHIR server what it is.
func (s *stage) capabilities(from, to *Device, name, version string) {
	s.web(from.Port, to.Port, fhirPort,
		request("GET", "/fhir/metadata", to.Host+"."+domain, nil, "Accept: "+fhirType),
		answer("200 OK", object{
			"resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1", "date": "2026-01-01",
			"software": object{"name": name, "version": version}, "format": []string{"json"}, "rest": []object{{"mode": "server"}},
		}.text(), "Content-Type: "+fhirType))
}

// observation posts one reading of a wearable, in clear, with a reference to an invented patient.
func (s *stage) observation(d *Device) {
	engine := s.one("interface engine")
	p := patients[s.random.IntN(len(patients))]
	s.web(d.Port, engine.Port, fhirPort,
		request("POST", "/fhir/Observation", engine.Host+"."+domain, object{
			"resourceType": "Observation", "status": "final", "effectiveDateTime": s.now.UTC().Format("2006-01-02T15:04:05Z"),
			"code":          object{"coding": []object{{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}}},
			"subject":       object{"reference": "Patient/" + p.id},
			"valueQuantity": object{"value": 55 + s.random.IntN(50), "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
		}.text(), "Content-Type: "+fhirType, "User-Agent: "+d.Maker+" "+d.Model+"/"+d.Firmware),
		answer("201 Created", nil, fmt.Sprintf("Location: /fhir/Observation/%d", s.random.IntN(1000000))))
}

// publish plays an MQTT session in which a hub reports how many wearables it hears.
func (s *stage) publish(d *Device) {
	engine := s.one("interface engine")
	c := s.dial(d.Port, engine.Port, 1883)
	c.Send(mqtt.AppendConnect(nil, d.Host, "", "")).Answer(mqtt.AppendConnAck(nil))
	c.Send(mqtt.AppendPublish(nil, "bandwise/"+d.Host+"/heard", fmt.Appendf(nil, `{"wearables":%d}`, 20+s.random.IntN(9))))
	c.Send([]byte{0xe0, 0}).Close()
}
