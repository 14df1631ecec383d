// Package telnet separates the text of a Telnet stream from its commands (RFC 854, RFC 855).
package telnet

// Command bytes (RFC 854).
const (
	SE   = 240
	SB   = 250
	WILL = 251
	WONT = 252
	DO   = 253
	DONT = 254
	IAC  = 255
)

// Is reports whether a stream starts with option negotiation: IAC, a verb and a registered option.
func Is(b []byte) bool {
	return len(b) >= 3 && b[0] == IAC && b[1] >= SB && b[1] <= DONT && (b[2] <= 49 || b[2] == 138 || b[2] == 255)
}

// Reader takes the commands out of one direction of a connection. It remembers commands that are
// cut in two; its zero value is ready.
type Reader struct {
	state uint8
}

const (
	text uint8 = iota
	afterIAC
	afterVerb
	inside   // of a subnegotiation
	insideFF // an IAC inside a subnegotiation
)

// Next returns the next byte of text in b, and what is left of b; ok is false when b holds no more
// text.
func (r *Reader) Next(b []byte) (c byte, rest []byte, ok bool) {
	for len(b) > 0 {
		c, b = b[0], b[1:]
		switch r.state {
		case text:
			if c != IAC {
				return c, b, true
			}
			r.state = afterIAC
		case afterIAC:
			r.state = text
			switch {
			case c == IAC: // an escaped 255 is text
				return c, b, true
			case c == SB:
				r.state = inside
			case c >= WILL:
				r.state = afterVerb
			}
		case afterVerb:
			r.state = text
		case inside:
			if c == IAC {
				r.state = insideFF
			}
		case insideFF:
			r.state = inside
			if c == SE {
				r.state = text
			}
		}
	}
	return 0, nil, false
}
