package dicom

import "encoding/binary"

// Event is what Next found in a stream.
type Event uint8

// The events.
const (
	NeedMore   Event = iota // give the same bytes again with more behind them
	Skipped                 // something of no interest
	Associated              // an association PDU: decode Stream.Piece
	Commanded               // a whole command set: Stream.Command on Stream.Context
	Piece                   // bytes of a data set: Stream.Piece on Stream.Context
	DataEnd                 // the data set is over
	Closed                  // released, rejected or aborted
	Broken                  // not DICOM any more
)

// maxCommand bounds a command set: eleven short elements and a few titles and UIDs fit in 1 kB.
const maxCommand = 1024

// Stream takes apart the PDUs that one side of a connection sends. It holds no more than a command
// set, however long a data set is.
type Stream struct {
	Context byte   // presentation context of the last Commanded, Piece or DataEnd
	Piece   []byte // see Event; valid until the input changes
	Command Command

	pdu     uint32 // bytes left of a P-DATA-TF
	pdv     uint32 // bytes left of a presentation data value
	inData  bool   // the value at hand belongs to a data set, not to a command
	last    bool   // it is the last fragment
	pending bool   // its end must still be reported
	command [maxCommand]byte
	length  int
}

// Next reads up to one event from the front of b and tells how many bytes it used.
func (s *Stream) Next(b []byte) (int, Event) {
	switch {
	case s.pending:
		s.pending = false
		if s.inData {
			return 0, DataEnd
		}
		return 0, s.endCommand()
	case len(b) == 0:
		return 0, NeedMore
	case s.pdv > 0:
		return s.fragment(b)
	case s.pdu > 0:
		return s.value(b)
	}
	if len(b) < HeaderSize {
		return 0, NeedMore
	}
	kind, n, ok := Header(b)
	if !ok {
		return 0, Broken
	}
	switch kind {
	case PData:
		if n < 6 {
			return 0, Broken
		}
		s.pdu = n
		return HeaderSize, Skipped
	case AssociateRQ, AssociateAC:
		if n > MaxAssociate-HeaderSize {
			return 0, Broken
		}
		if len(b) < HeaderSize+int(n) {
			return 0, NeedMore
		}
		s.Piece = b[:HeaderSize+int(n)]
		return HeaderSize + int(n), Associated
	}
	if n != 4 { // all the others have four bytes
		return 0, Broken
	}
	if len(b) < HeaderSize+4 {
		return 0, NeedMore
	}
	if kind == ReleaseRQ {
		return HeaderSize + 4, Skipped
	}
	return HeaderSize + 4, Closed
}

// value reads the header of a presentation data value: length, context, control.
func (s *Stream) value(b []byte) (int, Event) {
	if len(b) < 6 {
		return 0, NeedMore
	}
	n := binary.BigEndian.Uint32(b)
	if n < 2 || uint64(n)+4 > uint64(s.pdu) {
		return 0, Broken
	}
	s.pdu -= n + 4
	if s.pdu > 0 && s.pdu < 6 {
		return 0, Broken
	}
	s.pdv = n - 2
	s.Context = b[4]
	s.inData, s.last = b[5]&1 == 0, b[5]&2 != 0
	s.pending = s.pdv == 0 && s.last
	return 6, Skipped
}

func (s *Stream) fragment(b []byte) (int, Event) {
	n := int(min(uint64(s.pdv), uint64(len(b))))
	s.pdv -= uint32(n) //nolint:gosec // at most pdv
	s.pending = s.pdv == 0 && s.last
	if s.inData {
		s.Piece = b[:n]
		return n, Piece
	}
	if s.length+n > maxCommand {
		return 0, Broken
	}
	s.length += copy(s.command[s.length:], b[:n])
	return n, Skipped
}

func (s *Stream) endCommand() Event {
	c, ok := DecodeCommand(s.command[:s.length])
	s.length = 0
	if !ok {
		return Skipped
	}
	s.Command = c
	return Commanded
}
