package coap

import "testing"

// register: POST /rd?ep=pump7 with token 1, put together from RFC 7252.
const register = "\x41\x02\x00\x01\x01\xb2rd\x48ep=pump7" + "\xff</3/0>"

// device: 2.05 with content format 11542 and the resources 0, 1, 2, 3 and 16.
const device = "\x61\x45\x00\x01\x01\xc2\x2d\x16\xff" + "\xc4\x00Acme" + "\xc2\x01P9" + "\xc2\x02S1" + "\xc3\x031.0" + "\xc1\x10U"

func TestRead(t *testing.T) {
	m, ok := Read([]byte(register))
	if !ok || m.Code != 2 || string(m.Payload) != "</3/0>" {
		t.Fatalf("%+v %v", m, ok)
	}
	got := map[int]string{}
	for n, v := range m.Options {
		got[n] = string(v)
	}
	if got[URIPath] != "rd" || got[URIQuery] != "ep=pump7" {
		t.Errorf("options %v", got)
	}
}

func TestReadDevice(t *testing.T) {
	m, ok := Read([]byte(device))
	if !ok || !m.Answer() || m.Format() != FormatTLV {
		t.Fatalf("%+v, format %d, %v", m, m.Format(), ok)
	}
	d, ok := ReadDevice(m.Payload)
	if !ok || string(d.Manufacturer) != "Acme" || string(d.Model) != "P9" || string(d.Serial) != "S1" || string(d.Firmware) != "1.0" {
		t.Errorf("%q %v", d, ok)
	}
	if _, ok := ReadDevice([]byte("\xc4\x00coap")); ok {
		t.Error("another object was taken for the device")
	}
}

func TestReadRefuses(t *testing.T) {
	for _, s := range []string{"", "\x00\x01\x00\x01", "\x4f\x01\x00\x01", "\x40\x21\x00\x01", "\x40\x01\x00\x01\xff", "\x40\x01\x00\x01\xb5ab", "\x40\x00\x00\x01x"} {
		if _, ok := Read([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(register))
	f.Add([]byte(device))
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, _ := Read(b)
		m.Format()
		ReadDevice(b)
	})
}
