package kerberos

import (
	"encoding/binary"
	"testing"
)

func TestRequestAndAnswer(t *testing.T) {
	m, ok := Read(AppendRequest(nil, "WARD.TEST", "PUMP12$"))
	if !ok || m.Type != ASReq || string(m.Realm) != "WARD.TEST" || !m.IsMachine() || string(m.Service) != "krbtgt" || m.FromKDC() {
		t.Errorf("request: %+v, %v", m, ok)
	}
	a := AppendAnswer(nil, "WARD.TEST", "PUMP12$", make([]byte, 300))
	m, ok = Read(a)
	if !ok || m.Type != ASRep || string(m.Realm) != "WARD.TEST" || string(m.Name) != "PUMP12$" || !m.FromKDC() {
		t.Errorf("answer: %+v, %v", m, ok)
	}
	if m, ok = Read(a[:60]); !ok || string(m.Realm) != "WARD.TEST" {
		t.Errorf("a cut answer lost its realm: %+v, %v", m, ok)
	}
}

func TestFrame(t *testing.T) {
	a := AppendAnswer(nil, "WARD.TEST", "x", nil)
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(a))), a...)
	msg, n, ok := Frame(append(b, 1, 2))
	if !ok || n != len(b) || len(msg) != len(a) {
		t.Errorf("%d of %d, %v", n, len(b), ok)
	}
	if _, _, ok := Frame([]byte("GET / HTTP/1.1")); ok {
		t.Error("HTTP taken for Kerberos")
	}
}

func TestReadRefuses(t *testing.T) {
	good := AppendRequest(nil, "R", "c")
	for name, change := range map[string]func(b []byte) []byte{
		"empty":     func([]byte) []byte { return nil },
		"tag":       func(b []byte) []byte { b[0] = 0x30; return b },
		"other tag": func(b []byte) []byte { b[0] = 0x60 + TGSReq; return b },
		"short":     func(b []byte) []byte { return b[:12] },
	} {
		if _, ok := Read(change(append([]byte(nil), good...))); ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendRequest(nil, "R", "c"))
	f.Add(AppendAnswer(nil, "R", "c", []byte{1}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		Frame(b)
		Read(b)
	})
}
