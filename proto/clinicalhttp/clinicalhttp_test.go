package clinicalhttp

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared finds the data that is not in the repository, or skips.
func shared(t testing.TB, path string) string {
	t.Helper()
	root := os.Getenv("WARDKEEPER_DATA")
	if root == "" {
		dir, _ := os.Getwd()
		for ; dir != "/"; dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				root = filepath.Join(dir, "..", "shared", "data")
				break
			}
		}
	}
	path = filepath.Join(root, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: no shared data (%v); set WARDKEEPER_DATA", err)
	}
	return path
}

func show(r Reading) string {
	s := fmt.Sprintf("%s %s patient=%v", r.Protocol, r.What, r.Patient)
	for _, f := range r.Fields {
		if f.Part != "" {
			s += " <" + f.Part + ">"
		}
		s += " " + f.Attr + "=" + f.Value
	}
	return s
}

func TestUploads(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		e    Exchange
		want string
	}{
		{Exchange{Method: "GET", Host: "www.fitbit.com", Path: "/scale/register?serialNumber=00AA11BB22CC&token=CANARYTOKEN&ssid=CANARYNET"},
			"health upload scale register patient=false manufacturer=Fitbit type=weighing scale model=Aria serial=00AA11BB22CC"},
		{Exchange{Method: "POST", Host: "www.fitbit.com", Path: "/scale/upload", ContentType: form, Body: []byte("\x01\x02CANARY")},
			"health upload scale upload patient=true manufacturer=Fitbit type=weighing scale model=Aria"},
		{Exchange{Method: "POST", Host: "scalews.withings.net:80", Path: "/cgi-bin/session", UserAgent: "Withings UserAgent", ContentType: form,
			Body: []byte("action=new&auth=00:24:e4:00:00:01&hash=CANARY&mfgid=1&currentfw=881&batterylvl=93")},
			"health upload scale session new patient=false manufacturer=Withings type=weighing scale firmware=881"},
		{Exchange{Method: "POST", Host: "scalews.withings.net", Path: "/cgi-bin/maint", UserAgent: "Withings UserAgent", ContentType: form,
			Body: []byte("action=store&sessionid=CANARY&data=CANARY")},
			"health upload scale maint store patient=true manufacturer=Withings type=weighing scale"},
		{Exchange{Method: "POST", Host: "hub", Path: "/x", ContentType: "x-application/hl7-v2+er7; charset=utf-8",
			Body: []byte("MSH|^~\\&|MON1|F|EHR|G|2026||ORU^R01^ORU_R01|1|P|2.6\rPID|||CANARY\r")}, "hl7 ORU^R01 patient=true =MON1"},
	} {
		r, ok := Read(c.e)
		if got := show(r); !ok || got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.e.Path, got, c.want)
		}
	}
}

func TestOthersAreLeftAlone(t *testing.T) {
	for _, e := range []Exchange{
		{Method: "GET", Host: "www.fitbit.com", Path: "/scales/aria"}, // a shop page
		{Method: "GET", Host: "www.example.com", Path: "/scale/register?serialNumber=1"},
		{Method: "GET", Host: "scalews.withings.net", Path: "/cgi-bin/session", UserAgent: "Mozilla/5.0"},
		{Method: "GET", Host: "www.fitbit.com", Path: "/scale/upload", Response: true, Status: 200},
		{Method: "POST", ContentType: "application/json", Body: []byte(`{"resourceType":"Patient"}`)},
		{Method: "POST", ContentType: "application/fhir+json", Body: []byte(`not json`)},
		{ContentType: "application/soap+xml", Response: true, Body: []byte(strings.Repeat(" ", 200))},
	} {
		if r, ok := Read(e); ok {
			t.Errorf("%+v taken for %s", e, show(r))
		}
	}
}

const pump = `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Device",
 "identifier":[{"type":{"coding":[{"code":"SYSID"}]},"value":"00-12-21-FF-FE-A0-B0-C1"}],"manufacturer":"Acme","serialNumber":"S-9","modelNumber":"P3",
 "udiCarrier":[{"deviceIdentifier":"00844588003288","carrierHRF":"(01)00844588003288(21)S-9"}],
 "type":{"coding":[{"system":"urn:iso:std:iso:11073:10101","code":"69985"}]},
 "version":[{"type":{"coding":[{"code":"531976"}]},"value":"4.1"},{"type":{"coding":[{"code":"531974"}]},"value":"B"}]}},
 {"resource":{"resourceType":"Observation","subject":{"display":"CANARY"},"valueQuantity":{"value":80}}}]}`

func TestDevicesInABundleArePartsOfTheSender(t *testing.T) {
	e := Exchange{Method: "POST", Path: "/fhir", ContentType: "application/fhir+json", Body: []byte(pump)}
	r, ok := Read(e)
	want := "fhir POST Bundle patient=true <fhir S-9> manufacturer=Acme <fhir S-9> model=P3 <fhir S-9> serial=S-9 <fhir S-9> firmware=4.1" +
		" <fhir S-9> hardware=B <fhir S-9> udi=(01)00844588003288(21)S-9 <fhir S-9> uuid=00-12-21-FF-FE-A0-B0-C1 <fhir S-9> type=infusion pump"
	if got := show(r); !ok || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	e.Body = e.Body[:len(pump)/2] // cut off: what came before still counts
	if r, ok := Read(e); !ok || r.What != "POST Bundle" || len(r.Fields) < 3 {
		t.Errorf("cut off: %v %s", ok, show(r))
	}
}

func TestFHIRInXML(t *testing.T) {
	body := `<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Device><manufacturer value="Acme"/><serialNumber value="S-9"/>` +
		`<type><coding><code value="528391"/></coding></type></Device></resource></entry><entry><resource><Patient><name><family value="CANARY"/></name></Patient></resource></entry></Bundle>`
	r, ok := Read(Exchange{Method: "POST", Path: "/fhir", ContentType: "application/fhir+xml", Body: []byte(body)})
	want := "fhir POST Bundle patient=true <fhir S-9> manufacturer=Acme <fhir S-9> serial=S-9 <fhir S-9> type=blood pressure monitor"
	if got := show(r); !ok || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWebServiceDevice(t *testing.T) {
	body := `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:p="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"><s:Body><Metadata>` +
		`<p:ThisModel><p:Manufacturer xml:lang="en">Acme</p:Manufacturer><p:ModelName>Vent 5</p:ModelName></p:ThisModel>` +
		`<p:ThisDevice><p:FriendlyName>V5-1</p:FriendlyName><p:FirmwareVersion>3.2</p:FirmwareVersion><p:SerialNumber>9911</p:SerialNumber></p:ThisDevice></Metadata></s:Body></s:Envelope>`
	r, ok := Read(Exchange{Response: true, Status: 200, ContentType: "application/soap+xml; charset=utf-8", Body: []byte(body)})
	if got := show(r); !ok || got != "dpws GetMetadata patient=false manufacturer=Acme model=Vent 5 name=V5-1 firmware=3.2 serial=9911" {
		t.Errorf("got %s", got)
	}
}

func TestSharedFHIR(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared(t, "clinical/fhir"), "*.json"))
	all := ""
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []Exchange{{Response: true, Status: 200, Method: "GET"}, {Method: "PUT"}} {
			e.ContentType, e.Body = "application/fhir+json", b
			r, ok := Read(e)
			if !ok || r.What == "GET" {
				t.Errorf("%s: not read", filepath.Base(f))
			}
			if e.Response && strings.Contains(show(r), "<fhir ") {
				t.Errorf("%s: a record that a server answers with is no device behind it", filepath.Base(f))
			}
			all += show(r) + "\n"
		}
	}
	for _, want := range []string{
		"<fhir 20150200002A> manufacturer=OMRONHEALTHCARE <fhir 20150200002A> model=HEM-9200T <fhir 20150200002A> serial=20150200002A <fhir 20150200002A> firmware=C.00.7AJ-02",
		"<fhir 20150200002A> type=blood pressure monitor", "fhir GET CapabilityStatement patient=false component=EHR 0.00.020.2134 type=server", "fhir GET Patient patient=true",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("missing %q in\n%s", want, all)
		}
	}
	for _, name := range []string{"Chalmers", "Windsor"} { // names of the example patients
		if strings.Contains(all, name) {
			t.Errorf("%s came out", name)
		}
	}
}

func TestSharedSDC(t *testing.T) {
	b, err := os.ReadFile(shared(t, "clinical/sdc/sdc-mdib-70041.xml"))
	if err != nil {
		t.Fatal(err)
	}
	r, ok := Read(Exchange{Response: true, Status: 200, ContentType: "application/soap+xml", Body: b})
	if got := show(r); !ok || !strings.Contains(got, "model=A3XX") || !strings.Contains(got, "type=anaesthesia workstation") {
		t.Errorf("got %s", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("application/fhir+json", []byte(pump))
	f.Add("application/fhir+xml", []byte(`<Bundle><entry><resource><Device><serialNumber value="1"/></Device></resource></entry></Bundle>`))
	f.Add("application/hl7-v2+er7", []byte("MSH|^~\\&|A|||||ORU^R01"))
	f.Add("application/soap+xml", []byte(`<a xmlns="/dpws/2009/01"><ThisModel><Manufacturer>x</Manufacturer></ThisModel></a>                                            `))
	declared := Fields()
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		for _, response := range []bool{false, true} {
			r, ok := Read(Exchange{Method: "POST", Path: "/Device/1", ContentType: kind, Body: body, Response: response, Status: 200})
			for _, v := range r.Fields {
				known := false
				for _, d := range declared[r.Protocol] {
					known = known || d.Name == v.Name && d.Attr == v.Attr
				}
				if ok && !known {
					t.Fatalf("field %q of %q is not declared", v.Name, r.Protocol)
				}
			}
		}
	})
}
