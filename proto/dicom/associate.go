package dicom

import (
	"encoding/binary"
	"errors"
)

// Bounds of an association PDU. The standard allows 128 contexts (odd identifiers of one byte).
const (
	maxContexts = 128
	maxRoles    = 64
	// MaxAssociate is the longest association PDU that is read, header included. 128 contexts
	// with eight transfer syntaxes each take about 40 kB.
	MaxAssociate = 64 << 10
)

// Results of a presentation context in an A-ASSOCIATE-AC (PS3.8 table 9-18).
const (
	Accepted       byte = 0
	UserRejected   byte = 1
	NoReason       byte = 2
	NoAbstract     byte = 3
	NoTransfer     byte = 4
	applicationUID      = "1.2.840.10008.3.1.1.1"
	fixedPart           = 68 // version, reserved, titles, reserved
)

// Associate is an A-ASSOCIATE-RQ or -AC. Its slices point into the bytes it was decoded from. It
// is large: reuse one.
type Associate struct {
	Kind     byte   // AssociateRQ or AssociateAC
	Called   []byte // application entity titles without padding
	Calling  []byte
	MaxPDU   uint32 // longest P-DATA-TF the sender wants to receive; 0: no limit
	Class    []byte // implementation class UID
	Version  []byte // implementation version name
	Identity Identity

	contexts  [maxContexts]Context
	nContexts int
	roles     [maxRoles]Role
	nRoles    int
}

// Context is one presentation context. In a request it has an abstract syntax and, of the transfer
// syntaxes offered, the first; in an acceptance it has a result and the transfer syntax chosen.
type Context struct {
	ID       byte
	Result   byte
	Abstract []byte
	Transfer []byte
}

// Role is an SCU/SCP role selection for one SOP class (PS3.7 D.3.3.4).
type Role struct {
	Class    []byte
	SCU, SCP bool
}

// Identity tells of a user identity item (PS3.7 D.3.3.7) only its kind and how long its fields
// are: it holds names and passcodes.
type Identity struct {
	Kind              byte // 0 none, 1 name, 2 name and passcode, 3 Kerberos, 4 SAML, 5 JWT
	Primary, Passcode int  // lengths in bytes
}

// Contexts are the presentation contexts in the order in which they were sent.
func (a *Associate) Contexts() []Context { return a.contexts[:a.nContexts] }

// Roles are the role selections.
func (a *Associate) Roles() []Role { return a.roles[:a.nRoles] }

// Errors of Decode.
var (
	ErrShort        = errors.New("dicom: not all of the PDU is there")
	ErrNotAssociate = errors.New("dicom: not an A-ASSOCIATE-RQ or -AC")
	ErrItem         = errors.New("dicom: an item reaches beyond its PDU")
)

// Verdict is what the first bytes of a stream look like.
type Verdict uint8

// The verdicts.
const (
	NotDICOM Verdict = iota
	Unsure           // it fits so far
	IsDICOM
)

// Recognise looks at the first bytes of one direction: type, length, protocol version, the
// characters of both titles and the application context must fit. Reserved bytes are not tested,
// as the standard demands.
func Recognise(b []byte) Verdict {
	if len(b) == 0 {
		return Unsure
	}
	if b[0] != AssociateRQ && b[0] != AssociateAC {
		return NotDICOM
	}
	if len(b) < HeaderSize {
		return Unsure
	}
	n := binary.BigEndian.Uint32(b[2:])
	if n < fixedPart+4+uint32(len(applicationUID)) || n > MaxAssociate-HeaderSize {
		return NotDICOM
	}
	if len(b) < 10 {
		return Unsure
	}
	if b[7]&1 == 0 { // bit 0 of the version field: version 1
		return NotDICOM
	}
	for _, c := range b[10:min(len(b), 42)] {
		if c < ' ' || c == '\\' || c >= 0x7f {
			return NotDICOM
		}
	}
	const item = HeaderSize + fixedPart
	if len(b) < item+4+len(applicationUID) {
		if len(b) > item && b[item] != 0x10 {
			return NotDICOM
		}
		return Unsure
	}
	if b[item] != 0x10 || string(b[item+4:item+4+len(applicationUID)]) != applicationUID {
		return NotDICOM
	}
	return IsDICOM
}

// Decode reads a whole association PDU, header included. Items it does not know are skipped. The
// fields of a are valid as long as b is.
func (a *Associate) Decode(b []byte) error {
	kind, n, ok := Header(b)
	if !ok || kind != AssociateRQ && kind != AssociateAC {
		return ErrNotAssociate
	}
	if uint64(len(b)) < HeaderSize+uint64(n) {
		return ErrShort
	}
	if n < fixedPart {
		return ErrNotAssociate
	}
	b = b[:HeaderSize+int(n)]
	a.Kind, a.nContexts, a.nRoles, a.MaxPDU = kind, 0, 0, 0
	a.Class, a.Version, a.Identity = nil, nil, Identity{}
	a.Called, a.Calling = trim(b[10:26]), trim(b[26:42])
	for b = b[HeaderSize+fixedPart:]; len(b) >= 4; {
		size := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			return ErrItem
		}
		body := b[4 : 4+size]
		switch b[0] {
		case 0x20, 0x21:
			if err := a.context(body); err != nil {
				return err
			}
		case 0x50:
			if err := a.user(body); err != nil {
				return err
			}
		}
		b = b[4+size:]
	}
	return nil
}

func (a *Associate) context(b []byte) error {
	if len(b) < 4 {
		return ErrItem
	}
	if a.nContexts == maxContexts {
		return nil
	}
	c := &a.contexts[a.nContexts]
	*c = Context{ID: b[0], Result: b[2]}
	for b = b[4:]; len(b) >= 4; {
		size := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			return ErrItem
		}
		switch uid := trim(b[4 : 4+size]); {
		case b[0] == 0x30:
			c.Abstract = uid
		case b[0] == 0x40 && c.Transfer == nil:
			c.Transfer = uid
		}
		b = b[4+size:]
	}
	a.nContexts++
	return nil
}

func (a *Associate) user(b []byte) error {
	for len(b) >= 4 {
		size := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			return ErrItem
		}
		body := b[4 : 4+size]
		switch b[0] {
		case 0x51:
			if size == 4 {
				a.MaxPDU = binary.BigEndian.Uint32(body)
			}
		case 0x52:
			a.Class = trim(body)
		case 0x55:
			a.Version = trim(body)
		case 0x54:
			a.role(body)
		case 0x58:
			a.identity(body)
		}
		b = b[4+size:]
	}
	return nil
}

func (a *Associate) role(b []byte) {
	if len(b) < 4 || a.nRoles == maxRoles {
		return
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < n+4 {
		return
	}
	a.roles[a.nRoles] = Role{Class: trim(b[2 : 2+n]), SCU: b[2+n] == 1, SCP: b[3+n] == 1}
	a.nRoles++
}

func (a *Associate) identity(b []byte) {
	if len(b) < 4 {
		return
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if len(b) < 4+n {
		return
	}
	a.Identity = Identity{Kind: b[0], Primary: n}
	if rest := b[4+n:]; len(rest) >= 2 {
		a.Identity.Passcode = min(int(binary.BigEndian.Uint16(rest)), len(rest)-2)
	}
}

// trim takes off the padding of titles, UIDs and text: spaces and zero bytes at both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == 0) {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	return b
}
