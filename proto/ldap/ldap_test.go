package ldap

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/proto/ber"
)

func message(op byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return ber.Append(nil, ber.Sequence, ber.Append(ber.AppendInt(nil, 7), op, body))
}

func text(s string) []byte { return ber.Append(nil, ber.OctetString, []byte(s)) }

func entry() []byte {
	values := ber.Append(nil, ber.Set, text("dc1.ward.test"))
	attr := ber.Append(nil, ber.Sequence, append(text("dnsHostName"), values...))
	return message(SearchEntry, text(""), ber.Append(nil, ber.Sequence, attr))
}

func bind() []byte {
	return message(BindRequest, ber.AppendInt(nil, 3), text("cn=svc"), ber.Append(nil, 0x80, []byte("secret")))
}

func TestRead(t *testing.T) {
	m, size, ok := Read(bind())
	if n, simple := m.SimplePassword(); !ok || size != len(bind()) || n != 6 || !simple || m.FromServer() {
		t.Errorf("bind %+v %d %v", m, n, simple)
	}
	m, _, ok = Read(entry())
	if !ok || !m.RootEntry() || !m.FromServer() {
		t.Fatalf("entry %+v", m)
	}
	for name, value := range m.Attributes {
		if string(name) != "dnsHostName" || string(value) != "dc1.ward.test" {
			t.Errorf("%q = %q", name, value)
		}
	}
	for _, s := range []string{"", "GET / HTTP/1.1", "0\x0c\x02\x01\x01\x04\x06public"} {
		if _, _, ok := Read([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(entry())
	f.Add(bind())
	f.Fuzz(func(_ *testing.T, b []byte) {
		m, _, _ := Read(b)
		m.SimplePassword()
		m.RootEntry()
		for range m.Attributes {
			continue
		}
	})
}
