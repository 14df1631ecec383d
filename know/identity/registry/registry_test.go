package registry

import "testing"

func TestMACAsksSmallBlocksFirst(t *testing.T) {
	for _, c := range []struct {
		mac   [6]byte
		owner string
		bits  int
	}{
		{[6]byte{0x00, 0x50, 0xc2, 0x79, 0x31, 0x05}, "Enertex Bayern GmbH", 36},
		{[6]byte{0x00, 0x1b, 0x1b, 0x23, 0xeb, 0x3b}, "Siemens AG,", 24},
		{[6]byte{0xb0, 0x1f, 0x81, 0xf0, 0, 1}, "Private", 28},
		{[6]byte{0x02, 0x1b, 0x1b, 0x23, 0xeb, 0x3b}, "", 0},
		{[6]byte{0x01, 0x00, 0x5e, 0, 0, 1}, "", 0},
	} {
		owner, bits := Builtin().MAC(c.mac)
		if owner != c.owner || bits != c.bits {
			t.Errorf("%x: %q %d, want %q %d", c.mac, owner, bits, c.owner, c.bits)
		}
	}
}

func TestNumbers(t *testing.T) {
	b := Builtin()
	if got := b.Enterprise(9); got != "ciscoSystems" && got != "Cisco Systems, Inc." {
		t.Errorf("enterprise 9: %q", got)
	}
	if got := b.BACnet(5); got != "Johnson Controls Inc." {
		t.Errorf("bacnet 5: %q", got)
	}
	if got := b.Enterprise(4_000_000_000); got != "" {
		t.Errorf("unassigned number: %q", got)
	}
}

func TestTablesAreComplete(t *testing.T) {
	b := Builtin()
	for name, want := range map[string]int{"24": 30_000, "28": 3_000, "36": 7_000, "pen": 3_000, "bacnet": 1_100} {
		if got := len(b.table(name).number); got < want {
			t.Errorf("table %s has %d rows, want at least %d", name, got, want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(packed)
	}
}

func BenchmarkMAC(b *testing.B) {
	t := Builtin()
	for b.Loop() {
		t.MAC([6]byte{0x00, 0x1b, 0x1b, 0x23, 0xeb, 0x3b})
	}
}
