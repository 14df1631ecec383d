package traffic

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/zoning"
)

// Group is a set of unknown devices that look alike, so that they can be labelled once.
type Group struct {
	Key     string      `json:"key"`
	Why     []string    `json:"why"`     // what they share: "hardware addresses of Halden", "speak dicom", "talk to 10.2.0.4"
	Devices []string    `json:"devices"` // register ids, at most 1,000
	Count   int         `json:"count"`
	Sample  []entry.Row `json:"sample"` // up to 5
}

// Bounds of a group.
const (
	maxGroup   = 1000 // ids given
	maxTargets = 2    // destinations that count, by bytes
	maxSample  = 5
)

// Alike groups devices by likeness, largest group first: the maker of the network card, the
// protocols they speak and whom they talk to most.
func Alike(rows []entry.Row, talks []evidence.Talk) []Group {
	targets := destinations(talks)
	groups := map[string]*Group{}
	for i := range rows {
		key, why := likeness(&rows[i], targets)
		g := groups[key]
		if g == nil {
			g = &Group{Key: key, Why: why}
			groups[key] = g
		}
		g.Count++
		if len(g.Devices) < maxGroup {
			g.Devices = append(g.Devices, rows[i].ID)
		}
		if len(g.Sample) < maxSample {
			g.Sample = append(g.Sample, rows[i])
		}
	}
	out := make([]Group, 0, len(groups))
	for _, g := range groups {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Key, b.Key)) })
	return out
}

// destinations gives whom each address opened conversations to, most bytes first.
func destinations(talks []evidence.Talk) map[string][]string {
	bytes := map[[2]string]uint64{}
	to := map[string][]string{}
	for i := range talks {
		k := [2]string{talks[i].From, talks[i].To}
		if _, ok := bytes[k]; !ok {
			to[k[0]] = append(to[k[0]], k[1])
		}
		bytes[k] += talks[i].Bytes
	}
	for from, list := range to {
		slices.SortFunc(list, func(a, b string) int {
			return cmp.Or(cmp.Compare(bytes[[2]string{from, b}], bytes[[2]string{from, a}]), strings.Compare(a, b))
		})
	}
	return to
}

// likeness gives what a device is grouped by, and that in words.
func likeness(row *entry.Row, targets map[string][]string) (key string, why []string) {
	maker := row.Manufacturer
	switch {
	case row.Random:
		why = append(why, "made-up hardware addresses")
	case maker != "":
		why = append(why, "hardware of "+maker)
	case len(row.MACs) > 0:
		maker = row.MACs[0][:min(8, len(row.MACs[0]))]
		why = append(why, "hardware addresses that begin with "+maker)
	}
	var speaks []string
	for _, p := range row.Protocols {
		if !slices.Contains(entry.Addressing, p) {
			speaks = append(speaks, p)
		}
	}
	slices.Sort(speaks)
	if len(speaks) > 0 {
		why = append(why, "speak "+zoning.List(speaks))
	}
	var to []string
	for _, ip := range row.IPs {
		to = append(to, targets[ip]...)
	}
	to = slices.DeleteFunc(to, func(a string) bool { return a == "255.255.255.255" })
	to = to[:min(len(to), maxTargets)]
	slices.Sort(to)
	if len(to) > 0 {
		why = append(why, "talk to "+zoning.List(to))
	}
	if len(why) == 0 {
		why = append(why, "nothing known but an address in "+row.Zone)
	}
	return strings.Join(why, "; "), why
}
