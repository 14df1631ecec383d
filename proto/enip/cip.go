package enip

import "encoding/binary"

// CIP services that are read here.
const (
	GetAttributesAll   = 0x01
	GetAttributeList   = 0x03
	MultipleService    = 0x0a
	GetAttributeSingle = 0x0e
	ReadTag            = 0x4c // of a controller's symbols
	UnconnectedSend    = 0x52 // of the connection manager
)

// CIP classes that are read here.
const (
	ClassIdentity          = 0x01
	ClassConnectionManager = 0x06
)

// Request is a CIP request.
type Request struct {
	Service  byte
	Class    uint16 // 0 when the path names none
	Instance uint16
	Symbol   bool // the path starts with a name
	Data     []byte
}

// ParseRequest reads a CIP request: service, path length in words, path, data.
func ParseRequest(b []byte) (Request, bool) {
	if len(b) < 2 || b[0]&0x80 != 0 || 2+2*int(b[1]) > len(b) {
		return Request{}, false
	}
	path, data := b[2:2+2*int(b[1])], b[2+2*int(b[1]):]
	r := Request{Service: b[0], Data: data, Symbol: len(path) > 0 && path[0] == 0x91}
	for len(path) >= 2 && path[0]>>5 == 1 { // logical segments
		var v uint16
		kind := path[0] >> 2 & 7
		switch path[0] & 3 {
		case 0: // 8 bits
			v, path = uint16(path[1]), path[2:]
		case 1: // 16 bits after a pad
			if len(path) < 4 {
				return Request{}, false
			}
			v, path = binary.LittleEndian.Uint16(path[2:]), path[4:]
		default:
			return r, true
		}
		switch kind {
		case 0:
			r.Class = v
		case 1:
			r.Instance = v
		}
	}
	return r, true
}

// Route tells through where an unconnected send goes.
type Route struct {
	Hops int  // ports on the way
	Port byte // first port: 1 is the backplane of the addressed device's own chassis
	Link byte // first link address: the slot
}

// Unwrap takes the request out of an Unconnected Send, together with its route. Other requests are
// returned as they are.
func Unwrap(r Request) (Request, Route, bool) {
	if r.Service != UnconnectedSend || r.Class != ClassConnectionManager {
		return r, Route{}, true
	}
	b := r.Data
	if len(b) < 4 {
		return Request{}, Route{}, false
	}
	n := int(binary.LittleEndian.Uint16(b[2:]))
	end := 4 + n + n&1
	if end+2 > len(b) || end+2+2*int(b[end]) > len(b) {
		return Request{}, Route{}, false
	}
	inner, ok := ParseRequest(b[4 : 4+n])
	var route Route
	path := b[end+2 : end+2+2*int(b[end])]
	for len(path) >= 2 && path[0]>>5 == 0 && path[0] != 0 {
		if route.Hops == 0 {
			route.Port, route.Link = path[0]&0x0f, path[1]
		}
		route.Hops++
		if path[0]&0x10 != 0 { // an address of several bytes, padded to a word
			size := 2 + int(path[1]) + int(path[1])&1
			if size > len(path) {
				break
			}
			path = path[size:]
			continue
		}
		path = path[2:]
	}
	return inner, route, ok
}

// Reply is a CIP answer.
type Reply struct {
	Service byte // without the reply bit
	Status  byte // 0 success, 6 more data follows
	Data    []byte
}

// ParseReply reads a CIP answer: service with the reply bit, a zero, status, words of further status.
func ParseReply(b []byte) (Reply, bool) {
	if len(b) < 4 || b[0]&0x80 == 0 || b[1] != 0 || 4+2*int(b[3]) > len(b) {
		return Reply{}, false
	}
	return Reply{Service: b[0] & 0x7f, Status: b[2], Data: b[4+2*int(b[3]):]}, true
}

// AsksForData reports whether a request, or one of the requests packed in it, reads a controller's
// data: by the name of a tag (an ANSI extended symbol), by its instance (class 0x6B) or by its address
// in memory (Rockwell's classes 0x72 and 0xB2).
func AsksForData(r Request) bool {
	switch r.Service {
	case ReadTag:
		switch r.Class {
		case 0:
			return r.Symbol
		case 0x6b, 0x72, 0xb2:
			return true
		}
	case MultipleService:
		found := false
		eachPacked(r.Data, func(b []byte) {
			if inner, ok := ParseRequest(b); ok && inner.Service == ReadTag && AsksForData(inner) {
				found = true
			}
		})
		return found
	}
	return false
}

// GivesData reports whether an answer, or one of the answers packed in it, succeeds in ReadTag. The
// service means something else to other classes: believe it only after AsksForData.
func GivesData(r Reply) bool {
	switch r.Service {
	case ReadTag:
		return (r.Status == 0 || r.Status == 6) && len(r.Data) > 0
	case MultipleService:
		found := false
		eachPacked(r.Data, func(b []byte) {
			if inner, ok := ParseReply(b); ok && inner.Service == ReadTag && GivesData(inner) {
				found = true
			}
		})
		return found
	}
	return false
}

// eachPacked calls fn with each message of a multiple service packet: count, offsets, messages.
func eachPacked(b []byte, fn func([]byte)) {
	if len(b) < 2 {
		return
	}
	count := int(binary.LittleEndian.Uint16(b))
	if 2+2*count > len(b) {
		return
	}
	for i := range count {
		off := int(binary.LittleEndian.Uint16(b[2+2*i:]))
		if off < 2+2*count || off >= len(b) {
			return
		}
		fn(b[off:])
	}
}
