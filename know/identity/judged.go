package identity

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// maxProxy is for how many addresses a card may answer before it is taken for a router that
// answers ARP for others, which conflicts with nobody.
const maxProxy = 8

// conflicts finds addresses that two cards claim at the same time.
func (e *Engine) conflicts() []ward.Finding {
	var out []ward.Finding
	for _, p := range e.contested {
		leases := slices.Clone(p.leases)
		slices.SortFunc(leases, func(a, b *lease) int { return bytes.Compare(a.mac.mac[:], b.mac.mac[:]) })
		for i, a := range leases {
			for _, b := range leases[i+1:] {
				if f := e.conflict(p, a, b); f != nil {
					out = append(out, *f)
				}
			}
		}
	}
	return out
}

func (e *Engine) conflict(p *place, a, b *lease) *ward.Finding {
	switch {
	case a.mac == b.mac || a.vlan != b.vlan || a.how == "dhcp" || b.how == "dhcp":
		return nil
	case a.mac.unit.device == b.mac.unit.device || adjacent(a.mac.mac, b.mac.mac):
		return nil // two ports of one device
	case registry.Redundant(a.mac.mac) || registry.Redundant(b.mac.mac):
		return nil // a router pair hands its address over
	case len(a.mac.leases) > maxProxy || len(b.mac.leases) > maxProxy:
		return nil
	case a.count < 2 || b.count < 2 || a.first > b.last || b.first > a.last:
		return nil // one after the other: the address moved
	}
	f := &ward.Finding{
		Kind: ward.AddressConflict, Title: "Two devices use one address",
		Devices: []string{e.nameOf(ward.Subject{MAC: a.mac.mac}), e.nameOf(ward.Subject{MAC: b.mac.mac})},
	}
	for _, l := range []*lease{a, b} {
		f.Evidence = append(f.Evidence, ward.Evidence{
			Protocol: l.how, Field: "binding", Value: p.ip.String() + " is at " + l.mac.mac.String(), Sender: l.mac.mac.String(),
			First: when(l.first), Last: when(l.last), Count: l.count, Source: l.src, Frame: l.frame,
		})
	}
	return f
}

// swapped finds devices that took the place of another: the same application name at the same
// address, but another serial number. An address alone moves every day; a name that others are
// configured to call, together with the address, does not.
func (e *Engine) swapped() []ward.Finding {
	var out []ward.Finding
	for _, p := range e.numbered {
		serials := map[string]*fact{}
		senders := map[string]*station{}
		names := map[string]map[string]bool{} // serial: application names seen beside it
		for _, st := range p.stations {
			for i := range st.facts {
				f := &st.facts[i]
				if f.finding == "" && f.field.Proves == ward.Serial && f.field.Trust >= ward.TrustStated && registry.Plausible(f.value) {
					s := f.field.Protocol + " " + st.subject.Part + " " + bareSerial(f.value)
					if was := senders[s]; was != nil && slices.Contains(p.owners, was.card) {
						continue // heard from itself; what a router passed on says no more
					}
					serials[s], senders[s] = f, st
					names[s] = map[string]bool{}
				}
			}
		}
		if len(serials) < 2 {
			continue
		}
		order := slices.Sorted(maps.Keys(serials))
		slices.SortStableFunc(order, func(a, b string) int { return int(serials[a].first/1e6 - serials[b].first/1e6) })
		for i := 1; i < len(order); i++ {
			before, after := serials[order[i-1]], serials[order[i]]
			if before.field != after.field || before.last >= after.first || senders[order[i-1]].subject.Part != senders[order[i]].subject.Part {
				continue // side by side: a gateway, or several parts
			}
			name := sharedName(senders[order[i-1]], senders[order[i]])
			if name == nil {
				continue
			}
			f := ward.Finding{Kind: ward.DeviceSwapped, Title: "Device swapped: same name and address, other serial number"}
			for _, s := range []string{order[i-1], order[i]} {
				f.Evidence = append(f.Evidence, serials[s].evidence(senders[s].subject.String()))
				if id := e.nameOf(senders[s].subject); !slices.Contains(f.Devices, id) {
					f.Devices = append(f.Devices, id)
				}
			}
			f.Evidence = append(f.Evidence, name.evidence(senders[order[i]].subject.String()))
			out = append(out, f)
		}
	}
	return out
}

// sharedName is a name that was heard from both stations, or that one station kept.
func sharedName(a, b *station) *fact {
	for i := range b.facts {
		f := &b.facts[i]
		if f.finding != "" || f.field.Proves != ward.AETitle && f.field.Proves != ward.Hostname {
			continue
		}
		for j := range a.facts {
			if g := &a.facts[j]; g.field == f.field && strings.EqualFold(g.value, f.value) {
				return f
			}
		}
	}
	return nil
}
