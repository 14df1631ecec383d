// Package ssh reads the part of an SSH connection that is in clear: the identification string of
// each side (RFC 4253 section 4.2).
package ssh

import "bytes"

// maxLine is the longest identification line, line end included (RFC 4253).
const maxLine = 255

// Identification finds the identification line at the start of a stream and returns it without its
// line end: "SSH-2.0-OpenSSH_9.6". more says that it has not arrived in full.
func Identification(b []byte) (id []byte, more bool) {
	const prefix = "SSH-"
	if len(b) < len(prefix) {
		return nil, bytes.HasPrefix([]byte(prefix), b)
	}
	if string(b[:len(prefix)]) != prefix {
		return nil, false
	}
	i := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
	if i < 0 {
		return nil, len(b) < maxLine
	}
	return bytes.TrimSuffix(b[:i], []byte("\r")), false
}
