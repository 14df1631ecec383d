package enip

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
)

var l61 = Identity{Vendor: 1, DeviceType: 0x0e, ProductCode: 54, Major: 16, Minor: 20, Status: 0x3060, Serial: 0x0051823f, Name: []byte("1756-L61/B LOGIX5561")}

func TestListIdentity(t *testing.T) {
	b := AppendListIdentity(nil, l61, [4]byte{192, 0, 2, 1})
	m, ok := Parse(b)
	if !ok || m.Command != ListIdentity {
		t.Fatalf("%x: %+v", b, m)
	}
	id, ok := ParseListIdentity(m.Data)
	if !ok || id.Serial != l61.Serial || string(id.Name) != string(l61.Name) || id.Major != 16 || id.Minor != 20 || id.DeviceType != 14 {
		t.Errorf("%+v %v", id, ok)
	}
	if _, ok := ParseListIdentity(m.Data[:40]); ok {
		t.Error("a cut item was read")
	}
}

func TestSize(t *testing.T) {
	header := func(cmd Command, n uint16, status, options uint32) []byte {
		b := make([]byte, HeaderLen)
		binary.LittleEndian.PutUint16(b, uint16(cmd))
		binary.LittleEndian.PutUint16(b[2:], n)
		binary.LittleEndian.PutUint32(b[8:], status)
		binary.LittleEndian.PutUint32(b[20:], options)
		return b
	}
	for name, c := range map[string]struct {
		in   []byte
		want int
	}{
		"nothing yet":        {nil, 0},
		"half a header":      {header(ListIdentity, 0, 0, 0)[:10], 0},
		"list identity":      {header(ListIdentity, 0, 0, 0), 24},
		"register":           {header(RegisterSession, 4, 0, 0), 28},
		"register, odd size": {header(RegisterSession, 5, 0, 0), -1},
		"options":            {header(ListIdentity, 0, 0, 1), -1},
		"absurd status":      {header(SendRRData, 20, 99999, 0), -1},
		"other command":      {header(0x6e, 0, 0, 0), -1},
	} {
		if got := Size(c.in); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestUnwrap(t *testing.T) {
	// Unconnected Send of Get Attributes All to the identity object, over the backplane to slot 0,
	// then the same one network further.
	for in, want := range map[string]Route{
		"520220062401" + "0a0e0600010220012401" + "01000100":                                                     {1, 1, 0},
		"520220062401" + "0a0e0600010220012401" + "0900" + "0102" + "120c" + "31302e302e302e3132303031" + "0100": {3, 1, 2},
	} {
		b, _ := hex.DecodeString(in)
		r, ok := ParseRequest(b)
		if !ok {
			t.Fatalf("%s not read", in)
		}
		inner, route, ok := Unwrap(r)
		if !ok || inner.Service != GetAttributesAll || inner.Class != ClassIdentity || inner.Instance != 1 || route != want {
			t.Errorf("%s: %+v %+v %v", in, inner, route, ok)
		}
	}
}

func TestVendorName(t *testing.T) {
	for i, v := range vendors {
		if i > 0 && vendors[i-1].id >= v.id {
			t.Errorf("vendor %d stands after %d", v.id, vendors[i-1].id)
		}
		if VendorName(v.id) != v.name {
			t.Errorf("vendor %d is not found", v.id)
		}
	}
	if got := VendorName(65535); got != "" {
		t.Errorf("vendor 65535: %q", got)
	}
}

func TestControllerData(t *testing.T) {
	for in, want := range map[string]bool{
		"4c0391035461 6700 0100": true,  // a tag by name
		"4c02206b2401 0100":      true,  // a tag by instance
		"4c0220012401":           false, // the same service of the identity object
		"0a0220022401 0200 0600 1200 4c02207224 0000ce04000100 4c02207224002c3d04000100": true,
		"0a0220022401 0100 ff00 4c02207224":                                              false, // an offset beyond the packet
		"0e0220012401300 6":                                                              false,
	} {
		r, ok := ParseRequest(unhex(t, in))
		if !ok || AsksForData(r) != want {
			t.Errorf("request %s: %+v, want %v", in, r, want)
		}
	}
	for in, want := range map[string]bool{
		"cc000000c4002a000000": true,
		"cc00060005":           true,
		"cc000500":             false, // path unknown
		"8a000000 0200 0600 0e00 cc00000001000000 cc00000005000000": true,
		"8a000000 0100 0400 ce00000001":                             false,
		"8a000000 ffff 0600":                                        false,
	} {
		r, ok := ParseReply(unhex(t, in))
		if !ok || GivesData(r) != want {
			t.Errorf("reply %s: %+v, want %v", in, r, want)
		}
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzParse(f *testing.F) {
	f.Add(AppendListIdentity(nil, l61, [4]byte{}))
	data, _ := hex.DecodeString("00000000000002000000000000b2000e00cc000000c4002a000000")
	f.Add(AppendMessage(nil, Message{Command: SendRRData, Data: data}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, ok := Parse(b)
		if !ok {
			return
		}
		ParseListIdentity(m.Data)
		c, _, _, ok := m.CIP()
		if !ok {
			return
		}
		if r, ok := ParseReply(c); ok {
			GivesData(r)
			ParseIdentity(r.Data)
		}
		if r, ok := ParseRequest(c); ok {
			Unwrap(r)
			AsksForData(r)
		}
	})
}
