package opcua

import (
	"fmt"
	"testing"
)

var plant = Server{
	ApplicationURI: []byte("urn:plant:server"), ProductURI: []byte("http://example.org/product"), ApplicationName: []byte("Chiller Plant"),
	Security: []byte("http://opcfoundation.org/UA/SecurityPolicy#None"), Mode: 1,
}

func read(b []byte) string {
	out := ""
	EachServer(b, func(s Server) {
		out += fmt.Sprintf("%s|%s|%s|%d;", s.ApplicationURI, s.ProductURI, s.ApplicationName, s.Mode)
	})
	return out
}

func TestEndpoints(t *testing.T) {
	b := AppendEndpoints(nil, "opc.tcp://192.0.2.1:4840", &plant)
	if Size(b) != len(b) {
		t.Fatalf("size %d of %d", Size(b), len(b))
	}
	if got, want := read(b), "urn:plant:server|http://example.org/product|Chiller Plant|1;"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for n := range b { // cut anywhere: nothing, and no crash
		cut := append([]byte(nil), b[:n]...)
		if n > 8 {
			cut[4], cut[5] = byte(n), byte(n>>8)
		}
		if got := read(cut); got != "" {
			t.Errorf("cut at %d: %q", n, got)
		}
	}
}

func TestSize(t *testing.T) {
	hello := AppendHello(nil, "opc.tcp://192.0.2.1:4840")
	for in, want := range map[string]int{
		"": 0, "HE": 0, "HELF": 0, string(hello): len(hello), "HELX": -1, "GET ": -1, "MSGF\x00\x00\x00\x00": -1, "MSGF\xff\xff\xff\xff": -1, "S": -1,
	} {
		if got := Size([]byte(in)); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func FuzzEachServer(f *testing.F) {
	f.Add(AppendEndpoints(nil, "opc.tcp://192.0.2.1:4840", &plant))
	f.Fuzz(func(_ *testing.T, b []byte) { read(b) })
}
