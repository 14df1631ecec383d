// Package ssdp reads and writes the Simple Service Discovery Protocol (UPnP Device Architecture
// 2.0, section 1): HTTP heads in UDP datagrams. Parsed messages hold views.
package ssdp

import "bytes"

// Kind is the kind of message.
type Kind uint8

// The kinds. Alive covers ssdp:alive and ssdp:update.
const (
	Search   Kind = iota + 1 // M-SEARCH: asks
	Alive                    // NOTIFY: announces
	ByeBye                   // NOTIFY: leaves
	Response                 // answers a search
)

// Message is one message. Absent headers are nil.
type Message struct {
	Kind      Kind
	Server    []byte // of what announces or answers: "OS/version UPnP/1.1 product/version"
	UserAgent []byte // of what searches
	USN       []byte // "uuid:...::type"
	Target    []byte // NT or ST
	Location  []byte // URL of the description
	Model     []byte // X-ModelName and the like
}

// Parse reads one datagram. It reports false when it is not SSDP.
func Parse(b []byte, m *Message) bool {
	if len(b) < 16 {
		return false
	}
	*m = Message{}
	switch {
	case bytes.HasPrefix(b, []byte("NOTIFY * HTTP/1.")):
		m.Kind = Alive
	case bytes.HasPrefix(b, []byte("M-SEARCH * HTTP/1.")):
		m.Kind = Search
	case bytes.HasPrefix(b, []byte("HTTP/1.1 200")), bytes.HasPrefix(b, []byte("HTTP/1.0 200")):
		m.Kind = Response
	default:
		return false
	}
	at := bytes.IndexByte(b, '\n')
	for at >= 0 && at+1 < len(b) {
		line := b[at+1:]
		if at = bytes.IndexByte(line, '\n'); at >= 0 {
			b, line = line, line[:at]
		}
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			continue
		}
		m.header(bytes.TrimSpace(line[:colon]), bytes.TrimSpace(line[colon+1:]))
	}
	return m.Target != nil || m.USN != nil
}

func (m *Message) header(name, value []byte) {
	switch {
	case is(name, "SERVER"):
		m.Server = value
	case is(name, "USER-AGENT"):
		m.UserAgent = value
	case is(name, "USN"):
		m.USN = value
	case is(name, "NT") && m.Kind != Response, is(name, "ST") && m.Kind != Alive:
		m.Target = value
	case is(name, "LOCATION"), is(name, "AL"):
		m.Location = value
	case is(name, "X-ModelName"), is(name, "X-User-Agent") && m.Kind == Response:
		m.Model = value
	case is(name, "NTS") && bytes.HasSuffix(value, []byte("byebye")):
		m.Kind = ByeBye
	}
}

func is(b []byte, s string) bool { return len(b) == len(s) && bytes.EqualFold(b, []byte(s)) }

// AppendNotify writes an announcement.
func AppendNotify(dst []byte, server, usn, target, location string) []byte {
	dst = append(dst, "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: "...)
	dst = append(append(dst, location...), "\r\nNT: "...)
	dst = append(append(dst, target...), "\r\nNTS: ssdp:alive\r\nSERVER: "...)
	dst = append(append(dst, server...), "\r\nUSN: "...)
	return append(append(dst, usn...), "\r\n\r\n"...)
}
