package ssdp

import "testing"

func TestNotify(t *testing.T) {
	var m Message
	if !Parse(AppendNotify(nil, "Linux/3 UPnP/1.0 Cam/1", "uuid:1::upnp:rootdevice", "upnp:rootdevice", "http://10.0.0.4/d.xml"), &m) {
		t.Fatal("not read")
	}
	if m.Kind != Alive || string(m.Server) != "Linux/3 UPnP/1.0 Cam/1" || string(m.USN) != "uuid:1::upnp:rootdevice" ||
		string(m.Target) != "upnp:rootdevice" || string(m.Location) != "http://10.0.0.4/d.xml" {
		t.Errorf("%+v", m)
	}
}

func TestKinds(t *testing.T) {
	for in, want := range map[string]Kind{
		"NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\nNT: x\r\n\r\n":         ByeBye,
		"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nuser-agent: a b\r\n\r\n": Search,
		"HTTP/1.1 200 OK\nst:upnp:rootdevice\nusn:uuid:1\n":              Response,
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":                   0,
		"NOTIFY sip:a SIP/2.0\r\n\r\n":                                   0,
		"M-SEARCH * HTTP/1.1\r\n":                                        0,
	} {
		var m Message
		if ok := Parse([]byte(in), &m); ok != (want != 0) || ok && m.Kind != want {
			t.Errorf("%q: %v %d, want %d", in, ok, m.Kind, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendNotify(nil, "a", "b", "c", "d"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Message
		Parse(b, &m)
	})
}
