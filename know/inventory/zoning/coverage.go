package zoning

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Coverage says how well each VLAN and subnet is seen and what would show the rest.
type Coverage struct {
	Subnets []CoveredSubnet `json:"subnets"` // worst first
	Well    int             `json:"well"`
	Poorly  int             `json:"poorly"`
	NotSeen int             `json:"notSeen"`
	Advice  []string        `json:"advice"` // "Mirror core switch 2, port Gi1/0/24 to the sensor, and VLAN 240 and 250 appear."
	Config  string          `json:"config"` // the switch commands for that, to copy
}

// CoveredSubnet is a VLAN or subnet, its zone and how well it is seen.
type CoveredSubnet struct {
	ward.Subnet
	Zone    string `json:"zone"`
	Devices int    `json:"devices"`
	Advice  string `json:"advice"`
}

// QualityRank orders how well something is seen, worst first.
var QualityRank = map[ward.Quality]int{ward.NotSeen: 0, ward.SeenPoorly: 1, ward.SeenWell: 2}

// Cover joins what the sensors report with the zones from which nothing was heard at all, and says
// what would show them. devices counts those heard, by zone.
func (z *Table) Cover(sensors [][]ward.Subnet, devices map[string]int) *Coverage {
	c := &Coverage{Subnets: best(sensors, z)}
	c.Subnets = append(c.Subnets, silent(c.Subnets, z, devices)...)
	c.judge(z, devices)
	return c
}

// best joins the sensors' words: what one of them sees well is seen well.
func best(lists [][]ward.Subnet, z *Table) []CoveredSubnet {
	type key struct {
		cidr string
		vlan uint16
	}
	at := map[key]int{}
	var out []CoveredSubnet
	for _, list := range lists {
		for _, s := range list {
			k := key{s.CIDR, s.VLAN}
			i, ok := at[k]
			if !ok {
				at[k] = len(out)
				d := ward.Device{}
				if s.VLAN != 0 {
					d.VLANs = []uint16{s.VLAN}
				}
				if addr, _, ok := strings.Cut(s.CIDR, "/"); ok {
					d.IPs = []string{addr}
				}
				out = append(out, CoveredSubnet{Subnet: s, Zone: z.Of(&d)})
			} else if QualityRank[s.Quality] > QualityRank[out[i].Quality] {
				out[i].Subnet = s
			}
		}
	}
	return out
}

// silent gives the VLANs and subnets that a zone names and no sensor reports.
func silent(seen []CoveredSubnet, z *Table, devices map[string]int) []CoveredSubnet {
	var out []CoveredSubnet
	for _, zone := range z.All {
		reported := slices.ContainsFunc(seen, func(s CoveredSubnet) bool { return s.Zone == zone.Name })
		if reported || devices[zone.Name] > 0 || zone.Kind == "internet" {
			continue
		}
		s := CoveredSubnet{Zone: zone.Name, Subnet: ward.Subnet{Quality: ward.NotSeen, Reason: "Nothing was ever heard from it."}}
		for i := range max(1, len(zone.VLANs), len(zone.Subnets)) {
			s.VLAN, s.CIDR = 0, ""
			if i < len(zone.VLANs) {
				s.VLAN = zone.VLANs[i]
			}
			if i < len(zone.Subnets) {
				s.CIDR = zone.Subnets[i]
			}
			out = append(out, s)
		}
	}
	return out
}

// judge counts, sorts and advises.
func (c *Coverage) judge(z *Table, devices map[string]int) {
	var missing []string
	var vlans []string
	ports := map[string][]string{}
	for i := range c.Subnets {
		s := &c.Subnets[i]
		zone := z.Named(s.Zone)
		s.Devices = devices[s.Zone]
		if zone.Expected > 0 && s.Devices*2 < zone.Expected && s.Quality == ward.SeenWell {
			s.Quality = ward.SeenPoorly
			s.Reason = fmt.Sprintf("%d devices heard, %d expected.", s.Devices, zone.Expected)
		}
		switch s.Quality {
		case ward.SeenWell:
			c.Well++
			continue
		case ward.SeenPoorly:
			c.Poorly++
		case ward.NotSeen:
			c.NotSeen++
		}
		name := s.name()
		if zone.Switch != "" {
			s.Advice = "Mirror " + zone.Switch + " to the sensor."
			ports[zone.Switch] = append(ports[zone.Switch], name)
		} else {
			s.Advice = "Mirror " + name + " to the sensor, on the switch that carries it."
			missing = append(missing, name)
		}
		if s.VLAN != 0 {
			vlans = append(vlans, strconv.Itoa(int(s.VLAN)))
		}
	}
	for _, port := range sortedKeys(ports) {
		c.Advice = append(c.Advice, "Mirror "+port+" to the sensor, and "+List(ports[port])+plural(len(ports[port]), " appears.", " appear."))
	}
	if len(missing) > 0 {
		c.Advice = append(c.Advice, "Mirror "+List(missing)+" to the sensor, on the switch that carries "+plural(len(missing), "it.", "them."))
	}
	if len(vlans) > 0 {
		c.Config = "! Cisco IOS; replace the interface by the one the sensor is on\nmonitor session 1 source vlan " +
			strings.Join(vlans, " , ") + " both\nmonitor session 1 destination interface GigabitEthernet1/0/48\n"
	}
	slices.SortStableFunc(c.Subnets, func(a, b CoveredSubnet) int {
		return cmp.Or(cmp.Compare(QualityRank[a.Quality], QualityRank[b.Quality]), cmp.Compare(a.VLAN, b.VLAN), cmp.Compare(a.CIDR, b.CIDR))
	})
}

func (s *CoveredSubnet) name() string {
	switch {
	case s.VLAN != 0:
		return "VLAN " + strconv.Itoa(int(s.VLAN))
	case s.CIDR != "":
		return s.CIDR
	}
	return s.Zone
}

func List(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
