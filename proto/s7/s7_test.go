package s7

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func list(b []byte) string {
	m, ok := Parse(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("kind %d", m.Kind)
	if m.SetUp() {
		out += " set up"
	}
	p, ok := m.SZL()
	if !ok {
		return out
	}
	out += fmt.Sprintf(" unit %d last %v", p.Unit, p.Last)
	l, ok := ParseList(p.Bytes)
	if !ok {
		return out
	}
	EachIdentification(l, func(r Identification) {
		out += fmt.Sprintf(" %d:%s/%c%d.%d.%d", r.Index, r.Order, r.Version.Letter, r.Version.Major, r.Version.Minor, r.Version.Patch)
	})
	EachComponent(l, func(i uint16, text []byte) { out += fmt.Sprintf(" %d=%s", i, text) })
	return out
}

func pad(s string, n int) []byte { return append([]byte(s), make([]byte, n-len(s))...) }

func TestParse(t *testing.T) {
	module := append(append([]byte{0, Module}, "6ES7 151-8AB01-0AB0 "...), 0, 0xc0, 0, 3, 0, 1)
	firmware := append(append([]byte{0, Firmware}, strings.Repeat(" ", 20)...), 0, 0xc0, 'V', 3, 2, 6)
	component := append([]byte{0, SerialNumber}, pad("S C-X1", 32)...)
	component = append(component, append([]byte{0, ModuleType}, pad("IM151-8 PN/DP CPU", 32)...)...)
	unhex := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"request", AppendSetup(nil, 1, false), "kind 1"},
		{"accepted", AppendSetup(nil, 1, true), "kind 3 set up"},
		{"refused", unhex("320300000001000800008104f0000001000100f0"), "kind 3"},
		{"module identification", AppendSZL(nil, 2, 0x11, 28, append(module, firmware...)), "kind 7 unit 0 last true 1:6ES7 151-8AB01-0AB0/\x003.0.1 7:/V3.2.6"},
		{"component identification", AppendSZL(nil, 2, 0x1c, 34, component), "kind 7 unit 0 last true 5=S C-X1 7=IM151-8 PN/DP CPU"},
		{"record cut", AppendSZL(nil, 2, 0x1c, 34, component[:60]), "kind 7 unit 0 last true 5=S C-X1"},
		{"not S7", unhex("330100000001000800000000"), "no"},
		{"parameter longer than message", unhex("32010000000100ff0000f000"), "no"},
		{"SZL error", unhex("320700001100000c0004000112081284010200000000d4020a000000"), "kind 7"},
	} {
		if got := list(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendSetup(nil, 1, true))
	f.Add(AppendSZL(nil, 2, 0x11, 28, make([]byte, 28)))
	f.Add(AppendSZL(nil, 2, 0x1c, 34, make([]byte, 68)))
	f.Fuzz(func(_ *testing.T, b []byte) { list(b) })
}
