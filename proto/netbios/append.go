package netbios

import "encoding/binary"

// NewName makes a name: upper case, at most fifteen bytes, and its suffix.
func NewName(text string, suffix byte) (n Name) {
	for i := range n {
		n[i] = ' '
	}
	for i := 0; i < len(text) && i < 15; i++ {
		c := text[i]
		if c-'a' < 26 {
			c -= 'a' - 'A'
		}
		n[i] = c
	}
	n[15] = suffix
	return n
}

func appendName(dst []byte, n Name) []byte {
	dst = append(dst, 32)
	for _, c := range n {
		dst = append(dst, 'A'+c>>4, 'A'+c&15)
	}
	return append(dst, 0)
}

// AppendRegistration writes the broadcast with which a machine takes a name.
func AppendRegistration(dst []byte, id uint16, n Name, group bool, ip [4]byte) []byte {
	be := binary.BigEndian
	dst = be.AppendUint16(be.AppendUint16(dst, id), 0x2910)
	dst = append(dst, 0, 1, 0, 0, 0, 0, 0, 1)
	dst = append(appendName(dst, n), 0, TypeName, 0, 1)
	dst = append(dst, 0xc0, 12, 0, TypeName, 0, 1, 0, 4, 0x93, 0xe0, 0, 6)
	flags := byte(0)
	if group {
		flags = 0x80
	}
	return append(append(dst, flags, 0), ip[:]...)
}

// AppendAnnouncement writes a datagram with a host announcement to the browsers of a workgroup.
func AppendAnnouncement(dst []byte, ip [4]byte, workgroup string, a *Announcement) []byte {
	le := binary.LittleEndian
	frame := append([]byte{0x01, 0}, 0x60, 0xea, 0, 0)
	var server [16]byte
	copy(server[:15], a.Server)
	frame = append(append(frame, server[:]...), a.Major, a.Minor)
	frame = append(le.AppendUint32(frame, a.Type), 0x0f, 0x01, 0x55, 0xaa)
	frame = append(append(frame, a.Comment...), 0)

	const slot = "\\MAILSLOT\\BROWSE\x00"
	smb := append([]byte{0xff, 'S', 'M', 'B', 0x25}, make([]byte, 27)...)
	smb = append(smb, 17)
	words := make([]byte, 34)
	le.PutUint16(words[2:], uint16(len(frame)))             //nolint:gosec // small
	le.PutUint16(words[22:], uint16(len(frame)))            //nolint:gosec // small
	le.PutUint16(words[24:], uint16(33+34+2+len(slot)))     // where the frame begins
	words[26], words[28], words[30], words[32] = 3, 1, 1, 2 // three set-up words: write mail slot, priority, class
	smb = append(smb, words...)
	smb = le.AppendUint16(smb, uint16(len(slot)+len(frame))) //nolint:gosec // small
	smb = append(append(smb, slot...), frame...)

	dst = append(dst, 0x11, 0x0a, 0, 1)
	dst = append(append(dst, ip[:]...), 0, 138)
	names := appendName(appendName(nil, NewName(string(a.Server), Workstation)), NewName(workgroup, LocalMaster))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(names)+len(smb))) //nolint:gosec // small
	dst = append(dst, 0, 0)
	return append(append(dst, names...), smb...)
}
