package gear

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
)

// TestEveryDecoderIsListed compares the functions that make a decoder with the list.
func TestEveryDecoderIsListed(t *testing.T) {
	list, err := os.ReadFile("decoders.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	maker := regexp.MustCompile(`(?m)^func (\w+)\([^\n]*\) decode\.Decoder \{`)
	found := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		src, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range maker.FindAllStringSubmatch(string(src), -1) {
			found++
			if !strings.Contains(string(list), m[1]+"(") {
				t.Errorf("%s makes the decoder %s, which decoders.go does not list", f.Name(), m[1])
			}
		}
	}
	if n := len(Decoders(nil)); n != found {
		t.Errorf("%d decoders listed, %d made", n, found)
	}
}

func TestDecodersAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range Decoders(nil) {
		switch {
		case d.Name == "" || d.Name != strings.ToLower(d.Name) || seen[d.Name]:
			t.Errorf("name %q: empty, not lower case or twice", d.Name)
		case d.Frame == nil && d.Datagram == nil && d.Match == nil:
			t.Errorf("%s reads nothing", d.Name)
		case (d.Match == nil) != (d.Open == nil):
			t.Errorf("%s matches and opens only together", d.Name)
		case d.Strict && len(d.UDPPorts) == 0:
			t.Errorf("%s is strict about no port", d.Name)
		case (d.Frame == nil) != (len(d.EtherTypes) == 0):
			t.Errorf("%s reads frames of no type", d.Name)
		}
		seen[d.Name] = true
	}
}

// TestUnknownBytesCostNothing: what no decoder knows must not allocate.
func TestUnknownBytesCostNothing(t *testing.T) {
	payload := []byte("\xde\xad\xbe\xef nothing that anybody knows, long enough to be looked at \x00\x01\x02")
	p := &decode.Packet{SrcPort: 40000, DstPort: 40001, Transport: 17, Payload: payload}
	list := Decoders(nil)
	out := &decode.Out{Notes: decode.NewNotebook(nil)}
	n := testing.AllocsPerRun(100, func() {
		for i := range list {
			if d := &list[i]; d.Datagram != nil && !d.Strict && d.Datagram(p, out) {
				t.Fatalf("%s took it", d.Name)
			}
			if d := &list[i]; d.Match != nil && d.Match(decode.Client, payload, 40001) == decode.Yes {
				t.Fatalf("%s took it", d.Name)
			}
		}
	})
	if n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}

// FuzzDecoders offers bytes to every decoder in every way.
func FuzzDecoders(f *testing.F) {
	f.Add(uint16(23), []byte("\xff\xfb\x01login: "), []byte("root\r\n"))
	f.Add(uint16(21), []byte("220 FTP\r\n331 x\r\n"), []byte("USER a\r\nPASS b\r\n"))
	f.Add(uint16(1883), []byte("\x20\x02\x00\x00"), []byte("\x10\x10\x00\x04MQTT\x04\xc2\x00\x3c\x00\x00\x00\x01a\x00\x01b"))
	f.Fuzz(func(_ *testing.T, port uint16, server, client []byte) {
		list := Decoders(nil)
		for i := range list {
			d := &list[i]
			if d.Frame != nil {
				decodetest.Frame(d, d.EtherTypes[0], server)
			}
			if d.Datagram != nil {
				decodetest.Datagram(d, decode.Server, port, server)
				decodetest.Datagram(d, decode.Client, port, client)
			}
			if d.Match == nil {
				continue
			}
			for _, chunk := range []int{0, 3} {
				decodetest.Stream(d, port, chunk,
					decodetest.Turn{Dir: decode.Server, Data: server}, decodetest.Turn{Dir: decode.Client, Data: client},
					decodetest.Turn{Dir: decode.Server, Data: server}, decodetest.Turn{Dir: decode.Client, Data: client})
			}
		}
	})
}
