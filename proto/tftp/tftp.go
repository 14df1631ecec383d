// Package tftp recognises the packets of the Trivial File Transfer Protocol (RFC 1350, RFC 2347).
package tftp

import "bytes"

// Operations.
const (
	ReadRequest  = 1
	WriteRequest = 2
	Data         = 3
	Ack          = 4
	Error        = 5
	OptionAck    = 6
)

// Request reads a read or write request: the operation and the name of the file. The mode, which
// must follow, is one of the three that exist.
func Request(b []byte) (op int, file []byte, ok bool) {
	if len(b) < 9 || b[0] != 0 || b[1] != ReadRequest && b[1] != WriteRequest {
		return 0, nil, false
	}
	file, rest, ok := bytes.Cut(b[2:min(len(b), 514)], []byte{0})
	if !ok {
		return 0, nil, false
	}
	mode, _, ok := bytes.Cut(rest, []byte{0})
	if !ok || !bytes.EqualFold(mode, []byte("octet")) && !bytes.EqualFold(mode, []byte("netascii")) && !bytes.EqualFold(mode, []byte("mail")) {
		return 0, nil, false
	}
	return int(b[1]), file, true
}

// AppendRequest appends a read request for a file.
func AppendRequest(b []byte, file string) []byte {
	b = append(b, 0, ReadRequest)
	return append(append(b, file...), "\x00octet\x00"...)
}
