// Package enip reads and writes EtherNet/IP encapsulation (ODVA CIP Networks Library, volume 2) and
// the part of CIP (volume 1) by which a device identifies itself: List Identity, the identity object
// and the answers of a controller's tags.
package enip

import "encoding/binary"

// HeaderLen is the length of the encapsulation header in bytes.
const HeaderLen = 24

// Command is an encapsulation command.
type Command uint16

// The encapsulation commands.
const (
	ListServices      Command = 0x04
	ListIdentity      Command = 0x63
	ListInterfaces    Command = 0x64
	RegisterSession   Command = 0x65
	UnregisterSession Command = 0x66
	SendRRData        Command = 0x6f
	SendUnitData      Command = 0x70
)

// Message is one encapsulated message; Data points into the input.
type Message struct {
	Command Command
	Session uint32
	Status  uint32
	Context uint64 // chosen by who asks, repeated by who answers
	Data    []byte
}

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	c := Command(binary.LittleEndian.Uint16(b))
	switch c {
	case ListServices, ListIdentity, ListInterfaces, RegisterSession, UnregisterSession, SendRRData, SendUnitData:
	default:
		return -1
	}
	if len(b) < HeaderLen {
		return 0
	}
	n := int(binary.LittleEndian.Uint16(b[2:]))
	options := binary.LittleEndian.Uint32(b[20:])
	status := binary.LittleEndian.Uint32(b[8:])
	switch {
	case options != 0, status > 0x69,
		c == RegisterSession && n != 4,
		c == UnregisterSession && n != 0,
		c >= SendRRData && status == 0 && n < 8:
		return -1
	}
	return HeaderLen + n
}

// Parse reads one whole message.
func Parse(b []byte) (Message, bool) {
	n := Size(b)
	if n <= 0 || n > len(b) {
		return Message{}, false
	}
	return Message{
		Command: Command(binary.LittleEndian.Uint16(b)),
		Session: binary.LittleEndian.Uint32(b[4:]),
		Status:  binary.LittleEndian.Uint32(b[8:]),
		Context: binary.LittleEndian.Uint64(b[12:]),
		Data:    b[HeaderLen:n],
	}, true
}

// Items of the common packet format.
const (
	ItemIdentity    = 0x0c
	ItemConnected   = 0xb1
	ItemUnconnected = 0xb2
	ItemSequenced   = 0x8002
)

// Item finds the item of a type in a common packet format list (count, then type, length, data).
func Item(b []byte, want uint16) ([]byte, bool) {
	if len(b) < 2 {
		return nil, false
	}
	count := binary.LittleEndian.Uint16(b)
	b = b[2:]
	for ; count > 0 && len(b) >= 4; count-- {
		typ, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if n > len(b)-4 {
			return nil, false
		}
		if typ == want {
			return b[4 : 4+n], true
		}
		b = b[4+n:]
	}
	return nil, false
}

// CIP is the CIP message in SendRRData or SendUnitData. sequence is the number by which a connected
// answer is matched to its request; connected tells whether there is one.
func (m *Message) CIP() (b []byte, sequence uint16, connected, ok bool) {
	if m.Command != SendRRData && m.Command != SendUnitData || len(m.Data) < 8 || binary.LittleEndian.Uint32(m.Data) != 0 {
		return nil, 0, false, false
	}
	list := m.Data[6:] // interface handle, timeout
	if b, ok = Item(list, ItemUnconnected); ok {
		return b, 0, false, len(b) >= 2
	}
	if b, ok = Item(list, ItemConnected); ok && len(b) >= 4 {
		return b[2:], binary.LittleEndian.Uint16(b), true, true
	}
	return nil, 0, false, false
}

// AppendMessage appends a message with its header; data must be shorter than 65,000 bytes.
func AppendMessage(dst []byte, m Message) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, uint16(m.Command))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(len(m.Data))) //nolint:gosec // bound stated above
	dst = binary.LittleEndian.AppendUint32(dst, m.Session)
	dst = binary.LittleEndian.AppendUint32(dst, m.Status)
	dst = binary.LittleEndian.AppendUint64(dst, m.Context)
	dst = append(dst, 0, 0, 0, 0)
	return append(dst, m.Data...)
}
