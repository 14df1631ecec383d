package stp

import "testing"

var id = BridgeID{Priority: 32769, MAC: [6]byte{0, 0x1e, 0xf6, 1, 2, 3}}

func TestAppendAndReadAgree(t *testing.T) {
	p, ok := Read(Append(nil, id))
	if !ok || p.Bridge != id || p.Root != id || p.Type != 0 {
		t.Fatalf("read %+v, %v", p, ok)
	}
	if len(Append(nil, id)) != 35 {
		t.Error("a configuration BPDU has 35 bytes")
	}
}

func TestReadRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty": nil, "protocol": {0, 1, 0, 0}, "version": {0, 0, 9, 0}, "type": {0, 0, 0, 7}, "cut": Append(nil, id)[:34],
	} {
		if _, ok := Read(b); ok {
			t.Errorf("%s: taken for a BPDU", name)
		}
	}
	if _, ok := Read([]byte{0, 0, 0, 0x80}); !ok {
		t.Error("a topology change notice is a BPDU")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(Append(nil, id))
	f.Fuzz(func(_ *testing.T, b []byte) { Read(b) })
}
