package ftp

import (
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	line, rest, more := Line([]byte("220 ready\r\nUSER"))
	if string(line) != "220 ready" || string(rest) != "USER" || more {
		t.Errorf("%q, %q, %v", line, rest, more)
	}
	if _, _, more := Line([]byte("220 rea")); !more {
		t.Error("half a line was given out")
	}
	if line, _, more := Line([]byte(strings.Repeat("x", MaxLine+1))); more || len(line) != MaxLine {
		t.Error("an endless line must come in pieces")
	}
}

func TestReply(t *testing.T) {
	for _, c := range []struct {
		in   string
		code int
		text string
		last bool
		ok   bool
	}{
		{"220 (vsFTPd 3.0.3)", 220, "(vsFTPd 3.0.3)", true, true},
		{"211-Features:", 211, "Features:", false, true},
		{"230", 230, "", true, true},
		{" EPRT", 0, "", false, false},
		{"22x hi", 0, "", false, false},
		{"2200", 0, "", false, false},
	} {
		code, text, last, ok := Reply([]byte(c.in))
		if code != c.code || string(text) != c.text || last != c.last || ok != c.ok {
			t.Errorf("%q: %d %q %v %v", c.in, code, text, last, ok)
		}
	}
}

func TestCommand(t *testing.T) {
	verb, arg, ok := Command([]byte("CLNT NcFTP 3.2.6"))
	if string(verb) != "CLNT" || string(arg) != "NcFTP 3.2.6" || !ok {
		t.Errorf("%q %q %v", verb, arg, ok)
	}
	for _, s := range []string{"", "GET / HTTP/1.1x"[:2], "HELLO x", "12AB x"} {
		if _, _, ok := Command([]byte(s)); ok {
			t.Errorf("%q is no command", s)
		}
	}
}

func TestIsListing(t *testing.T) {
	for s, want := range map[string]bool{
		"-rw-r--r--    1 0        0        1073741824 Feb 19  2016 1GB.zip\r\n": true,
		"drwxr-xr-t+   2 ftp ftp":                            true,
		"total 12\r\n-rwxrwxrwx 1 a b 1 Jan 1 00:00 f\r\n":   true,
		"02-28-23  09:15AM       <DIR>          dir":         true,
		"02-28-23 lunch at noon":                             false,
		"-----BEGIN CERTIFICATE-----":                        false,
		"total 12 apples\r\nand pears, more than 12 of them": false,
		"": false,
	} {
		if IsListing([]byte(s)) != want {
			t.Errorf("%q: not %v", s, want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add([]byte("220 x\r\nUSER y\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		IsListing(b)
		for {
			line, rest, more := Line(b)
			if more {
				return
			}
			if len(rest) >= len(b) {
				t.Fatal("no progress")
			}
			Reply(line)
			Command(line)
			b = rest
		}
	})
}
