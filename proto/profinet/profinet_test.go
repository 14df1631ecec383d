package profinet

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"
)

func unhex(s string) []byte { b, _ := hex.DecodeString(s); return b }

func blocks(b []byte) string {
	d, ok := ParseDCP(b)
	if !ok {
		return "no"
	}
	out := fmt.Sprintf("service %d answer %v", d.Service, d.Answer)
	d.EachBlock(func(block uint16, v []byte) { out += fmt.Sprintf(" %04x=%q", block, v) })
	return out
}

func TestDCP(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want string
	}{
		{"answer", AppendIdentifyResponse(nil, 1, "pump-1", "ET200SP", 0x2a, 0x313, RoleDevice), `service 5 answer true 0201="ET200SP" 0202="pump-1" 0203="\x00*\x03\x13" 0204="\x01\x00"`},
		{"request with padding", unhex("fefe05000300bf9a0001000c02020007737769746368330069656d656e73"), "service 5 answer false"},
		{"block longer than frame", unhex("feff05010300bf9a0000000802020fff73776974"), "service 5 answer true"},
		{"data longer than frame", unhex("feff05010300bf9a000000ff0202"), "no"},
		{"cyclic data", unhex("800005010300bf9a000000000202"), "no"},
	} {
		if got := blocks(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if !IsRealTime(unhex("8000")) || IsRealTime(unhex("feff")) || IsRealTime(unhex("80")) {
		t.Error("real-time frames are told wrongly")
	}
}

// identification builds the answer of an I&M0 read by the layout of the specification.
func identification(little bool) []byte {
	b := make([]byte, rpcHeader)
	order := binary.ByteOrder(binary.BigEndian)
	if little {
		order = binary.LittleEndian
		b[4] = 0x10
	}
	b[0], b[1] = 4, 2
	order.PutUint32(b[24:], 0xdea00001)
	copy(b[32:], pnUUID)
	body := make([]byte, 20)
	h := make([]byte, 64)
	copy(h, []byte{0x80, 0x09, 0, 60, 1, 0})
	h[31] = 1
	h[34], h[35] = 0xaf, 0xf0
	d := []byte{0, 0x20, 0, 56, 1, 0, 0, 0x2a}
	d = append(d, "6ES7 155-6AU00-0BN0 "...)
	d = append(d, "S C-D9AB12342012"...)
	d = append(d, 0, 3, 'V', 3, 3, 1)
	d = append(d, make([]byte, 16)...)
	body = append(append(body, h...), d...)
	order.PutUint16(b[74:], uint16(len(body)))
	return append(b, body...)
}

func TestIdentification(t *testing.T) {
	for _, little := range []bool{false, true} {
		r, ok := ParseRPC(identification(little))
		if !ok {
			t.Fatal("not read")
		}
		id, ok := ParseIdentification(&r)
		got := fmt.Sprintf("%d/%d %04x %s|%s|%d|%c%d.%d.%d", id.Slot, id.Subslot, id.Vendor, id.Order, id.Serial, id.Hardware, id.Software[0], id.Software[1], id.Software[2], id.Software[3])
		if want := "0/1 002a 6ES7 155-6AU00-0BN0|S C-D9AB12342012|3|V3.3.1"; !ok || got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if _, ok := ParseRPC(identification(false)[:60]); ok {
		t.Error("a cut header was read")
	}
	other := identification(false)
	other[39] = 0
	if _, ok := ParseRPC(other); ok {
		t.Error("another interface was taken for PROFINET")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendIdentifyResponse(nil, 1, "pump-1", "ET200SP", 0x2a, 0x313, RoleDevice))
	f.Add(identification(true))
	f.Fuzz(func(_ *testing.T, b []byte) {
		blocks(b)
		if r, ok := ParseRPC(b); ok {
			ParseIdentification(&r)
		}
	})
}
