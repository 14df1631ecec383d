package tpkt

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		kind      Kind
		variable  string
		user      string
		ok        bool
	}{
		{"connect request with TSAPs", "0300001611e00000000100c0010ac1020100c2020102", ConnectRequest, "c0010ac1020100c2020102", "", true},
		{"data", "0300000902f0803201", Data, "", "3201", true},
		{"header longer than packet", "0300000909f0803201", 0, "", "", false},
		{"unknown kind", "030000090211803201", 0, "", "", false},
		{"cut", "0300000902f080", 0, "", "", false},
		{"not tpkt", "0400000902f0803201", 0, "", "", false},
	} {
		b, _ := hex.DecodeString(c.hex)
		u, ok := Parse(b)
		if ok != c.ok || u.Kind != c.kind || hex.EncodeToString(u.Variable) != c.variable || hex.EncodeToString(u.User) != c.user {
			t.Errorf("%s: got %+v %v", c.name, u, ok)
		}
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]int{"": 0, "03": 0, "0300": 0, "030000": 0, "03000007": 7, "03000006": -1, "0301": -1, "16": -1} {
		b, _ := hex.DecodeString(in)
		if got := Size(b); got != want {
			t.Errorf("Size(%s) = %d, want %d", in, got, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	u, ok := Parse(AppendData(nil, []byte("abc")))
	if !ok || u.Kind != Data || !u.Last || !bytes.Equal(u.User, []byte("abc")) {
		t.Errorf("data: %+v %v", u, ok)
	}
	u, ok = Parse(AppendConnect(nil, ConnectConfirm, 1, 2, []byte{0xc0, 1, 10}))
	if !ok || u.Kind != ConnectConfirm || u.DstRef != 1 || u.SrcRef != 2 || len(u.Variable) != 3 {
		t.Errorf("connect: %+v %v", u, ok)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendData(nil, []byte{0x32, 1}))
	f.Add(AppendConnect(nil, ConnectRequest, 0, 1, []byte("Cookie: mstshash=a\r\n")))
	f.Fuzz(func(t *testing.T, b []byte) {
		u, ok := Parse(b)
		if ok && len(u.User)+len(u.Variable) > len(b) {
			t.Fatal("more out than in")
		}
	})
}
