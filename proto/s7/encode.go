package s7

import "encoding/binary"

// AppendSetup appends the request for a session, or the answer that accepts it.
func AppendSetup(dst []byte, reference uint16, answer bool) []byte {
	if answer {
		dst = append(dst, 0x32, byte(AckData), 0, 0, byte(reference>>8), byte(reference), 0, 8, 0, 0, 0, 0)
	} else {
		dst = append(dst, 0x32, byte(Job), 0, 0, byte(reference>>8), byte(reference), 0, 8, 0, 0)
	}
	return append(dst, SetupCommunication, 0, 0, 1, 0, 1, 0, 240)
}

// AppendSZL appends an answer that holds a whole system status list; records must be shorter than
// 400 bytes in all.
func AppendSZL(dst []byte, reference, id uint16, size int, records []byte) []byte {
	n := 8 + len(records)
	dst = append(dst, 0x32, byte(Userdata), 0, 0, byte(reference>>8), byte(reference), 0, 12, byte((n+4)>>8), byte(n+4))
	dst = append(dst, 0, 1, 0x12, 8, 0x12, 0x84, 1, 1, 0, 0, 0, 0)
	dst = append(dst, 0xff, 9, byte(n>>8), byte(n))
	dst = binary.BigEndian.AppendUint16(dst, id)
	dst = append(dst, 0, 0, byte(size>>8), byte(size))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(records)/size)) //nolint:gosec // bound stated above
	return append(dst, records...)
}
