// Package s7 reads and writes the part of Siemens S7 communication (S7comm, carried by COTP data
// units) by which a controller identifies itself: the answer that sets communication up and the
// system status lists (SZL) with order numbers, names and versions. The protocol is unpublished;
// the layout follows "SIMATIC System Software for S7-300/400 System and Standard Functions" for the
// lists and the public dissectors for the frame around them.
package s7

import "encoding/binary"

// Kind is the kind of a message ("ROSCTR").
type Kind uint8

// The kinds of message.
const (
	Job      Kind = 1
	Ack      Kind = 2
	AckData  Kind = 3
	Userdata Kind = 7
)

// SetupCommunication is the function by which every session starts.
const SetupCommunication = 0xf0

// Message is one S7comm message; slices point into the input.
type Message struct {
	Kind       Kind
	Reference  uint16
	ErrorClass byte // Ack and AckData only
	Parameter  []byte
	Data       []byte
}

// Parse reads one message, the user part of a COTP data unit.
func Parse(b []byte) (Message, bool) {
	if len(b) < 10 || b[0] != 0x32 || b[2] != 0 || b[3] != 0 {
		return Message{}, false
	}
	m := Message{Kind: Kind(b[1]), Reference: binary.BigEndian.Uint16(b[4:])}
	np, nd := int(binary.BigEndian.Uint16(b[6:])), int(binary.BigEndian.Uint16(b[8:]))
	hdr := 10
	switch m.Kind {
	case Job, Userdata:
	case Ack, AckData:
		if len(b) < 12 {
			return Message{}, false
		}
		m.ErrorClass = b[10]
		hdr = 12
	default:
		return Message{}, false
	}
	if hdr+np+nd > len(b) {
		return Message{}, false
	}
	m.Parameter, m.Data = b[hdr:hdr+np], b[hdr+np:hdr+np+nd]
	return m, true
}

// SetUp reports whether the message accepts a session: only the controller's side sends it.
func (m *Message) SetUp() bool {
	return m.Kind == AckData && m.ErrorClass == 0 && len(m.Parameter) == 8 && m.Parameter[0] == SetupCommunication
}

// SZLPart is one part of the answer to reading a system status list. A list longer than one unit
// comes in parts with the same Unit number.
type SZLPart struct {
	Unit  byte
	Last  bool
	Bytes []byte
}

// SZL reads the part of a system status list out of an answer (user data, CPU functions, read SZL).
func (m *Message) SZL() (SZLPart, bool) {
	p, d := m.Parameter, m.Data
	if m.Kind != Userdata || len(p) < 12 || p[0] != 0 || p[1] != 1 || p[2] != 0x12 || p[5] != 0x84 || p[6] != 0x01 ||
		binary.BigEndian.Uint16(p[10:]) != 0 {
		return SZLPart{}, false
	}
	if len(d) < 4 || d[0] != 0xff {
		return SZLPart{}, false
	}
	n := int(binary.BigEndian.Uint16(d[2:]))
	if n > len(d)-4 {
		return SZLPart{}, false
	}
	return SZLPart{Unit: p[8], Last: p[9] == 0, Bytes: d[4 : 4+n]}, true
}

// The system status lists that identify a module.
const (
	ModuleIdentification    = 0x11
	ComponentIdentification = 0x1c
)

// List is a whole system status list.
type List struct {
	ID     uint16 // list number; the high byte tells which extract
	Index  uint16
	Size   int // bytes of one record
	Record []byte
}

// ParseList reads a system status list put together from its parts. A list that is cut yields the
// records that are whole.
func ParseList(b []byte) (List, bool) {
	if len(b) < 8 {
		return List{}, false
	}
	l := List{
		ID:     binary.BigEndian.Uint16(b),
		Index:  binary.BigEndian.Uint16(b[2:]),
		Size:   int(binary.BigEndian.Uint16(b[4:])),
		Record: b[8:],
	}
	return l, l.Size > 2
}

// Indices of module identification records.
const (
	Module   = 1
	Hardware = 6
	Firmware = 7
)

// Version is a version as module identification holds it: a letter and three numbers.
type Version struct {
	Letter              byte
	Major, Minor, Patch byte
}

// Identification is one record of list 0x11.
type Identification struct {
	Index   uint16
	Order   []byte // order number, trimmed; empty in the firmware record
	Version Version
}

// EachIdentification calls fn for each record of list 0x11.
func EachIdentification(l List, fn func(Identification)) {
	if l.ID&0xff != ModuleIdentification || l.Size != 28 {
		return
	}
	for b := l.Record; len(b) >= 28; b = b[28:] {
		fn(Identification{
			Index:   binary.BigEndian.Uint16(b),
			Order:   Trim(b[2:22]),
			Version: Version{b[24], b[25], b[26], b[27]},
		})
	}
}

// Indices of component identification records.
const (
	StationName  = 1
	ModuleName   = 2
	PlantName    = 3
	Copyright    = 4
	SerialNumber = 5
	ModuleType   = 7
	CardSerial   = 8
	Location     = 11
)

// EachComponent calls fn with the text of each record of list 0x1C.
func EachComponent(l List, fn func(index uint16, text []byte)) {
	if l.ID&0xff != ComponentIdentification || l.Size < 10 {
		return
	}
	for b := l.Record; len(b) >= l.Size; b = b[l.Size:] {
		text := b[2:l.Size]
		if len(text) == 32 && text[24] == 0 { // 24 characters and reserved bytes
			text = text[:24]
		}
		fn(binary.BigEndian.Uint16(b), Trim(text))
	}
}

// Trim cuts text at its first zero byte and takes off the blanks around it.
func Trim(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
