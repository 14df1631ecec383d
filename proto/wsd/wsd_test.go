package wsd

import (
	"reflect"
	"testing"
)

// hello is a message as the DPWS stack of an SDC device multicasts it.
const hello = `<?xml version='1.0' encoding='UTF-8'?>
<s12:Envelope xmlns:s12="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"
 xmlns:wsd="http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01" xmlns:dpws="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"
 xmlns:mdpws="http://standards.ieee.org/downloads/11073/11073-20702-2016"><s12:Header>
<wsa:Action>http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01/Hello</wsa:Action>
<wsa:MessageID>urn:uuid:0d1a0c3a-0000-4000-8000-000000000001</wsa:MessageID></s12:Header><s12:Body><wsd:Hello>
<wsa:EndpointReference><wsa:Address>urn:uuid:6f1a2b3c-0000-4000-8000-00000000beef</wsa:Address></wsa:EndpointReference>
<wsd:Types>dpws:Device mdpws:MedicalDevice</wsd:Types>
<wsd:Scopes>sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.loc:/sdc.ctxt.loc.detail/GH%2F%2F%2FICU%2F%2F%2FBed7?fac=GH&amp;poc=ICU&amp;bed=Bed7</wsd:Scopes>
<wsd:XAddrs>https://192.0.2.9:6464/dev</wsd:XAddrs><wsd:MetadataVersion>1</wsd:MetadataVersion></wsd:Hello></s12:Body></s12:Envelope>`

func TestParseHello(t *testing.T) {
	m, err := Parse([]byte(hello))
	if err != nil {
		t.Fatal(err)
	}
	if m.Action != Hello || !m.Action.Announces() || len(m.Endpoints) != 1 {
		t.Fatalf("got %+v", m)
	}
	e := m.Endpoints[0]
	if !e.Medical() || e.Address != "urn:uuid:6f1a2b3c-0000-4000-8000-00000000beef" || len(e.XAddrs) != 1 {
		t.Errorf("got %+v", e)
	}
	if l, ok := e.Location(); !ok || l.String() != "GH, ICU, Bed7" {
		t.Errorf("location %v %v", l, ok)
	}
}

func TestAppendThenParse(t *testing.T) {
	want := Message{
		Action: ProbeMatches, MessageID: "urn:uuid:1", RelatesTo: "urn:uuid:0",
		Endpoints: []Endpoint{{
			Address: "urn:uuid:2", Types: []QName{{NamespaceMDPWS, "MedicalDevice"}, {"http://x/<&", "Y"}},
			Scopes: []string{Location{Facility: "General", PointOfCare: "4 West", Bed: "12/A&B"}.Scope()},
			XAddrs: []string{"http://192.0.2.1/dev"},
		}},
	}
	got, err := Parse(Append(nil, want))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if l, ok := got.Endpoints[0].Location(); !ok || l.String() != "General, 4 West, 12/A&B" {
		t.Errorf("location %q %v", l, ok)
	}
}

func TestProbeDoesNotAnnounce(t *testing.T) {
	m, err := Parse(Append(nil, Message{
		Action: Probe, MessageID: "urn:uuid:1", Endpoints: []Endpoint{{Types: []QName{{NamespaceMDPWS, "MedicalDevice"}}}},
	}))
	if err != nil || m.Action.Announces() || !m.Endpoints[0].Medical() {
		t.Fatalf("got %+v, %v", m, err)
	}
}

func TestNotDiscovery(t *testing.T) {
	for _, s := range []string{
		"", "<html>", hello[:len(hello)/2], "\x00" + hello,
		`<a xmlns="http://schemas.xmlsoap.org/ws/2005/04/discovery"><Body><Hello/></Body>                    `,
	} {
		if m, err := Parse([]byte(s)); err == nil {
			t.Errorf("%.20q taken for %+v", s, m)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(hello))
	f.Add(Append(nil, Message{Action: ResolveMatches, MessageID: "urn:uuid:1", Endpoints: []Endpoint{{Address: "urn:uuid:2"}}}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		for i := range m.Endpoints {
			m.Endpoints[i].Medical()
			m.Endpoints[i].Location()
		}
	})
}
