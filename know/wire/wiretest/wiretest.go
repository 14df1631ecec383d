// Package wiretest builds frames and captures byte by byte, for tests and benchmarks of the wire.
package wiretest

import (
	"encoding/binary"
	"io"
)

// Host is one end of a conversation.
type Host struct {
	MAC [6]byte
	IP  [4]byte
}

// HostN is the n-th host of a made-up site: 10.0.0.0/8 and locally administered addresses.
func HostN(n uint32) Host {
	var h Host
	h.MAC = [6]byte{0x02, 0xaa, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	h.IP = [4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}
	return h
}

// TCP flags.
const (
	FIN = 1
	SYN = 2
	RST = 4
	PSH = 8
	ACK = 16
)

// Ethernet puts a frame together.
func Ethernet(dst, src [6]byte, etherType uint16, payload []byte) []byte {
	b := make([]byte, 0, 14+len(payload))
	b = append(append(b, dst[:]...), src[:]...)
	return append(binary.BigEndian.AppendUint16(b, etherType), payload...)
}

// IPv4 puts a packet together, header checksum included.
func IPv4(src, dst [4]byte, proto, ttl byte, id, frag uint16, payload []byte) []byte {
	b := make([]byte, 20, 20+len(payload))
	b[0], b[8], b[9] = 0x45, ttl, proto
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(payload))) //nolint:gosec // callers stay below 64 KiB
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], frag)
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return append(b, payload...)
}

func checksum(b []byte) uint16 {
	sum := uint32(0)
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum) //nolint:gosec // folded
}

// UDPHeader puts a UDP header before a payload, without checksum.
func UDPHeader(srcPort, dstPort uint16, payload []byte) []byte {
	b := make([]byte, 0, 8+len(payload))
	b = binary.BigEndian.AppendUint16(b, srcPort)
	b = binary.BigEndian.AppendUint16(b, dstPort)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload))) //nolint:gosec // callers stay below 64 KiB
	return append(append(b, 0, 0), payload...)
}

// UDP is a whole Ethernet frame with a datagram.
func UDP(src, dst Host, srcPort, dstPort uint16, payload []byte) []byte {
	return Ethernet(dst.MAC, src.MAC, 0x0800, IPv4(src.IP, dst.IP, 17, 64, 1, 0, UDPHeader(srcPort, dstPort, payload)))
}

// TCP is a whole Ethernet frame with a segment.
func TCP(src, dst Host, srcPort, dstPort uint16, seq, ack uint32, flags byte, payload []byte) []byte {
	b := make([]byte, 20, 20+len(payload))
	binary.BigEndian.PutUint16(b, srcPort)
	binary.BigEndian.PutUint16(b[2:], dstPort)
	binary.BigEndian.PutUint32(b[4:], seq)
	binary.BigEndian.PutUint32(b[8:], ack)
	b[12], b[13] = 5<<4, flags
	binary.BigEndian.PutUint16(b[14:], 65535)
	return Ethernet(dst.MAC, src.MAC, 0x0800, IPv4(src.IP, dst.IP, 6, 64, 1, 0, append(b, payload...)))
}

// Pcap writes a capture file.
type Pcap struct {
	w    io.Writer
	head [16]byte
	err  error
}

// NewPcap starts a capture file of a link type, with times in microseconds, little endian.
func NewPcap(w io.Writer, link uint32) *Pcap {
	var h [24]byte
	binary.LittleEndian.PutUint32(h[:], 0xa1b2c3d4)
	binary.LittleEndian.PutUint16(h[4:], 2)
	binary.LittleEndian.PutUint16(h[6:], 4)
	binary.LittleEndian.PutUint32(h[16:], 262144)
	binary.LittleEndian.PutUint32(h[20:], link)
	p := &Pcap{w: w}
	_, p.err = w.Write(h[:])
	return p
}

// Write adds one packet captured at a time in nanoseconds since 1970.
func (p *Pcap) Write(t int64, data []byte) {
	if p.err != nil {
		return
	}
	binary.LittleEndian.PutUint32(p.head[:], uint32(t/1e9))       //nolint:gosec // until 2106
	binary.LittleEndian.PutUint32(p.head[4:], uint32(t%1e9/1000)) //nolint:gosec // below a second
	binary.LittleEndian.PutUint32(p.head[8:], uint32(len(data)))  //nolint:gosec // a packet
	binary.LittleEndian.PutUint32(p.head[12:], uint32(len(data))) //nolint:gosec // a packet
	if _, p.err = p.w.Write(p.head[:]); p.err == nil {
		_, p.err = p.w.Write(data)
	}
}

// Err is the first error of the writer beneath.
func (p *Pcap) Err() error { return p.err }
