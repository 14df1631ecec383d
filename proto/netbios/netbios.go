// Package netbios reads NetBIOS over TCP/IP: the name service, datagrams and the browser's
// announcements in them (RFC 1001, RFC 1002, MS-BRWS).
package netbios

import (
	"bytes"
	"encoding/binary"
)

// Suffixes: the sixteenth byte of a name tells the service (MS-NBTE, MS-BRWS).
const (
	Workstation       = 0x00
	Messenger         = 0x03
	MasterBrowser     = 0x1b
	DomainControllers = 0x1c
	LocalMaster       = 0x1d
	Elections         = 0x1e
	FileServer        = 0x20
)

// Name is one NetBIOS name: fifteen bytes padded with blanks, and the suffix.
type Name [16]byte

// Text is the name without its padding.
func (n *Name) Text() []byte { return bytes.TrimRight(n[:15], " \x00") }

// Suffix tells the service.
func (n *Name) Suffix() byte { return n[15] }

// decodeName reads a name in the first-level encoding at an offset of a message: two letters a
// byte. It follows one compression pointer, as registrations use it.
func decodeName(msg []byte, at int, n *Name) (next int, ok bool) {
	if at+2 <= len(msg) && msg[at] >= 0xc0 {
		to := int(msg[at]&0x3f)<<8 | int(msg[at+1])
		if to >= at {
			return 0, false
		}
		if _, ok = decodeName(msg, to, n); !ok {
			return 0, false
		}
		return at + 2, true
	}
	if len(msg)-at < 34 || msg[at] != 32 {
		return 0, false
	}
	for i := range n {
		hi, lo := msg[at+1+2*i]-'A', msg[at+2+2*i]-'A'
		if hi > 15 || lo > 15 {
			return 0, false
		}
		n[i] = hi<<4 | lo
	}
	for at += 33; at < len(msg); at += 1 + int(msg[at]) { // the scope, usually empty
		if msg[at] == 0 {
			return at + 1, true
		}
		if msg[at] >= 64 {
			return 0, false
		}
	}
	return 0, false
}

// Operations of the name service.
const (
	Query        = 0
	Registration = 5
	Release      = 6
	Refresh      = 8
	RefreshAlt   = 9
)

// Record types.
const (
	TypeName   = 0x20
	TypeStatus = 0x21
)

// Packet is one message of the name service.
type Packet struct {
	Operation uint8
	Response  bool
	Code      uint8
	Name      Name   // asked for, registered or answered
	Type      uint16 // of the question or the answer
	Group     bool   // of a registration or a name answer
	Address   [4]byte
	status    []byte // of a status answer: the names
}

// Parse reads a message of the name service.
func Parse(b []byte, p *Packet) bool {
	if len(b) < 12+38 {
		return false
	}
	flags := binary.BigEndian.Uint16(b[2:])
	questions, answers := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:])
	additionals := binary.BigEndian.Uint16(b[10:])
	*p = Packet{Operation: uint8(flags >> 11 & 15), Response: flags&0x8000 != 0, Code: uint8(flags & 15)}
	if questions+answers != 1 || additionals > 1 {
		return false
	}
	at, ok := decodeName(b, 12, &p.Name)
	if !ok || len(b)-at < 4 || b[at+3] != 1 || b[at+2]&0x7f != 0 {
		return false
	}
	if p.Type = binary.BigEndian.Uint16(b[at:]); p.Type != TypeName && p.Type != TypeStatus && p.Type != 10 {
		return false
	}
	at += 4
	if questions == 1 {
		if additionals == 0 {
			return true
		}
		var again Name
		if at, ok = decodeName(b, at, &again); !ok || len(b)-at < 4 {
			return false
		}
		at += 4
	}
	if len(b)-at < 6 {
		return false
	}
	n := int(binary.BigEndian.Uint16(b[at+4:]))
	if at += 6; len(b)-at < n {
		return false
	}
	data := b[at : at+n]
	switch {
	case p.Type == TypeStatus:
		p.status = data
	case len(data) >= 6:
		p.Group, p.Address = data[0]&0x80 != 0, [4]byte(data[2:6])
	}
	return true
}

// Own is one of the names in a status answer.
type Own struct {
	Name  Name
	Group bool
}

// Status walks the names in a status answer; unit is the hardware address that follows them.
func (p *Packet) Status(f func(Own)) (unit [6]byte) {
	b := p.status
	if len(b) < 1 {
		return unit
	}
	n := int(b[0])
	for b = b[1:]; n > 0 && len(b) >= 18; n-- {
		f(Own{Name: Name(b[:16]), Group: b[16]&0x80 != 0})
		b = b[18:]
	}
	if n == 0 && len(b) >= 6 {
		unit = [6]byte(b[:6])
	}
	return unit
}

// Datagram is a NetBIOS datagram (RFC 1002 section 4.4).
type Datagram struct {
	SourceIP [4]byte
	Source   Name
	Data     []byte
}

// ParseDatagram reads a direct unique, direct group or broadcast datagram that is not fragmented.
func ParseDatagram(b []byte, d *Datagram) bool {
	if len(b) < 82 || b[0] < 0x10 || b[0] > 0x12 || b[1]&1 != 0 {
		return false
	}
	*d = Datagram{SourceIP: [4]byte(b[4:8])}
	at, ok := decodeName(b, 14, &d.Source)
	if !ok {
		return false
	}
	var to Name
	if at, ok = decodeName(b, at, &to); !ok {
		return false
	}
	d.Data = b[at:]
	return true
}

// Announcement is what a machine tells the browsers of its segment (MS-BRWS section 2.2.1).
type Announcement struct {
	Server       []byte
	Major, Minor uint8
	Type         uint32
	Comment      []byte
}

// Server type flags.
const (
	TypeServer           = 1 << 1
	TypeSQL              = 1 << 2
	TypeDomainController = 1 << 3
	TypeBackupController = 1 << 4
	TypePrintQueue       = 1 << 9
	TypeUnix             = 1 << 11
	TypeNTServer         = 1 << 15
)

// ParseAnnouncement reads what was written to \MAILSLOT\BROWSE: the announcement of a host or of
// a local master browser. Other frames of the browser report false.
func ParseAnnouncement(b []byte, a *Announcement) bool {
	if len(b) < 32 || b[0] != 0x01 && b[0] != 0x0f {
		return false
	}
	if binary.LittleEndian.Uint16(b[30:]) != 0xaa55 {
		return false
	}
	*a = Announcement{
		Server: cut(b[6:22]), Major: b[22], Minor: b[23],
		Type: binary.LittleEndian.Uint32(b[24:]), Comment: cut(b[32:]),
	}
	return true
}

func cut(b []byte) []byte {
	if at := bytes.IndexByte(b, 0); at >= 0 {
		b = b[:at]
	}
	return b
}
