// Package stun reads the messages of STUN and TURN (RFC 8489).
package stun

import "encoding/binary"

// Software is the attribute in which a side names its program.
const Software = 0x8022

const cookie = 0x2112a442

// Read reads a message at the start of b: whether it is an answer, its attributes and its length.
func Read(b []byte) (answer bool, attributes []byte, size int, ok bool) {
	if len(b) < 20 || b[0]>>6 != 0 || binary.BigEndian.Uint32(b[4:]) != cookie {
		return false, nil, 0, false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n%4 != 0 {
		return false, nil, 0, false
	}
	return b[0]&1 == 1, b[20:min(len(b), 20+n)], 20 + n, true
}

// Get is the value of an attribute, or nil.
func Get(b []byte, want uint16) []byte {
	for len(b) >= 4 {
		n := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+n {
			return nil
		}
		if binary.BigEndian.Uint16(b) == want {
			return b[4 : 4+n]
		}
		b = b[min(len(b), 4+(n+3)&^3):]
	}
	return nil
}
