package rdp

import "testing"

func TestRead(t *testing.T) {
	b := AppendRequest(nil, "NURSE1", TLS|NLA)
	h, size, _, ok := Read(append(b, 0x16))
	if !ok || h.Confirm || size != len(b) || len(h.Cookie) != 6 || h.Protocols != TLS|NLA {
		t.Errorf("request %+v %d %v", h, size, ok)
	}
	h, size, _, ok = Read(AppendConfirm(nil, NLA))
	if !ok || !h.Confirm || size != 19 || h.Protocols != NLA || !h.HasNego {
		t.Errorf("confirm %+v %d %v", h, size, ok)
	}
	if _, _, need, ok := Read(b[:20]); ok || !need {
		t.Error("half a request was read")
	}
}

func TestReadRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"s7":    "\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02",
		"http":  "GET / HTTP/1.1\r\n",
		"datum": "\x03\x00\x00\x0b\x06\xf0\x80\x00\x00\x00\x00",
	} {
		if _, _, need, ok := Read([]byte(s)); ok || need {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendRequest(nil, "a", 3))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, size, _, ok := Read(b); ok && (size <= 0 || size > len(b)) {
			t.Fatal("wrong length")
		}
	})
}
