package smb

import (
	"encoding/binary"
	"unicode/utf16"
)

// AppendFrame writes a message of the session service around a payload.
func AppendFrame(dst, payload []byte) []byte {
	n := len(payload)
	return append(append(dst, SessionMessage, byte(n>>16), byte(n>>8), byte(n)), payload...)
}

func append1(dst []byte, command byte, status uint32, reply bool, words, data []byte) []byte {
	head := [32]byte{0xff, 'S', 'M', 'B', command}
	binary.LittleEndian.PutUint32(head[5:], status)
	if reply {
		head[9] = 0x80
	}
	binary.LittleEndian.PutUint16(head[10:], 0xc001)
	dst = append(append(dst, head[:]...), byte(len(words)/2))
	dst = binary.LittleEndian.AppendUint16(append(dst, words...), uint16(len(data))) //nolint:gosec // small
	return append(dst, data...)
}

// AppendNegotiate1 writes an SMB 1 negotiation offering NT LM 0.12 alone.
func AppendNegotiate1(dst []byte) []byte {
	return append1(dst, Negotiate1, 0, false, nil, []byte("\x02NT LM 0.12\x00"))
}

// AppendNegotiated1 writes a server's answer that accepts SMB 1 with extended security.
func AppendNegotiated1(dst []byte) []byte {
	words := make([]byte, 34)
	binary.LittleEndian.PutUint32(words[19:], 0x80000000)
	return append1(dst, Negotiate1, 0, true, words, make([]byte, 16))
}

// AppendSessionSetup1 writes a server's answer to a session set-up with its native operating
// system, LAN manager and a security blob.
func AppendSessionSetup1(dst []byte, status uint32, blob []byte, os, manager string) []byte {
	words := []byte{0xff, 0, 0, 0, 0, 0, byte(len(blob)), byte(len(blob) >> 8)}
	data := append([]byte(nil), blob...)
	if (33+len(words)+2+len(data))%2 == 1 {
		data = append(data, 0)
	}
	for _, s := range []string{os, manager} {
		for _, u := range utf16.Encode([]rune(s + "\x00")) {
			data = binary.LittleEndian.AppendUint16(data, u)
		}
	}
	return append1(dst, SessionSetup1, status, true, words, data)
}
