// Package tls reads the parts of a TLS or DTLS handshake that go over in clear: hellos and, up to
// TLS 1.2, certificates (RFC 5246, 6347, 8446), and computes the client fingerprints JA3 and JA4.
//
// Messages are views into the bytes they were parsed from.
package tls

import "encoding/binary"

// Versions on the wire.
const (
	SSL30  = 0x0300
	TLS10  = 0x0301
	TLS11  = 0x0302
	TLS12  = 0x0303
	TLS13  = 0x0304
	DTLS10 = 0xfeff
	DTLS12 = 0xfefd
	DTLS13 = 0xfefc
)

// Record types.
const (
	ChangeCipherSpec = 20
	Alert            = 21
	Handshake        = 22
	ApplicationData  = 23
)

// Handshake message types.
const (
	TypeClientHello = 1
	TypeServerHello = 2
	TypeCertificate = 11
)

const (
	recordHead   = 5
	maxRecord    = 1<<14 + 2048
	maxHandshake = 32 << 10
)

// Looks reports whether b begins like a TLS record with a hello in it; more says that too few
// bytes are there to tell.
func Looks(b []byte) (yes, more bool) {
	if len(b) == 0 {
		return false, true
	}
	if b[0] != Handshake || len(b) > 1 && b[1] != 3 || len(b) > 2 && b[2] > 4 {
		return false, false
	}
	if len(b) < recordHead+4 {
		return false, true
	}
	n := int(binary.BigEndian.Uint16(b[3:]))
	size := int(b[6])<<16 | int(b[7])<<8 | int(b[8])
	return n >= 4 && n <= maxRecord && (b[5] == TypeClientHello || b[5] == TypeServerHello) && size >= 38 && size < maxHandshake, false
}

// Handshakes puts handshake messages together from the records of one direction.
type Handshakes struct {
	buf []byte // begin of a message that did not fit in one record
}

// Held is how many bytes of an incomplete message are kept.
func (h *Handshakes) Held() int { return len(h.buf) }

// Read takes the whole records at the start of data and gives the handshake messages in them to
// f, their type and body. It returns how many bytes it took. ok is false where the handshake in
// clear ends: encryption began, the bytes are not TLS, or f returned false.
func (h *Handshakes) Read(data []byte, f func(typ byte, body []byte) bool) (used int, ok bool) {
	for len(data)-used >= recordHead {
		b := data[used:]
		n := int(binary.BigEndian.Uint16(b[3:]))
		if b[0] < ChangeCipherSpec || b[0] > ApplicationData || b[1] != 3 || n > maxRecord {
			return used, false
		}
		if b[0] == ChangeCipherSpec || b[0] == ApplicationData {
			return used, false
		}
		if len(b) < recordHead+n {
			return used, true
		}
		used += recordHead + n
		if b[0] == Handshake && !h.add(b[recordHead:recordHead+n], f) {
			return used, false
		}
	}
	return used, true
}

func (h *Handshakes) add(fragment []byte, f func(typ byte, body []byte) bool) bool {
	b := fragment
	if len(h.buf) > 0 {
		if len(h.buf)+len(fragment) > maxHandshake {
			return false
		}
		h.buf = append(h.buf, fragment...)
		b = h.buf
	}
	for len(b) >= 4 {
		n := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		if n > maxHandshake {
			return false
		}
		if len(b) < 4+n {
			break
		}
		if !f(b[0], b[4:4+n]) {
			return false
		}
		b = b[4+n:]
	}
	h.buf = append(h.buf[:0], b...)
	return true
}

// NextCertificate walks the certificates of a Certificate message of TLS 1.2 and before, leaf
// first. Begin with CertificateList(body); rest is nil at the end.
func NextCertificate(list []byte) (der, rest []byte) {
	if len(list) < 3 {
		return nil, nil
	}
	n := int(list[0])<<16 | int(list[1])<<8 | int(list[2])
	if n == 0 || len(list)-3 < n {
		return nil, nil
	}
	return list[3 : 3+n], list[3+n:]
}

// CertificateList is the list of certificates in the body of a Certificate message, or nil.
func CertificateList(body []byte) []byte {
	if len(body) < 3 {
		return nil
	}
	n := int(body[0])<<16 | int(body[1])<<8 | int(body[2])
	if len(body)-3 < n {
		return nil
	}
	return body[3 : 3+n]
}
