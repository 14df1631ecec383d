package clinical

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/astm"
	"github.com/wardkeeper/wardkeeper/proto/intellivue"
	"github.com/wardkeeper/wardkeeper/proto/poct1a"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
)

// TestEveryDecoderIsListed finds the functions that make a decoder and looks for each in Decoders.
func TestEveryDecoderIsListed(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	made, listed := map[string]bool{}, map[string]bool{}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if strings.HasSuffix(fn.Name.Name, "Decoder") {
				made[fn.Name.Name] = true
			}
			if fn.Name.Name == "Decoders" {
				ast.Inspect(fn, func(n ast.Node) bool {
					if c, ok := n.(*ast.CallExpr); ok {
						if id, ok := c.Fun.(*ast.Ident); ok {
							listed[id.Name] = true
						}
					}
					return true
				})
			}
		}
	}
	for name := range made {
		if !listed[name] {
			t.Errorf("%s is not in Decoders", name)
		}
	}
	if len(made) != len(Decoders()) {
		t.Errorf("%d decoders made, %d listed", len(made), len(Decoders()))
	}
}

// TestStrangersAreRefused offers each decoder what other protocols begin with.
func TestStrangersAreRefused(t *testing.T) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "220 mail ESMTP\r\n",
		"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00", "\x00\x00\x00\x85\xffSMB", "<html><body></body></html>",
		"\x01\x00\x00\x00\x00\x10aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "\x05\x01\x00", "\x02\x31Data", "\xff\xfb\x01\xff\xfb\x03", "\x01\x00\x5e\x00\x00\x01" + strings.Repeat("\x00", 90),
	} {
		for _, d := range Decoders() {
			if d.Match != nil && d.Match(decode.Client, []byte(s), 104) == decode.Yes {
				t.Errorf("%s takes %q for its own", d.Name, s)
			}
			if d.Datagram != nil && decodetest.Datagram(&d, decode.Client, 3702, []byte(s)).OK {
				t.Errorf("%s takes the datagram %q for its own", d.Name, s)
			}
		}
	}
}

func lines(r decodetest.Result) string { return strings.Join(r.Lines, "\n") }

func TestSDC(t *testing.T) {
	d := sdcDecoder()
	medical := []wsd.QName{{Space: "http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01", Local: "Device"}, {Space: wsd.NamespaceMDPWS, Local: "MedicalDevice"}}
	device := wsd.Endpoint{
		Address: "urn:uuid:6f1a2b3c-0000-4000-8000-00000000beef", Types: medical,
		Scopes: []string{wsd.Location{Facility: "GH", PointOfCare: "ICU", Bed: "7"}.Scope()},
	}
	hello := wsd.Append(nil, wsd.Message{Action: wsd.Hello, MessageID: "urn:uuid:1", Endpoints: []wsd.Endpoint{device}})
	got := lines(decodetest.Datagram(&d, decode.Client, 3702, hello))
	has(t, got, "client: sdc endpoint reference = 6f1a2b3c-0000-4000-8000-00000000beef", "client: sdc location context = GH, ICU, 7",
		"client: sdc types = sdc service provider")

	asks := wsd.Append(nil, wsd.Message{Action: wsd.Probe, MessageID: "urn:uuid:1", Endpoints: []wsd.Endpoint{{Types: medical}}})
	if r := decodetest.Datagram(&d, decode.Client, 3702, asks); !r.OK || len(r.Lines) != 0 {
		t.Errorf("who looks for medical devices is none: %v", r)
	}
	camera := wsd.Append(nil, wsd.Message{Action: wsd.Hello, MessageID: "urn:uuid:1", Endpoints: []wsd.Endpoint{{
		Address: "urn:uuid:2", Types: []wsd.QName{{Space: "http://www.onvif.org/ver10/network/wsdl", Local: "NetworkVideoTransmitter"}},
	}}})
	if r := decodetest.Datagram(&d, decode.Client, 3702, camera); r.OK {
		t.Errorf("a camera is no medical device: %v", r)
	}
	other := device
	other.Address = "urn:uuid:7f1a2b3c-0000-4000-8000-00000000beef"
	many := wsd.Append(nil, wsd.Message{Action: wsd.ProbeMatches, MessageID: "urn:uuid:1", RelatesTo: "urn:uuid:0", Endpoints: []wsd.Endpoint{device, other}})
	hasNot(t, lines(decodetest.Datagram(&d, decode.Server, 3702, many)), "server: sdc endpoint")
}

func TestIntelliVue(t *testing.T) {
	d := intellivueDecoder()
	b := intellivue.AppendConnectIndication(nil, intellivue.Monitor{
		Manufacturer: []byte("Philips"), Model: []byte("M8005A"), Serial: []byte("DE0001"), Part: []byte("M8005A"),
		Hardware: []byte("B.00.05"), Software: []byte("G.01.78"), Label: "ICU 4",
	})
	got := lines(decodetest.Datagram(&d, decode.Client, 24005, b))
	has(t, got, "client: intellivue NOM_ATTR_ID_MODEL = M8005A", "client: intellivue NOM_ATTR_ID_PROD_SPECN serial = DE0001",
		"client: intellivue NOM_ATTR_ID_PROD_SPECN software = G.01.78", "client: intellivue message = patient monitor", "client: intellivue monitor label = ICU 4")
}

func TestPOCT1A(t *testing.T) {
	d := poct1aDecoder()
	hello := poct1a.AppendHello(nil, "1", poct1a.Device{
		ID: "0012210000A0B0C1", Vendor: "ACM", Model: "Gluco 3", Serial: "S1", Manufacturer: "Acme", Software: "2.1", Name: "Ward 4",
	})
	hello = append(hello, `<OBS.R01><SVC><PT><PT.patient_id V="CANARY1"/><PT.name V="CANARY"/></PT></SVC></OBS.R01>`...)
	r := decodetest.Stream(&d, 5000, 3, decodetest.Turn{Data: hello}, decodetest.Turn{Dir: decode.Server, Data: poct1a.AppendAck(nil, "2", "1")})
	has(t, lines(r), "client: poct1-a DEV.model_id = Gluco 3", "client: poct1-a DEV.serial_id = S1", "client: poct1-a DEV.sw_version = 2.1",
		"client: poct1-a DEV.device_id = 0012210000A0B0C1", "client: poct1-a HEL.R01 = point-of-care analyser",
		"client: finding phi in clear (poct1-a PT = OBS.R01: patient object present)",
		"interface poct1-a client -> server what=[HEL.R01 OBS.R01] names=[] patient=true secured=false")
	hasNot(t, lines(r), "CANARY", "server: poct1-a HEL")
}

func TestASTM(t *testing.T) {
	d := astmDecoder()
	b := astm.AppendFrames(nil, `H|\^&||CANARYPW|Acme^L9^2.1|||||||P|1|20260101`, `P|1||CANARY77||CANARY^JANE`, `O|1|S1||^^^GLU`, `R|1|^^^GLU|5.1|mmol/L`, `L|1|N`)
	r := decodetest.Stream(&d, 5000, 2, decodetest.Turn{Data: b[:1]}, decodetest.Turn{Dir: decode.Server, Data: []byte{astm.ACK}}, decodetest.Turn{Data: b[1:]})
	has(t, lines(r), "client: astm H-5 = Acme^L9^2.1", "client: astm R record = laboratory analyser",
		"client: finding clear-text password (astm H-4 = present, 8 characters)", "client: finding phi in clear (astm P record = patient fields present)",
		"interface astm client -> server what=[results] names=[] patient=true secured=false")
	hasNot(t, lines(r), "CANARY")

	orders := astm.AppendFrames(nil, `H|\^&|||LIS`, `P|1`, `O|1|S1||^^^GLU`, `L|1|N`)
	r = decodetest.Stream(&d, 5000, 0, decodetest.Turn{Data: orders})
	has(t, lines(r), "interface astm client -> server what=[orders] names=[] patient=false secured=false")
	hasNot(t, lines(r), "analyser", "finding")
}

func FuzzOthers(f *testing.F) {
	f.Add(astm.AppendFrames(nil, `H|\^&|||Acme`, `P|1||7`, `R|1`, `L|1|N`))
	f.Add(poct1a.AppendHello(nil, "1", poct1a.Device{Model: "x"}))
	f.Add(wsd.Append(nil, wsd.Message{Action: wsd.Hello, MessageID: "1", Endpoints: []wsd.Endpoint{{Address: "2", Types: []wsd.QName{{Space: wsd.NamespaceMDPWS, Local: "MedicalDevice"}}}}}))
	f.Add(intellivue.AppendConnectIndication(nil, intellivue.Monitor{Label: "x"}))
	all := Decoders()
	f.Fuzz(func(_ *testing.T, b []byte) {
		for i := range all {
			if all[i].Match != nil {
				decodetest.Stream(&all[i], 5000, 0, decodetest.Turn{Data: b}, decodetest.Turn{Dir: decode.Server, Data: b})
			}
			if all[i].Datagram != nil {
				decodetest.Datagram(&all[i], decode.Client, 3702, b)
			}
		}
	})
}
