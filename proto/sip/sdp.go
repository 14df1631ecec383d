package sip

import (
	"bytes"
	"strconv"
)

// Description is what a session description says of the session's owner; slices point into it.
type Description struct {
	Host []byte // o=: the address or name of the owner
	Name []byte // s=
	Tool []byte // a=tool
}

// ReadDescription reads an SDP body; ok is false when it is none.
func ReadDescription(b []byte) (d Description, ok bool) {
	if !bytes.HasPrefix(b, []byte("v=0")) {
		return d, false
	}
	for lines := 0; len(b) > 0 && lines < 100; lines++ {
		var line []byte
		line, b, _ = bytes.Cut(b, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case bytes.HasPrefix(line, []byte("o=")):
			if i := bytes.LastIndexByte(line, ' '); i > 0 {
				d.Host = line[i+1:]
			}
		case bytes.HasPrefix(line, []byte("s=")):
			d.Name = line[2:]
		case bytes.HasPrefix(line, []byte("a=tool:")):
			d.Tool = line[7:]
		case bytes.HasPrefix(line, []byte("m=")):
			return d, true
		}
	}
	return d, true
}

// AppendRequest appends a request with headers "Name: value" and no body.
func AppendRequest(b []byte, method, uri, version string, headers ...string) []byte {
	b = append(append(append(append(append(b, method...), ' '), uri...), ' '), version...)
	return appendRest(b, headers, "")
}

// AppendAnswer appends an answer with headers "Name: value" and a body.
func AppendAnswer(b []byte, version string, status int, reason, body string, headers ...string) []byte {
	b = append(append(b, version...), ' ')
	b = append(strconv.AppendInt(b, int64(status), 10), ' ')
	return appendRest(append(b, reason...), headers, body)
}

func appendRest(b []byte, headers []string, body string) []byte {
	b = append(b, "\r\n"...)
	for _, h := range headers {
		b = append(append(b, h...), "\r\n"...)
	}
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	return append(append(b, "\r\n\r\n"...), body...)
}
