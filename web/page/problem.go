package page

import (
	"slices"
	"sort"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// A problem is the worst finding of its kind, with the devices of all of that kind.
type problem struct {
	inventory.Finding
	more    int      // further findings of the kind
	also    []string // kinds that concern the same devices and go with it
	devices map[string]bool
}

// first is the order of kinds that are equally severe: what a person settles before what follows
// from it. Kinds not named come after, in the order of the register.
var firstKinds = []ward.FindingKind{ward.DeviceSwapped, ward.PHIInClear, ward.DefaultCredential, ward.LegacyOS, ward.UnknownDevice}

func order(k ward.FindingKind) int {
	if i := slices.Index(firstKinds, k); i >= 0 {
		return i
	}
	return len(firstKinds)
}

// problems are the five that come first. Five lines that say the same would be one problem, and an
// old system that also speaks an old protocol is one problem too.
func (o Overview) problems() []problem {
	var kinds []problem
	for _, f := range o.Problems {
		i := slices.IndexFunc(kinds, func(p problem) bool { return p.Kind == f.Kind })
		if i < 0 {
			i = len(kinds)
			kinds = append(kinds, problem{Finding: f, more: -1, devices: map[string]bool{}})
		}
		kinds[i].more++
		for _, d := range f.Devices {
			kinds[i].devices[d.ID] = true
		}
	}
	sort.SliceStable(kinds, func(a, b int) bool {
		if kinds[a].Severity != kinds[b].Severity {
			return kinds[a].Severity < kinds[b].Severity
		}
		return order(kinds[a].Kind) < order(kinds[b].Kind)
	})
	var out []problem
	for _, k := range kinds {
		if i := slices.IndexFunc(out, k.goesWith); i >= 0 {
			out[i].also = append(out[i].also, lang.Lower(lang.Finding(k.Kind)))
			continue
		}
		out = append(out, k)
	}
	return out[:min(5, len(out))]
}

// goesWith reports whether a problem concerns, for the most part, devices that an earlier one names.
func (p problem) goesWith(earlier problem) bool {
	if order(p.Kind) < len(firstKinds) {
		return false
	}
	n := 0
	for id := range p.devices {
		if earlier.devices[id] {
			n++
		}
	}
	return n > 0 && 2*n >= len(p.devices)
}

// act is the one link of a problem: to its only finding, or to all its devices.
func (p problem) act() Link {
	if p.more == 0 || len(p.devices) < 2 || p.Kind == ward.DeviceSwapped || p.Kind == ward.UnknownDevice {
		return act(p.Finding)
	}
	return Link{"See " + lang.N(len(p.devices), "device", "devices"), devicesWith("finding", string(p.Kind))}
}

// who names the devices of a problem: up to two by name, more by number.
func (p problem) who() string {
	names := make([]string, 0, 2)
	for _, d := range p.Devices {
		if strings.Contains(p.Title, d.Title) {
			return ""
		}
		names = append(names, d.Title)
	}
	switch n := len(p.devices); {
	case n == 0 || len(names) == 0:
		return ""
	case n <= 2 && len(names) == n:
		return lang.List(names)
	default:
		return lang.N(n, "device", "devices") + ", first " + names[0]
	}
}

// involved names the devices of one finding.
func involved(f inventory.Finding) string {
	p := problem{Finding: f, devices: map[string]bool{}}
	for _, d := range f.Devices {
		p.devices[d.ID] = true
	}
	return p.who()
}
