// Package ubnt reads the announcements of Ubiquiti's devices on UDP port 10001. The field numbers
// are those that public scanners of the protocol list.
package ubnt

import "encoding/binary"

// Fields.
const (
	MAC         = 0x01
	Addresses   = 0x02 // hardware address and IPv4 address
	Firmware    = 0x03 // with the product's name before it
	Hostname    = 0x0b
	Platform    = 0x0c
	ModelText   = 0x14
	ModelShort  = 0x15
	FirmwareNum = 0x16
)

// Read reads an announcement: its fields. ok is false for questions, which have none, and for
// anything else.
func Read(b []byte) (fields []byte, ok bool) {
	if len(b) < 8 || b[0] != 1 && b[0] != 2 {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < 4 || n != len(b)-4 {
		return nil, false
	}
	for rest := b[4:]; len(rest) > 0; { // the fields must fill it
		if len(rest) < 3 || len(rest) < 3+int(binary.BigEndian.Uint16(rest[1:])) {
			return nil, false
		}
		rest = rest[3+int(binary.BigEndian.Uint16(rest[1:])):]
	}
	return b[4:], true
}

// Fields walks the fields.
func Fields(b []byte) func(yield func(typ byte, v []byte) bool) {
	return func(yield func(typ byte, v []byte) bool) {
		for len(b) >= 3 {
			n := int(binary.BigEndian.Uint16(b[1:]))
			if len(b) < 3+n || !yield(b[0], b[3:3+n]) {
				return
			}
			b = b[3+n:]
		}
	}
}

// IsQuestion reports whether a datagram is the question of somebody who searches.
func IsQuestion(b []byte) bool {
	return len(b) == 4 && (b[0] == 1 || b[0] == 2) && b[2] == 0 && b[3] == 0
}

// Append appends an announcement of version 2 with text fields.
func Append(b []byte, mac [6]byte, ip [4]byte, fields map[byte]string) []byte {
	start := len(b)
	b = append(b, 2, 6, 0, 0)
	b = append(append(append(b, Addresses, 0, 10), mac[:]...), ip[:]...)
	for typ := range 256 {
		if v, ok := fields[byte(typ)]; ok {
			b = append(b, byte(typ))
			b = binary.BigEndian.AppendUint16(b, uint16(len(v)))
			b = append(b, v...)
		}
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start-4))
	return b
}
