// Package mqtt reads and writes the control packets of MQTT 3.1, 3.1.1 and 5 (OASIS standards).
package mqtt

import "encoding/binary"

// Control packet types.
const (
	Connect   = 1
	ConnAck   = 2
	Publish   = 3
	Subscribe = 8
)

// Head reads a fixed header: the type, the flags, the length of the header itself and of what
// follows it. need is true when more bytes must arrive first; ok is false when no packet starts
// here.
func Head(b []byte) (typ, flags byte, head, body int, need, ok bool) {
	if len(b) == 0 {
		return 0, 0, 0, 0, true, true
	}
	typ, flags = b[0]>>4, b[0]&15
	if typ == 0 || typ != Publish && flags != wantFlags(typ) {
		return 0, 0, 0, 0, false, false
	}
	for i := range 4 {
		if len(b) < i+2 {
			return typ, flags, 0, 0, true, true
		}
		body |= int(b[i+1]&0x7f) << (7 * i)
		if b[i+1]&0x80 == 0 {
			return typ, flags, i + 2, body, false, true
		}
	}
	return 0, 0, 0, 0, false, false
}

// wantFlags are the flags that the standard fixes for a type other than PUBLISH.
func wantFlags(typ byte) byte {
	if typ == 6 || typ == 8 || typ == 10 { // PUBREL, SUBSCRIBE, UNSUBSCRIBE
		return 2
	}
	return 0
}

// Session is what a CONNECT packet says; slices point into it.
type Session struct {
	Level       uint8 // 3, 4 (3.1.1) or 5
	ClientID    []byte
	WillTopic   []byte
	HasUser     bool
	HasPassword bool
	User        []byte
	Password    []byte
}

// IsConnect reports whether a stream starts with a CONNECT packet.
func IsConnect(b []byte) bool {
	typ, _, head, body, need, ok := Head(b)
	if !ok || need || typ != Connect || body < 10 || len(b) < head+7 {
		return false
	}
	_, ok = level(b[head:])
	return ok
}

func level(b []byte) (rest []byte, ok bool) {
	if len(b) >= 7 && string(b[:6]) == "\x00\x04MQTT" && (b[6] == 4 || b[6] == 5) {
		return b[6:], true
	}
	if len(b) >= 9 && string(b[:8]) == "\x00\x06MQIsdp" && b[8] == 3 {
		return b[8:], true
	}
	return nil, len(b) >= 7 && len(b) < 9 && string(b[:7]) == "\x00\x06MQIsd"
}

// ReadConnect reads what follows the fixed header of a CONNECT packet.
func ReadConnect(b []byte) (s Session, ok bool) {
	b, _ = level(b)
	if len(b) < 4 {
		return s, false
	}
	s.Level = b[0]
	flags := b[1]
	b = b[4:]
	if s.Level == 5 {
		if b, ok = skipProperties(b); !ok {
			return s, false
		}
	}
	if s.ClientID, b, ok = field(b); !ok {
		return s, false
	}
	if flags&4 != 0 { // a will
		if s.Level == 5 {
			if b, ok = skipProperties(b); !ok {
				return s, false
			}
		}
		if s.WillTopic, b, ok = field(b); !ok {
			return s, false
		}
		if _, b, ok = field(b); !ok {
			return s, false
		}
	}
	if s.HasUser = flags&0x80 != 0; s.HasUser {
		if s.User, b, ok = field(b); !ok {
			return s, false
		}
	}
	if s.HasPassword = flags&0x40 != 0; s.HasPassword {
		if s.Password, _, ok = field(b); !ok {
			return s, false
		}
	}
	return s, true
}

// ReadConnAck reads the return code of a CONNACK body: 0 means accepted.
func ReadConnAck(b []byte) (code byte, ok bool) {
	if len(b) < 2 || b[0] > 1 {
		return 0, false
	}
	return b[1], true
}

// Topic is the topic of a PUBLISH body.
func Topic(b []byte) []byte {
	t, _, _ := field(b)
	return t
}

func field(b []byte) (v, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n {
		return nil, nil, false
	}
	return b[2 : 2+n], b[2+n:], true
}

func skipProperties(b []byte) (rest []byte, ok bool) {
	n := 0
	for i := range 4 {
		if len(b) <= i {
			return nil, false
		}
		n |= int(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if len(b) < i+1+n {
				return nil, false
			}
			return b[i+1+n:], true
		}
	}
	return nil, false
}

// AppendConnect appends a CONNECT packet of MQTT 3.1.1. An empty user means none.
func AppendConnect(b []byte, clientID, user, password string) []byte {
	v := []byte("\x00\x04MQTT\x04\x02\x00\x3c")
	v = appendField(v, clientID)
	if user != "" {
		v[7] |= 0xc0
		v = appendField(appendField(v, user), password)
	}
	return appendPacket(b, Connect<<4, v)
}

// AppendConnAck appends the CONNACK of MQTT 3.1.1 that accepts a connection.
func AppendConnAck(b []byte) []byte { return append(b, ConnAck<<4, 2, 0, 0) }

// AppendPublish appends a PUBLISH packet of quality 0.
func AppendPublish(b []byte, topic string, payload []byte) []byte {
	return appendPacket(b, Publish<<4, append(appendField(nil, topic), payload...))
}

func appendField(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}

func appendPacket(b []byte, first byte, v []byte) []byte {
	b = append(b, first)
	n := len(v)
	for ; n > 127; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	b = append(b, byte(n))
	return append(b, v...)
}
