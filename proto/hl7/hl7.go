// Package hl7 reads and writes HL7 v2 messages in the vertical bar encoding (HL7 v2.5.1 chapter 2)
// and their framing on TCP, the minimal lower layer protocol (MLLP).
//
// Reading copies nothing: a Segment points into the bytes it was read from, so that patient fields
// that nobody asks for go nowhere.
package hl7

import "bytes"

// The bytes of MLLP: a block is StartBlock, the message, EndBlock, CarriageReturn.
const (
	StartBlock     byte = 0x0b
	EndBlock       byte = 0x1c
	CarriageReturn byte = '\r'
)

// Delimiters are the separators that a message declares in its header segment.
type Delimiters struct {
	Field, Component, Repetition, Escape, Subcomponent byte
}

// Standard are the delimiters that nearly all messages use.
var Standard = Delimiters{'|', '^', '~', '\\', '&'}

// Verdict is what the first bytes of a stream look like.
type Verdict uint8

// The verdicts.
const (
	NotHL7 Verdict = iota
	Unsure
	IsHL7
)

// Recognise looks at the first bytes of a stream: an MLLP start byte, the name of a header segment
// (message, batch or file) and delimiters that differ from each other.
func Recognise(b []byte) Verdict {
	for len(b) > 0 && (b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	if len(b) == 0 {
		return Unsure
	}
	if b[0] != StartBlock {
		return NotHL7
	}
	b = b[1:]
	const size = len("MSH|^~\\&")
	for _, name := range [...]string{"MSH", "FHS", "BHS"} {
		n := min(len(b), len(name))
		if string(b[:n]) != name[:n] {
			continue
		}
		if len(b) < size+1 {
			return Unsure
		}
		if _, ok := ParseDelimiters(b); ok {
			return IsHL7
		}
	}
	return NotHL7
}

// ParseDelimiters reads the delimiters behind the name of a header segment. The subcomponent
// separator may be missing.
func ParseDelimiters(b []byte) (Delimiters, bool) {
	if len(b) < 8 {
		return Delimiters{}, false
	}
	d := Delimiters{b[3], b[4], b[5], b[6], b[7]}
	if d.Subcomponent == d.Field {
		d.Subcomponent = 0
	} else if len(b) > 8 && b[8] != d.Field && b[8] != '#' { // v2.7 adds a truncation character
		return Delimiters{}, false
	}
	all := [...]byte{d.Field, d.Component, d.Repetition, d.Escape, d.Subcomponent}
	for i, c := range all {
		if c == 0 && i == 4 {
			continue
		}
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
		if c <= ' ' || c >= 0x7f || letter || bytes.IndexByte(all[:i], c) >= 0 {
			return Delimiters{}, false
		}
	}
	return d, true
}

// Segment is one line of a message without its end.
type Segment struct {
	Raw []byte
	Del Delimiters
}

// Name is the three letters of the segment.
func (s Segment) Name() string {
	if len(s.Raw) < 3 {
		return ""
	}
	return string(s.Raw[:3])
}

// Is compares the name without making a string.
func (s Segment) Is(name string) bool {
	return len(s.Raw) >= 3 && string(s.Raw[:3]) == name && (len(s.Raw) == 3 || s.Raw[3] == s.Del.Field)
}

// Header reports whether the segment is one in which the first separator counts as field 1.
func (s Segment) header() bool { return s.Is("MSH") || s.Is("FHS") || s.Is("BHS") }

// Field is field n as the standard counts: PID-3 is Field(3), MSH-1 the separator itself. A field
// that is not there is empty.
func (s Segment) Field(n int) []byte {
	b := s.Raw
	if len(b) < 4 || n < 1 {
		return nil
	}
	b = b[4:]
	if s.header() {
		if n == 1 {
			return s.Raw[3:4]
		}
		n--
	}
	return part(b, s.Del.Field, n)
}

// Component is component m of the first repetition of field n.
func (s Segment) Component(n, m int) []byte {
	return s.Of(s.First(n), m)
}

// First is the first repetition of field n.
func (s Segment) First(n int) []byte {
	f := s.Field(n)
	if n == 2 && s.header() {
		return f
	}
	return part(f, s.Del.Repetition, 1)
}

// Of is component m of a field.
func (s Segment) Of(field []byte, m int) []byte { return part(field, s.Del.Component, m) }

// Present reports whether a field holds something other than delimiters, spaces and the explicit
// null (two quotation marks).
func (s Segment) Present(n int) bool {
	for _, c := range s.Field(n) {
		switch c {
		case s.Del.Component, s.Del.Repetition, s.Del.Subcomponent, ' ', '"':
		default:
			return true
		}
	}
	return false
}

// part is the n-th piece of b, counted from 1.
func part(b []byte, sep byte, n int) []byte {
	for ; n > 1; n-- {
		i := bytes.IndexByte(b, sep)
		if i < 0 {
			return nil
		}
		b = b[i+1:]
	}
	if i := bytes.IndexByte(b, sep); i >= 0 {
		b = b[:i]
	}
	return b
}

// Kind is the message type and event of a header segment, "ADT^A01", in b's memory if it is large
// enough.
func (s Segment) Kind(b []byte) []byte {
	f := s.First(9)
	b = append(b[:0], s.Of(f, 1)...)
	if event := s.Of(f, 2); len(event) > 0 {
		b = append(append(b, '^'), event...)
	}
	return b
}
