package modbus

import (
	"encoding/hex"
	"fmt"
	"testing"
)

func unhex(s string) []byte { b, _ := hex.DecodeString(s); return b }

func read(b []byte) string {
	m, ok := Parse(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("fn %d", m.Function)
	if m.Exception {
		out += " exception"
	}
	EachObject(&m, func(id byte, v []byte) { out += fmt.Sprintf(" %d=%s", id, v) })
	if id, ok := ServerID(&m); ok {
		out += fmt.Sprintf(" id=%s", id)
	}
	return out
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, want string
		in         []byte
	}{
		{"identification", "fn 43 0=Schneider Electric 1=BMXP342020 2=V2.50", AppendIdentify(nil, 1, 1, []string{"Schneider Electric", "BMXP342020", "V2.50"})},
		{"request", "fn 43", AppendIdentify(nil, 1, 1, nil)},
		{"server id", "fn 17 id=Example Limited", append(unhex("0000000000140a111100ff"), "Example Limited"...)},
		{"server id without text", "fn 17", unhex("0000000000050a110200ff")},
		{"exception", "fn 1 exception", unhex("0001000000030a8102")},
		{"object cut", "fn 43 0=A", unhex("00010000000e0a2b0e010100000200014101ff4100")},
		{"other protocol id", "no", unhex("0001000100030a8102")},
		{"absurd length", "no", unhex("000100000fff0a8102")},
		{"unknown function", "no", unhex("0001000000030a7f02")},
		{"cut", "no", unhex("0001000000060a03")},
	} {
		if got := read(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhole(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want bool
	}{
		{"read", AppendReadRegisters(nil, 7, 1, 0, 10, nil), true},
		{"values", AppendReadRegisters(nil, 7, 1, 0, 2, []uint16{1, 2}), true},
		{"values, wrong count", unhex("0007000000070103050001000200"), false},
		{"identify", AppendIdentify(nil, 7, 1, nil), true},
		{"exception", unhex("0001000000030a8102"), true},
		{"something else with zeros", unhex("000000000004010b0000"), false},
	} {
		if got := Whole(c.in); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendIdentify(nil, 1, 1, []string{"A", "B"}))
	f.Add(unhex("0000000000050a110200ff"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		read(b)
		Whole(b)
	})
}
