// Package tpkt reads and writes the packets in which ISO transport runs over TCP: TPKT (RFC 1006)
// around COTP (ISO 8073, ITU-T X.224), as used by S7comm, MMS and RDP.
package tpkt

import "encoding/binary"

// HeaderLen is the length of the TPKT header in bytes.
const HeaderLen = 4

// Kind is the kind of a COTP unit (the high half of its code).
type Kind uint8

// The kinds of COTP unit that are met over TCP.
const (
	ConnectRequest    Kind = 0xe0
	ConnectConfirm    Kind = 0xd0
	DisconnectRequest Kind = 0x80
	Data              Kind = 0xf0
)

// Unit is one COTP unit. Slices point into the input.
type Unit struct {
	Kind     Kind
	DstRef   uint16 // connect and disconnect only
	SrcRef   uint16
	Last     bool   // data only: the last part of a message
	Variable []byte // connect only: parameters, or whatever stands there (RDP: cookie and negotiation)
	User     []byte // what follows the COTP header
}

// Size tells how long the TPKT packet at the start of b is, header included: 0 when more bytes are
// needed to tell, -1 when b does not start with a TPKT packet.
func Size(b []byte) int {
	if len(b) > 0 && b[0] != 3 || len(b) > 1 && b[1] != 0 {
		return -1
	}
	if len(b) < HeaderLen {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < HeaderLen+3 {
		return -1
	}
	return n
}

// Parse reads the COTP unit in one whole TPKT packet, header included.
func Parse(packet []byte) (Unit, bool) {
	n := Size(packet)
	if n <= 0 || n > len(packet) {
		return Unit{}, false
	}
	b := packet[HeaderLen:n]
	hdr := int(b[0]) + 1
	if hdr < 2 || hdr > len(b) {
		return Unit{}, false
	}
	u := Unit{Kind: Kind(b[1] & 0xf0), User: b[hdr:]}
	switch u.Kind {
	case ConnectRequest, ConnectConfirm, DisconnectRequest:
		if hdr < 7 {
			return Unit{}, false
		}
		u.DstRef = binary.BigEndian.Uint16(b[2:])
		u.SrcRef = binary.BigEndian.Uint16(b[4:])
		u.Variable = b[7:hdr]
	case Data:
		if hdr < 3 {
			return Unit{}, false
		}
		u.Last = b[2]&0x80 != 0
	default:
		return Unit{}, false
	}
	return u, true
}

// AppendData appends one TPKT packet with a whole message in it; user must be shorter than 65,000 bytes.
func AppendData(dst, user []byte) []byte {
	n := HeaderLen + 3 + len(user)
	dst = append(dst, 3, 0, byte(n>>8), byte(n), 2, byte(Data), 0x80)
	return append(dst, user...)
}

// AppendConnect appends a connect request or confirm with its variable part (at most 240 bytes).
func AppendConnect(dst []byte, kind Kind, dstRef, srcRef uint16, variable []byte) []byte {
	li := 6 + len(variable)
	n := HeaderLen + 1 + li
	dst = append(dst, 3, 0, byte(n>>8), byte(n), byte(li), byte(kind))
	dst = binary.BigEndian.AppendUint16(dst, dstRef)
	dst = binary.BigEndian.AppendUint16(dst, srcRef)
	dst = append(dst, 0)
	return append(dst, variable...)
}
