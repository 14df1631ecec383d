// Package dhcp reads and writes DHCP for IPv4 (RFC 2131, options of RFC 2132, 3004, 3046, 4702).
//
// A parsed Message holds views into the bytes it was parsed from; nothing is copied.
package dhcp

import "encoding/binary"

// Type is the DHCP message type (option 53).
type Type uint8

// The message types of RFC 2132 section 9.6. None is a BOOTP message without option 53.
const (
	None Type = iota
	Discover
	Offer
	Request
	Decline
	Ack
	Nak
	Release
	Inform
)

// Op codes.
const (
	BootRequest = 1
	BootReply   = 2
)

// Message is one DHCP message. Absent options are nil.
type Message struct {
	Op       uint8
	HType    uint8 // 1 is Ethernet
	Hops     uint8
	XID      uint32
	Client   [4]byte // ciaddr: the address the client already has
	Your     [4]byte // yiaddr: the address it is given
	Relay    [4]byte // giaddr
	Hardware [6]byte // chaddr, when HType is Ethernet

	Type          Type
	HostName      []byte // option 12
	Vendor43      []byte // option 43, raw
	Requested     []byte // option 50, 4 bytes
	ServerID      []byte // option 54, 4 bytes
	ParameterList []byte // option 55, one byte an option number, in the client's order
	MaxSize       []byte // option 57
	VendorClass   []byte // option 60
	ClientID      []byte // option 61, the first byte is its hardware type
	UserClass     []byte // option 77, raw
	FQDN          []byte // option 81, the name without its three leading bytes
	FQDNEncoded   bool   // the name of option 81 is in DNS labels instead of text
	CircuitID     []byte // option 82, sub-option 1: written by a relay or switch
	RemoteID      []byte // option 82, sub-option 2
	Routers       []byte // option 3, 4 bytes each
}

const (
	fixed = 236
	magic = 0x63825363
)

// Is reports whether b looks like DHCP: the fixed part is sane and the magic cookie is in place.
func Is(b []byte) bool {
	return len(b) >= fixed+4 && (b[0] == BootRequest || b[0] == BootReply) && b[2] <= 16 &&
		binary.BigEndian.Uint32(b[fixed:]) == magic
}

// Parse reads one message. It reports false when b is not DHCP; options cut short end the list.
func Parse(b []byte, m *Message) bool {
	if !Is(b) {
		return false
	}
	*m = Message{
		Op: b[0], HType: b[1], Hops: b[3], XID: binary.BigEndian.Uint32(b[4:]),
		Client: [4]byte(b[12:16]), Your: [4]byte(b[16:20]), Relay: [4]byte(b[24:28]),
	}
	if m.HType == 1 && b[2] == 6 {
		m.Hardware = [6]byte(b[28:34])
	}
	overload := m.options(b[fixed+4:])
	if overload&1 != 0 { // option 52: the file field holds options
		m.options(b[108:236])
	}
	if overload&2 != 0 { // the server name field does
		m.options(b[44:108])
	}
	return true
}

func (m *Message) options(b []byte) (overload byte) {
	for len(b) > 0 {
		code := b[0]
		if code == 255 {
			return overload
		}
		if code == 0 {
			b = b[1:]
			continue
		}
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return overload
		}
		v := b[2 : 2+int(b[1])]
		b = b[2+len(v):]
		if len(v) == 0 {
			continue
		}
		if code == 52 {
			overload = v[0]
			continue
		}
		m.option(code, v)
	}
	return overload
}

func (m *Message) option(code byte, v []byte) {
	switch code {
	case 3:
		m.Routers = v
	case 12:
		m.HostName = v
	case 43:
		m.Vendor43 = v
	case 50:
		m.Requested = four(v)
	case 53:
		m.Type = Type(v[0])
	case 54:
		m.ServerID = four(v)
	case 55:
		m.ParameterList = v
	case 57:
		m.MaxSize = v
	case 60:
		m.VendorClass = v
	case 61:
		m.ClientID = v
	case 77:
		m.UserClass = v
	case 81:
		if len(v) > 3 {
			m.FQDN, m.FQDNEncoded = v[3:], v[0]&4 != 0
		}
	case 82:
		m.relayAgent(v)
	}
}

func (m *Message) relayAgent(b []byte) {
	for len(b) >= 2 && len(b) >= 2+int(b[1]) {
		v := b[2 : 2+int(b[1])]
		switch b[0] {
		case 1:
			m.CircuitID = v
		case 2:
			m.RemoteID = v
		}
		b = b[2+len(v):]
	}
}

func four(v []byte) []byte {
	if len(v) != 4 {
		return nil
	}
	return v
}
