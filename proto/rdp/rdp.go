// Package rdp reads the first exchange of a Remote Desktop connection: the X.224 connection request
// with its cookie and the confirm with the chosen security (MS-RDPBCGR 2.2.1.1, 2.2.1.2).
package rdp

import "bytes"

// Security that a side offers or chooses.
const (
	Standard = 0 // RDP's own
	TLS      = 1
	NLA      = 2 // CredSSP over TLS: log-in before anything is shown
	RDSTLS   = 4
	NLAEx    = 8
)

// Hello is the first message of one side.
type Hello struct {
	Confirm   bool   // of the server
	Cookie    []byte // "mstshash" of a request: the start of a user name, so never to be kept
	HasNego   bool
	Protocols uint32 // offered, or chosen
	Failed    bool   // the server refuses: Protocols is the failure code
}

// Read reads the message at the start of a stream and its length. need says that it may be one and
// more must arrive; ok is false when it is none.
func Read(b []byte) (h Hello, size int, need, ok bool) {
	if len(b) < 11 {
		return h, 0, len(b) == 0 || b[0] == 3 && (len(b) < 2 || b[1] == 0) && (len(b) < 6 || isX224(b[5])), false
	}
	size = int(b[2])<<8 | int(b[3])
	if b[0] != 3 || b[1] != 0 || size < 11 || size > 1024 || int(b[4])+5 != size || !isX224(b[5]) {
		return h, 0, false, false
	}
	if len(b) < size {
		return h, 0, true, false
	}
	h.Confirm = b[5] == 0xd0
	rest := b[11:size]
	if !h.Confirm {
		if line, after, found := bytes.Cut(rest, []byte("\r\n")); found && bytes.HasPrefix(line, []byte("Cookie: ")) {
			_, h.Cookie, _ = bytes.Cut(line, []byte("="))
			rest = after
		}
	}
	if len(rest) >= 8 && rest[2] == 8 && rest[3] == 0 && rest[0] >= 1 && rest[0] <= 3 {
		h.HasNego, h.Failed = true, rest[0] == 3
		h.Protocols = uint32(rest[4]) | uint32(rest[5])<<8 | uint32(rest[6])<<16 | uint32(rest[7])<<24
		return h, size, false, true
	}
	// Without a cookie and without an offer it is some other X.224 connection.
	return h, size, false, h.Cookie != nil || len(rest) == 0 && h.Confirm
}

func isX224(b byte) bool { return b == 0xe0 || b == 0xd0 }

// AppendRequest appends the request of a client.
func AppendRequest(b []byte, cookie string, protocols byte) []byte {
	v := append([]byte{0xe0, 0, 0, 0, 0, 0}, "Cookie: mstshash="+cookie+"\r\n"...)
	return appendTPKT(b, append(v, 1, 0, 8, 0, protocols, 0, 0, 0))
}

// AppendConfirm appends the confirm of a server.
func AppendConfirm(b []byte, protocol byte) []byte {
	return appendTPKT(b, []byte{0xd0, 0, 0, 0x12, 0x34, 0, 2, 1, 8, 0, protocol, 0, 0, 0})
}

func appendTPKT(b, v []byte) []byte {
	n := len(v) + 5
	return append(append(b, 3, 0, byte(n>>8), byte(n), byte(len(v))), v...)
}
