// Package coap reads the messages of the Constrained Application Protocol (RFC 7252) and the device
// object that OMA LightweightM2M carries in them.
package coap

import "encoding/binary"

// Options (RFC 7252 section 12.2).
const (
	URIPath       = 11
	ContentFormat = 12
	URIQuery      = 15
)

// FormatTLV is the content format of LwM2M's own encoding.
const FormatTLV = 11542

// Message is one message; slices point into it.
type Message struct {
	Type    byte // 0 confirmable, 1 not, 2 acknowledgement, 3 reset
	Code    byte // 3 bits class, 5 bits detail
	options []byte
	Payload []byte
}

// Read reads a message. The format is weak: offer only what went to or from CoAP's port.
func Read(b []byte) (m Message, ok bool) {
	if len(b) < 4 || b[0]>>6 != 1 || b[0]&15 > 8 {
		return m, false
	}
	m.Type, m.Code = b[0]>>4&3, b[1]
	class, token := m.Code>>5, int(b[0]&15)
	if class == 1 || class == 3 || class > 5 || len(b) < 4+token || m.Code == 0 && len(b) > 4 {
		return m, false
	}
	m.options = b[4+token:]
	for rest := m.options; len(rest) > 0; {
		if rest[0] == 0xff {
			if len(rest) == 1 {
				return m, false
			}
			m.options, m.Payload = m.options[:len(m.options)-len(rest)], rest[1:]
			return m, true
		}
		_, _, after, ok := option(rest)
		if !ok {
			return m, false
		}
		rest = after
	}
	return m, true
}

// Answer reports whether the message is an answer that went well (2.xx).
func (m Message) Answer() bool { return m.Code>>5 == 2 }

// Options walks the options: number and value.
func (m Message) Options(yield func(number int, value []byte) bool) {
	number := 0
	for b := m.options; len(b) > 0; {
		delta, v, rest, ok := option(b)
		if !ok {
			return
		}
		number += delta
		if !yield(number, v) {
			return
		}
		b = rest
	}
}

func option(b []byte) (delta int, v, rest []byte, ok bool) {
	delta, n := int(b[0]>>4), int(b[0]&15)
	b = b[1:]
	if delta, b, ok = extended(delta, b); !ok {
		return 0, nil, nil, false
	}
	if n, b, ok = extended(n, b); !ok || len(b) < n {
		return 0, nil, nil, false
	}
	return delta, b[:n], b[n:], true
}

func extended(n int, b []byte) (int, []byte, bool) {
	switch {
	case n < 13:
		return n, b, true
	case n == 13 && len(b) >= 1:
		return 13 + int(b[0]), b[1:], true
	case n == 14 && len(b) >= 2:
		return 269 + int(binary.BigEndian.Uint16(b)), b[2:], true
	}
	return 0, nil, false
}

// Format is the content format, or -1.
func (m Message) Format() int {
	for n, v := range m.Options {
		if n == ContentFormat && len(v) <= 2 {
			f := 0
			for _, c := range v {
				f = f<<8 | int(c)
			}
			return f
		}
	}
	return -1
}

// Device is LwM2M's object 3 (OMA TS-LightweightM2M appendix E.4).
type Device struct {
	Manufacturer, Model, Serial, Firmware []byte
}

// ReadDevice reads the device object out of LwM2M's TLV encoding. ok is false unless the resource
// that only this object has, the binding mode 16, is there and sound.
func ReadDevice(b []byte) (d Device, ok bool) {
	for len(b) >= 2 {
		kind, idSize, lenSize := b[0]>>6, 1+int(b[0]>>5&1), int(b[0]>>3&3)
		if len(b) < 1+idSize+lenSize {
			return d, false
		}
		id, n := 0, int(b[0]&7)
		for _, c := range b[1 : 1+idSize] {
			id = id<<8 | int(c)
		}
		if lenSize > 0 {
			n = 0
			for _, c := range b[1+idSize : 1+idSize+lenSize] {
				n = n<<8 | int(c)
			}
		}
		head := 1 + idSize + lenSize
		if len(b) < head+n {
			return d, false
		}
		v := b[head : head+n]
		switch {
		case kind == 0 && id == 0: // the object instance around the resources
			return ReadDevice(v)
		case kind != 3:
		case id == 0:
			d.Manufacturer = v
		case id == 1:
			d.Model = v
		case id == 2:
			d.Serial = v
		case id == 3:
			d.Firmware = v
		case id == 16:
			ok = len(v) > 0 && len(v) <= 3 && (v[0] == 'U' || v[0] == 'S' || v[0] == 'T' || v[0] == 'N')
		}
		b = b[head+n:]
	}
	return d, ok
}
