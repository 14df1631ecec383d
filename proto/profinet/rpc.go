package profinet

import (
	"bytes"
	"encoding/binary"
)

// rpcHeader is the length of the header of connectionless DCE/RPC (C706, chapter 12).
const rpcHeader = 80

// pnUUID is the tail that the interface identifiers of PROFINET share: DEA0000x-6C97-11D1-8271-00A02442DF7D.
var pnUUID = []byte{0x82, 0x71, 0x00, 0xa0, 0x24, 0x42, 0xdf, 0x7d}

// RPC is one call or answer of PROFINET's context manager.
type RPC struct {
	Response bool
	Body     []byte // the stub data
	little   bool
}

// ParseRPC reads a datagram.
func ParseRPC(b []byte) (RPC, bool) {
	if len(b) < rpcHeader || b[0] != 4 || b[1] > 10 || !bytes.Equal(b[32:40], pnUUID) {
		return RPC{}, false
	}
	little := b[4]&0x10 != 0
	order := binary.ByteOrder(binary.BigEndian)
	if little {
		order = binary.LittleEndian
	}
	if order.Uint32(b[24:])>>8 != 0xdea000 {
		return RPC{}, false
	}
	n := int(order.Uint16(b[74:]))
	if n > len(b)-rpcHeader {
		return RPC{}, false
	}
	return RPC{Response: b[1] == 2, Body: b[rpcHeader : rpcHeader+n], little: little}, true
}

// Identification is the record I&M0 of a module (Identification & Maintenance functions).
type Identification struct {
	Slot, Subslot uint16
	Vendor        uint16
	Order         []byte // order number, trimmed
	Serial        []byte
	Hardware      uint16
	Software      [4]byte // letter, then three numbers
}

// ParseIdentification reads the record out of the answer to a read.
func ParseIdentification(r *RPC) (Identification, bool) {
	const args, header, record = 20, 64, 6 + 54
	b := r.Body
	if !r.Response || len(b) < args+header+record || b[0] != 0 || b[1] != 0 || b[2] != 0 || b[3] != 0 {
		return Identification{}, false
	}
	h := b[args:]
	if binary.BigEndian.Uint16(h) != 0x8009 || binary.BigEndian.Uint16(h[2:]) != header-4 || binary.BigEndian.Uint16(h[34:]) != 0xaff0 {
		return Identification{}, false
	}
	id := Identification{Slot: binary.BigEndian.Uint16(h[28:]), Subslot: binary.BigEndian.Uint16(h[30:])}
	d := h[header:]
	if binary.BigEndian.Uint16(d) != 0x0020 || binary.BigEndian.Uint16(d[2:]) != 56 {
		return Identification{}, false
	}
	d = d[6:]
	id.Vendor = binary.BigEndian.Uint16(d)
	id.Order, id.Serial = bytes.Trim(d[2:22], " \x00"), bytes.Trim(d[22:38], " \x00")
	id.Hardware = binary.BigEndian.Uint16(d[38:])
	id.Software = [4]byte(d[40:44])
	return id, true
}
