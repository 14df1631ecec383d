// Package fins reads Omron FINS (Factory Interface Network Service, Omron W342) over UDP and TCP,
// as far as the answer to Controller Data Read, in which a controller names its model and version.
package fins

import "encoding/binary"

// Frame is one FINS command or answer.
type Frame struct {
	Response bool
	Source   [3]byte // network, node, unit
	Dest     [3]byte
	Command  uint16 // main and sub request code: 0x0501 is Controller Data Read
	End      uint16 // end code of an answer; 0 is success
	Data     []byte
}

// ControllerDataRead asks a controller for its model and version.
const ControllerDataRead = 0x0501

// headerLen is the FINS header and the command code.
const headerLen = 12

// Parse reads a FINS frame, the whole of a UDP datagram or the body of a TCP message.
func Parse(b []byte) (Frame, bool) {
	// Bits 1 to 5 of the control field and the reserved byte are zero, the gateway count is at most 7
	// and network, node and request codes stand within their ranges.
	if len(b) < headerLen || b[0]&0x3e != 0 || b[0]&0x80 == 0 || b[1] != 0 || b[2] > 7 || b[3] > 0x7f || b[6] > 0x7f {
		return Frame{}, false
	}
	f := Frame{
		Response: b[0]&0x40 != 0,
		Dest:     [3]byte(b[3:6]),
		Source:   [3]byte(b[6:9]),
		Command:  binary.BigEndian.Uint16(b[10:]),
		Data:     b[headerLen:],
	}
	if !known(f.Command) {
		return Frame{}, false
	}
	if f.Response {
		if len(f.Data) < 2 {
			return Frame{}, false
		}
		f.End = binary.BigEndian.Uint16(f.Data) & 0x7f3f // relay and error flags aside
		f.Data = f.Data[2:]
	}
	return f, true
}

// known tells the request codes of W342 section 5-1.
func known(command uint16) bool {
	sub := byte(command)
	switch command >> 8 {
	case 0x01:
		return sub >= 1 && sub <= 5
	case 0x02:
		return sub >= 1 && sub <= 3 || sub == 0x20
	case 0x03:
		return sub >= 4 && sub <= 7
	case 0x04:
		return sub >= 1 && sub <= 3
	case 0x05:
		return sub == 1 || sub == 2
	case 0x06:
		return sub == 1 || sub == 0x20
	case 0x07:
		return sub == 1 || sub == 2
	case 0x08, 0x09:
		return sub >= 1 && sub <= 0x20
	case 0x0c:
		return sub >= 1 && sub <= 3
	case 0x21:
		return sub >= 1 && sub <= 3
	case 0x22:
		return sub >= 1 && sub <= 0x20
	case 0x23:
		return sub >= 1 && sub <= 0x20
	case 0x26:
		return sub >= 1 && sub <= 3
	}
	return false
}

// Controller is what a controller says of itself.
type Controller struct {
	Model   []byte // "CP1L-EL20DR-D"
	Version []byte // "01.00"
}

// ParseController reads the answer to Controller Data Read. It refuses text that is no model number:
// test frames fill the field with one repeated letter.
func ParseController(f *Frame) (Controller, bool) {
	if !f.Response || f.Command != ControllerDataRead || f.End != 0 || len(f.Data) < 40 {
		return Controller{}, false
	}
	c := Controller{Model: trim(f.Data[:20]), Version: trim(f.Data[20:40])}
	return c, modelLike(c.Model) && versionLike(c.Version)
}

func trim(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// modelLike accepts letters and digits mixed, as every Omron controller is named.
func modelLike(b []byte) bool {
	letters, digits := 0, 0
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		case c == '-' || c == '_' || c == ' ' || c == '/' || c == '.' || c == '(' || c == ')':
		default:
			return false
		}
	}
	return letters > 0 && digits > 0 && letters+digits >= 3
}

func versionLike(b []byte) bool {
	for _, c := range b {
		if c >= '0' && c <= '9' {
			return true
		}
	}
	return false
}

// TCPSize tells how long the FINS/TCP message at the start of b is: 0 when more bytes are needed to
// tell, -1 when b does not start with one.
func TCPSize(b []byte) int {
	const magic = "FINS"
	n := min(len(b), 4)
	if string(b[:n]) != magic[:n] {
		return -1
	}
	if len(b) < 8 {
		return 0
	}
	size := binary.BigEndian.Uint32(b[4:])
	if size < 8 || size > 1<<16 {
		return -1
	}
	return 8 + int(size)
}

// TCPBody is the FINS frame in one whole FINS/TCP message; handshakes carry none.
func TCPBody(b []byte) ([]byte, bool) {
	n := TCPSize(b)
	if n < 16 || n > len(b) || binary.BigEndian.Uint32(b[8:]) != 2 {
		return nil, false
	}
	return b[16:n], true
}
