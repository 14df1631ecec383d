package ntp

import "testing"

func TestAppendAndReadAgree(t *testing.T) {
	p, ok := Read(AppendRequest(nil, 1<<40))
	if !ok || p.Mode != Client || p.Version != 4 {
		t.Errorf("request %+v, %v", p, ok)
	}
	p, ok = Read(AppendAnswer(nil, 1, [4]byte{'G', 'P', 'S'}, 1<<40, 1<<41))
	if !ok || p.Mode != Server || p.Stratum != 1 || string(p.Reference[:3]) != "GPS" {
		t.Errorf("answer %+v, %v", p, ok)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, 47), make([]byte, 48), append([]byte{0x24, 99}, make([]byte, 46)...), append([]byte{0x26}, make([]byte, 47)...)} {
		if _, ok := Read(b); ok {
			t.Errorf("% x... accepted", b[:min(len(b), 4)])
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendRequest(nil, 1))
	f.Fuzz(func(_ *testing.T, b []byte) { Read(b) })
}
