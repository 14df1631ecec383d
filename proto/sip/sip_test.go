package sip

import "testing"

func TestReadRequest(t *testing.T) {
	b := AppendRequest(nil, "REGISTER", "sip:ward.test", "SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1", "User-Agent: Acme 1.0")
	m, size, more, ok := Read(append(b, "next"...))
	if !ok || more || size != len(b) || m.RTSP || string(m.Method) != "REGISTER" || string(m.URI) != "sip:ward.test" {
		t.Fatalf("%+v size %d of %d, %v %v", m, size, len(b), more, ok)
	}
	if got := string(m.Header("user-agent", "")); got != "Acme 1.0" || m.Hops() != 1 {
		t.Errorf("agent %q, hops %d", got, m.Hops())
	}
	if _, _, more, ok := Read(b[:len(b)-6]); ok || !more {
		t.Error("half a head was read")
	}
	if m, ok := ReadDatagram(b[:len(b)-6]); !ok || string(m.Header("user-agent", "")) != "Acme 1.0" {
		t.Error("a cut datagram lost its headers")
	}
}

func TestReadAnswerWithDescription(t *testing.T) {
	sdp := "v=0\r\no=- 1 1 IN IP4 cam7\r\ns=Live\r\na=tool:LIVE555\r\nm=video 0 RTP/AVP 96\r\na=tool:late\r\n"
	b := AppendAnswer(nil, "RTSP/1.0", 200, "OK", sdp, "CSeq: 2", "Server: Acme/1")
	m, size, _, ok := Read(b)
	if !ok || !m.RTSP || m.Status != 200 || size != len(b) || string(m.Body) != sdp {
		t.Fatalf("%+v, size %d of %d, %v", m, size, len(b), ok)
	}
	d, ok := ReadDescription(m.Body)
	if !ok || string(d.Host) != "cam7" || string(d.Name) != "Live" || string(d.Tool) != "LIVE555" {
		t.Errorf("%q %q %q %v", d.Host, d.Name, d.Tool, ok)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, s := range []string{"", "GET / HTTP/1.1\r\n\r\n", "OPTIONS / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "SIP/2.0 9x\r\n\r\n", "NOTIFY * HTTP/1.1\r\n\r\n"} {
		if _, _, more, ok := Read([]byte(s)); ok || more {
			t.Errorf("%q accepted", s)
		}
	}
	for s, want := range map[string]bool{"REG": true, "RTSP/1": true, "REX": false, "": false} {
		if Starts([]byte(s)) != want {
			t.Errorf("%q: not %v", s, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("OPTIONS rtsp://h/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"))
	f.Add([]byte("SIP/2.0 200 OK\r\nl: 5\r\n\r\nv=0\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, size, more, ok := Read(b)
		if ok && (size <= 0 || more) {
			t.Fatal("no progress")
		}
		m.Hops()
		ReadDescription(m.Body)
		if d, ok := ReadDatagram(b); ok {
			d.Header("contact", "m")
		}
	})
}
