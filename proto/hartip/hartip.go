// Package hartip reads HART-IP (FieldComm TS20085, UDP and TCP 5094) as far as field devices and
// gateways identify themselves: HART commands 0, 13 and 20 (HCF_SPEC-127).
package hartip

import "encoding/binary"

// HeaderLen is the length of the HART-IP header in bytes.
const HeaderLen = 8

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) < HeaderLen {
		if len(b) > 0 && b[0] != 1 || len(b) > 1 && !messageType(b[1]) {
			return -1
		}
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[6:]))
	if b[0] != 1 || !messageType(b[1]) || b[2] > 3 || n < HeaderLen || n > 1024 {
		return -1
	}
	switch {
	case b[2] == 0 && n != HeaderLen+5 && n != HeaderLen, // session: master and timer
		b[2] == 1 && n != HeaderLen, b[2] == 2 && n != HeaderLen,
		b[2] == 3 && n < HeaderLen+5:
		return -1
	}
	return n
}

func messageType(t byte) bool { return t <= 2 || t == 15 }

// Answer is the answer to one HART command that was passed through.
type Answer struct {
	Address []byte // 1 or 5 bytes
	Command byte
	Status  byte // response code; 0 is success
	Data    []byte
}

// ParseAnswer reads the answer of a device out of one whole message.
func ParseAnswer(b []byte) (Answer, bool) {
	n := Size(b)
	if n <= 0 || n > len(b) || b[1] != 1 || b[2] != 3 {
		return Answer{}, false
	}
	f := b[HeaderLen:n]
	if f[0]&7 != 6 { // the frame of a device that answers
		return Answer{}, false
	}
	address, expansion := 1, int(f[0]>>5&3)
	if f[0]&0x80 != 0 {
		address = 5
	}
	hdr := 1 + address + expansion
	if len(f) < hdr+4 {
		return Answer{}, false
	}
	count := int(f[hdr+1])
	if count < 2 || hdr+2+count > len(f) {
		return Answer{}, false
	}
	a := Answer{Address: f[1 : 1+address], Command: f[hdr], Status: f[hdr+2], Data: f[hdr+4 : hdr+2+count]}
	return a, a.Status == 0
}

// Identity is the answer to command 0 (and 11, 21).
type Identity struct {
	DeviceType uint16 // expanded device type; before HART 7 the maker's byte and the type's
	Revision   byte   // of HART: 5, 6, 7
	Software   byte
	Bridge     bool // a protocol bridge: a gateway
	DeviceID   [3]byte
	Maker      uint16
}

// ParseIdentity reads the answer to an identity command.
func ParseIdentity(a *Answer) (Identity, bool) {
	d := a.Data
	if a.Command != 0 && a.Command != 11 && a.Command != 21 || len(d) < 12 || d[0] != 254 {
		return Identity{}, false
	}
	id := Identity{
		DeviceType: binary.BigEndian.Uint16(d[1:]),
		Revision:   d[4],
		Software:   d[6],
		Bridge:     d[8]&0x04 != 0,
		DeviceID:   [3]byte(d[9:12]),
		Maker:      uint16(d[1]),
	}
	if id.Revision >= 7 && len(d) >= 19 {
		id.Maker = binary.BigEndian.Uint16(d[17:])
	}
	return id, id.Revision >= 5 && id.Revision <= 8
}

// Tag is the long tag in the answer to command 20 or 22, trimmed.
func Tag(a *Answer) ([]byte, bool) {
	if a.Command != 20 && a.Command != 22 || len(a.Data) < 32 {
		return nil, false
	}
	b := a.Data[:32]
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b, len(b) > 0
}

// MakerName is the maker behind a HART manufacturer number (FieldComm Group's table 8); nothing for
// makers whose number was not found in a public manual of their devices (read 2026-11-24).
func MakerName(id uint16) string {
	switch id {
	case 0x26:
		return "Rosemount"
	case 0x2a:
		return "Siemens"
	case 0xa6:
		return "Fluid Components International"
	}
	return ""
}
