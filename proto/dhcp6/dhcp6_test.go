package dhcp6

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	duid    = "0001 000e 0001 0001 1c39cf88 080027fe8f95"
	solicit = "01 e1e093" + duid + "0008 0002 0000" + "0010 000e 00000137 0008 4d53465420352e30" +
		"0027 000a 00 04 70756d70 02 3477 00" + "0006 0004 00170018"
	address = "0005 0018 20010db8000000000000000000000009 00000e10 00001c20"
	reply   = "07 e1e093" + duid + "0003 0028 00000001 00000000 00000000" + address
)

func TestSolicit(t *testing.T) {
	var m Message
	if !Parse(unhex(t, solicit), &m) {
		t.Fatal("not taken")
	}
	if m.Type != Solicit || m.Enterprise != 311 || string(m.VendorClass) != "MSFT 5.0" || string(m.FQDN) != "\x04pump\x024w\x00" {
		t.Errorf("%+v", m)
	}
	if got := LinkLayer(m.ClientID); !bytes.Equal(got, unhex(t, "080027fe8f95")) {
		t.Errorf("hardware address %x", got)
	}
}

func TestReplyInsideARelay(t *testing.T) {
	b := unhex(t, reply)
	relay := append([]byte{RelayRepl, 0}, make([]byte, 32)...)
	relay = append(relay, 0, 79, 0, 8, 0, 1, 8, 0, 0x27, 0xfe, 0x8f, 0x95)
	relay = append(append(relay, 0, 9, byte(len(b)>>8), byte(len(b))), b...)
	var m Message
	if !Parse(relay, &m) {
		t.Fatal("not taken")
	}
	if !m.Relayed || m.Type != Reply || len(m.Address) != 16 || m.Address[15] != 9 || len(m.LinkAddress) != 6 {
		t.Errorf("%+v", m)
	}
}

func TestTorn(t *testing.T) {
	b := unhex(t, solicit)
	whole := 0
	for n := range b {
		var m Message
		if Parse(b[:n], &m) {
			whole++
		}
	}
	if whole > 4 { // only cuts between two options leave a message
		t.Errorf("%d cuts were taken for messages", whole)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(unhex(f, solicit))
	f.Add(unhex(f, reply))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		Parse(b, &m)
		LinkLayer(m.ClientID)
	})
}
