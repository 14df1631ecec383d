// Package rtp recognises the packets of RTP and RTCP (RFC 3550, RFC 3551). Nothing in them says
// what they are, so that only shapes are taken that chance does not make.
package rtp

import "encoding/binary"

// IsAudio reports whether a datagram is RTP of a telephone codec: no padding, extension or
// contributors, a static payload type, and as many bytes as that codec makes in whole frames.
func IsAudio(b []byte) bool {
	if len(b) < 22 || b[0] != 0x80 || binary.BigEndian.Uint32(b[8:]) == 0 {
		return false
	}
	n := len(b) - 12
	switch b[1] & 0x7f {
	case 0, 8, 9: // G.711, G.722: 80 bytes in 10 ms, up to 60 ms
		return n%80 == 0 && n <= 480
	case 18: // G.729: 10 bytes in 10 ms
		return n%10 == 0 && n <= 60
	}
	return false
}

// IsControl reports whether a datagram is RTCP: a chain of packets whose lengths fill it exactly,
// the first of them a report.
func IsControl(b []byte) bool {
	if len(b) < 8 || b[1] != 200 && b[1] != 201 {
		return false
	}
	packets := 0
	for len(b) > 0 {
		if len(b) < 4 || b[0]>>6 != 2 || b[1] < 200 || b[1] > 207 {
			return false
		}
		n := 4 + 4*int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b) {
			return false
		}
		b = b[n:]
		packets++
	}
	return packets >= 2 // a report and the name of the source always go together
}
