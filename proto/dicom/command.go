package dicom

import "encoding/binary"

// Commands of DIMSE (PS3.7 annex E). A response has bit 15 set.
const (
	CStore       uint16 = 0x0001
	CGet         uint16 = 0x0010
	CFind        uint16 = 0x0020
	CMove        uint16 = 0x0021
	CEcho        uint16 = 0x0030
	NEventReport uint16 = 0x0100
	NGet         uint16 = 0x0110
	NSet         uint16 = 0x0120
	NAction      uint16 = 0x0130
	NCreate      uint16 = 0x0140
	NDelete      uint16 = 0x0150
	CCancel      uint16 = 0x0fff
	ResponseBit  uint16 = 0x8000

	noDataSet = 0x0101
)

// CommandName names a command, request or response; unknown ones have no name.
func CommandName(c uint16) string {
	switch c &^ ResponseBit {
	case CStore:
		return "C-STORE"
	case CGet:
		return "C-GET"
	case CFind:
		return "C-FIND"
	case CMove:
		return "C-MOVE"
	case CEcho:
		return "C-ECHO"
	case NEventReport:
		return "N-EVENT-REPORT"
	case NGet:
		return "N-GET"
	case NSet:
		return "N-SET"
	case NAction:
		return "N-ACTION"
	case NCreate:
		return "N-CREATE"
	case NDelete:
		return "N-DELETE"
	case CCancel:
		return "C-CANCEL"
	}
	return ""
}

// Command is what is used of a command set. Its slices point into the bytes it was read from.
type Command struct {
	Field       uint16
	MessageID   uint16 // of the request, or the request responded to
	Class       []byte // affected or requested SOP class UID
	Instance    []byte // affected or requested SOP instance UID
	Originator  []byte // AE title whose C-MOVE caused this C-STORE
	Destination []byte // of a C-MOVE
	Status      uint16
	DataSet     bool // a data set follows
}

// DecodeCommand reads a whole command set: implicit VR, little endian, group 0000 only.
func DecodeCommand(b []byte) (Command, bool) {
	var c Command
	c.DataSet = true
	for len(b) >= 8 {
		group, element := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
		size := binary.LittleEndian.Uint32(b[4:])
		if group != 0 || uint64(size) > uint64(len(b)-8) {
			return Command{}, false
		}
		v := b[8 : 8+size]
		switch element {
		case 0x0002, 0x0003:
			c.Class = trim(v)
		case 0x1000, 0x1001:
			c.Instance = trim(v)
		case 0x0600:
			c.Destination = trim(v)
		case 0x1030:
			c.Originator = trim(v)
		case 0x0100, 0x0110, 0x0120, 0x0800, 0x0900:
			if len(v) != 2 {
				return Command{}, false
			}
			switch n := binary.LittleEndian.Uint16(v); element {
			case 0x0100:
				c.Field = n
			case 0x0110, 0x0120:
				c.MessageID = n
			case 0x0800:
				c.DataSet = n != noDataSet
			case 0x0900:
				c.Status = n
			}
		}
		b = b[8+size:]
	}
	return c, len(b) == 0 && CommandName(c.Field) != ""
}
