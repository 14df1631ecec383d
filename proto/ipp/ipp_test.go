package ipp

import "testing"

func answer() []byte {
	b := AppendHead(nil, 0, 7)
	b = AppendGroup(b, PrinterAttributes)
	b = AppendAttribute(b, TagText, "printer-make-and-model", "Acme LaserPrint 9")
	b = AppendAttribute(b, TagName, "printer-name", "ward4")
	b = AppendAttribute(b, TagName, "", "second")
	return AppendEnd(b)
}

func TestReadGivesAttributesInOrder(t *testing.T) {
	m, err := Read(answer())
	if err != nil || m.RequestID != 7 || !m.OK() || m.Major != 1 {
		t.Fatalf("head: %+v, %v", m, err)
	}
	if got := string(m.Value("printer-make-and-model")); got != "Acme LaserPrint 9" {
		t.Errorf("model = %q", got)
	}
	var names []string
	for a := range m.Attributes {
		if a.Group == PrinterAttributes {
			names = append(names, string(a.Name)+"="+string(a.Value))
		}
	}
	if len(names) != 3 || names[2] != "printer-name=second" {
		t.Errorf("printer attributes = %q: a value without a name repeats the one before", names)
	}
}

func TestReadRefusesOtherBodies(t *testing.T) {
	for _, s := range []string{"", "GET / HTTP/1.1", "\x01\x01\x00\x0b\x00\x00\x00\x01\x02", "\x03\x00\x00\x0b\x00\x00\x00\x01\x01"} {
		if _, err := Read([]byte(s)); err == nil {
			t.Errorf("%q was taken for IPP", s)
		}
	}
}

func TestTornBodyKeepsWhatCameBefore(t *testing.T) {
	b := answer()
	m, err := Read(b[:len(b)-12])
	if err != nil || string(m.Value("printer-make-and-model")) == "" {
		t.Fatalf("lost the model of a torn body: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(answer())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b)
		if err != nil {
			return
		}
		n := 0
		for a := range m.Attributes {
			n += 3 + len(a.Value)
		}
		if n > 2*len(b)+8 {
			t.Fatalf("walked more than there was: %d of %d", n, len(b))
		}
	})
}
