// Package radius reads and writes RADIUS packets (RFC 2865, RFC 2866, RFC 2869). Passwords and the
// names of people are left where they are.
package radius

import "encoding/binary"

// Codes of packets.
const (
	AccessRequest   = 1
	AccessAccept    = 2
	AccessReject    = 3
	AccountRequest  = 4
	AccountAnswer   = 5
	AccessChallenge = 11
)

// Attributes that say where a station is.
const (
	NASAddress       = 4
	NASPort          = 5
	FramedAddress    = 8
	CalledStationID  = 30
	CallingStationID = 31
	NASIdentifier    = 32
	AcctStatusType   = 40
	NASPortType      = 61
	NASPortID        = 87
)

// WiFi is the port type of a wireless station (RFC 2865 section 5.41).
const WiFi = 19

// Packet is one packet; its attributes have been checked to fill it.
type Packet struct {
	Code       byte
	attributes []byte
}

// Read reads a packet; ok is false when the bytes are none.
func Read(b []byte) (p Packet, ok bool) {
	if len(b) < 20 {
		return p, false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < 20 || n > len(b) || n > 4096 {
		return p, false
	}
	switch b[0] {
	case AccessRequest, AccessAccept, AccessReject, AccountRequest, AccountAnswer, AccessChallenge:
	default:
		return p, false
	}
	p.Code, p.attributes = b[0], b[20:n]
	for rest := p.attributes; len(rest) > 0; {
		if len(rest) < 2 || rest[1] < 2 || int(rest[1]) > len(rest) {
			return Packet{}, false
		}
		rest = rest[rest[1]:]
	}
	return p, true
}

// Get is the value of the first attribute of a type, or nil.
func (p Packet) Get(typ byte) []byte {
	for b := p.attributes; len(b) > 2; b = b[b[1]:] {
		if b[0] == typ {
			return b[2:b[1]]
		}
	}
	return nil
}

// Number is the value of an attribute of four bytes.
func (p Packet) Number(typ byte) (n uint32, ok bool) {
	v := p.Get(typ)
	if len(v) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(v), true
}

// Attribute is a type with its value, for writing.
type Attribute struct {
	Type  byte
	Value []byte
}

// Append appends a packet with an empty authenticator.
func Append(b []byte, code, id byte, attributes ...Attribute) []byte {
	start := len(b)
	b = append(b, code, id, 0, 0)
	b = append(b, make([]byte, 16)...)
	for _, a := range attributes {
		v := a.Value[:min(len(a.Value), 253)]
		b = append(append(b, a.Type, byte(2+len(v))), v...)
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	return b
}
