// Package profinet reads how PROFINET devices make themselves known: the discovery and configuration
// protocol DCP (IEC 61158-6-10, EtherType 0x8892) and the identification records read over DCE/RPC
// (UDP 34964).
package profinet

import "encoding/binary"

// Frame identifiers of DCP.
const (
	FrameHello            = 0xfefc
	FrameGetSet           = 0xfefd
	FrameIdentifyRequest  = 0xfefe
	FrameIdentifyResponse = 0xfeff
)

// DCP is one DCP frame.
type DCP struct {
	FrameID uint16
	Service byte // 3 get, 4 set, 5 identify, 6 hello
	Answer  bool // of success; for a hello, the device's own words
	Blocks  []byte
}

// ParseDCP reads what follows the EtherType.
func ParseDCP(b []byte) (DCP, bool) {
	if len(b) < 12 {
		return DCP{}, false
	}
	d := DCP{FrameID: binary.BigEndian.Uint16(b), Service: b[2]}
	if d.FrameID < FrameHello || d.Service < 3 || d.Service > 6 {
		return DCP{}, false
	}
	d.Answer = b[3] == 1 || d.FrameID == FrameHello
	n := int(binary.BigEndian.Uint16(b[10:]))
	if n > len(b)-12 {
		return DCP{}, false
	}
	d.Blocks = b[12 : 12+n]
	return d, true
}

// IsRealTime reports whether a frame identifier belongs to cyclic data, alarms or synchronisation:
// PROFINET all the same, but without words.
func IsRealTime(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	id := binary.BigEndian.Uint16(b)
	return id >= 0x0100 && id < 0xfd00 || id >= 0xfe00 && id < FrameHello || id >= 0xff00 && id < 0xffa0
}

// Block names: option in the high byte, suboption in the low one.
const (
	TypeOfStation = 0x0201
	NameOfStation = 0x0202
	DeviceID      = 0x0203 // vendor and device number
	DeviceRole    = 0x0204
)

// Roles of a device, as bits.
const (
	RoleDevice     = 1
	RoleController = 2
)

// EachBlock calls fn for each block of an answer, without the two bytes of block information.
func (d *DCP) EachBlock(fn func(block uint16, value []byte)) {
	if !d.Answer {
		return
	}
	for b := d.Blocks; len(b) >= 4; {
		name, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b)-4 {
			return
		}
		if n >= 2 && name>>8 != 5 { // option 5 is control: no words
			fn(name, b[6:4+n])
		}
		b = b[min(4+n+n&1, len(b)):]
	}
}

// AppendIdentifyResponse appends what follows the EtherType when a device answers Identify.
func AppendIdentifyResponse(dst []byte, xid uint32, name, station string, vendor, device uint16, role byte) []byte {
	start := len(dst)
	dst = append(dst, 0xfe, 0xff, 5, 1)
	dst = binary.BigEndian.AppendUint32(dst, xid)
	dst = append(dst, 0, 0, 0, 0)
	dst = appendBlock(dst, TypeOfStation, []byte(station))
	dst = appendBlock(dst, NameOfStation, []byte(name))
	dst = appendBlock(dst, DeviceID, []byte{byte(vendor >> 8), byte(vendor), byte(device >> 8), byte(device)})
	dst = appendBlock(dst, DeviceRole, []byte{role, 0})
	binary.BigEndian.PutUint16(dst[start+10:], uint16(len(dst)-start-12)) //nolint:gosec // frames are short
	return dst
}

func appendBlock(dst []byte, block uint16, value []byte) []byte {
	n := len(value) + 2
	dst = binary.BigEndian.AppendUint16(dst, block)
	dst = append(dst, byte(n>>8), byte(n), 0, 0)
	dst = append(dst, value...)
	if n&1 == 1 {
		dst = append(dst, 0)
	}
	return dst
}

// VendorName is the maker behind a PROFINET vendor number; nothing for makers whose number was not
// found in a public description of their devices (device description files, manuals; read 2026-11-24).
func VendorName(id uint16) string {
	switch id {
	case 0x002a:
		return "Siemens"
	case 0x010c:
		return "HMS Networks"
	case 0x0153:
		return "TR-Electronic"
	}
	return ""
}
