// Package snmp reads and writes SNMP messages: v1 (RFC 1157), v2c (RFC 1901, RFC 3416) and the
// clear parts of v3 (RFC 3412, RFC 3414).
package snmp

import (
	"strconv"

	"github.com/wardkeeper/wardkeeper/proto/ber"
)

// Versions as they stand in the message.
const (
	V1  = 0
	V2c = 1
	V3  = 3
)

// PDU types.
const (
	GetRequest     = 0xa0
	GetNextRequest = 0xa1
	Response       = 0xa2
	SetRequest     = 0xa3
	TrapV1         = 0xa4
	GetBulkRequest = 0xa5
	Inform         = 0xa6
	TrapV2         = 0xa7
	Report         = 0xa8
)

// Message is one SNMP message; slices point into the datagram.
type Message struct {
	Version    int
	Community  []byte // v1 and v2c
	EngineID   []byte // v3: of the authoritative side
	User       []byte // v3
	Encrypted  bool   // v3: the PDU cannot be read
	PDU        byte   // 0 when it cannot be read
	RequestID  int64
	Error      int64
	Enterprise []byte // v1 trap: the sender's sysObjectID, encoded
	bindings   []byte
}

// Read reads a message. ok is false when the bytes are not SNMP as far as the part that says who
// asks whom; a message with a damaged PDU is still a message, with PDU 0.
func Read(b []byte) (m Message, ok bool) {
	if len(b) < 12 || b[0] != ber.Sequence {
		return m, false
	}
	_, _, head, ok := ber.Head(b)
	if !ok {
		return m, false
	}
	b = b[head:] // a wrong outer length is seen in the wild and harms nobody
	v, b, ok := ber.Expect(b, ber.Integer)
	if !ok || len(v) != 1 {
		return m, false
	}
	m.Version = int(v[0])
	switch m.Version {
	case V1, V2c:
		m.Community, b, ok = ber.Expect(b, ber.OctetString)
		if !ok || len(b) == 0 || b[0] < GetRequest || b[0] > Report {
			return m, false
		}
		m.readPDU(b)
		return m, true
	case V3:
		return m.readV3(b)
	}
	return m, false
}

func (m Message) readV3(b []byte) (Message, bool) {
	global, b, ok := ber.Expect(b, ber.Sequence)
	if !ok {
		return m, false
	}
	var flags []byte
	for i, tag := range []byte{ber.Integer, ber.Integer, ber.OctetString, ber.Integer} {
		var v []byte
		if v, global, ok = ber.Expect(global, tag); !ok {
			return m, false
		}
		if i == 2 {
			flags = v
		}
	}
	if len(flags) != 1 {
		return m, false
	}
	params, b, ok := ber.Expect(b, ber.OctetString)
	if !ok {
		return m, false
	}
	if usm, _, ok := ber.Expect(params, ber.Sequence); ok {
		var v []byte
		for i, tag := range []byte{ber.OctetString, ber.Integer, ber.Integer, ber.OctetString} {
			if v, usm, ok = ber.Expect(usm, tag); !ok {
				break
			}
			switch i {
			case 0:
				m.EngineID = v
			case 3:
				m.User = v
			}
		}
	}
	m.Encrypted = flags[0]&2 != 0
	scoped, _, ok := ber.Expect(b, ber.Sequence)
	if m.Encrypted || !ok {
		return m, true
	}
	if _, scoped, ok = ber.Expect(scoped, ber.OctetString); ok {
		if _, scoped, ok = ber.Expect(scoped, ber.OctetString); ok {
			m.readPDU(scoped)
		}
	}
	return m, true
}

func (m *Message) readPDU(b []byte) {
	tag, v, _, ok := ber.Next(b)
	if !ok || tag < GetRequest || tag > Report {
		return
	}
	if tag == TrapV1 {
		if m.Enterprise, v, ok = ber.Expect(v, ber.OID); !ok {
			return
		}
		for range 4 { // agent address, generic, specific, time stamp
			if _, _, v, ok = ber.Next(v); !ok {
				return
			}
		}
		m.bindings, _, _ = ber.Expect(v, ber.Sequence)
		m.PDU = tag
		return
	}
	var n [3]int64
	for i := range n {
		var f []byte
		if f, v, ok = ber.Expect(v, ber.Integer); !ok {
			return
		}
		n[i], _ = ber.Int(f)
	}
	m.RequestID, m.Error = n[0], n[1]
	m.bindings, _, _ = ber.Expect(v, ber.Sequence)
	m.PDU = tag
}

// Binding is one variable of a PDU. OID is encoded as on the wire; Tag is the type of the value.
type Binding struct {
	OID   []byte
	Tag   byte
	Value []byte
}

// Bindings walks the variables of the PDU.
func (m Message) Bindings(yield func(Binding) bool) {
	b := m.bindings
	for len(b) > 0 {
		pair, rest, ok := ber.Expect(b, ber.Sequence)
		if !ok {
			return
		}
		b = rest
		oid, value, ok := ber.Expect(pair, ber.OID)
		if !ok {
			return
		}
		tag, v, _, ok := ber.Next(value)
		if !ok || !yield(Binding{oid, tag, v}) {
			return
		}
	}
}

// maxArcs bounds how much of an object identifier is written out.
const maxArcs = 32

// AppendOID appends an encoded object identifier in dots: 1.3.6.1.
func AppendOID(b, oid []byte) []byte {
	if len(oid) == 0 {
		return b
	}
	n, first, arcs := uint64(0), true, 0
	for _, c := range oid {
		n = n<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if arcs++; arcs > maxArcs {
			return b
		}
		if first {
			first = false
			top := min(n/40, 2)
			b = strconv.AppendUint(b, top, 10)
			n -= top * 40
		}
		b = append(b, '.')
		b = strconv.AppendUint(b, n, 10)
		n = 0
	}
	return b
}

// EncodeOID encodes an object identifier given by its arcs; the first two must be there.
func EncodeOID(arcs ...uint32) []byte {
	b := []byte{byte(arcs[0]*40 + arcs[1])}
	for _, a := range arcs[2:] {
		for shift := 28; shift > 0; shift -= 7 {
			if a>>shift != 0 {
				b = append(b, byte(a>>shift)|0x80)
			}
		}
		b = append(b, byte(a&0x7f))
	}
	return b
}

// Append appends a v1 or v2c message of the given PDU type.
func Append(b []byte, version int, community string, pdu byte, request int64, vars ...Binding) []byte {
	var list []byte
	for _, v := range vars {
		pair := ber.Append(nil, ber.OID, v.OID)
		list = ber.Append(list, ber.Sequence, ber.Append(pair, v.Tag, v.Value))
	}
	body := ber.AppendInt(nil, request)
	body = ber.AppendInt(ber.AppendInt(body, 0), 0)
	body = ber.Append(body, ber.Sequence, list)
	m := ber.AppendInt(nil, int64(version))
	m = ber.Append(m, ber.OctetString, []byte(community))
	return ber.Append(b, ber.Sequence, ber.Append(m, pdu, body))
}
