// Package astm reads and writes what laboratory analysers send over TCP: the frames of ASTM E1381
// (LIS01) and the records of ASTM E1394 (LIS02) in them.
//
// A sender begins with ENQ, sends frames (STX, number, text, ETB or ETX, checksum, CR, LF) each of
// which the receiver acknowledges, and ends with EOT.
package astm

import "bytes"

// Control bytes of the frames.
const (
	STX byte = 0x02
	ETX byte = 0x03
	EOT byte = 0x04
	ENQ byte = 0x05
	ACK byte = 0x06
	LF  byte = '\n'
	CR  byte = '\r'
	NAK byte = 0x15
	ETB byte = 0x17
)

// Verdict is what the first bytes of a stream look like.
type Verdict uint8

// The verdicts.
const (
	NotASTM Verdict = iota
	Unsure
	IsASTM
)

// Recognise looks at the first bytes of the sending side: perhaps ENQ, then a frame whose text is a
// header record with delimiters that differ from each other.
func Recognise(b []byte) Verdict {
	for len(b) > 0 && b[0] == ENQ {
		b = b[1:]
	}
	for i, c := range b[:min(len(b), 7)] {
		ok := false
		switch i {
		case 0:
			ok = c == STX
		case 1:
			ok = c >= '0' && c <= '7'
		case 2:
			ok = c == 'H'
		default:
			ok = isDelimiter(c) && bytes.IndexByte(b[3:i], c) < 0
		}
		if !ok {
			return NotASTM
		}
	}
	if len(b) < 8 {
		return Unsure
	}
	if b[7] != b[3] && b[7] != CR && b[7] != ETX && !isDelimiter(b[7]) {
		return NotASTM
	}
	return IsASTM
}

// Acknowledges reports whether all that a side sent so far answers frames: ACK, NAK or EOT.
func Acknowledges(b []byte) bool {
	for _, c := range b {
		if c != ACK && c != NAK && c != EOT {
			return false
		}
	}
	return len(b) > 0
}

func isDelimiter(c byte) bool {
	letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
	return c > ' ' && c < 0x7f && !letter
}

// Record is one record of a message.
type Record struct {
	Raw       []byte
	Field     byte // separator of fields
	Component byte
}

// Kind is the letter of the record: H, P, O, R, Q, C, M, S or L.
func (r Record) Kind() byte { return r.Raw[0] }

// Of is field n, counted from 1 with the letter of the record as the first (as the standard does).
func (r Record) Of(n int) []byte {
	b := r.Raw
	for ; n > 1; n-- {
		i := bytes.IndexByte(b, r.Field)
		if i < 0 {
			return nil
		}
		b = b[i+1:]
	}
	if i := bytes.IndexByte(b, r.Field); i >= 0 {
		b = b[:i]
	}
	return b
}

// Present reports whether a field holds something other than delimiters and spaces.
func (r Record) Present(n int) bool {
	for _, c := range r.Of(n) {
		if c != r.Component && c != ' ' && c != '\\' && c != '&' {
			return true
		}
	}
	return false
}

// Event is what Next found in a stream.
type Event uint8

// The events.
const (
	NeedMore Event = iota
	Skipped
	Line   // Stream.Record is a whole record
	End    // the sender has ended its transfer
	Broken // not ASTM any more
)

// maxRecord bounds what is kept of a record; a longer one is cut.
const maxRecord = 512

// Stream takes apart what one side sends.
type Stream struct {
	Record Record // valid until the next call

	state     uint8
	left      uint8 // bytes of a trailer to pass over
	field     byte
	component byte
	n         int
	whole     bool // the record in buf was handed out
	noise     int
	buf       [maxRecord]byte
}

const (
	between uint8 = iota // frames
	number               // of a frame
	text
	trailer // checksum and line end
)

// Next reads up to one event from the front of b and tells how many bytes it used.
func (s *Stream) Next(b []byte) (int, Event) {
	if s.whole {
		s.n, s.whole = 0, false
	}
	for i, c := range b {
		switch s.state {
		case between:
			switch c {
			case STX:
				s.state, s.noise = number, 0
			case EOT:
				s.n, s.field = 0, 0
				return i + 1, End
			case ENQ:
				s.n, s.noise = 0, 0
			default:
				if s.noise++; s.noise > 64 {
					return i, Broken
				}
			}
		case number:
			if c < '0' || c > '7' {
				return i, Broken
			}
			s.state = text
		case text:
			switch c {
			case ETX, ETB:
				s.state, s.left = trailer, 2
				if c == ETX && s.record() { // the last record of a frame may lack its CR
					return i + 1, Line
				}
			case CR, LF:
				if s.record() {
					return i + 1, Line
				}
			default:
				if s.n < maxRecord {
					s.buf[s.n] = c
					s.n++
				}
			}
		case trailer:
			if s.left--; s.left == 0 {
				s.state = between
			}
		}
	}
	if len(b) == 0 {
		return 0, NeedMore
	}
	return len(b), Skipped
}

// record hands out what was gathered, if it is a record.
func (s *Stream) record() bool {
	b := s.buf[:s.n]
	if len(b) < 2 {
		s.n = 0
		return false
	}
	if b[0] == 'H' && len(b) >= 5 {
		s.field, s.component = b[1], b[3]
	}
	if s.field == 0 || b[1] != s.field {
		s.n = 0
		return false
	}
	s.whole = true
	s.Record = Record{Raw: b, Field: s.field, Component: s.component}
	return true
}

// AppendFrames writes records as frames behind dst, one record a frame, with ENQ before and EOT
// after them. The records come without CR.
func AppendFrames(dst []byte, records ...string) []byte {
	dst = append(dst, ENQ)
	for i, r := range records {
		dst = append(dst, STX)
		start := len(dst)
		dst = append(dst, '0'+byte((i+1)%8))
		dst = append(append(dst, r...), CR, ETX)
		var sum byte
		for _, c := range dst[start:] {
			sum += c
		}
		const hex = "0123456789ABCDEF"
		dst = append(dst, hex[sum>>4], hex[sum&15], CR, LF)
	}
	return append(dst, EOT)
}
