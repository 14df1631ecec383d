package it

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/tls"
)

// TestWhatIsHeldIsGivenBack breaks messages off at every length: at the end of a connection
// nothing of it may be held any more.
func TestWhatIsHeldIsGivenBack(t *testing.T) {
	post := []byte("POST /a HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n" + string(bytes.Repeat([]byte{'x'}, 90)))
	flight := serverFlight(bytes.Repeat([]byte{7}, 60)).Data
	for n := range post {
		held := &budget{}
		s := &httpSession{budget: held}
		out := benchOut()
		for at := 0; at < n; at += 25 {
			s.Read(decode.Client, post[:min(n, at+25)][at:], out)
		}
		s.End(out)
		if held.used.Load() != 0 {
			t.Fatalf("after %d bytes of a request %d are held", n, held.used.Load())
		}
	}
	for n := range flight {
		held := &budget{}
		s := &tlsSession{budget: held}
		s.Read(decode.Server, tls.AppendRecord(nil, tls.Handshake, tls.TLS12, flight[5:max(5, n)]), benchOut())
		s.End(nil)
		if held.used.Load() != 0 {
			t.Fatalf("after %d bytes of a handshake %d are held", n, held.used.Load())
		}
	}
}

// TestHeldBytesAreBounded opens connections that never finish their messages.
func TestHeldBytesAreBounded(t *testing.T) {
	held := &budget{}
	out := benchOut()
	part := append([]byte("POST /a HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n"), make([]byte, 3000)...)
	for range maxHeld/3000 + 500 {
		s := &httpSession{budget: held}
		s.Read(decode.Client, part, out)
	}
	if n := held.used.Load(); n > maxHeld || n < maxHeld/2 {
		t.Errorf("%d bytes are held, the limit is %d", n, maxHeld)
	}
	if got := fmt.Sprint(out.Notes.Dropped); got == "map[]" {
		t.Error("what was not kept is not counted")
	}
}
