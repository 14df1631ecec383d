package entry

import (
	"slices"

	"github.com/wardkeeper/wardkeeper/ward"
)

// The classes of devices: why little may be known of them.
const (
	ClassPlain uint8 = iota
	ClassNeverHeard
	ClassBehindRouter
	ClassAddressing
	ClassEncrypted
	ClassRandom
)

// ClassWords say the classes in words.
var ClassWords = [...]string{
	ClassPlain:        "said nothing that tells",
	ClassNeverHeard:   "stand in the register and were never heard",
	ClassBehindRouter: "are behind a router, where much of what they say is not seen",
	ClassAddressing:   "sent only addressing traffic such as ARP and DHCP",
	ClassEncrypted:    "speak only encrypted protocols",
	ClassRandom:       "use a made-up hardware address",
}

// Addressing are the protocols that say nothing of what a device is for.
var Addressing = []string{"arp", "dhcp", "dhcpv6", "nd", "icmp", "icmpv6", "igmp", "dns", "mdns", "llmnr", "ntp", "stp"}

var hidden = []string{"tls", "quic", "ssh", "dtls", "ipsec", "wireguard", "openvpn", "https"}

// ClassOf gives the class of a row.
func ClassOf(row *Row) uint8 {
	switch {
	case row.Last.IsZero():
		return ClassNeverHeard
	case only(row.Protocols, Addressing):
		return ClassAddressing
	case only(row.Protocols, append(slices.Clone(hidden), Addressing...)):
		return ClassEncrypted
	case row.Scope == ward.Routed:
		return ClassBehindRouter
	case row.Random:
		return ClassRandom
	}
	return ClassPlain
}

func only(protocols, of []string) bool {
	for _, p := range protocols {
		if !slices.Contains(of, p) {
			return false
		}
	}
	return true
}
