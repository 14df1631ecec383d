package bacnet

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// read lists what a datagram says, for comparison.
func read(b []byte) string {
	f, ok := Parse(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("fn %d", f.Function)
	if f.Function == ForwardedNPDU {
		out += fmt.Sprintf(" from %v:%d", f.Origin, f.OriginPort)
	}
	if f.Network.SrcNet != 0 {
		out += fmt.Sprintf(" net %d/%x", f.Network.SrcNet, f.Network.SrcAddr)
	}
	a, ok := ParseAPDU(f.Network.APDU)
	if !f.Network.HasAPDU || !ok {
		return out
	}
	if n, ok := Password(&a); ok {
		out += fmt.Sprintf(" password of %d", n)
	}
	if m, ok := ParseIAm(a.Data); ok && a.Type == UnconfirmedRequest {
		out += fmt.Sprintf(" i-am %d vendor %d", m.Device.Instance(), m.Vendor)
	}
	EachProperty(&a, func(p Property) {
		text, ok := AppendString(nil, p.Value.Value)
		if !ok || p.Value.Number != TagCharacter {
			text = fmt.Appendf(nil, "%x", p.Value.Value)
		}
		out += fmt.Sprintf(" %d,%d.%d=%s", p.Object.Type(), p.Object.Instance(), p.Property, text)
	})
	return out
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"I-Am", "810a0015 0100 1000 c402000065 220400 9100 220539", "fn 10 i-am 101 vendor 1337"},
		{"I-Am through a broadcast manager", "8104001b c0a80105bac0 0100 1000 c402000065 220400 9100 220539", "fn 4 from [192 168 1 5]:47808 i-am 101 vendor 1337"},
		{"I-Am from behind a router", "810a0019 0108 000c010a 1000 c402000065 220400 9100 220539", "fn 10 net 12/0a i-am 101 vendor 1337"},
		{"vendor-name in UCS-2", "810a001b 0100 300 10c 0c023fffff 1979 3e 7507 04 004a00430049 3f", "fn 10 8,4194303.121=JCI"},
		{"vendor-identifier", "810a0014 0100 30010c 0c023fffff 1978 3e 2105 3f", "fn 10 8,4194303.120=05"},
		{"name in ISO 8859-1", "810a0018 0100 30010c 0c02000001 194d 3e 7504 05 4cfc66 3f", "fn 10 8,1.77=Lüf"},
		{"multiple, second is an error", "810a0028 0100 30010e 0c02000001 1e 294d 4e 7502 0041 4f 292c 5e 9102 9120 5f 2946 4e 7502 0042 4f 1f", "fn 10 8,1.77=A 8,1.70=B"},
		{"segment 1 holds nothing by itself", "810a0014 0100 38010104 0e 0c02000001 1e 294d 4e", "fn 10"},
		{"communication control", "810a0015 0100 0005 01 11 0905 1901 2d05 00 61626364", "fn 10 password of 4"},
		{"register foreign device", "81050006 003c", "fn 5"},
		{"length does not fit", "810a0016 0100 1000 c402000065 220400 9100 220539", "no"},
		{"other version", "810a0015 0200 1000 c402000065 220400 9100 220539", "no"},
		{"source network without address", "810a0009 0108 000c00", "no"},
	} {
		if got := read(unhex(t, c.in)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEncodersAreRead(t *testing.T) {
	dev := NewObject(Device, 4711)
	for want, b := range map[string][]byte{
		"fn 11":                         AppendWhoIs(nil),
		"fn 11 i-am 4711 vendor 300000": AppendIAm(nil, IAm{dev, 1476, 3, 300000}),
		"fn 10":                         AppendReadProperty(nil, 1, dev, ModelName),
		"fn 10 8,4711.70=Führ":          AppendReadPropertyAck(nil, 1, dev, ModelName, AppendText(nil, "Führ")),
		"fn 10 2,1.85=41ac0000":         AppendReadPropertyAck(nil, 1, NewObject(2, 1), PresentValue, AppendReal(nil, 21.5)),
		"fn 10 8,4711.70=M 8,4711.44=" + strings.Repeat("x", 300) + " 8,4711.372=S": AppendReadPropertyMultipleAck(nil, 1, dev, []Told{
			{ModelName, AppendText(nil, "M")}, {FirmwareRevision, AppendText(nil, strings.Repeat("x", 300))}, {SerialNumber, AppendText(nil, "S")},
		}),
	} {
		if got := read(b); got != want {
			t.Errorf("%x: %q, want %q", b, got, want)
		}
	}
}

func TestVendorName(t *testing.T) {
	for id, want := range map[uint32]string{0: "ASHRAE", 5: "Johnson Controls Inc.", 22: "Siemens Schweiz AG", 1337: "", 777: "", 1174: "DAS Integrator Pte Ltd", 4000000000: ""} {
		if got := VendorName(id); got != want {
			t.Errorf("%d: %q, want %q", id, got, want)
		}
	}
}

// TestEveryVendorIsFound asks for every number: the search by halves must find each line.
func TestEveryVendorIsFound(t *testing.T) {
	found := 0
	for id := range uint32(70000) {
		if VendorName(id) != "" {
			found++
		}
	}
	if lines := strings.Count(vendors, "\n") - 1; found != lines {
		t.Errorf("%d of %d vendors found", found, lines)
	}
}

func TestAppendString(t *testing.T) {
	for in, want := range map[string]string{
		"0041": "A", "00c3bc": "ü", "05fc": "ü", "0400fc": "ü", "03000000fc": "ü",
		"00ff": "", "0400": "", "0203e841": "", "": "",
	} {
		got, ok := AppendString(nil, unhex(t, in))
		if !ok {
			got = nil
		}
		if string(got) != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestNextRefusesCutValues(t *testing.T) {
	for _, in := range []string{"", "75", "7505", "75fe00", "75ff00000001", "f4", "c40200"} {
		if tag, _, ok := Next(unhex(t, in)); ok {
			t.Errorf("%s: %+v", in, tag)
		}
	}
	tag, rest, ok := Next([]byte{0x11, 9})
	if !ok || tag.Value != nil || !reflect.DeepEqual(rest, []byte{9}) {
		t.Errorf("boolean: %+v %v %v", tag, rest, ok)
	}
}

func FuzzParse(f *testing.F) {
	dev := NewObject(Device, 1)
	f.Add(AppendIAm(nil, IAm{dev, 480, 0, 5}))
	f.Add(AppendReadPropertyAck(nil, 1, dev, ModelName, AppendText(nil, "x")))
	f.Add(AppendReadPropertyMultipleAck(nil, 1, dev, []Told{{ModelName, AppendText(nil, "M")}}))
	f.Fuzz(func(_ *testing.T, b []byte) { read(b) })
}
