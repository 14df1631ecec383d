package clinicalhttp

import (
	"bytes"
	"encoding/xml"
	"strings"
)

const (
	soapManufacturer = "ThisModel.Manufacturer"
	soapModel        = "ThisModel.ModelName"
	soapName         = "ThisDevice.FriendlyName"
	soapFirmware     = "ThisDevice.FirmwareVersion"
	soapSerial       = "ThisDevice.SerialNumber"

	mdsManufacturer = "MetaData.Manufacturer"
	mdsModel        = "MetaData.ModelName"
	mdsSerial       = "MetaData.SerialNumber"
	mdsUDI          = "MetaData.Udi"
	mdsType         = "Mds.Type"
)

// readSOAP reads the answers by which a web-service device describes itself: the metadata of DPWS
// (OASIS 2009, and the 2006 draft) and the description of a medical device that IEEE 11073-10207
// puts in GetMdibResponse. Who answers is the device.
func readSOAP(e *Exchange) (Reading, bool) {
	if !e.Response || len(e.Body) < 100 {
		return Reading{}, false
	}
	switch b := e.Body; {
	case bytes.Contains(b, []byte("ThisModel")) && (bytes.Contains(b, []byte("/dpws/2009/01")) || bytes.Contains(b, []byte("/2006/02/devprof"))):
		return readElements(e.Body, "dpws", "GetMetadata", [][3]string{
			{"ThisModel/Manufacturer", soapManufacturer, "manufacturer"}, {"ThisModel/ModelName", soapModel, "model"},
			{"ThisDevice/FriendlyName", soapName, "name"}, {"ThisDevice/FirmwareVersion", soapFirmware, "firmware"},
			{"ThisDevice/SerialNumber", soapSerial, "serial"},
		})
	case bytes.Contains(b, []byte("GetMdibResponse")) && bytes.Contains(b, []byte("11073-10207")):
		return readElements(e.Body, "sdc", "GetMdib", [][3]string{
			{"MetaData/Manufacturer", mdsManufacturer, "manufacturer"}, {"MetaData/ModelName", mdsModel, "model"},
			{"MetaData/SerialNumber", mdsSerial, "serial"}, {"Udi/HumanReadableForm", mdsUDI, "udi"},
		})
	}
	return Reading{}, false
}

// readElements keeps the first text of each wanted element, which is given as parent/name. Of a
// medical device it also reads the type and whether a patient is named.
func readElements(body []byte, protocol, what string, wanted [][3]string) (Reading, bool) {
	r := Reading{Protocol: protocol, What: what}
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Strict = false
	var names []string
	found := map[string]bool{}
	for range maxTokens {
		tok, err := dec.RawToken()
		if err != nil || len(names) > maxDepth {
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if n := len(names); t.Name.Local == "Type" && n > 0 && names[n-1] == "Mds" && !found[mdsType] {
				for _, a := range t.Attr {
					if kind := specialisations[a.Value]; a.Name.Local == "Code" && kind != "" {
						found[mdsType] = true
						r.Fields = append(r.Fields, Field{Name: mdsType, Value: kind, Attr: "type"})
					}
				}
			}
			names = append(names, t.Name.Local)
		case xml.EndElement:
			if len(names) > 0 {
				names = names[:len(names)-1]
			}
		case xml.CharData:
			n := len(names)
			text := strings.TrimSpace(string(t))
			if n < 2 || text == "" {
				continue
			}
			if names[n-1] == "Familyname" || names[n-1] == "Givenname" || names[n-1] == "DateOfBirth" {
				r.Patient = true
			}
			for _, w := range wanted {
				parent, name, _ := strings.Cut(w[0], "/")
				if names[n-1] == name && names[n-2] == parent && !found[w[1]] {
					found[w[1]] = true
					r.Fields = append(r.Fields, Field{Name: w[1], Value: cut(text), Attr: w[2]})
				}
			}
		}
	}
	return r, len(r.Fields) > 0 || r.Patient
}
