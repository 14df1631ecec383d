package smb

import "encoding/binary"

// Commands of SMB 2 and 3.
const (
	Negotiate2    = 0
	SessionSetup2 = 1
	TreeConnect2  = 3
	Create2       = 5
	Write2        = 9
	Query2        = 16
)

// Statuses that matter.
const (
	Success        = 0
	MoreProcessing = 0xc0000016
)

// Message2 is one SMB 2 message.
type Message2 struct {
	Command uint16
	Status  uint32
	Reply   bool
	message []byte // header and body
}

const header2 = 64

// Parse2 reads the first message of a compound and returns what follows it.
func Parse2(b []byte, m *Message2) (rest []byte, ok bool) {
	if len(b) < header2+2 || [4]byte(b[:4]) != Mark2 || binary.LittleEndian.Uint16(b[4:]) != header2 {
		return nil, false
	}
	*m = Message2{
		Status: binary.LittleEndian.Uint32(b[8:]), Command: binary.LittleEndian.Uint16(b[12:]),
		Reply: b[16]&1 != 0, message: b,
	}
	if next := int(binary.LittleEndian.Uint32(b[20:])); next >= header2+2 && next < len(b) {
		m.message, rest = b[:next], b[next:]
	}
	return rest, true
}

func (m *Message2) u16(at int) int {
	if len(m.message) < header2+at+2 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(m.message[header2+at:]))
}

// part is a variable part whose offset from the header and length stand at two places of the body.
func (m *Message2) part(offsetAt, lengthAt int) []byte {
	at, n := m.u16(offsetAt), m.u16(lengthAt)
	if at < header2 || n == 0 || at > len(m.message) {
		return nil
	}
	return m.message[at:min(len(m.message), at+n)]
}

// Dialect is the dialect an answer to a negotiation chose, as people write it, or nothing.
func (m *Message2) Dialect() string {
	switch m.u16(4) {
	case 0x0202:
		return "2.0.2"
	case 0x0210:
		return "2.1"
	case 0x0300:
		return "3.0"
	case 0x0302:
		return "3.0.2"
	case 0x0311:
		return "3.1.1"
	}
	return "" // 0x02ff: to be negotiated again
}

// Blob is the security blob of a negotiation answer or a session set-up.
func (m *Message2) Blob() []byte {
	switch {
	case m.Command == Negotiate2 && m.Reply:
		return m.part(56, 58)
	case m.Command == SessionSetup2 && m.Reply:
		return m.part(4, 6)
	case m.Command == SessionSetup2:
		return m.part(12, 14)
	}
	return nil
}

// TreePath is the path of a tree connect request: "\\DC1\IPC$".
func (m *Message2) TreePath() Text {
	if m.Command != TreeConnect2 || m.Reply {
		return Text{}
	}
	return Text{m.part(4, 6), true}
}

// Kinds of share.
const (
	ShareDisk  = 1
	SharePipe  = 2
	SharePrint = 3
)

// ShareType is the kind of share in the answer to a tree connect.
func (m *Message2) ShareType() byte {
	if m.Command != TreeConnect2 || !m.Reply || m.Status != Success {
		return 0
	}
	return byte(m.u16(2))
}

// CreateName is the file or pipe that a create request names.
func (m *Message2) CreateName() Text {
	if m.Command != Create2 || m.Reply {
		return Text{}
	}
	return Text{m.part(44, 46), true}
}

// Information is what an answer to a query of a file or file system holds.
func (m *Message2) Information() []byte {
	if m.Command != Query2 || !m.Reply || m.Status != Success {
		return nil
	}
	return m.part(2, 4)
}
