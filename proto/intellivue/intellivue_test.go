package intellivue

import (
	"reflect"
	"testing"
)

func monitor() Monitor {
	return Monitor{
		Manufacturer: []byte("Philips"), Model: []byte("M8005A"), Serial: []byte("DE0001"), Part: []byte("M8005A"),
		Hardware: []byte("B.00.05"), Software: []byte("G.01.78"), MAC: [6]byte{0, 9, 0xfb, 1, 2, 3}, Label: "ICU Bett 4",
	}
}

func TestConnectIndication(t *testing.T) {
	m, ok := Parse(AppendConnectIndication(nil, monitor()))
	if !ok || m.Kind != ConnectIndication || !reflect.DeepEqual(m.Monitor, monitor()) {
		t.Fatalf("got %v %+v", ok, m)
	}
}

func TestLengthsMustAgree(t *testing.T) {
	good := AppendConnectIndication(nil, monitor())
	for n := range good {
		if _, ok := Parse(good[:n]); ok {
			t.Fatalf("accepted %d of %d bytes", n, len(good))
		}
	}
	for _, at := range []int{0, 2, 5, 6, 11, 12, 15, 24, 25, 28, 30} {
		bad := append([]byte{}, good...)
		bad[at] ^= 0x40
		if _, ok := Parse(bad); ok {
			t.Errorf("byte %d may be anything", at)
		}
	}
}

// poll is a poll result for an object class with so many contexts.
func poll(class, contexts byte) []byte {
	body := []byte{0, 0x21, 0, 0, 0, 0, 0x0c, 0x16, 0, 22, 0, 1, 0, 0, 0, 9, 0x20, 0x26, 1, 1, 0, 0, 0, 0, 0, 1, 0, class, 0, 0, 0, contexts, 0, 0}
	n := byte(len(body))
	return append([]byte{0xe1, 0, 0, 2, 0, 2, 0, n + 6, 0, 1, 0, 7, 0, n}, body...)
}

func TestPollOfDemographics(t *testing.T) {
	if m, ok := Parse(poll(classPatient, 1)); !ok || m.Kind != PollResult || !m.Demographics {
		t.Errorf("got %v %+v", ok, m)
	}
	if m, ok := Parse(poll(6, 1)); !ok || m.Demographics {
		t.Errorf("numerics: got %v %+v", ok, m)
	}
	if m, ok := Parse(poll(classPatient, 0)); !ok || m.Demographics {
		t.Errorf("empty: got %v %+v", ok, m)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendConnectIndication(nil, monitor()))
	f.Add(poll(classPatient, 1))
	f.Fuzz(func(_ *testing.T, b []byte) { Parse(b) })
}
