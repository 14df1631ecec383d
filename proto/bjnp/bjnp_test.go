package bjnp

import "testing"

const answer = "BJNP\x81\x30\x00\x00\x00\x01\x00\x00\x00\x00\x00\x2a\x00\x2aMFG:Canon;MDL:MG5200 series;CLS:PRINTER;"

func TestRead(t *testing.T) {
	m, ok := Read([]byte(answer))
	if !ok || !m.Answer || m.Scanner || m.Command != Identity {
		t.Fatalf("%+v %v", m, ok)
	}
	if got := string(Part(m.ID(), "MODEL", "MDL")); got != "MG5200 series" {
		t.Errorf("model %q", got)
	}
	if m, ok := Read([]byte("BJNP\x02\x01\x00\x00\x17\xa4\x00\x00\x00\x00\x00\x00")); !ok || m.Answer || !m.Scanner || m.ID() != nil {
		t.Error("a search is a question of a client")
	}
	if _, ok := Read([]byte("BJNP\x07\x01\x00\x00\x17\xa4\x00\x00\x00\x00\x00\x00")); ok {
		t.Error("unknown kind accepted")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(answer))
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, _ := Read(b)
		Part(m.ID(), "MFG")
	})
}
