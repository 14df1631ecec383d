package stun

import "testing"

const answer = "\x01\x01\x00\x0c\x21\x12\xa4\x42abcdefghijkl\x80\x22\x00\x05coturn\x00\x00"

func TestRead(t *testing.T) {
	ans, attr, size, ok := Read([]byte(answer))
	if !ans || size != len(answer) || !ok || string(Get(attr, Software)) != "cotur" {
		t.Errorf("%v %d %v %q", ans, size, ok, Get(attr, Software))
	}
	for _, s := range []string{"", answer[:19], "\x81" + answer[1:], answer[:3] + "\x0d" + answer[4:]} {
		if _, _, _, ok := Read([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(answer))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, attr, _, _ := Read(b)
		Get(attr, Software)
	})
}
