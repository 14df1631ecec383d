package building

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// TestEveryFileIsListed fails when a decoder's file was added without its line in Decoders.
func TestEveryFileIsListed(t *testing.T) {
	list, err := os.ReadFile("decoders.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, f := range files {
		name := strings.TrimSuffix(f, ".go")
		if strings.HasSuffix(name, "_test") || name == "decoders" || name == "framed" {
			continue
		}
		want++
		if !strings.Contains(string(list), name+"Decoder(),") {
			t.Errorf("%s has no line in Decoders", f)
		}
	}
	if got := len(Decoders()); got != want {
		t.Errorf("%d decoders in %d files", got, want)
	}
}

func TestDecodersAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, d := range Decoders() {
		if d.Name != strings.ToLower(d.Name) || names[d.Name] {
			t.Errorf("name %q is not lower case or not unique", d.Name)
		}
		names[d.Name] = true
		if (d.Match == nil) != (d.Open == nil) {
			t.Errorf("%s: Match and Open go together", d.Name)
		}
		if d.Frame == nil && d.Datagram == nil && d.Match == nil {
			t.Errorf("%s reads nothing", d.Name)
		}
	}
}

// TestRolesAreTypes fails when a decoder may claim a type outside the vocabulary.
func TestRolesAreTypes(t *testing.T) {
	for code := range uint16(300) {
		if typ := enipDeviceType(code); typ != "" && ward.CategoryOf(typ) == ward.Unknown {
			t.Errorf("CIP device type %d gives %q", code, typ)
		}
	}
	for _, typ := range []string{"building controller", "building gateway", "plc", "tank gauge", "industrial gateway"} {
		if ward.CategoryOf(typ) == ward.Unknown {
			t.Errorf("%q is no type", typ)
		}
	}
}

// FuzzDecoders feeds bytes to every decoder as frame, datagram and stream, and through the stream in
// small pieces too.
func FuzzDecoders(f *testing.F) {
	for _, seed := range seeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, d := range Decoders() {
			if d.Frame != nil {
				decodetest.Frame(&d, d.EtherTypes[0], b)
			}
			if d.Datagram != nil {
				decodetest.Datagram(&d, decode.Server, d.UDPPorts[0], b)
			}
			if d.Match != nil {
				whole := decodetest.Stream(&d, d.TCPPorts[0], 0, decodetest.Turn{Dir: decode.Server, Data: b})
				pieces := decodetest.Stream(&d, d.TCPPorts[0], 7, decodetest.Turn{Dir: decode.Server, Data: b})
				if !slices.Equal(whole.Lines, pieces.Lines) {
					t.Errorf("%s: %q in one piece, %q in several", d.Name, whole.Lines, pieces.Lines)
				}
			}
		}
	})
}
