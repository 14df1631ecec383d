package mqtt

import (
	"bytes"
	"testing"
)

func TestConnect(t *testing.T) {
	b := AppendConnect(nil, "ward4-hub", "svc", "secret")
	if !IsConnect(b) {
		t.Fatal("our own CONNECT is not recognised")
	}
	_, _, head, body, _, _ := Head(b)
	if head+body != len(b) {
		t.Fatalf("length %d+%d of %d", head, body, len(b))
	}
	s, ok := ReadConnect(b[head:])
	if !ok || s.Level != 4 || string(s.ClientID) != "ward4-hub" || !s.HasUser || !s.HasPassword || len(s.Password) != 6 {
		t.Errorf("session %+v, %v", s, ok)
	}
	_, _, head, _, _, _ = Head(AppendConnect(nil, "x", "", ""))
	if s, _ := ReadConnect(AppendConnect(nil, "x", "", "")[head:]); s.HasUser || s.HasPassword {
		t.Error("a log-in out of nothing")
	}
}

// TestConnectOfOtherVersions reads a 5.0 packet with one property and a will, and a 3.1 packet,
// both put together from the standards.
func TestConnectOfOtherVersions(t *testing.T) {
	five := "\x00\x04MQTT\x05\xc6\x00\x3c\x05\x11\x00\x00\x00\x0a" + "\x00\x02id" + "\x00" + "\x00\x04will\x00\x03bye" + "\x00\x01u\x00\x02pw"
	s, ok := ReadConnect([]byte(five))
	if !ok || s.Level != 5 || string(s.ClientID) != "id" || string(s.WillTopic) != "will" || string(s.User) != "u" || len(s.Password) != 2 {
		t.Errorf("5.0: %+v, %v", s, ok)
	}
	old := "\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x03cam"
	if s, ok := ReadConnect([]byte(old)); !ok || s.Level != 3 || string(s.ClientID) != "cam" {
		t.Errorf("3.1: %+v, %v", s, ok)
	}
	if !IsConnect(append([]byte{0x10, byte(len(old))}, old...)) {
		t.Error("3.1 is not recognised")
	}
}

func TestPublish(t *testing.T) {
	b := AppendPublish(nil, "ward/4/bed", bytes.Repeat([]byte{1}, 300))
	typ, _, head, body, need, ok := Head(b)
	if typ != Publish || need || !ok || head+body != len(b) || string(Topic(b[head:])) != "ward/4/bed" {
		t.Errorf("%d %d+%d %v %v", typ, head, body, need, ok)
	}
}

func TestHeadRefuses(t *testing.T) {
	for _, s := range []string{"\x00\x00", "\x11\x00", "\x82\x80\x80\x80\x80", "GET "} {
		if _, _, _, _, _, ok := Head([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendConnect(nil, "a", "b", "c"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		IsConnect(b)
		ReadConnect(b)
		ReadConnAck(b)
		Topic(b)
		Head(b)
	})
}
