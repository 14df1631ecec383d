// Package intellivue reads and writes the identity messages of Philips IntelliVue patient monitors
// on UDP: the connect indication that a monitor broadcasts to port 24005, and the MDS create event
// and poll results of its data export on port 24105.
//
// The structures follow the public "Data Export Interface Programming Guide" (4535 642 59271) as
// open implementations read it. They were checked against one published connect indication of a
// real monitor; the create event and the poll results are unproven: no capture of them was at hand.
package intellivue

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// Kind is what a datagram is.
type Kind uint8

// The kinds of datagram that are told apart.
const (
	None              Kind = iota
	ConnectIndication      // a monitor says that it is there
	CreateEvent            // a monitor describes itself to a client
	PollResult             // measurements, alarms or demographics
	Request                // anything a client asks
)

// Monitor is what a monitor says of itself. Its slices point into the datagram, but for Label.
type Monitor struct {
	Manufacturer []byte
	Model        []byte
	Serial       []byte // of the product
	Part         []byte // part number of the product
	Hardware     []byte // revision of the product
	Software     []byte // revision of the application software
	MAC          [6]byte
	Label        string // as set up at the monitor: often the bed or room
}

// Message is one datagram.
type Message struct {
	Kind         Kind
	Monitor      Monitor
	Demographics bool // a poll result about the patient's demographics that holds something
}

const (
	roInvoke    = 1
	roResult    = 2
	roLinked    = 5
	eventReport = 0
	confirmed   = 1
	action      = 7

	notiConnect  = 0x0d17
	notiCreate   = 0x0d06
	actPoll      = 0x0c16
	actPollExt   = 0xf13b
	classBed     = 0x0023
	classMDS     = 0x0021
	classPatient = 0x002a

	attrModel    = 0x0928
	attrProdSpec = 0x092d
	attrBedLabel = 0x091e
	attrLabel    = 0xf135
	attrAddress  = 0xf100

	maxAttributes = 128
	maxSpecs      = 64
)

// Parse reads a datagram. Every length must agree with what is there: the format has no magic
// number of its own.
func Parse(b []byte) (Message, bool) {
	if len(b) < 12 {
		return Message{}, false
	}
	switch {
	case b[0] == 0 && b[1] == 0 && b[2] == 1 && b[4] == 0 && b[5] == roInvoke:
		return parseIndication(b[4:])
	case b[0] == 0xe1 && b[1] == 0 && b[2] == 0 && b[3] != 0 && b[4] == 0:
		return parseExport(b[4:])
	}
	return Message{}, false
}

// apdu takes the two headers off a remote operation: type and length, invoke id, command, length.
func apdu(b []byte) (kind, command uint16, body []byte, ok bool) {
	kind = binary.BigEndian.Uint16(b)
	n := int(binary.BigEndian.Uint16(b[2:]))
	b = b[4:]
	if n > len(b) || len(b)-n > 32 {
		return 0, 0, nil, false
	}
	b = b[:n]
	if kind == roLinked {
		if len(b) < 2 {
			return 0, 0, nil, false
		}
		b = b[2:] // state and count of the linked results
	}
	if len(b) < 6 {
		return 0, 0, nil, false
	}
	command = binary.BigEndian.Uint16(b[2:])
	n = int(binary.BigEndian.Uint16(b[4:]))
	if b = b[6:]; n > len(b) || len(b)-n > 32 {
		return 0, 0, nil, false
	}
	return kind, command, b[:n], true
}

// event takes the header off an event report: object class, context, handle, time, event, length.
func event(b []byte) (class, kind uint16, body []byte, ok bool) {
	if len(b) < 14 {
		return 0, 0, nil, false
	}
	class, kind = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[10:])
	n := int(binary.BigEndian.Uint16(b[12:]))
	b = b[14:]
	return class, kind, b[:min(n, len(b))], n <= len(b)
}

func parseIndication(b []byte) (Message, bool) {
	_, command, body, ok := apdu(b)
	if !ok || command != eventReport {
		return Message{}, false
	}
	class, kind, body, ok := event(body)
	if !ok || class != classBed || kind != notiConnect {
		return Message{}, false
	}
	m := Message{Kind: ConnectIndication}
	return m, m.Monitor.attributes(body)
}

func parseExport(b []byte) (Message, bool) {
	kind, command, body, ok := apdu(b)
	if !ok {
		return Message{}, false
	}
	switch {
	case kind == roInvoke && command == confirmed:
		class, event, body, ok := event(body)
		if !ok || class != classMDS || event != notiCreate || len(body) < 6 {
			return Message{}, false
		}
		m := Message{Kind: CreateEvent}
		return m, m.Monitor.attributes(body[6:]) // behind the managed object
	case kind == roInvoke && command == action:
		return Message{Kind: Request}, isPoll(body)
	case (kind == roResult || kind == roLinked) && command == action && isPoll(body):
		m := Message{Kind: PollResult}
		// Poll number, relative and absolute time, then what was polled: partition and code.
		if r := body[10:]; len(r) >= 22 {
			m.Demographics = binary.BigEndian.Uint16(r[16:]) == classPatient && binary.BigEndian.Uint16(r[20:]) > 0
		}
		return m, true
	}
	return Message{}, false
}

// isPoll reports whether an action is a poll, plain or extended.
func isPoll(b []byte) bool {
	if len(b) < 10 {
		return false
	}
	a := binary.BigEndian.Uint16(b[6:])
	return a == actPoll || a == actPollExt
}

// attributes reads an attribute list: count, length, then identifier, length and value of each.
func (m *Monitor) attributes(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	count, n := int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
	b = b[4:]
	if n > len(b) || count > maxAttributes {
		return false
	}
	b = b[:n]
	for range count {
		if len(b) < 4 {
			return false
		}
		id, size := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if b = b[4:]; size > len(b) {
			return false
		}
		m.attribute(id, b[:size])
		b = b[size:]
	}
	return true
}

func (m *Monitor) attribute(id uint16, v []byte) {
	switch id {
	case attrModel:
		var rest []byte
		m.Manufacturer, rest = label(v)
		m.Model, _ = label(rest)
	case attrProdSpec:
		m.production(v)
	case attrAddress:
		if len(v) >= 6 {
			copy(m.MAC[:], v)
		}
	case attrLabel:
		m.Label = wide(v)
	case attrBedLabel:
		if len(v) >= 2 && m.Label == "" {
			m.Label = wide(v[2:]) // behind its length
		}
	}
}

// production reads the production specification: count, length, then kind, component and label.
func (m *Monitor) production(v []byte) {
	if len(v) < 4 {
		return
	}
	count := min(int(binary.BigEndian.Uint16(v)), maxSpecs)
	v = v[4:]
	for range count {
		if len(v) < 6 {
			return
		}
		kind, component := binary.BigEndian.Uint16(v), binary.BigEndian.Uint16(v[2:])
		var text []byte
		text, v = label(v[4:])
		const product, application = 0x0008, 0x0058
		switch {
		case kind == 1 && component == product:
			m.Serial = text
		case kind == 2 && component == product:
			m.Part = text
		case kind == 3 && component == product:
			m.Hardware = text
		case kind == 4 && component == application:
			m.Software = text
		}
	}
}

// label reads a text behind its length and cuts it at the first zero byte.
func label(v []byte) (text, rest []byte) {
	if len(v) < 2 {
		return nil, nil
	}
	n := int(binary.BigEndian.Uint16(v))
	v = v[2:]
	n = min(n, len(v))
	text, rest = v[:n], v[n:]
	if i := bytes.IndexByte(text, 0); i >= 0 {
		text = text[:i]
	}
	return bytes.TrimSpace(text), rest
}

// wide reads UTF-16 up to its first zero.
func wide(v []byte) string {
	var u []uint16
	for ; len(v) >= 2 && len(u) < 64; v = v[2:] {
		c := binary.BigEndian.Uint16(v)
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}

// AppendConnectIndication writes the broadcast of a monitor behind dst.
func AppendConnectIndication(dst []byte, m Monitor) []byte {
	var list []byte
	count := uint16(0)
	add := func(id uint16, v []byte) {
		list = binary.BigEndian.AppendUint16(list, id)
		list = binary.BigEndian.AppendUint16(list, uint16(len(v))) //nolint:gosec // short
		list = append(list, v...)
		count++
	}
	text := func(b []byte, s []byte) []byte {
		n := len(s) + 1 + (len(s)+1)%2
		b = binary.BigEndian.AppendUint16(b, uint16(n)) //nolint:gosec // short
		return append(append(b, s...), make([]byte, n-len(s))...)
	}
	var name []byte
	for _, c := range utf16.Encode([]rune(m.Label)) {
		name = binary.BigEndian.AppendUint16(name, c)
	}
	add(attrLabel, append(name, 0, 0))
	add(attrAddress, append(m.MAC[:], make([]byte, 8)...))
	var specs []byte
	n := uint16(0)
	for _, s := range [...]struct {
		kind, component uint16
		v               []byte
	}{{1, 8, m.Serial}, {2, 8, m.Part}, {3, 8, m.Hardware}, {4, 0x58, m.Software}} {
		if len(s.v) > 0 {
			specs = binary.BigEndian.AppendUint16(specs, s.kind)
			specs = text(binary.BigEndian.AppendUint16(specs, s.component), s.v)
			n++
		}
	}
	head := binary.BigEndian.AppendUint16(nil, n)
	head = binary.BigEndian.AppendUint16(head, uint16(len(specs))) //nolint:gosec // short
	add(attrProdSpec, append(head, specs...))
	add(attrModel, text(text(nil, m.Manufacturer), m.Model))

	size := uint16(len(list)) //nolint:gosec // short
	dst = append(dst, 0, 0, 1, 0)
	for _, v := range [...]uint16{
		roInvoke, size + 24, 0, eventReport, size + 18, classBed, 0, 0, 0, 0, notiConnect, size + 4, count, size,
	} {
		dst = binary.BigEndian.AppendUint16(dst, v)
	}
	return append(dst, list...)
}
