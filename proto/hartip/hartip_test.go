package hartip

import (
	"encoding/hex"
	"fmt"
	"testing"
)

func unhex(s string) []byte { b, _ := hex.DecodeString(s); return b }

// frame wraps a HART frame of a device with a long address.
func frame(command byte, data string) []byte {
	d := unhex(data)
	f := append([]byte{0x86, 0x26, 0x4e, 0, 0, 1, command, byte(2 + len(d)), 0, 0}, d...)
	f = append(f, 0) // check byte
	return append([]byte{1, 1, 3, 0, 0, 1, 0, byte(HeaderLen + len(f))}, f...)
}

func read(b []byte) string {
	a, ok := ParseAnswer(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("command %d", a.Command)
	if id, ok := ParseIdentity(&a); ok {
		out += fmt.Sprintf(" type %04x hart %d id %x maker %s bridge %v", id.DeviceType, id.Revision, id.DeviceID, MakerName(id.Maker), id.Bridge)
	}
	if tag, ok := Tag(&a); ok {
		out += " tag " + string(tag)
	}
	return out
}

const long = "5441472d31000000000000000000000000000000000000000000000000000000"

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, want string
		in         []byte
	}{
		{"gateway", "command 0 type 264e hart 7 id 0000d2 maker Rosemount bridge true", frame(0, "fe264e050704010e0c0000d205020002d00026002684")},
		{"HART 5 transmitter", "command 0 type 2a05 hart 5 id 00beef maker Siemens bridge false", frame(0, "fe2a0505050102030000beef")},
		{"long tag", "command 20 tag TAG-1", frame(20, long)},
		{"empty tag", "command 20", frame(20, "00"+long[2:4]+long[4:])},
		{"request", "no", unhex("0100030000030011" + "82264e0000d2000038")},
		{"session", "no", unhex("010100000002000d010000ea60")},
		{"count too large", "no", unhex("0101030000030012" + "86264e0000d200ff0000")},
	} {
		if got := read(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	for in, want := range map[string]int{"": 0, "01": 0, "02": -1, "0103": -1, "010100000002000d": 13, "0101040000020008": -1, "0101020000020008": 8, "0101030000020008": -1, "010102000002ffff": -1} {
		if got := Size(unhex(in)); got != want {
			t.Errorf("%s: %d, want %d", in, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(frame(0, "fe264e050704010e0c0000d205020002d00026002684"))
	f.Add(frame(20, long))
	f.Fuzz(func(_ *testing.T, b []byte) { read(b) })
}
