package hl7

import "bytes"

// Event is what Next found in a stream.
type Event uint8

// The events.
const (
	NeedMore Event = iota // give the same bytes again with more behind them
	Skipped               // something of no interest
	Header                // a message begins: Stream.Segment is its MSH
	Line                  // Stream.Segment is another segment of the message
	End                   // the message is over
	Broken                // not HL7 any more
)

// maxSegment bounds a segment that is kept whole; longer ones (embedded documents) are passed over.
const maxSegment = 16 << 10

// Stream takes apart the messages that one side of an MLLP connection sends, segment by segment,
// however long a message is. Segments may end in CR, LF or both.
type Stream struct {
	Segment Segment // valid until the input changes

	del      Delimiters
	inBlock  bool
	inside   bool // a header was read in this block
	skipping bool // passing over the rest of a long segment
	noise    int  // bytes between blocks
}

// Next reads up to one event from the front of b and tells how many bytes it used.
func (s *Stream) Next(b []byte) (int, Event) {
	if len(b) == 0 {
		return 0, NeedMore
	}
	if !s.inBlock {
		return s.outside(b)
	}
	i := bytes.IndexAny(b, "\r\n\x1c\x0b")
	if i < 0 {
		if s.skipping || len(b) >= maxSegment {
			s.skipping = true
			return len(b), Skipped
		}
		return 0, NeedMore
	}
	if i == 0 {
		switch s.skipping = false; b[0] {
		case EndBlock, StartBlock:
			s.inBlock = b[0] == StartBlock
			return s.finish()
		}
		return 1, Skipped
	}
	line := b[:i]
	if s.skipping {
		return i, Skipped
	}
	return i, s.line(line)
}

// outside waits for the next block. Some senders put line ends or padding between blocks.
func (s *Stream) outside(b []byte) (int, Event) {
	i := bytes.IndexByte(b, StartBlock)
	if i < 0 {
		i = len(b)
	} else {
		s.inBlock = true
		i++
	}
	if s.noise += i; s.noise > 4096 {
		return 0, Broken
	}
	if s.inBlock {
		s.noise = 0
	}
	return i, Skipped
}

func (s *Stream) finish() (int, Event) {
	if s.inside {
		s.inside = false
		return 1, End
	}
	return 1, Skipped
}

func (s *Stream) line(b []byte) Event {
	if len(b) >= 8 && string(b[:3]) == "MSH" {
		d, ok := ParseDelimiters(b)
		if !ok {
			return Broken
		}
		s.del, s.inside = d, true
		s.Segment = Segment{Raw: b, Del: d}
		return Header
	}
	if !s.inside {
		return Skipped // batch and file headers
	}
	s.Segment = Segment{Raw: b, Del: s.del}
	return Line
}
