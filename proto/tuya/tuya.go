// Package tuya recognises the frames of Tuya's local protocol. Since version 3.1 the inside is
// encrypted; nothing in it names a product.
package tuya

import "encoding/binary"

// Is reports whether bytes start with a frame: the prefixes 000055AA (with the suffix 0000AA55) or
// 00006699 (with 00009966), and a length that fits.
func Is(b []byte) bool {
	if len(b) < 24 {
		return false
	}
	switch binary.BigEndian.Uint32(b) {
	case 0x000055aa:
		n := int(binary.BigEndian.Uint32(b[12:]))
		return n >= 8 && n <= len(b)-16 && binary.BigEndian.Uint32(b[16+n-4:]) == 0x0000aa55
	case 0x00006699:
		n := int(binary.BigEndian.Uint32(b[14:]))
		return n >= 8 && n+22 <= len(b) && binary.BigEndian.Uint32(b[18+n:]) == 0x00009966
	}
	return false
}

// Append appends a frame with the given encrypted content and checksum.
func Append(b []byte, command uint32, content []byte, sum uint32) []byte {
	b = append(b, 0, 0, 0x55, 0xaa, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, command)
	b = binary.BigEndian.AppendUint32(b, uint32(len(content)+8))
	b = append(b, content...)
	b = binary.BigEndian.AppendUint32(b, sum)
	return append(b, 0, 0, 0xaa, 0x55)
}
