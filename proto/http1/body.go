package http1

import "bytes"

// Body walks through the body of one message without keeping it.
type Body struct {
	mode  mode
	left  uint64 // bytes to come of the body or of the chunk
	state chunkState
}

type mode uint8

const (
	none mode = iota
	counted
	chunked
	untilClose
)

type chunkState uint8

const (
	size chunkState = iota
	content
	contentEnd
	trailer
)

const maxChunkLine = 512

// NewBody tells how the body after h is delimited (RFC 9112 section 6.3). A response to HEAD has
// none whatever its headers say.
func (h *Head) NewBody(toHead bool) Body {
	if h.Response && (toHead || h.Status < 200 || h.Status == 204 || h.Status == 304) {
		return Body{}
	}
	var b Body
	length := false
	for f := h.Fields; len(f) > 0; {
		var name, value []byte
		name, value, f = NextField(f)
		switch {
		case len(name) == 14 && Is(name, "Content-Length"):
			if n, ok := number(value); ok && !length {
				b.left, length = n, true
			}
		case len(name) == 17 && Is(name, "Transfer-Encoding"):
			if len(value) >= 7 && Is(value[len(value)-7:], "chunked") {
				return Body{mode: chunked}
			}
		}
	}
	switch {
	case length && b.left > 0:
		b.mode = counted
	case !length && h.Response:
		b.mode = untilClose
	}
	return b
}

// Empty reports whether no body follows.
func (b *Body) Empty() bool { return b.mode == none }

// UntilClose reports whether the body ends only with the connection.
func (b *Body) UntilClose() bool { return b.mode == untilClose }

// Read takes what data holds of the body: part is the next content in it (may be empty), used the
// bytes taken. done tells that the body is complete; ok is false when chunks are broken. When
// nothing is used and the body is not done, more bytes are needed.
func (b *Body) Read(data []byte) (part []byte, used int, done, ok bool) {
	switch b.mode {
	case none:
		return nil, 0, true, true
	case untilClose:
		return data, len(data), false, true
	case counted:
		n := int(min(b.left, uint64(len(data)))) //nolint:gosec // at most len(data)
		b.left -= uint64(n)                      //nolint:gosec // not negative
		return data[:n], n, b.left == 0, true
	}
	for {
		switch b.state {
		case content:
			n := int(min(b.left, uint64(len(data)-used))) //nolint:gosec // at most len(data)
			if n == 0 {
				return nil, used, false, true
			}
			b.left -= uint64(n) //nolint:gosec // not negative
			if b.left == 0 {
				b.state = contentEnd
			}
			return data[used : used+n], used + n, false, true
		default:
			end := bytes.IndexByte(data[used:], '\n')
			if end < 0 {
				return nil, used, false, len(data)-used <= maxChunkLine
			}
			line := bytes.TrimRight(data[used:used+end], "\r \t")
			used += end + 1
			if done, ok = b.line(line); done || !ok {
				return nil, used, done, ok
			}
		}
	}
}

func (b *Body) line(line []byte) (done, ok bool) {
	switch b.state {
	case contentEnd:
		b.state = size
		return false, len(line) == 0
	case trailer:
		return len(line) == 0, true
	}
	n, digits := uint64(0), 0
	for _, c := range line {
		d := hexDigit(c)
		if d > 15 {
			break
		}
		n = n<<4 | uint64(d)
		digits++
	}
	if digits == 0 || digits > 8 {
		return false, false
	}
	b.left, b.state = n, content
	if n == 0 {
		b.state = trailer
	}
	return false, true
}

func hexDigit(c byte) byte {
	switch {
	case c-'0' < 10:
		return c - '0'
	case c-'a' < 6:
		return c - 'a' + 10
	case c-'A' < 6:
		return c - 'A' + 10
	}
	return 16
}

func number(b []byte) (n uint64, ok bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	for _, c := range b {
		if !digit(c) {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// Counted is the length of a body that is delimited by Content-Length, or -1.
func (b *Body) Counted() int {
	if b.mode != counted || b.left > 1<<30 {
		return -1
	}
	return int(b.left) //nolint:gosec // bounded above
}
