package knx

import (
	"encoding/hex"
	"testing"
)

var router = Device{Medium: 2, Address: 0x1101, Serial: [6]byte{0, 0xc5, 1, 2, 3, 4}, MAC: [6]byte{2, 0, 0, 0, 0, 9}, Friendly: []byte("KNX IP Router 751")}

func TestSearchResponse(t *testing.T) {
	b := AppendSearchResponse(nil, &router, [4]byte{192, 0, 2, 1})
	m, ok := Parse(b)
	if !ok || Size(b) != len(b) || !m.FromServer() {
		t.Fatalf("%x: %+v %v", b, m, ok)
	}
	d, ok := ParseDevice(&m)
	if !ok || string(d.Friendly) != string(router.Friendly) || d.Serial != router.Serial || d.MAC != router.MAC || MakerName(d.Maker()) != "Weinzierl Engineering" {
		t.Errorf("%+v", d)
	}
	m.Body = m.Body[:50]
	if _, ok := ParseDevice(&m); ok {
		t.Error("a cut description was read")
	}
}

func TestParse(t *testing.T) {
	for in, want := range map[string]Service{
		"06100201000e0801c0a858e7a17f":     SearchRequest,
		"06100423000e0401020006001087":     FeatureResponse,
		"06100423000e04010200060010870610": FeatureResponse, // the next message follows in the stream
		"06100423000f0401020006001087":     0,
		"061001230006":                     0,
		"05100423":                         0,
		"06100201ffff":                     0,
		"061002":                           0,
	} {
		b, _ := hex.DecodeString(in)
		m, ok := Parse(b)
		if ok != (want != 0) || m.Service != want {
			t.Errorf("%s: %+v", in, m)
		}
		if m.FromServer() != (want == FeatureResponse) {
			t.Errorf("%s: from server %v", in, m.FromServer())
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendSearchResponse(nil, &router, [4]byte{}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if m, ok := Parse(b); ok {
			ParseDevice(&m)
		}
	})
}
