// Package ntp reads and writes the packets of the Network Time Protocol (RFC 5905).
package ntp

import "encoding/binary"

// Modes of a packet.
const (
	Client    = 3
	Server    = 4
	Broadcast = 5
)

// Packet is the head of an NTP packet.
type Packet struct {
	Version   uint8
	Mode      uint8
	Stratum   uint8 // 1 has a clock of its own, 16 is not set
	Reference [4]byte
}

// Read reads a packet of a client or server; ok is false when the bytes are none.
func Read(b []byte) (p Packet, ok bool) {
	if len(b) < 48 || len(b) > 48 && len(b) < 52 || len(b) > 1024 {
		return p, false
	}
	p.Version, p.Mode, p.Stratum = b[0]>>3&7, b[0]&7, b[1]
	p.Reference = [4]byte(b[12:])
	poll := int8(b[2])
	return p, p.Version >= 1 && p.Version <= 4 && p.Mode >= 1 && p.Mode <= Broadcast && p.Stratum <= 16 && poll >= 0 && poll <= 17
}

// AppendRequest appends the packet of a client; time is in NTP's format.
func AppendRequest(b []byte, time uint64) []byte {
	b = append(b, 4<<3|Client, 0, 6, 0xec)
	b = append(b, make([]byte, 36)...)
	return binary.BigEndian.AppendUint64(b, time)
}

// AppendAnswer appends the packet of a server to a request with the given transmit time.
func AppendAnswer(b []byte, stratum uint8, reference [4]byte, asked, time uint64) []byte {
	b = append(b, 4<<3|Server, stratum, 6, 0xec, 0, 0, 0, 1, 0, 0, 0, 1)
	b = append(b, reference[:]...)
	for _, t := range []uint64{time, asked, time, time} {
		b = binary.BigEndian.AppendUint64(b, t)
	}
	return b
}
