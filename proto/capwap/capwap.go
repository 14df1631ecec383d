// Package capwap reads the control messages in clear between access points and their controller
// (RFC 5415): discovery and, without DTLS, joining.
package capwap

import "encoding/binary"

// Message types.
const (
	DiscoveryRequest = 1
	DiscoveryAnswer  = 2
	JoinRequest      = 3
	JoinAnswer       = 4
	EchoRequest      = 13
)

// Message elements.
const (
	ACDescriptor  = 1
	ACName        = 4
	Location      = 28
	Vendor        = 37
	WTPBoard      = 38
	WTPDescriptor = 39
	WTPName       = 45
)

// Parts of the board data and of the descriptors.
const (
	BoardModel     = 0
	BoardSerial    = 1
	ActiveSoftware = 1 // of an access point
	ACSoftware     = 1 // of a controller
)

// Read reads the head of a control message in clear: its type and its elements.
func Read(b []byte) (typ int, elements []byte, ok bool) {
	if len(b) < 16 || b[0] != 0 { // version 0, not DTLS
		return 0, nil, false
	}
	head := int(b[1]>>3) * 4
	if head < 8 || head > 32 || b[3]&0x80 != 0 || len(b) < head+8 { // a fragment is not read
		return 0, nil, false
	}
	b = b[head:]
	if b[0] != 0 || b[1] != 0 || b[2] != 0 || b[3] == 0 || b[3] > 26 {
		return 0, nil, false
	}
	typ = int(b[3])
	n := int(binary.BigEndian.Uint16(b[5:]))
	elements = b[8:]
	// It counts from behind the sequence number: itself and the flags with the elements.
	if n > len(elements)+3 {
		return 0, nil, false
	}
	return typ, elements, true
}

// Elements walks the message elements.
func Elements(b []byte) func(yield func(typ int, v []byte) bool) {
	return func(yield func(typ int, v []byte) bool) {
		for len(b) >= 4 {
			n := int(binary.BigEndian.Uint16(b[2:]))
			if len(b) < 4+n || !yield(int(binary.BigEndian.Uint16(b)), b[4:4+n]) {
				return
			}
			b = b[4+n:]
		}
	}
}

// Part is a part of an element that a vendor's number goes before: type 2, length 2, value.
func Part(b []byte, want int) []byte {
	for len(b) >= 4 {
		typ, n := int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+n {
			return nil
		}
		if typ == want {
			return b[4 : 4+n]
		}
		b = b[4+n:]
	}
	return nil
}

// Board is a part of the board data of an access point.
func Board(v []byte, want int) []byte {
	if len(v) < 4 {
		return nil
	}
	return Part(v[4:], want)
}

// Descriptor is a part of the descriptor of an access point (head of 3 bytes and 3 for each
// encryption) or of a controller (head of 12 bytes). Each part has its vendor's number before it.
func Descriptor(v []byte, controller bool, want int) []byte {
	heads := []int{12}
	if !controller {
		if len(v) < 4 {
			return nil
		}
		heads = []int{3 + 3*int(v[2]), 4} // the second is what Cisco's access points write
	}
	for _, head := range heads {
		if p, ok := vendorPart(v, head, want); ok {
			return p
		}
	}
	return nil
}

// vendorPart finds a part, provided that the parts fill the element exactly.
func vendorPart(v []byte, head, want int) (found []byte, ok bool) {
	if head > len(v) {
		return nil, false
	}
	for v = v[head:]; len(v) > 0; {
		if len(v) < 8 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(v[6:]))
		if len(v) < 8+n {
			return nil, false
		}
		if int(binary.BigEndian.Uint16(v[4:])) == want {
			found = v[8 : 8+n]
		}
		v = v[8+n:]
	}
	return found, found != nil
}
