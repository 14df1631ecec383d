// Package arp reads and writes ARP for IPv4 on Ethernet (RFC 826).
package arp

import "encoding/binary"

// Operations.
const (
	Request = 1
	Reply   = 2
)

// Packet is one ARP packet.
type Packet struct {
	Operation uint16
	SenderMAC [6]byte
	SenderIP  [4]byte // zero in a probe (RFC 5227)
	TargetMAC [6]byte
	TargetIP  [4]byte
}

// The fixed start: Ethernet, IPv4, address lengths 6 and 4; the operation follows.
const head = 0x000108000604

// Parse reads what follows the EtherType 0x0806. It reports false for other kinds of ARP.
func Parse(b []byte, p *Packet) bool {
	if len(b) < 28 {
		return false
	}
	h := binary.BigEndian.Uint64(b)
	if h>>16 != head {
		return false
	}
	*p = Packet{
		Operation: uint16(h & 0xffff), SenderMAC: [6]byte(b[8:14]), SenderIP: [4]byte(b[14:18]), //nolint:gosec // masked
		TargetMAC: [6]byte(b[18:24]), TargetIP: [4]byte(b[24:28]),
	}
	return p.Operation == Request || p.Operation == Reply
}

// Append writes one packet behind dst.
func Append(dst []byte, p *Packet) []byte {
	dst = append(dst, 0, 1, 8, 0, 6, 4)
	dst = binary.BigEndian.AppendUint16(dst, p.Operation)
	dst = append(append(dst, p.SenderMAC[:]...), p.SenderIP[:]...)
	return append(append(dst, p.TargetMAC[:]...), p.TargetIP[:]...)
}
