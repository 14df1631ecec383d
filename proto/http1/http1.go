// Package http1 reads HTTP/1 messages as they pass by (RFC 9112): tolerant of what real devices
// send, with nothing copied and nothing allocated. It also cuts small facts out of bodies.
package http1

import (
	"bytes"
	"strconv"
)

// MaxHead is the longest start line and header section that is read, in bytes.
const MaxHead = 16 << 10

// Head is the start line and the header section of one message. The slices are views.
type Head struct {
	Response bool
	Method   []byte // of a request
	Target   []byte // of a request, as sent: "/a?b=c", "http://host/a", "host:443" or "*"
	Status   int    // of a response
	Minor    byte   // minor version: '0' or '1'
	Fields   []byte // the header lines, for NextField
}

// Kind is what first bytes may become.
type Kind uint8

// The answers of Looks. Unsure means that more bytes are needed.
const (
	Other Kind = iota
	Unsure
	Request
	Response
)

const maxLine = 4096

// Looks tells from its first bytes whether a stream is HTTP/1. RTSP and SIP share the methods; the
// protocol at the end of the first line decides.
func Looks(b []byte) Kind {
	if len(b) == 0 {
		return Unsure
	}
	if b[0] == 'H' && bytes.HasPrefix(b, []byte("HTTP/1."[:min(len(b), 7)])) {
		if len(b) < 12 {
			return Unsure
		}
		if (b[7] == '0' || b[7] == '1') && b[8] == ' ' && digit(b[9]) && digit(b[10]) && digit(b[11]) {
			return Response
		}
		return Other
	}
	n := 0
	for n < len(b) && n < 16 && (b[n]-'A' < 26 || b[n] == '-') {
		n++
	}
	if n == 16 || n < len(b) && (b[n] != ' ' || n < 3) {
		return Other
	}
	if n == len(b) {
		return Unsure
	}
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		if len(b) > maxLine || n+1 < len(b) && !targetStart(b[n+1]) {
			return Other
		}
		return Unsure
	}
	line := bytes.TrimRight(b[:end], "\r ")
	if len(line) > n+9 && bytes.HasPrefix(line[len(line)-8:], []byte("HTTP/1.")) {
		return Request
	}
	return Other
}

func digit(c byte) bool { return c-'0' < 10 }

// targetStart reports whether a request target can begin with c.
func targetStart(c byte) bool {
	return c == '/' || c == '*' || c-'a' < 26 || c-'A' < 26 || digit(c) || c == '['
}

// ParseHead reads the head of the next message and returns how many bytes it takes, empty line
// included. size is 0 when the head is not complete; ok is false when this is not HTTP/1.
func ParseHead(b []byte, h *Head) (size int, ok bool) {
	start := 0
	for start < len(b) && (b[start] == '\r' || b[start] == '\n') { // RFC 9112 section 2.2
		start++
	}
	kind := Looks(b[start:])
	if kind == Other {
		return 0, false
	}
	end, after := headEnd(b[start:])
	if kind == Unsure || end < 0 {
		return 0, len(b)-start <= MaxHead
	}
	head := b[start : start+end]
	line := head
	*h = Head{Response: kind == Response}
	if at := bytes.IndexByte(head, '\n'); at >= 0 {
		line, h.Fields = head[:at], head[at+1:]
	}
	line = bytes.TrimRight(line, "\r ")
	if h.Response {
		h.Minor = line[7]
		h.Status, _ = strconv.Atoi(string(line[9:12]))
		return start + after, true
	}
	h.Minor = line[len(line)-1]
	sp := bytes.IndexByte(line, ' ')
	h.Method = line[:sp]
	h.Target = bytes.TrimSpace(line[sp : len(line)-8])
	return start + after, true
}

// headEnd finds the empty line: end is where the header section ends, after where the body begins.
func headEnd(b []byte) (end, after int) {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 || at+i > MaxHead {
			return -1, 0
		}
		at += i + 1
		if at < len(b) && b[at] == '\n' {
			return at, at + 1
		}
		if at+1 < len(b) && b[at] == '\r' && b[at+1] == '\n' {
			return at, at + 2
		}
	}
}

// NextField cuts the next header line off. Name and value are trimmed; a line that is not a header
// comes with an empty name. rest is nil at the end.
func NextField(fields []byte) (name, value, rest []byte) {
	if len(fields) == 0 {
		return nil, nil, nil
	}
	line := fields
	rest = fields[len(fields):]
	if at := bytes.IndexByte(fields, '\n'); at >= 0 {
		line, rest = fields[:at], fields[at+1:]
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return nil, nil, rest
	}
	return bytes.TrimSpace(line[:colon]), bytes.TrimSpace(line[colon+1:]), rest
}

// Get returns the value of the first header of that name, which is compared without regard to case.
func (h *Head) Get(name string) []byte {
	for f := h.Fields; len(f) > 0; {
		var n, v []byte
		n, v, f = NextField(f)
		if Is(n, name) {
			return v
		}
	}
	return nil
}

// Is reports whether b equals s without regard to the case of ASCII letters.
func Is(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if lower(b[i]) != lower(s[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c-'A' < 26 {
		c += 'a' - 'A'
	}
	return c
}
