package fox

import (
	"reflect"
	"strings"
	"testing"
)

var station = Hello{
	Reply: true, AppName: []byte("Station"), AppVersion: []byte("4.10.0.154"), OSName: []byte("QNX"), OSVersion: []byte("7.0"),
	VMVersion: []byte("25.231"), Station: []byte("Wing_B"), HostID: []byte("Qnx-TITAN-1A2B-3C4D-5E6F-7A8B"), HostName: []byte("192.0.2.7"), Brand: []byte("vykon"),
}

func TestHello(t *testing.T) {
	b := AppendHello(nil, &station)
	if n := Size(b); n != len(b) {
		t.Fatalf("size %d of %d", n, len(b))
	}
	h, ok := ParseHello(b)
	if !ok || !reflect.DeepEqual(h, station) {
		t.Errorf("%s: %+v", b, h)
	}
	h, ok = ParseHello([]byte("fox a 1 -1 fox hello\n{\nid=i:1\napp.name=s:Workbench\nempty=s:\n=s:x\n};;\n"))
	if !ok || h.Reply || string(h.AppName) != "Workbench" || h.OSName != nil {
		t.Errorf("client: %+v %v", h, ok)
	}
	if _, ok := ParseHello([]byte("fox a 1 -1 fox challenge\n{\nmethod=s:digest-md5\n};;\n")); ok {
		t.Error("a challenge is no hello")
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]int{
		"": 0, "fo": 0, "fox a 0": 0, "foxtrot": -1, "GET /": -1, "fox a 0 -1 fox x\n{\n};;\nfox": 23,
		"fox " + strings.Repeat("x", maxMessage): -1,
	} {
		if got := Size([]byte(in)); got != want {
			t.Errorf("Size(%.20q) = %d, want %d", in, got, want)
		}
	}
}

func FuzzHello(f *testing.F) {
	f.Add(AppendHello(nil, &station))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n := Size(b); n > len(b) {
			t.Fatalf("size %d of %d", n, len(b))
		}
		ParseHello(b)
	})
}
