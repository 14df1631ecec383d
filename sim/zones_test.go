package sim_test

import (
	"net/netip"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/ward"
)

// zonesOf gives zones by VLAN alone.
func zonesOf(name func(vlan uint16) string) identity.ZoneOf {
	return func(vlan uint16, _ netip.Addr, _ ward.MAC) string { return name(vlan) }
}
