package http1

import (
	"strings"
	"testing"
)

func TestLooks(t *testing.T) {
	for in, want := range map[string]Kind{
		"":                                  Unsure,
		"GE":                                Unsure,
		"GET /":                             Unsure,
		"GET / HTTP/1.1\r\n":                Request,
		"POST /x HTTP/1.0\n":                Request,
		"OPTIONS rtsp://c/1 RTSP/1.0\r\n":   Other,
		"OPTIONS sip:a@b SIP/2.0\r\n":       Other,
		"NOTIFY * HTTP/1.1\r\n":             Request,
		"HTTP/1.1 200 OK\r\n":               Response,
		"HTTP/1.1":                          Unsure,
		"HTTP/2.0 200":                      Other,
		"SSH-2.0-OpenSSH_9":                 Other,
		"\x16\x03\x01":                      Other,
		"EHLO mail.example\r\n":             Other,
		"GET \x00\x01":                      Other,
		strings.Repeat("A", 40):             Other,
		"GET /" + strings.Repeat("a", 5000): Other,
	} {
		if got := Looks([]byte(in)); got != want {
			t.Errorf("%.40q: %v, want %v", in, got, want)
		}
	}
}

func TestHeadAndBodies(t *testing.T) {
	stream := "\r\nPOST /a?b=c HTTP/1.1\r\nHost: cam.example\r\ncontent-length:  5\r\n\r\nhello" +
		"GET /2 HTTP/1.0\n\n" +
		"PUT /3 HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: z\r\n\r\n" +
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n" +
		"HTTP/1.0 200 OK\r\nServer: x\r\n\r\nuntil the end"
	want := []string{"POST /a?b=c host=cam.example body=hello", "GET /2 host= body=", "PUT /3 host= body=abcde", "304 body=", "200 body=until the end"}
	for _, step := range []int{len(stream), 1, 7} {
		if got := walk(t, stream, step); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("in steps of %d:\n%q\nwant\n%q", step, got, want)
		}
	}
}

// walk reads a stream that arrives step bytes at a time.
func walk(t *testing.T, stream string, step int) (out []string) {
	t.Helper()
	var data []byte
	var body *Body
	for stream != "" {
		n := min(step, len(stream))
		data, stream = append(data, stream[:n]...), stream[n:]
		for {
			if body == nil {
				var h Head
				size, ok := ParseHead(data, &h)
				if !ok {
					t.Fatalf("refused at %q", data)
				}
				if size == 0 {
					break
				}
				line := string(h.Method) + " " + string(h.Target) + " host=" + string(h.Get("host"))
				if h.Response {
					line = map[int]string{200: "200", 304: "304"}[h.Status]
				}
				out = append(out, line+" body=")
				data = data[size:]
				b := h.NewBody(false)
				body = &b
			}
			part, used, done, ok := body.Read(data)
			if !ok {
				t.Fatalf("body refused at %q", data)
			}
			out[len(out)-1] += string(part)
			data = data[used:]
			if done {
				body = nil
			} else if used == 0 {
				break
			}
		}
	}
	return out
}

func TestBrokenChunks(t *testing.T) {
	for _, s := range []string{"xyz\r\n", "123456789\r\n", "1\r\nab\r\n"} {
		b := Body{mode: chunked}
		data := []byte(s)
		for {
			_, used, _, ok := b.Read(data)
			if !ok {
				break
			}
			if data = data[used:]; used == 0 {
				t.Errorf("%q was taken", s)
				break
			}
		}
	}
}

func TestContent(t *testing.T) {
	xml := []byte(`<?xml version="1.0"?><s:root xmlns:s="x"><s:ModelName a="1"> DCS-935L </s:ModelName><e/><d><![CDATA[ a<b ]]></d>` +
		`<SMARTPLUG id="edimax"><CMD/></SMARTPLUG></s:root>`)
	for got, want := range map[string]string{
		string(Element(xml, "ModelName")):                "DCS-935L",
		string(Element(xml, "d")):                        "a<b",
		string(Element(xml, "root")):                     "",
		string(Attribute(xml, "SMARTPLUG", "id")):        "edimax",
		string(Title([]byte("<TITLE>\n Pump </title>"))): "Pump",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	json := []byte(`{"name":"Philips hue","n":1,"sub":{"name":"inner","x":["a","b"]},"swversion":"01027237","esc":"a\"b","t":true,"last":"z"}`)
	var got []string
	for k, v, rest := NextString(json); k != nil; k, v, rest = NextString(rest) {
		got = append(got, string(k)+"="+string(v))
	}
	if s := strings.Join(got, " "); s != `name=Philips hue swversion=01027237 esc=a\"b last=z` {
		t.Errorf("members %s", s)
	}
}

func TestHeadDoesNotAllocate(t *testing.T) {
	msg := []byte("POST /a HTTP/1.1\r\nHost: cam.example\r\nContent-Length: 5\r\n\r\nhello")
	n := testing.AllocsPerRun(100, func() {
		var h Head
		size, _ := ParseHead(msg, &h)
		b := h.NewBody(false)
		b.Read(msg[size:])
		h.Get("host")
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	f.Add([]byte("<a><b>c</b></a>"))
	f.Add([]byte(`{"a":"b","c":[{"d":"e"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		Title(b)
		Element(b, "b")
		Attribute(b, "a", "b")
		for k, _, rest := NextString(b); k != nil; k, _, rest = NextString(rest) {
			continue
		}
		for len(b) > 0 {
			var h Head
			size, ok := ParseHead(b, &h)
			if !ok || size == 0 {
				return
			}
			b = b[size:]
			body := h.NewBody(false)
			for done := false; !done; {
				var used int
				_, used, done, ok = body.Read(b)
				if b = b[used:]; !ok || used == 0 && !done {
					return
				}
			}
		}
	})
}
