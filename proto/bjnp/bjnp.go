// Package bjnp reads the datagrams with which Canon's printers and scanners are found and asked who
// they are. The layout is that which SANE's pixma backend and CUPS' bjnp backend document.
package bjnp

import (
	"bytes"
	"encoding/binary"
)

// Commands.
const (
	Discover = 0x01
	Identity = 0x30
)

// Message is one datagram.
type Message struct {
	Answer  bool
	Scanner bool
	Command byte
	Payload []byte
}

// Read reads a datagram.
func Read(b []byte) (m Message, ok bool) {
	if len(b) < 16 || (string(b[:4]) != "BJNP" && string(b[:4]) != "BNJB" && string(b[:4]) != "MFNP") {
		return m, false
	}
	kind := b[4] &^ 0x80
	if kind != 1 && kind != 2 {
		return m, false
	}
	m.Answer, m.Scanner, m.Command = b[4]&0x80 != 0, kind == 2, b[5]
	n := int(binary.BigEndian.Uint32(b[12:]))
	m.Payload = b[16:min(len(b), 16+max(n, 0))]
	return m, true
}

// ID is the IEEE 1284 device id in an answer to Identity, or nil.
func (m Message) ID() []byte {
	if !m.Answer || m.Command != Identity || len(m.Payload) < 3 {
		return nil
	}
	return m.Payload[2:]
}

// Part is one value of an IEEE 1284 device id: "MFG", "MDL", "CLS", "SERN".
func Part(id []byte, keys ...string) []byte {
	for part := range bytes.SplitSeq(id, []byte(";")) {
		k, v, ok := bytes.Cut(part, []byte(":"))
		for _, want := range keys {
			if ok && string(bytes.TrimSpace(k)) == want {
				return bytes.TrimSpace(v)
			}
		}
	}
	return nil
}
