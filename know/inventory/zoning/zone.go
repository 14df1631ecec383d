// Package zoning names the zone of a device and says how well each zone is seen. It reads and writes
// nothing.
package zoning

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Zone is a part of the network with one purpose: a VLAN or a subnet, or several.
type Zone struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // one of Kinds
	VLANs    []uint16 `json:"vlans"`
	Subnets  []string `json:"subnets"`  // CIDR
	Expected int      `json:"expected"` // devices expected; 0 when not said
	Guest    bool     `json:"guest"`    // devices are counted, then forgotten after 24 h
	Switch   string   `json:"switch"`   // where a mirror port would show it: "core switch 2, port Gi1/0/24"
	Found    bool     `json:"found"`    // made by itself from what was heard, not by a person
}

// Kinds are the kinds of zone.
var Kinds = []string{"clinical", "imaging", "laboratory", "building", "office", "network", "guest", "internet", "other"}

// Names of zones that nobody made.
const (
	Internet = "Internet"
	None     = "Unassigned"
)

// Table finds the zone of a device.
type Table struct {
	All      []Zone
	byVLAN   map[uint16]string
	prefixes []zonePrefix // longest first
}

type zonePrefix struct {
	prefix netip.Prefix
	zone   string
}

// NewTable makes a table of the zones that people made.
func NewTable(all []Zone) *Table {
	z := &Table{All: all, byVLAN: map[uint16]string{}}
	for _, one := range all {
		for _, v := range one.VLANs {
			z.byVLAN[v] = one.Name
		}
		for _, s := range one.Subnets {
			if p, err := netip.ParsePrefix(s); err == nil {
				z.prefixes = append(z.prefixes, zonePrefix{p.Masked(), one.Name})
			}
		}
	}
	slices.SortStableFunc(z.prefixes, func(a, b zonePrefix) int { return cmp.Compare(b.prefix.Bits(), a.prefix.Bits()) })
	return z
}

// Of gives the zone of a device: by address, since a subnet says more than the VLAN a mirror port
// happened to tag, then by VLAN, else one named after either.
func (z *Table) Of(d *ward.Device) string {
	var first netip.Addr
	for _, s := range d.IPs {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			continue
		}
		for _, p := range z.prefixes {
			if p.prefix.Contains(ip) {
				return p.zone
			}
		}
		if !first.IsValid() || ip.Is4() && !first.Is4() {
			first = ip
		}
	}
	for _, v := range d.VLANs {
		if name := z.byVLAN[v]; name != "" {
			return name
		}
	}
	switch {
	case d.Scope == ward.External:
		return Internet
	case len(d.VLANs) > 0 && d.VLANs[0] != 0:
		return "VLAN " + strconv.Itoa(int(d.VLANs[0]))
	case first.Is4() && !first.IsLinkLocalUnicast():
		p, _ := first.Prefix(24) //nolint:errcheck // 24 fits IPv4
		return p.String()
	}
	return None
}

// Named gives a zone by its name; one that nobody made is described by what it is named after.
func (z *Table) Named(name string) Zone {
	for _, one := range z.All {
		if one.Name == name {
			return one
		}
	}
	found := Zone{Name: name, Kind: "other", Found: true}
	if name == Internet {
		found.Kind = "internet"
	}
	if p, err := netip.ParsePrefix(name); err == nil {
		found.Subnets = []string{p.String()}
	}
	var vlan uint16
	if _, err := fmt.Sscanf(name, "VLAN %d", &vlan); err == nil {
		found.VLANs = []uint16{vlan}
	}
	return found
}
