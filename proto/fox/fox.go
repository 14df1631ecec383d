// Package fox reads and writes the hello of Niagara Fox, the protocol between Niagara stations and
// workbenches (TCP 1911, inside TLS on 4911). The protocol is unpublished; the layout is as seen on
// the wire: a head line, typed key=value lines between braces, and a pair of semicolons.
package fox

import "bytes"

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a Fox message.
func Size(b []byte) int {
	const magic = "fox "
	n := min(len(b), len(magic))
	if string(b[:n]) != magic[:n] {
		return -1
	}
	end := bytes.Index(b, []byte("};;\n"))
	if end < 0 {
		if len(b) > maxMessage {
			return -1
		}
		return 0
	}
	return end + 4
}

const maxMessage = 8 << 10 // a hello has some 500 bytes; lists of components come later and are not wanted

// Hello is what one side says of itself when the connection starts; values point into the input.
type Hello struct {
	Reply      bool // the answer of the side that was called
	AppName    []byte
	AppVersion []byte
	OSName     []byte
	OSVersion  []byte
	VMVersion  []byte
	Station    []byte
	HostID     []byte
	HostName   []byte
	Brand      []byte
}

// ParseHello reads one whole hello message.
func ParseHello(b []byte) (Hello, bool) {
	head, rest, ok := bytes.Cut(b, []byte("\n{\n"))
	if !ok || !bytes.HasPrefix(head, []byte("fox a ")) || !bytes.HasSuffix(head, []byte(" fox hello")) {
		return Hello{}, false
	}
	var h Hello
	h.Reply = bytes.HasPrefix(head, []byte("fox a 0 "))
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		key, typed, ok := bytes.Cut(line, []byte("=s:"))
		if !ok {
			continue
		}
		switch string(key) { // does not allocate
		case "app.name":
			h.AppName = typed
		case "app.version":
			h.AppVersion = typed
		case "os.name":
			h.OSName = typed
		case "os.version":
			h.OSVersion = typed
		case "vm.version":
			h.VMVersion = typed
		case "station.name":
			h.Station = typed
		case "hostId":
			h.HostID = typed
		case "hostName":
			h.HostName = typed
		case "brandId":
			h.Brand = typed
		}
	}
	return h, true
}

// AppendHello appends a hello. Values must not hold line breaks.
func AppendHello(dst []byte, h *Hello) []byte {
	if h.Reply {
		dst = append(dst, "fox a 0 -1 fox hello\n{\n"...)
	} else {
		dst = append(dst, "fox a 1 -1 fox hello\n{\n"...)
	}
	dst = append(dst, "fox.version=s:1.0\n"...)
	for _, kv := range [...]struct {
		key   string
		value []byte
	}{
		{"hostName", h.HostName}, {"app.name", h.AppName}, {"app.version", h.AppVersion}, {"vm.version", h.VMVersion},
		{"os.name", h.OSName}, {"os.version", h.OSVersion}, {"station.name", h.Station}, {"hostId", h.HostID}, {"brandId", h.Brand},
	} {
		if len(kv.value) > 0 {
			dst = append(append(append(dst, kv.key...), "=s:"...), kv.value...)
			dst = append(dst, '\n')
		}
	}
	return append(dst, "};;\n"...)
}
