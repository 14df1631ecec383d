package tls

import (
	"crypto/md5" //nolint:gosec // JA3 is defined over MD5; nothing is protected by it
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
)

// grease reports whether a value is one of those reserved to keep servers tolerant (RFC 8701).
func grease(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// AppendJA3 appends the JA3 fingerprint of a hello: the MD5 of version, cipher suites, extensions,
// groups and point formats in decimal, in the order in which they were sent (Althouse, Atkinson
// and Atkins, 2017), as 32 hexadecimal digits.
func AppendJA3(dst []byte, h *ClientHello) []byte {
	var buf [2048]byte
	b := strconv.AppendUint(buf[:0], uint64(h.Version), 10)
	b = appendDecimals(append(b, ','), h.Ciphers)
	b = append(b, ',')
	first := true
	for e := h.Extensions; len(e) > 0; {
		typ, _, rest, ok := nextExtension(e)
		if !ok {
			break
		}
		e = rest
		if grease(typ) {
			continue
		}
		if !first {
			b = append(b, '-')
		}
		first = false
		b = strconv.AppendUint(b, uint64(typ), 10)
	}
	b = appendDecimals(append(b, ','), h.Groups)
	b = append(b, ',')
	for i, p := range h.Points {
		if i > 0 {
			b = append(b, '-')
		}
		b = strconv.AppendUint(b, uint64(p), 10)
	}
	sum := md5.Sum(b) //nolint:gosec // see above
	return hex.AppendEncode(dst, sum[:])
}

func appendDecimals(b, list []byte) []byte {
	first := true
	for ; len(list) >= 2; list = list[2:] {
		v := binary.BigEndian.Uint16(list)
		if grease(v) {
			continue
		}
		if !first {
			b = append(b, '-')
		}
		first = false
		b = strconv.AppendUint(b, uint64(v), 10)
	}
	return b
}

// AppendJA4 appends the JA4 fingerprint of a hello (FoxIO's technical description of JA4, the
// TLS client part): transport, version, server name, counts, ALPN, then the first twelve digits of
// SHA-256 over the sorted cipher suites, and over the sorted extensions with the signature
// algorithms as sent. transport is 't', 'q' or 'd'.
func AppendJA4(dst []byte, transport byte, h *ClientHello) []byte {
	var room [512]uint16
	ciphers := values(room[:0:256], h.Ciphers)
	extensions := room[256:256]
	count := 0
	for e := h.Extensions; len(e) > 0; {
		typ, _, rest, ok := nextExtension(e)
		if !ok {
			break
		}
		e = rest
		if grease(typ) {
			continue
		}
		count++
		if typ != extServerName && typ != extALPN && len(extensions) < 256 {
			extensions = append(extensions, typ)
		}
	}
	dst = append(dst, transport)
	dst = append(dst, h.version()...)
	name := byte('i')
	if h.ServerName != nil {
		name = 'd'
	}
	dst = append(dst, name)
	dst = twoDigits(dst, len(ciphers))
	dst = twoDigits(dst, count)
	dst = appendALPN(dst, h.ALPN)
	slices.Sort(ciphers)
	slices.Sort(extensions)
	var buf [2048]byte
	dst = appendSum(append(dst, '_'), appendHex(buf[:0], ciphers))
	b := appendHex(buf[:0], extensions)
	if len(h.Signatures) >= 2 && len(b) > 0 {
		b = appendHex(append(b, '_'), values(room[:0:256], h.Signatures))
	}
	return appendSum(append(dst, '_'), b)
}

// values reads a list of numbers into dst as far as it has room, without the reserved ones.
func values(dst []uint16, list []byte) []uint16 {
	for ; len(list) >= 2 && len(dst) < cap(dst); list = list[2:] {
		if v := binary.BigEndian.Uint16(list); !grease(v) {
			dst = append(dst, v)
		}
	}
	return dst
}

// version is the highest version offered, in the two letters of JA4.
func (h *ClientHello) version() string {
	best := h.Version
	if len(h.Versions) >= 2 {
		best = 0
		for v := h.Versions; len(v) >= 2; v = v[2:] {
			if n := binary.BigEndian.Uint16(v); !grease(n) && newer(n, best) {
				best = n
			}
		}
	}
	switch best {
	case TLS13:
		return "13"
	case TLS12:
		return "12"
	case TLS11:
		return "11"
	case TLS10:
		return "10"
	case SSL30:
		return "s3"
	case DTLS10:
		return "d1"
	case DTLS12:
		return "d2"
	case DTLS13:
		return "d3"
	}
	return "00"
}

// newer compares versions; those of DTLS count downwards.
func newer(a, b uint16) bool {
	if a>>8 == 0xfe && b != 0 {
		return a < b
	}
	return a > b
}

func twoDigits(dst []byte, n int) []byte {
	n = min(n, 99)
	return append(dst, '0'+byte(n/10), '0'+byte(n%10))
}

func appendALPN(dst, alpn []byte) []byte {
	if len(alpn) == 0 {
		return append(dst, "00"...)
	}
	first, last := alpn[0], alpn[len(alpn)-1]
	if alphanumeric(first) && alphanumeric(last) {
		return append(dst, first, last)
	}
	const digits = "0123456789abcdef"
	return append(dst, digits[first>>4], digits[last&15])
}

func alphanumeric(c byte) bool { return c-'0' < 10 || (c|0x20)-'a' < 26 }

func appendHex(dst []byte, list []uint16) []byte {
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = hex.AppendEncode(dst, []byte{byte(v >> 8), byte(v)})
	}
	return dst
}

func appendSum(dst, b []byte) []byte {
	if len(b) == 0 {
		return append(dst, "000000000000"...)
	}
	sum := sha256.Sum256(b)
	return hex.AppendEncode(dst, sum[:6])
}
