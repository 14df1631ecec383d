// Package opcua reads and writes OPC UA's binary protocol (IEC 62541-6) as far as a server describes
// itself before anything is signed: hello, and the descriptions in GetEndpoints and CreateSession.
package opcua

import "encoding/binary"

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) < 4 {
		if len(b) > 0 && b[0] != 'H' && b[0] != 'A' && b[0] != 'E' && b[0] != 'O' && b[0] != 'M' && b[0] != 'C' && b[0] != 'R' {
			return -1
		}
		return 0
	}
	switch string(b[:3]) {
	case "HEL", "ACK", "ERR", "RHE":
		if b[3] != 'F' {
			return -1
		}
	case "OPN", "MSG", "CLO":
		if b[3] != 'F' && b[3] != 'C' && b[3] != 'A' {
			return -1
		}
	default:
		return -1
	}
	if len(b) < 8 {
		return 0
	}
	n := binary.LittleEndian.Uint32(b[4:])
	if n < 8 || n > 1<<24 {
		return -1
	}
	return int(n)
}

// Encoding numbers of the answers that describe a server (namespace 0).
const (
	FindServersResponse   = 425
	GetEndpointsResponse  = 431
	CreateSessionResponse = 464
)

// Server is one description of a server.
type Server struct {
	ApplicationURI  []byte
	ProductURI      []byte
	ApplicationName []byte
	Security        []byte // policy URI; empty where the answer has none
	Mode            uint32 // 1 none, 2 sign, 3 sign and encrypt
}

// EachServer calls fn for each description in one whole message, as far as its bytes go. Messages in
// several chunks and encrypted ones yield nothing.
func EachServer(b []byte, fn func(Server)) {
	if Size(b) > len(b) || len(b) < 32 || string(b[:4]) != "MSGF" {
		return
	}
	r := reader{b: b[24:]} // channel, token, sequence, request
	switch r.nodeID() {
	case GetEndpointsResponse:
		if !r.header() {
			return
		}
		for n := r.count(); n > 0; n-- {
			if !r.endpoint(fn) {
				return
			}
		}
	case FindServersResponse:
		if !r.header() {
			return
		}
		for n := r.count(); n > 0; n-- {
			var s Server
			if !r.description(&s) {
				return
			}
			fn(s)
		}
	case CreateSessionResponse:
		if !r.header() {
			return
		}
		r.expanded() // session id
		r.expanded() // token
		r.skip(8)    // timeout
		r.bytes()    // nonce
		r.bytes()    // certificate
		for n := r.count(); n > 0; n-- {
			if !r.endpoint(fn) {
				return
			}
		}
	}
}

// reader reads values one after the other; after a failure everything is empty.
type reader struct {
	b    []byte
	fail bool
}

func (r *reader) skip(n int) []byte {
	if r.fail || n < 0 || n > len(r.b) {
		r.fail = true
		return nil
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) u32() uint32 {
	v := r.skip(4)
	if r.fail {
		return 0
	}
	return binary.LittleEndian.Uint32(v)
}

// bytes reads a string or byte string; null is empty.
func (r *reader) bytes() []byte {
	n := int32(r.u32()) //nolint:gosec // -1 means null
	if n <= 0 {
		return nil
	}
	return r.skip(int(n))
}

// count reads the length of an array, bounded: no answer here has more.
func (r *reader) count() int {
	n := int32(r.u32()) //nolint:gosec // -1 means null
	if r.fail || n < 0 || n > 64 {
		return 0
	}
	return int(n)
}

// nodeID reads a numeric node identifier of namespace 0; 0 for any other.
func (r *reader) nodeID() uint32 {
	kind := r.skip(1)
	if r.fail {
		return 0
	}
	switch kind[0] {
	case 0:
		if v := r.skip(1); !r.fail {
			return uint32(v[0])
		}
	case 1:
		if v := r.skip(3); !r.fail && v[0] == 0 {
			return uint32(binary.LittleEndian.Uint16(v[1:]))
		}
	}
	return 0
}

// expanded skips a node identifier of any kind.
func (r *reader) expanded() {
	kind := r.skip(1)
	if r.fail {
		return
	}
	switch kind[0] & 0x3f {
	case 0:
		r.skip(1)
	case 1:
		r.skip(3)
	case 2:
		r.skip(6)
	case 3, 5:
		r.skip(2)
		r.bytes()
	case 4:
		r.skip(18)
	default:
		r.fail = true
	}
}

// header reads a response header and reports whether the service went well.
func (r *reader) header() bool {
	r.skip(12) // time, handle
	result := r.u32()
	if d := r.skip(1); r.fail || d[0] != 0 { // diagnostics
		return false
	}
	for n := r.count(); n > 0; n-- {
		r.bytes()
	}
	r.expanded()
	if b := r.skip(1); r.fail || b[0] != 0 {
		return false
	}
	return result == 0
}

// localized reads a text with a language.
func (r *reader) localized() (text []byte) {
	mask := r.skip(1)
	if r.fail {
		return nil
	}
	if mask[0]&1 != 0 {
		r.bytes()
	}
	if mask[0]&2 != 0 {
		text = r.bytes()
	}
	return text
}

func (r *reader) description(s *Server) bool {
	s.ApplicationURI = r.bytes()
	s.ProductURI = r.bytes()
	s.ApplicationName = r.localized()
	r.u32()   // type
	r.bytes() // gateway
	r.bytes() // profile
	for n := r.count(); n > 0; n-- {
		r.bytes()
	}
	return !r.fail
}

func (r *reader) endpoint(fn func(Server)) bool {
	var s Server
	r.bytes() // URL
	if !r.description(&s) {
		return false
	}
	r.bytes() // certificate
	s.Mode = r.u32()
	s.Security = r.bytes()
	for n := r.count(); n > 0; n-- { // ways to sign in
		r.bytes()
		r.u32()
		r.bytes()
		r.bytes()
		r.bytes()
	}
	r.bytes() // transport profile
	r.skip(1) // level
	if r.fail {
		return false
	}
	fn(s)
	return true
}

// AppendHello appends a client's hello for a URL.
func AppendHello(dst []byte, url string) []byte {
	dst = append(dst, "HELF"...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(32+len(url)))         //nolint:gosec // a URL
	for _, v := range [...]uint32{0, 65535, 65535, 0, 0, uint32(len(url))} { //nolint:gosec // a URL
		dst = binary.LittleEndian.AppendUint32(dst, v)
	}
	return append(dst, url...)
}

// AppendEndpoints appends the answer of a server with one endpoint.
func AppendEndpoints(dst []byte, url string, s *Server) []byte {
	text := func(b, v []byte) []byte {
		return append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...) //nolint:gosec // short texts
	}
	body := make([]byte, 16, 256)
	body[0], body[4], body[8], body[12] = 1, 1, 2, 2 // channel, token, sequence, request
	body = append(body, 1, 0, GetEndpointsResponse&0xff, GetEndpointsResponse>>8)
	body = append(body, make([]byte, 16)...)                            // time, handle, result
	body = append(body, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0)             // diagnostics, strings, no extension
	body = append(body, 1, 0, 0, 0)                                     // one endpoint
	body = text(body, []byte(url))                                      //
	body = text(text(body, s.ApplicationURI), s.ProductURI)             //
	body = text(append(body, 2), s.ApplicationName)                     //
	body = append(body, 0, 0, 0, 0)                                     // server
	body = append(body, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) // gateway, profile
	body = append(body, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)             // no discovery URLs, no certificate
	body = binary.LittleEndian.AppendUint32(body, s.Mode)
	body = text(body, s.Security)
	body = append(body, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0)
	dst = append(dst, "MSGF"...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(8+len(body))) //nolint:gosec // short texts
	return append(dst, body...)
}
