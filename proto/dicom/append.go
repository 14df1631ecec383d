package dicom

import "encoding/binary"

// Offer is one presentation context to be written: offered when Result is 0 and the PDU is a
// request, answered otherwise.
type Offer struct {
	ID       byte
	Result   byte
	Abstract string
	Transfer []string
}

// AppendAssociate writes an association PDU behind dst. kind is AssociateRQ or AssociateAC; titles
// are cut at 16 bytes.
func AppendAssociate(dst []byte, kind byte, called, calling string, offers []Offer, class, version string) []byte {
	start := len(dst)
	dst = append(dst, kind, 0, 0, 0, 0, 0, 0, 1, 0, 0)
	dst = appendTitle(appendTitle(dst, called), calling)
	dst = append(dst, make([]byte, 32)...)
	dst = appendItem(dst, 0x10, applicationUID)
	for _, o := range offers {
		at := len(dst)
		dst = append(dst, 0x20, 0, 0, 0, o.ID, 0, o.Result, 0)
		if kind == AssociateAC {
			dst[at] = 0x21
		} else {
			dst = appendItem(dst, 0x30, o.Abstract)
		}
		for _, t := range o.Transfer {
			dst = appendItem(dst, 0x40, t)
		}
		binary.BigEndian.PutUint16(dst[at+2:], uint16(len(dst)-at-4)) //nolint:gosec // short
	}
	at := len(dst)
	dst = append(dst, 0x50, 0, 0, 0, 0x51, 0, 0, 4, 0, 0, 0x40, 0) // 16 kB
	dst = appendItem(dst, 0x52, class)
	if version != "" {
		dst = appendItem(dst, 0x55, version)
	}
	binary.BigEndian.PutUint16(dst[at+2:], uint16(len(dst)-at-4)) //nolint:gosec // short
	binary.BigEndian.PutUint32(dst[start+2:], uint32(len(dst)-start-HeaderSize))
	return dst
}

func appendTitle(dst []byte, s string) []byte {
	const blank = "                "
	s = s[:min(len(s), 16)]
	return append(append(dst, s...), blank[len(s):]...)
}

func appendItem(dst []byte, kind byte, s string) []byte {
	dst = append(dst, kind, 0, byte(len(s)>>8), byte(len(s)))
	return append(dst, s...)
}

// AppendControl writes a ReleaseRQ, ReleaseRP, Abort or AssociateRJ behind dst.
func AppendControl(dst []byte, kind byte) []byte {
	return append(dst, kind, 0, 0, 0, 0, 4, 0, 0, 0, 0)
}

// AppendData writes a message part as P-DATA-TF PDUs of at most 16 kB behind dst: a command set
// when command is set, else a data set.
func AppendData(dst []byte, context byte, command bool, data []byte) []byte {
	const most = 16<<10 - 6
	for {
		n := min(len(data), most)
		control := byte(0)
		if command {
			control = 1
		}
		if n == len(data) {
			control |= 2
		}
		dst = append(dst, PData, 0)
		dst = binary.BigEndian.AppendUint32(dst, uint32(n)+6) //nolint:gosec // at most 16 kB
		dst = binary.BigEndian.AppendUint32(dst, uint32(n)+2) //nolint:gosec // at most 16 kB
		dst = append(dst, context, control)
		dst = append(dst, data[:n]...)
		if data = data[n:]; len(data) == 0 {
			return dst
		}
	}
}

// AppendCommand writes a command set, framed, behind dst. Requests carry c.MessageID as their own
// number, responses as the number responded to.
func AppendCommand(dst []byte, context byte, c Command) []byte {
	set := make([]byte, 12, 256)
	binary.LittleEndian.PutUint32(set[4:], 4) // (0000,0000) group length, filled in below
	set = appendUID(set, 0x0002, c.Class)
	set = appendUint16(set, 0x0100, c.Field)
	number := uint16(0x0110)
	if c.Field&ResponseBit != 0 {
		number = 0x0120
	}
	set = appendUint16(set, number, c.MessageID)
	if len(c.Destination) > 0 {
		set = appendText(set, 0x0600, c.Destination)
	}
	if c.Field&ResponseBit == 0 && c.Field != CEcho {
		set = appendUint16(set, 0x0700, 0) // medium priority
	}
	kind := uint16(noDataSet)
	if c.DataSet {
		kind = 0x0001
	}
	set = appendUint16(set, 0x0800, kind)
	if c.Field&ResponseBit != 0 {
		set = appendUint16(set, 0x0900, c.Status)
	}
	if len(c.Instance) > 0 {
		set = appendUID(set, 0x1000, c.Instance)
	}
	if len(c.Originator) > 0 {
		set = appendText(set, 0x1030, c.Originator)
	}
	binary.LittleEndian.PutUint32(set[8:], uint32(len(set)-12)) //nolint:gosec // short
	return AppendData(dst, context, true, set)
}

func appendHead(dst []byte, group, element uint16, size int) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, group)
	dst = binary.LittleEndian.AppendUint16(dst, element)
	return binary.LittleEndian.AppendUint32(dst, uint32(size)) //nolint:gosec // short
}

func appendUint16(dst []byte, element, v uint16) []byte {
	return binary.LittleEndian.AppendUint16(appendHead(dst, 0, element, 2), v)
}

func appendUID(dst []byte, element uint16, v []byte) []byte {
	return appendPadded(dst, 0, element, string(v), 0)
}

func appendText(dst []byte, element uint16, v []byte) []byte {
	return appendPadded(dst, 0, element, string(v), ' ')
}

func appendPadded(dst []byte, group, element uint16, v string, pad byte) []byte {
	dst = append(appendHead(dst, group, element, len(v)+len(v)&1), v...)
	if len(v)&1 == 1 {
		dst = append(dst, pad)
	}
	return dst
}

// AppendElement writes one text element of a data set in implicit little endian behind dst. Elements
// must be written in ascending order; UIDs are padded with a zero byte, text with a space.
func AppendElement(dst []byte, tag uint32, v string) []byte {
	pad := byte(' ')
	if tag == 0x00080016 || tag == 0x00080018 || tag == 0x0020000d || tag == 0x0020000e {
		pad = 0
	}
	return appendPadded(dst, uint16(tag>>16), uint16(tag), v, pad) //nolint:gosec // halves
}
