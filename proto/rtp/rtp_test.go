package rtp

import "testing"

func TestIsAudio(t *testing.T) {
	head := []byte{0x80, 8, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4}
	for n, want := range map[int]bool{160: true, 80: true, 150: false, 960: false} {
		if IsAudio(append(head[:12:12], make([]byte, n)...)) != want {
			t.Errorf("%d bytes of G.711: not %v", n, want)
		}
	}
	if head[1] = 96; IsAudio(append(head[:12:12], make([]byte, 160)...)) {
		t.Error("a dynamic type could be anything")
	}
}

func TestIsControl(t *testing.T) {
	report := []byte{0x80, 201, 0, 1, 1, 2, 3, 4}
	name := []byte{0x81, 202, 0, 2, 1, 2, 3, 4, 1, 0, 0, 0}
	both := append(append([]byte(nil), report...), name...)
	if !IsControl(both) || IsControl(report) || IsControl(append(both, 1)) || IsControl(name) {
		t.Error("a report with a name is RTCP, and nothing else here")
	}
}

func FuzzIs(f *testing.F) {
	f.Add([]byte{0x80, 201, 0, 1, 1, 2, 3, 4})
	f.Fuzz(func(_ *testing.T, b []byte) { IsAudio(b); IsControl(b) })
}
