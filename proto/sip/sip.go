// Package sip reads and writes the messages of SIP (RFC 3261) and of RTSP (RFC 2326, RFC 7826),
// whose form is the same but for the name of the protocol, and the session descriptions (SDP,
// RFC 8866) that they carry.
package sip

import "bytes"

// MaxHead is the longest head of a message that is read.
const MaxHead = 8 << 10

// Message is a request or an answer; slices point into it.
type Message struct {
	RTSP   bool
	Method []byte // of a request
	URI    []byte // of a request
	Status int    // of an answer
	head   []byte
	Body   []byte // as much of it as has arrived
}

// Read reads a message whose head is there in full. more says that it may be one and that the head
// has not ended yet.
func Read(b []byte) (m Message, size int, more bool, ok bool) {
	line, _, found := bytes.Cut(b[:min(len(b), 1024)], []byte("\r\n"))
	if !found {
		return m, 0, len(b) < 1024 && Starts(b), false
	}
	if !m.startLine(line) {
		return m, 0, false, false
	}
	rest := b[len(line)+2:]
	end := bytes.Index(rest[:min(len(rest), MaxHead)], []byte("\r\n\r\n"))
	if end < 0 {
		if bytes.HasPrefix(rest, []byte("\r\n")) {
			return m, len(line) + 4, false, true
		}
		m.head = rest
		return m, 0, len(rest) < MaxHead, false
	}
	m.head = rest[:end+2]
	size = len(line) + 2 + end + 4
	n := number(m.Header("content-length", "l"))
	m.Body = b[size:min(len(b), size+n)]
	return m, size + n, false, true
}

// ReadDatagram reads a message that is one datagram, where the length follows from it and a cut
// head is read as far as it goes.
func ReadDatagram(b []byte) (m Message, ok bool) {
	line, _, found := bytes.Cut(b[:min(len(b), 1024)], []byte("\r\n"))
	if !found || !m.startLine(line) {
		return m, false
	}
	m.head = b[len(line)+2:]
	if end := bytes.Index(m.head, []byte("\r\n\r\n")); end >= 0 {
		m.head, m.Body = m.head[:end+2], m.head[end+4:]
	}
	return m, true
}

var methods = [...]string{
	"OPTIONS ", "DESCRIBE ", "SETUP ", "PLAY ", "PAUSE ", "TEARDOWN ", "GET_PARAMETER ", "SET_PARAMETER ", "ANNOUNCE ", "RECORD ",
	"REGISTER ", "INVITE ", "ACK ", "BYE ", "CANCEL ", "SUBSCRIBE ", "NOTIFY ", "MESSAGE ", "INFO ", "PRACK ", "UPDATE ", "REFER ", "PUBLISH ",
	"SIP/2.0 ", "RTSP/1.0 ", "RTSP/2.0 ",
}

// Starts reports whether bytes could be the start of a message.
func Starts(b []byte) bool {
	if len(b) == 0 || b[0] < 'A' || b[0] > 'U' {
		return false
	}
	for _, m := range methods {
		if n := min(len(m), len(b)); string(b[:n]) == m[:n] {
			return true
		}
	}
	return false
}

func (m *Message) startLine(line []byte) bool {
	if !Starts(line) {
		return false
	}
	first, rest, _ := bytes.Cut(line, []byte(" "))
	if bytes.IndexByte(first, '/') >= 0 { // an answer
		m.RTSP = first[0] == 'R'
		if len(rest) < 3 {
			return false
		}
		m.Status = number(rest[:3])
		return m.Status >= 100 && m.Status < 700
	}
	uri, version, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return false
	}
	m.Method, m.URI = first, uri
	m.RTSP = bytes.HasPrefix(version, []byte("RTSP/"))
	return m.RTSP || string(version) == "SIP/2.0"
}

// Header is the value of the first header of a name, given in lower case, or of its short form;
// nil when there is none.
func (m *Message) Header(name, short string) []byte {
	for h, v := range m.Headers {
		if len(h) == len(name) && equalFold(h, name) || short != "" && len(h) == len(short) && equalFold(h, short) {
			return v
		}
	}
	return nil
}

// Headers walks the headers; values come without the space around them.
func (m *Message) Headers(yield func(name, value []byte) bool) {
	b := m.head
	for len(b) > 0 {
		line, rest, _ := bytes.Cut(b, []byte("\r\n"))
		b = rest
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && !yield(bytes.TrimSpace(name), bytes.TrimSpace(value)) {
			return
		}
	}
}

// Hops counts the Via headers: one in a request means that the sender wrote it himself.
func (m *Message) Hops() int {
	n := 0
	for h, v := range m.Headers {
		if equalFold(h, "via") || equalFold(h, "v") {
			n += 1 + bytes.Count(v, []byte(", SIP/"))
		}
	}
	return n
}

// equalFold compares ASCII without allocation; lower is in lower case.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func number(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' || n > 1<<20 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
