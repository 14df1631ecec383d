// Package kasa reads the local protocol of TP-Link's smart home devices: JSON under a running XOR
// that starts at 171, on UDP or TCP port 9999 (on TCP with a length of four bytes before it). The
// scheme is public since softScheck's analysis of the HS110.
package kasa

import (
	"bytes"
	"encoding/binary"
)

const start = 171

// Is reports whether bytes begin with an opened JSON object under the XOR.
func Is(b []byte) bool {
	return len(b) >= 4 && b[0] == start^'{' && (b[1] == b[0]^'"' || b[1] == b[0]^'}')
}

// Frame reports whether a TCP stream begins with a message, and the length of both together.
func Frame(b []byte) (size int, ok bool) {
	if len(b) < 8 {
		return 0, false
	}
	n := binary.BigEndian.Uint32(b)
	return 4 + int(n), n >= 4 && n < 1<<16 && Is(b[4:])
}

// AppendClear appends the JSON text.
func AppendClear(dst, b []byte) []byte {
	key := byte(start)
	for _, c := range b {
		dst = append(dst, c^key)
		key = c
	}
	return dst
}

// AppendSecret appends the bytes on the wire for a JSON text.
func AppendSecret(dst []byte, text string) []byte {
	key := byte(start)
	for i := range len(text) {
		key ^= text[i]
		dst = append(dst, key)
	}
	return dst
}

// Value is the string value of a key of a JSON text, found by its first occurrence; nil when there
// is none or it holds an escape.
func Value(text []byte, key string) []byte {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(key))
		if i < 0 {
			return nil
		}
		i += at
		at = i + len(key)
		if i == 0 || text[i-1] != '"' || at >= len(text) || text[at] != '"' {
			continue
		}
		rest := bytes.TrimLeft(text[at+1:], " ")
		if len(rest) == 0 || rest[0] != ':' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " ")
		if len(rest) == 0 || rest[0] != '"' {
			return nil
		}
		v, _, ok := bytes.Cut(rest[1:], []byte(`"`))
		if !ok || bytes.IndexByte(v, '\\') >= 0 {
			return nil
		}
		return v
	}
}
