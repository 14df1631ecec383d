package it

import (
	"strings"
	"unsafe"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/clinicalhttp"
	"github.com/wardkeeper/wardkeeper/ward"
)

// clinicalFields declares every field that package clinicalhttp can return.
var clinicalFields = declareClinical()

var clinicalPHI = ward.Field{Protocol: "http", Name: "health data"}

func declareClinical() map[string]map[string]*ward.Field {
	all := map[string]map[string]*ward.Field{}
	for protocol, fields := range clinicalhttp.Fields() {
		all[protocol] = map[string]*ward.Field{}
		for _, f := range fields {
			d := &ward.Field{Protocol: protocol, Name: f.Name, Proves: ward.Attr(f.Attr)}
			switch {
			case f.Attr == "":
			case f.Derived:
				d.Trust = ward.TrustBanner
			default:
				d.Trust = ward.TrustStated
			}
			all[protocol][f.Name] = d
		}
	}
	return all
}

func clinicalType(contentType []byte) bool {
	return contains(contentType, "fhir") || contains(contentType, "hl7-v2")
}

// clinical hands a message to the reader of clinical content and notes what it says: of the
// sender, or of a device that the sender speaks for.
func (s *httpSession) clinical(m *httpMessage, content []byte, out *decode.Out) {
	e := clinicalhttp.Exchange{
		Method: view(m.Method), Host: view(m.host), Path: view(m.Target), ContentType: view(m.contentType),
		UserAgent: view(m.agent), Body: content, Response: m.Response, Status: m.Status,
	}
	if m.Response {
		e.Path = view(s.path[:s.pathSize])
	}
	r, ok := clinicalhttp.Read(e)
	if !ok || s.proxy && m.Response {
		return
	}
	for _, f := range r.Fields {
		d := clinicalFields[r.Protocol][f.Name]
		if d == nil {
			continue
		}
		subject := out.Sender
		if f.Part != "" {
			subject.Part = strings.Clone(f.Part)
		}
		out.SayOf(subject, d, f.Value)
	}
	if r.Protocol == "fhir" {
		out.Speaks(r.Protocol)
	}
	out.Carry(decode.Carried{Protocol: r.Protocol, What: strings.Clone(r.What), Patient: r.Patient})
	if r.Patient && !s.phi {
		s.phi = true
		out.Flag(ward.PHIInClear, &clinicalPHI, "present in "+r.What)
	}
}

// view is b as a string for the length of a call; what is kept of it must be cloned.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // no copy on the hot path
}
