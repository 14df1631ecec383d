package ward

import (
	"fmt"
	"net/netip"
)

// MAC is a 48-bit hardware address; the zero value means "not known".
type MAC [6]byte

// IsZero reports whether the address is absent: all zero, as loopback and cooked captures write it.
func (m MAC) IsZero() bool { return m == MAC{} }

// IsGroup reports whether the address is a multicast or broadcast address.
func (m MAC) IsGroup() bool { return m[0]&1 == 1 }

// IsLocal reports whether the address was made up locally (randomised, virtual) instead of being
// assigned by the maker (IEEE 802, U/L bit).
func (m MAC) IsLocal() bool { return m[0]&2 == 2 }

// String writes the address in lower case with colons, or nothing when it is not known.
func (m MAC) String() string {
	if m.IsZero() {
		return ""
	}
	const hex = "0123456789abcdef"
	b := make([]byte, 0, 17)
	for i, c := range m {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, hex[c>>4], hex[c&15])
	}
	return string(b)
}

// ParseMAC reads a hardware address written with colons, dashes, dots or nothing between the digits.
func ParseMAC(s string) (MAC, error) {
	var m MAC
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		var d byte
		switch {
		case c >= '0' && c <= '9':
			d = c - '0'
		case c >= 'a' && c <= 'f':
			d = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			d = c - 'A' + 10
		case c == ':' || c == '-' || c == '.':
			continue
		default:
			return MAC{}, fmt.Errorf("%q is not a hardware address", s)
		}
		if n == 12 {
			return MAC{}, fmt.Errorf("%q is too long for a hardware address", s)
		}
		m[n/2] = m[n/2]<<4 | d
		n++
	}
	if n != 12 {
		return MAC{}, fmt.Errorf("%q is too short for a hardware address", s)
	}
	return m, nil
}

// IP is an IPv4 or IPv6 address in 16 bytes, IPv4 mapped into IPv6; the zero value means "not
// known". It holds no pointer, so tables of it cost the garbage collector nothing.
type IP [16]byte

// IP4 makes an IP of four bytes.
func IP4(b []byte) IP {
	_ = b[3]
	return IP{10: 0xff, 11: 0xff, 12: b[0], 13: b[1], 14: b[2], 15: b[3]}
}

// IP6 makes an IP of sixteen bytes.
func IP6(b []byte) IP { return IP(b[:16]) }

// IPFrom makes an IP of a netip.Addr; the invalid Addr becomes the zero IP.
func IPFrom(a netip.Addr) IP {
	if !a.IsValid() {
		return IP{}
	}
	return IP(a.As16())
}

// Is4 reports whether the address is an IPv4 address.
func (ip IP) Is4() bool {
	return ip[10] == 0xff && ip[11] == 0xff && [10]byte(ip[:10]) == [10]byte{}
}

// IsZero reports whether the address is absent or the unspecified address (0.0.0.0, ::).
func (ip IP) IsZero() bool {
	return ip == IP{} || ip == IP{10: 0xff, 11: 0xff}
}

// Addr is the address as net/netip knows it; the zero IP gives the invalid Addr.
func (ip IP) Addr() netip.Addr {
	if ip == (IP{}) {
		return netip.Addr{}
	}
	return netip.AddrFrom16(ip).Unmap()
}

// IsLoopback reports whether the address never leaves its host.
func (ip IP) IsLoopback() bool { return ip.Addr().IsLoopback() }

// IsGroup reports whether the address is a multicast address or the IPv4 broadcast address.
func (ip IP) IsGroup() bool {
	return ip.Addr().IsMulticast() || ip == IP{10: 0xff, 11: 0xff, 12: 0xff, 13: 0xff, 14: 0xff, 15: 0xff}
}

// String writes the address as people do, or nothing when it is not known.
func (ip IP) String() string {
	if ip.IsZero() {
		return ""
	}
	return ip.Addr().String()
}

// Service is a transport protocol and the port of the serving side.
type Service struct {
	Transport uint8 // IP protocol number: 6 TCP, 17 UDP, others as they are
	Port      uint16
}

// String writes a service as tcp/104; transports without ports are written by name or number.
func (s Service) String() string {
	switch s.Transport {
	case 6:
		return fmt.Sprintf("tcp/%d", s.Port)
	case 17:
		return fmt.Sprintf("udp/%d", s.Port)
	case 132:
		return fmt.Sprintf("sctp/%d", s.Port)
	case 1, 58:
		return "icmp"
	case 2:
		return "igmp"
	case 47:
		return "gre"
	case 50:
		return "esp"
	case 0:
		return "ethernet"
	}
	return fmt.Sprintf("ip/%d", s.Transport)
}

// String writes the best single address of a subject: the network address, else the hardware one.
func (s Subject) String() string {
	a := s.IP.String()
	if a == "" {
		a = s.MAC.String()
	}
	if s.Part != "" {
		a += " (" + s.Part + ")"
	}
	return a
}
