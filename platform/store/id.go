package store

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// NewID makes a UUIDv7 (RFC 9562): it begins with the time, so that new rows stand together in an
// index. It is opaque to users.
func NewID(now time.Time) string {
	var b [16]byte
	rand.Read(b[6:])                                  //nolint:errcheck // never fails since Go 1.24
	ms := uint64(now.UnixMilli())                     //nolint:gosec // after 1970
	binary.BigEndian.PutUint16(b[0:], uint16(ms>>32)) //nolint:gosec // 48 bits
	binary.BigEndian.PutUint32(b[2:], uint32(ms))     //nolint:gosec // 48 bits
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	var s [36]byte
	hex.Encode(s[0:], b[0:4])
	hex.Encode(s[9:], b[4:6])
	hex.Encode(s[14:], b[6:8])
	hex.Encode(s[19:], b[8:10])
	hex.Encode(s[24:], b[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}
