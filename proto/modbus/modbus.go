// Package modbus reads and writes Modbus/TCP (Modbus Messaging on TCP/IP V1.0b and Application
// Protocol V1.1b3) as far as a device tells who it is: Read Device Identification and Report Server
// ID. Other functions are recognised, not read.
package modbus

import "encoding/binary"

// HeaderLen is the length of the header before the function code, unit identifier included.
const HeaderLen = 7

// The functions that are read here.
const (
	ReadHoldingRegisters = 0x03
	ReportServerID       = 0x11
	Encapsulated         = 0x2b
	deviceID             = 0x0e // kind of encapsulated message
)

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) > 2 && b[2] != 0 || len(b) > 3 && b[3] != 0 || len(b) > 4 && b[4] > 1 {
		return -1
	}
	if len(b) < HeaderLen+1 {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	if n < 2 || n > 254 || !known(b[7]&0x7f) || b[7]&0x80 != 0 && n != 3 {
		return -1
	}
	return 6 + n
}

// known tells the public function codes.
func known(function byte) bool {
	switch function {
	case 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43, 90, 42, 100, 125, 126:
		return true
	}
	return false
}

// Whole reports whether b is exactly one request or answer whose length fits its function: enough to
// recognise Modbus away from its port.
func Whole(b []byte) bool {
	if n := Size(b); n <= 0 || n != len(b) {
		return false
	}
	data := b[HeaderLen+1:]
	switch b[7] {
	case 1, 2, 3, 4: // request: address, quantity; answer: byte count, bytes
		return len(data) == 4 && binary.BigEndian.Uint16(data[2:]) != 0 && binary.BigEndian.Uint16(data[2:]) <= 2000 ||
			len(data) > 1 && int(data[0]) == len(data)-1
	case 5, 6:
		return len(data) == 4
	case 15, 16:
		return len(data) == 4 || len(data) > 5 && int(data[4]) == len(data)-5
	case Encapsulated:
		return len(data) >= 3 && data[0] == deviceID
	}
	return b[7]&0x80 != 0 && known(b[7]&0x7f) && len(data) == 1 && data[0] >= 1 && data[0] <= 11
}

// Message is one request or answer; Data follows the function code and points into the input.
type Message struct {
	Transaction uint16
	Unit        byte
	Function    byte // without the exception bit
	Exception   bool
	Data        []byte
}

// Parse reads one whole message.
func Parse(b []byte) (Message, bool) {
	n := Size(b)
	if n <= 0 || n > len(b) {
		return Message{}, false
	}
	return Message{
		Transaction: binary.BigEndian.Uint16(b), Unit: b[6], Function: b[7] & 0x7f, Exception: b[7]&0x80 != 0, Data: b[8:n],
	}, true
}

// The objects of a device identification.
const (
	VendorName  = 0
	ProductCode = 1
	Revision    = 2
	VendorURL   = 3
	ProductName = 4
	ModelName   = 5
	Application = 6 // name given by the user
)

// EachObject calls fn for each object in the answer to Read Device Identification.
func EachObject(m *Message, fn func(id byte, value []byte)) {
	d := m.Data
	if m.Function != Encapsulated || m.Exception || len(d) < 6 || d[0] != deviceID || d[2]&0x7f > 3 {
		return
	}
	count := d[5]
	d = d[6:]
	for ; count > 0 && len(d) >= 2; count-- {
		id, n := d[0], int(d[1])
		if n > len(d)-2 {
			return
		}
		fn(id, d[2:2+n])
		d = d[2+n:]
	}
}

// ServerID is the free text in the answer to Report Server ID: what follows the server's number and
// the run indicator, when it is printable.
func ServerID(m *Message) ([]byte, bool) {
	d := m.Data
	if m.Function != ReportServerID || m.Exception || len(d) < 6 || int(d[0]) != len(d)-1 {
		return nil, false
	}
	d = d[1:]
	// The server's number is device specific; a run indicator of 00 or FF ends it.
	for i := 1; i < len(d) && i < 5; i++ {
		if (d[i] == 0 || d[i] == 0xff) && printable(d[i+1:]) {
			return d[i+1:], true
		}
	}
	return nil, false
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return len(b) >= 3
}

// AppendMessage appends a message; data must be at most 252 bytes.
func AppendMessage(dst []byte, m Message) []byte {
	function := m.Function
	if m.Exception {
		function |= 0x80
	}
	dst = binary.BigEndian.AppendUint16(dst, m.Transaction)
	dst = append(dst, 0, 0, 0, byte(2+len(m.Data)), m.Unit, function)
	return append(dst, m.Data...)
}

// AppendReadRegisters appends a request for holding registers, or the answer when values are given.
func AppendReadRegisters(dst []byte, transaction uint16, unit byte, address, count uint16, values []uint16) []byte {
	var data []byte
	if values == nil {
		data = binary.BigEndian.AppendUint16(nil, address)
		data = binary.BigEndian.AppendUint16(data, count)
	} else {
		data = append(data, byte(2*len(values)))
		for _, v := range values {
			data = binary.BigEndian.AppendUint16(data, v)
		}
	}
	return AppendMessage(dst, Message{Transaction: transaction, Unit: unit, Function: ReadHoldingRegisters, Data: data})
}

// AppendIdentify appends a request for the basic device identification, or the answer when objects
// are given (vendor name first, as their numbers go; 240 bytes in all at most).
func AppendIdentify(dst []byte, transaction uint16, unit byte, objects []string) []byte {
	data := []byte{deviceID, 1, 0}
	if objects != nil {
		data = []byte{deviceID, 1, 1, 0, 0, byte(len(objects))}
		for i, o := range objects {
			data = append(data, byte(i), byte(len(o)))
			data = append(data, o...)
		}
	}
	return AppendMessage(dst, Message{Transaction: transaction, Unit: unit, Function: Encapsulated, Data: data})
}
