package fins

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func answer(model, version string) []byte {
	b := []byte{0xc0, 0, 2, 0, 0x63, 0, 0, 0xc8, 0, 0xef, 5, 1, 0, 0}
	b = append(b, model...)
	b = append(b, make([]byte, 20-len(model))...)
	b = append(b, version...)
	return append(b, make([]byte, 20-len(version)+52)...)
}

func read(b []byte) string {
	f, ok := Parse(b)
	if !ok {
		return "no"
	}
	c, ok := ParseController(&f)
	if !ok {
		return fmt.Sprintf("%04x", f.Command)
	}
	return fmt.Sprintf("%s|%s", c.Model, c.Version)
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, want string
		in         []byte
	}{
		{"controller", "CP1L-EL20DR-D|01.00", answer("CP1L-EL20DR-D", "    01.00")},
		{"filler", "0501", answer(strings.Repeat("A", 20), strings.Repeat("B", 20))},
		{"filler with a version", "0501", answer(strings.Repeat("A", 20), "01.00")},
		{"no version", "0501", answer("CP1L-EL20DR-D", "")},
		{"request", "0501", []byte{0x80, 0, 2, 0, 0, 0, 0, 0x63, 0, 0xef, 5, 1, 0}},
		{"failed", "0501", append([]byte{0xc0, 0, 2, 0, 0x63, 0, 0, 0xc8, 0, 0xef, 5, 1, 4, 1}, make([]byte, 92)...)},
		{"unknown command", "no", []byte{0x80, 0, 2, 0, 0, 0, 0, 0x63, 0, 0xef, 0x55, 1, 0}},
		{"short", "no", []byte{0x80, 0, 2, 0}},
		{"other control", "no", []byte{0x00, 0, 2, 0, 0, 0, 0, 0x63, 0, 0xef, 5, 1, 0}},
	} {
		if got := read(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTCP(t *testing.T) {
	body := answer("NJ501-1300", "1.10")
	b, _ := hex.DecodeString("46494e53000000000000000200000000")
	b[7] = byte(8 + len(body))
	b = append(b, body...)
	if n := TCPSize(b); n != len(b) {
		t.Errorf("size %d of %d", n, len(b))
	}
	got, ok := TCPBody(b)
	if !ok || read(got) != "NJ501-1300|1.10" {
		t.Errorf("%x %v", got, ok)
	}
	for in, want := range map[string]int{"": 0, "FI": 0, "FINX": -1, "FINS\x00\x00\x00\x00": -1, "FINS\x7f\x00\x00\x00": -1} {
		if got := TCPSize([]byte(in)); got != want {
			t.Errorf("TCPSize(%q) = %d, want %d", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(answer("CP1L-EL20DR-D", "01.00"))
	f.Add([]byte{0x80, 0, 2, 0, 0, 0, 0, 0x63, 0, 0xef, 5, 1, 0})
	f.Fuzz(func(_ *testing.T, b []byte) {
		read(b)
		if body, ok := TCPBody(b); ok {
			read(body)
		}
	})
}
