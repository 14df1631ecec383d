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

// WouldTell says what would decide a filter on an attribute.
var WouldTell = map[string]string{
	"os":           "a sensor on their own segment hears DHCP, SMB and web traffic, in which systems name themselves.",
	"type":         "label one of those that look alike, or import the register that biomed keeps.",
	"category":     "label one of those that look alike, or import the register that biomed keeps.",
	"manufacturer": "a sensor on their own segment sees their hardware addresses, whose first half names the maker.",
	"model":        "a service call or a read of the device's own page, heard by a sensor, or the register that biomed keeps.",
	"firmware":     "most devices state it when they start or are serviced; it can also be imported.",
	"serial":       "imaging devices and gateways state it in their messages; for others, import the register.",
	"role":         "traffic of a working day; a role shows in what others ask of the device.",
	"owner":        "nobody has said; select the devices and set the owner, or import a register.",
	"place":        "nobody has said; import a register, or feed the switch's RADIUS accounting to a sensor.",
	"department":   "nobody has said; select the devices and set the department.",
	"criticality":  "nobody has said; select the devices and set their criticality.",
}
