// Package dhcp6 reads DHCP for IPv6 (RFC 8415; FQDN of RFC 4704, link-layer address of RFC 6939)
// as far as it tells who a client is. A parsed Message holds views into its bytes.
package dhcp6

import "encoding/binary"

// Message types.
const (
	Solicit     = 1
	Advertise   = 2
	Request     = 3
	Renew       = 5
	Rebind      = 6
	Reply       = 7
	Information = 11
	RelayForw   = 12
	RelayRepl   = 13
)

const maxRelays = 8 // RFC 8415 section 7.6: HOP_COUNT_LIMIT

// Message is one client or server message, taken out of the relay messages around it.
type Message struct {
	Type        uint8
	Relayed     bool
	LinkAddress []byte // option 79 of the relay: the client's hardware address, without its type
	ClientID    []byte // DUID, option 1
	ServerID    []byte // DUID, option 2
	Address     []byte // first address of the first IA_NA, 16 bytes
	Options     []byte // option 6, two bytes an option number
	VendorClass []byte // option 16: the first class data
	Enterprise  uint32 // IANA enterprise number of option 16
	FQDN        []byte // option 39: DNS labels without the flags
}

// Is reports whether b starts like a DHCPv6 message: a known type, then options that fit.
func Is(b []byte) bool {
	if len(b) < 8 || b[0] == 0 || b[0] > RelayRepl {
		return false
	}
	at := 4
	if b[0] >= RelayForw {
		at = 34
	}
	if len(b) < at+4 {
		return false
	}
	for n := 0; at < len(b); n++ {
		if len(b)-at < 4 {
			return false
		}
		code, size := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		if code == 0 || code > 200 || len(b)-at-4 < size || n > 64 {
			return false
		}
		at += 4 + size
	}
	return true
}

// Parse reads one message. It reports false when b is not DHCPv6.
func Parse(b []byte, m *Message) bool {
	*m = Message{}
	for depth := 0; depth <= maxRelays; depth++ {
		if !Is(b) {
			return false
		}
		if b[0] < RelayForw {
			m.Type = b[0]
			m.options(b[4:])
			return true
		}
		m.Relayed = true
		inner := []byte(nil)
		each(b[34:], func(code uint16, v []byte) {
			switch {
			case code == 9:
				inner = v
			case code == 79 && len(v) > 2:
				m.LinkAddress = v[2:]
			}
		})
		b = inner
	}
	return false
}

func (m *Message) options(b []byte) {
	each(b, func(code uint16, v []byte) {
		switch code {
		case 1:
			m.ClientID = v
		case 2:
			m.ServerID = v
		case 3:
			if len(v) < 12 || m.Address != nil {
				return
			}
			each(v[12:], func(code uint16, v []byte) {
				if code == 5 && len(v) >= 16 && m.Address == nil {
					m.Address = v[:16]
				}
			})
		case 6:
			m.Options = v
		case 16:
			if len(v) >= 6 {
				m.Enterprise = binary.BigEndian.Uint32(v)
				n := int(binary.BigEndian.Uint16(v[4:]))
				m.VendorClass = v[6:min(len(v), 6+n)]
			}
		case 39:
			if len(v) > 1 {
				m.FQDN = v[1:]
			}
		}
	})
}

func each(b []byte, f func(code uint16, v []byte)) {
	for len(b) >= 4 {
		size := int(binary.BigEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			return
		}
		f(binary.BigEndian.Uint16(b), b[4:4+size])
		b = b[4+size:]
	}
}

// LinkLayer is the hardware address in a DUID of type LLT or LL on Ethernet, or nil. It belongs to
// one of the client's interfaces, not necessarily to the one it asks from.
func LinkLayer(duid []byte) []byte {
	if len(duid) < 4 || binary.BigEndian.Uint16(duid[2:]) != 1 {
		return nil
	}
	switch {
	case duid[1] == 1 && len(duid) == 14:
		return duid[8:]
	case duid[1] == 3 && len(duid) == 10:
		return duid[4:]
	}
	return nil
}
