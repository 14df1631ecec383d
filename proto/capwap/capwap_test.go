package capwap

import "testing"

// discovery is the request of an access point with board data and descriptor, put together from
// RFC 5415 sections 4.3, 4.5, 4.6.40 and 4.6.41.
const discovery = "\x00\x10\x02\x00\x00\x00\x00\x00" + "\x00\x00\x00\x01\x00\x00\x33\x00" +
	"\x00\x26\x00\x10" + "\x00\x00\x00\x09" + "\x00\x00\x00\x02A1" + "\x00\x01\x00\x02S9" +
	"\x00\x27\x00\x11" + "\x02\x02\x01\x01\x00\x02" + "\x00\x00\x00\x09\x00\x01\x00\x031.0" +
	"\x00\x2d\x00\x03ap4"

func TestRead(t *testing.T) {
	typ, elements, ok := Read([]byte(discovery))
	if typ != DiscoveryRequest || !ok {
		t.Fatalf("type %d %v", typ, ok)
	}
	got := map[string]string{}
	for typ, v := range Elements(elements) {
		switch typ {
		case WTPBoard:
			got["model"], got["serial"] = string(Board(v, BoardModel)), string(Board(v, BoardSerial))
		case WTPDescriptor:
			got["software"] = string(Descriptor(v, false, ActiveSoftware))
		case WTPName:
			got["name"] = string(v)
		}
	}
	if got["model"] != "A1" || got["serial"] != "S9" || got["software"] != "1.0" || got["name"] != "ap4" {
		t.Errorf("%q", got)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"empty": "", "dtls": "\x01\x00\x00\x00\x16\xfe\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00", "type": discovery[:11] + "\xff" + discovery[12:],
		"length": discovery[:30],
	} {
		if _, _, ok := Read([]byte(s)); ok {
			t.Errorf("%s accepted", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(discovery))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, elements, _ := Read(b)
		for _, v := range Elements(elements) {
			Board(v, 0)
			Descriptor(v, true, 1)
			Descriptor(v, false, 1)
		}
	})
}
