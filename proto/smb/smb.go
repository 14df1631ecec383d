// Package smb reads SMB 1 (MS-CIFS, MS-SMB) and SMB 2 and 3 (MS-SMB2) as far as the messages in
// clear say who the two ends are: dialect, log-in, shares and named pipes. File contents are never
// looked at. Parsed messages hold views.
package smb

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/proto/ntlm"
)

// Marks at the start of a message.
var (
	Mark1         = [4]byte{0xff, 'S', 'M', 'B'}
	Mark2         = [4]byte{0xfe, 'S', 'M', 'B'}
	MarkEncrypted = [4]byte{0xfd, 'S', 'M', 'B'}
)

// Frame types of the session service that carries SMB (RFC 1002 section 4.3).
const (
	SessionMessage  = 0x00
	SessionRequest  = 0x81
	SessionPositive = 0x82
	SessionNegative = 0x83
	SessionRetarget = 0x84
	KeepAlive       = 0x85
)

// Frame reads the four bytes before every message: its type and length.
func Frame(b []byte) (typ byte, size int, ok bool) {
	if len(b) < 4 {
		return 0, 0, false
	}
	return b[0], int(b[1])<<16 | int(b[2])<<8 | int(b[3]), true
}

// Text is a string as it stands on the wire.
type Text struct {
	raw  []byte
	wide bool
}

// Append appends the text as UTF-8.
func (t Text) Append(dst []byte) []byte {
	if t.wide {
		return ntlm.AppendUTF16(dst, t.raw)
	}
	return append(dst, t.raw...)
}

// Empty reports whether there is no text.
func (t Text) Empty() bool { return len(t.raw) == 0 }

// Commands of SMB 1.
const (
	Transaction1  = 0x25
	Negotiate1    = 0x72
	SessionSetup1 = 0x73
	TreeConnect1  = 0x75
	Create1       = 0xa2
)

// Message1 is one SMB 1 message.
type Message1 struct {
	Command byte
	Status  uint32
	Reply   bool
	wide    bool
	message []byte // from the mark on
	words   []byte
	data    []byte
	dataAt  int // offset of data in the message, for the alignment of texts
}

// Parse1 reads one SMB 1 message, which may be cut off behind its parameters.
func Parse1(b []byte, m *Message1) bool {
	if len(b) < 35 || [4]byte(b[:4]) != Mark1 {
		return false
	}
	*m = Message1{
		Command: b[4], Status: binary.LittleEndian.Uint32(b[5:]), Reply: b[9]&0x80 != 0,
		wide: binary.LittleEndian.Uint16(b[10:])&0x8000 != 0, message: b,
	}
	n := 2 * int(b[32])
	if len(b) < 33+n+2 {
		return false
	}
	m.words = b[33 : 33+n]
	m.dataAt = 33 + n + 2
	size := int(binary.LittleEndian.Uint16(b[33+n:]))
	m.data = b[m.dataAt:min(len(b), m.dataAt+size)]
	return true
}

// Negotiated reads the server's answer to a negotiation: whether it accepted an SMB 1 dialect, and
// the names it gives when it does not use extended security.
func (m *Message1) Negotiated() (accepted bool, domain, server Text) {
	if len(m.words) < 2 || m.words[0] == 0xff && m.words[1] == 0xff {
		return false, Text{}, Text{}
	}
	if len(m.words) >= 34 && binary.LittleEndian.Uint32(m.words[19:])&0x80000000 == 0 {
		if n := int(m.words[33]); n <= len(m.data) {
			rest := m.data[n:]
			domain.raw, rest = cutText(rest, m.wide)
			server.raw, _ = cutText(rest, m.wide)
			domain.wide, server.wide = m.wide, m.wide
		}
	}
	return true, domain, server
}

// Setup is what one side says of itself when a session is set up.
type Setup struct {
	Blob    []byte // security blob, or nil
	OS      Text   // native OS
	Manager Text   // native LAN manager
}

// SessionSetup reads a session set-up request or answer.
func (m *Message1) SessionSetup() (s Setup, ok bool) {
	n := len(m.words)
	at, skip := 0, 0
	switch {
	case m.Reply && n == 6: // answer without extended security
	case m.Reply && n == 8:
		at = int(binary.LittleEndian.Uint16(m.words[6:]))
		s.Blob = m.data[:min(at, len(m.data))]
	case !m.Reply && n == 24: // extended security
		at = int(binary.LittleEndian.Uint16(m.words[14:]))
		s.Blob = m.data[:min(at, len(m.data))]
	case !m.Reply && n == 26: // two password responses, then account and domain
		at = int(binary.LittleEndian.Uint16(m.words[14:])) + int(binary.LittleEndian.Uint16(m.words[16:]))
		skip = 2
	default:
		return s, false
	}
	if at > len(m.data) {
		return s, true // cut off behind the blob
	}
	if m.wide && (m.dataAt+at)%2 == 1 && at < len(m.data) {
		at++
	}
	rest := m.data[at:]
	for range skip {
		_, rest = cutText(rest, m.wide)
	}
	s.OS.wide, s.Manager.wide = m.wide, m.wide
	s.OS.raw, rest = cutText(rest, m.wide)
	s.Manager.raw, _ = cutText(rest, m.wide)
	return s, true
}

// TreePath is the path of a tree connect request: "\\DC1\IPC$".
func (m *Message1) TreePath() Text {
	if m.Reply || len(m.words) < 8 {
		return Text{}
	}
	at := int(binary.LittleEndian.Uint16(m.words[6:]))
	if m.wide && (m.dataAt+at)%2 == 1 {
		at++
	}
	if at > len(m.data) {
		return Text{}
	}
	raw, _ := cutText(m.data[at:], m.wide)
	return Text{raw, m.wide}
}

// Service is the kind of share in the answer to a tree connect: "A:" a disk, "IPC", "LPT1:".
func (m *Message1) Service() []byte {
	if !m.Reply {
		return nil
	}
	raw, _ := cutText(m.data, false)
	return raw
}

// CreateName is the file or pipe named in an NT create request.
func (m *Message1) CreateName() Text {
	if m.Reply || len(m.words) < 8 {
		return Text{}
	}
	n := int(binary.LittleEndian.Uint16(m.words[5:]))
	at := 0
	if m.wide && m.dataAt%2 == 1 {
		at = 1
	}
	if at+n > len(m.data) {
		return Text{}
	}
	return Text{m.data[at : at+n], m.wide}
}

// Mailslot returns the data written to a mailslot and the mailslot's name.
func (m *Message1) Mailslot() (name, data []byte) {
	if m.Command != Transaction1 || len(m.words) < 28 {
		return nil, nil
	}
	n, at := int(binary.LittleEndian.Uint16(m.words[22:])), int(binary.LittleEndian.Uint16(m.words[24:]))
	if at < m.dataAt || at+n > len(m.message) {
		return nil, nil
	}
	name, _ = cutText(m.data, false)
	return name, m.message[at : at+n]
}

// cutText cuts a zero-terminated text off; at the end of the data the terminator may be missing.
func cutText(b []byte, wide bool) (text, rest []byte) {
	if !wide {
		for i, c := range b {
			if c == 0 {
				return b[:i], b[i+1:]
			}
		}
		return b, nil
	}
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return b[:i], b[i+2:]
		}
	}
	return b[:len(b)&^1], nil
}
