// Package dcerpc reads which interfaces a client binds to over DCE/RPC (The Open Group C706,
// MS-RPCE), on a connection of its own or inside a pipe of SMB.
package dcerpc

import "encoding/binary"

// Packet types.
const (
	Request      = 0
	Response     = 2
	Bind         = 11
	BindAck      = 12
	AlterContext = 14
	AlterAnswer  = 15
)

// HeadLength is the length of the head that every packet has.
const HeadLength = 16

// Head reads the head of a packet: its type and the length of the whole. ok is false when no
// packet starts here.
func Head(b []byte) (typ byte, size int, ok bool) {
	if len(b) < HeadLength || b[0] != 5 || b[1] > 1 || b[2] > 19 || b[4]&0xef != 0 || b[5] != 0 {
		return 0, 0, false
	}
	size = int(order(b).Uint16(b[8:]))
	return b[2], size, size >= HeadLength
}

func order(b []byte) binary.ByteOrder {
	if b[4]&0x10 != 0 {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// maxContexts is how many interfaces of one bind are read.
const maxContexts = 16

// Interfaces walks the known names of the interfaces that a bind asks for.
func Interfaces(b []byte) func(yield func(name string) bool) {
	return func(yield func(name string) bool) {
		typ, size, ok := Head(b)
		if !ok || typ != Bind && typ != AlterContext || len(b) < 28 {
			return
		}
		le := order(b) == binary.LittleEndian
		n := min(int(b[24]), maxContexts)
		rest := b[28:min(len(b), max(size, 28))]
		for range n {
			if len(rest) < 24 {
				return
			}
			if name := nameOf([16]byte(rest[4:20]), le); name != "" && !yield(name) {
				return
			}
			next := 24 + 20*int(rest[2])
			if len(rest) < next {
				return
			}
			rest = rest[next:]
		}
	}
}

// Accepted reports whether an answer to a bind takes at least one interface. It reads behind the
// secondary address, whose length stands before it.
func Accepted(b []byte) bool {
	typ, size, ok := Head(b)
	if !ok || typ != BindAck && typ != AlterAnswer || len(b) < 28 || size > len(b) {
		return false
	}
	at := 26 + int(order(b).Uint16(b[24:]))
	at = (at + 3) &^ 3
	if at+4 > size {
		return false
	}
	n := int(b[at])
	for i := range min(n, maxContexts) {
		if r := at + 4 + 24*i; r+2 <= size && order(b).Uint16(b[r:]) == 0 {
			return true
		}
	}
	return false
}

// names are well-known interfaces by the bytes of their UUID as written (MS-RPCE and the
// specifications of each interface).
var names = [...]struct {
	uuid string
	name string
}{
	{"\x12\x34\x57\x78\x12\x34\xab\xcd\xef\x00\x01\x23\x45\x67\x89\xac", "samr"},
	{"\x12\x34\x57\x78\x12\x34\xab\xcd\xef\x00\x01\x23\x45\x67\x89\xab", "lsarpc"},
	{"\x12\x34\x56\x78\x12\x34\xab\xcd\xef\x00\x01\x23\x45\x67\xcf\xfb", "netlogon"},
	{"\x12\x34\x56\x78\x12\x34\xab\xcd\xef\x00\x01\x23\x45\x67\x89\xab", "spoolss"},
	{"\xe3\x51\x42\x35\x4b\x06\x11\xd1\xab\x04\x00\xc0\x4f\xc2\xdc\xd2", "drsuapi"},
	{"\xe1\xaf\x83\x08\x5d\x1f\x11\xc9\x91\xa4\x08\x00\x2b\x14\xa0\xfa", "epmapper"},
	{"\x4b\x32\x4f\xc8\x16\x70\x01\xd3\x12\x78\x5a\x47\xbf\x6e\xe1\x88", "srvsvc"},
	{"\x6b\xff\xd0\x98\xa1\x12\x36\x10\x98\x33\x46\xc3\xf8\x7e\x34\x5a", "wkssvc"},
	{"\x36\x7a\xbb\x81\x98\x44\x35\xf1\xad\x32\x98\xf0\x38\x00\x10\x03", "svcctl"},
	{"\x33\x8c\xd0\x01\x22\x44\x31\xf1\xaa\xaa\x90\x00\x38\x00\x10\x03", "winreg"},
	{"\x1f\xf7\x06\x82\x0a\x51\x30\xe8\x07\x6d\x74\x0b\xe8\xce\xe9\x8b", "atsvc"},
	{"\x39\x19\x28\x6a\xb1\x0c\x11\xd0\x9b\xa8\x00\xc0\x4f\xd9\x2e\xf5", "dssetup"},
	{"\x99\xfc\xfe\xc4\x52\x60\x10\x1b\xbb\xcb\x00\xaa\x00\x21\x34\x7a", "ioxidresolver"},
	{"\x00\x00\x01\xa0\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46", "isystemactivator"},
}

func nameOf(u [16]byte, le bool) string {
	if le {
		u[0], u[1], u[2], u[3] = u[3], u[2], u[1], u[0]
		u[4], u[5], u[6], u[7] = u[5], u[4], u[7], u[6]
	}
	for i := range names {
		if names[i].uuid == string(u[:]) {
			return names[i].name
		}
	}
	return ""
}
