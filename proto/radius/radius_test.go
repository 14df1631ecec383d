package radius

import "testing"

func packet() []byte {
	return Append(nil, AccountRequest, 1, Attribute{CallingStationID, []byte("00-11-22-33-44-55")}, Attribute{NASPort, []byte{0, 0, 0, 7}})
}

func TestAppendAndReadAgree(t *testing.T) {
	p, ok := Read(packet())
	if !ok || p.Code != AccountRequest || string(p.Get(CallingStationID)) != "00-11-22-33-44-55" || p.Get(NASPortID) != nil {
		t.Fatalf("%+v %v", p, ok)
	}
	if n, ok := p.Number(NASPort); n != 7 || !ok {
		t.Errorf("port %d %v", n, ok)
	}
}

func TestReadRefuses(t *testing.T) {
	b := packet()
	bad := append([]byte(nil), b...)
	bad[21] = 1
	for name, b := range map[string][]byte{"empty": nil, "cut": b[:len(b)-1], "attribute": bad, "code": append([]byte{99}, b[1:]...)} {
		if _, ok := Read(b); ok {
			t.Errorf("%s accepted", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(packet())
	f.Fuzz(func(_ *testing.T, b []byte) {
		p, _ := Read(b)
		p.Get(87)
		p.Number(5)
	})
}
