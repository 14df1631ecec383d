// Package cdp reads and writes the frames of the Cisco Discovery Protocol, versions 1 and 2, as
// they follow the SNAP header 00-00-0C 0x2000. The field numbers are those that Cisco published in
// its "Understanding and Configuring CDP" documents.
package cdp

import "encoding/binary"

// Fields of a frame.
const (
	DeviceID     = 0x0001
	Addresses    = 0x0002
	PortID       = 0x0003
	Capabilities = 0x0004
	Software     = 0x0005
	Platform     = 0x0006
	SystemName   = 0x0014
	Management   = 0x0016
	Location     = 0x0017
)

// Capabilities, one bit each.
const (
	IsRouter = 1 << 0
	IsBridge = 1 << 1 // transparent bridge: access points say so
	IsSwitch = 1 << 3
	IsHost   = 1 << 4
	IsPhone  = 1 << 7
)

// TLV is one field; Value points into the frame.
type TLV struct {
	Type  uint16
	Value []byte
}

// Is reports whether the bytes after the SNAP header are a CDP frame.
func Is(b []byte) bool {
	if len(b) < 8 || b[0] < 1 || b[0] > 2 {
		return false
	}
	for t := range TLVs(b) {
		return t.Type == DeviceID // every sender writes its name first
	}
	return false
}

// TLVs walks the fields of a frame up to the first that is cut off.
func TLVs(b []byte) func(yield func(TLV) bool) {
	return func(yield func(TLV) bool) {
		if len(b) < 4 {
			return
		}
		b = b[4:]
		for len(b) >= 4 {
			n := int(binary.BigEndian.Uint16(b[2:]))
			if n < 4 || n > len(b) {
				return
			}
			if !yield(TLV{binary.BigEndian.Uint16(b), b[4:n]}) {
				return
			}
			b = b[n:]
		}
	}
}

// Bits are the capabilities.
func (t TLV) Bits() (bits uint32, ok bool) {
	if t.Type != Capabilities || len(t.Value) < 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(t.Value), true
}

// maxAddresses is how many addresses of one field are read.
const maxAddresses = 8

// IPs walks the IPv4 (4 bytes) and IPv6 (16 bytes) addresses of an address field.
func (t TLV) IPs(yield func([]byte) bool) {
	if t.Type != Addresses && t.Type != Management || len(t.Value) < 4 {
		return
	}
	count := min(binary.BigEndian.Uint32(t.Value), maxAddresses)
	b := t.Value[4:]
	for range count {
		if len(b) < 2 {
			return
		}
		proto := int(b[1])
		if len(b) < 2+proto+2 {
			return
		}
		n := int(binary.BigEndian.Uint16(b[2+proto:]))
		end := 2 + proto + 2 + n
		if len(b) < end {
			return
		}
		if a := b[end-n : end]; n == 4 && proto == 1 && b[2] == 0xcc || n == 16 && proto == 8 {
			if !yield(a) {
				return
			}
		}
		b = b[end:]
	}
}

// Station is what a device announces about itself.
type Station struct {
	ID, Port, Software, Platform string
	Capabilities                 uint32
	IPv4                         [4]byte
}

// Append appends a version 2 frame that announces a station, without Ethernet, LLC and SNAP
// headers.
func Append(b []byte, s Station) []byte {
	start := len(b)
	b = append(b, 2, 180, 0, 0)
	b = appendTLV(b, DeviceID, []byte(s.ID))
	a := append([]byte{0, 0, 0, 1, 1, 1, 0xcc, 0, 4}, s.IPv4[:]...)
	b = appendTLV(b, Addresses, a)
	b = appendTLV(b, PortID, []byte(s.Port))
	b = appendTLV(b, Capabilities, binary.BigEndian.AppendUint32(nil, s.Capabilities))
	b = appendTLV(b, Software, []byte(s.Software))
	b = appendTLV(b, Platform, []byte(s.Platform))
	binary.BigEndian.PutUint16(b[start+2:], checksum(b[start:]))
	return b
}

func appendTLV(b []byte, typ uint16, v []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, typ)
	b = binary.BigEndian.AppendUint16(b, uint16(4+len(v)))
	return append(b, v...)
}

// checksum is the Internet checksum (RFC 1071) with Cisco's way of adding an odd last byte: as a
// number of its own, not as the high half of a word.
func checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	if len(b) == 1 {
		sum += uint32(int32(int8(b[0]))) & 0xffff
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
