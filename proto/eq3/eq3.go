// Package eq3 reads how the cubes of eQ-3's MAX! heating system name themselves: their answer to a
// search on UDP port 23272 and the first line of a connection to TCP port 62910.
package eq3

import "bytes"

// Answer reads the answer to a search: the serial number.
func Answer(b []byte) (serial []byte, ok bool) {
	const head = "eQ3MaxAp"
	if len(b) < len(head)+11 || string(b[:len(head)]) != head || b[len(head)+10] != '>' {
		return nil, false
	}
	serial = b[len(head) : len(head)+10]
	return serial, isSerial(serial)
}

// IsSearch reports whether a datagram is a search.
func IsSearch(b []byte) bool {
	return len(b) >= 19 && bytes.HasPrefix(b, []byte("eQ3Max*"))
}

// Hello reads the first line of a connection: "H:serial,radio address,firmware,...".
func Hello(b []byte) (serial, firmware []byte, ok bool) {
	if len(b) < 24 || b[0] != 'H' || b[1] != ':' || b[12] != ',' || b[19] != ',' {
		return nil, nil, false
	}
	return b[2:12], b[20:24], isSerial(b[2:12])
}

func isSerial(b []byte) bool {
	for i, c := range b {
		digit := c >= '0' && c <= '9'
		if !digit && (c < 'A' || c > 'Z' || i > 2) {
			return false
		}
	}
	return true
}

// AppendHello appends the first line of a connection.
func AppendHello(b []byte, serial, firmware string) []byte {
	b = append(append(append(b, "H:"...), serial...), ",0cc386,"...)
	return append(append(b, firmware...), ",00000000,5ee1a2b3,00,32,1a0b0c,0b27,03,0000\r\n"...)
}
