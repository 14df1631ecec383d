package identity

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// maxShared is how many units may share a strong id before the id is taken for a factory default.
const maxShared = 4

// device is a group of units, as last resolved.
type device struct {
	units []*unit
	parts []*device // devices it speaks for
	part  string    // set for such a device: its name within its gateway
	doc   ward.Device
	at    int  // its place in the engine's list; negative once it is gone
	shown bool // it sent a frame, or its gateway did in its name
	oui   []fact
	found []ward.Finding // what is wrong with it alone
}

// resolve brings the devices up to date with what was observed. It costs in proportion to what was
// touched since the last call.
func (e *Engine) resolve() {
	for i := 0; i < len(e.dirtyCards); i++ { // grows while it runs
		c := e.dirtyCards[i]
		if carries, mixed := carrier(c); carries != c.carries || mixed != c.mixed {
			c.carries, c.mixed = carries, mixed
			for _, st := range c.stations {
				e.touch(nil, st.place)
			}
			for _, l := range c.leases {
				e.touch(nil, l.ip)
			}
		}
	}
	for _, p := range e.dirtyPlaces {
		owners := e.ownersOf(p)
		for _, c := range p.owners {
			e.touch(c, nil)
			if !slices.Contains(owners, c) {
				c.own = slices.DeleteFunc(c.own, func(o *place) bool { return o == p })
			}
		}
		for _, c := range owners {
			e.touch(c, nil)
			if !slices.Contains(p.owners, c) {
				at, _ := slices.BinarySearchFunc(c.own, p, func(o, p *place) int { return bytes.Compare(o.ip[:], p.ip[:]) })
				c.own = slices.Insert(c.own, at, p) // in order, whatever order the wire's workers told in
			}
		}
		p.owners = append(p.owners[:0], owners...)
	}
	e.regroup()
	e.dirtyCards, e.dirtyPlaces = e.dirtyCards[:0], e.dirtyPlaces[:0]
}

// regroup forms devices anew from every unit that is dirty and every unit that shared a device
// with one.
func (e *Engine) regroup() {
	var units []*unit
	for _, c := range e.dirtyCards {
		c.dirty = false
		units = append(units, &c.unit)
	}
	for _, p := range e.dirtyPlaces {
		p.dirty = false
		units = append(units, &p.unit)
	}
	for i := 0; i < len(units); i++ {
		u := units[i]
		if d := u.device; d != nil {
			for _, other := range d.units {
				other.device = nil
				if other != u {
					units = append(units, other)
				}
			}
			e.forget(d)
		}
	}
	for _, u := range units {
		e.restate(u)
	}
	for _, u := range units {
		if u.device != nil || !u.exists() {
			continue
		}
		e.form(u)
	}
}

// exists reports whether the unit is a thing: a place that a card owns is not.
func (u *unit) exists() bool {
	if u.place != nil {
		return len(u.place.owners) == 0 && len(u.place.stations) > 0
	}
	return len(u.card.stations) > 0 || len(u.card.leases) > 0
}

// restate brings the index of strong ids up to date for one unit.
func (e *Engine) restate(u *unit) {
	for _, id := range u.strong {
		list := slices.DeleteFunc(e.strong[id], func(o *unit) bool { return o == u })
		if len(list) == 0 {
			delete(e.strong, id)
		} else {
			e.strong[id] = list
		}
	}
	u.strong = u.strong[:0]
	if !u.exists() {
		return
	}
	u.each(func(st *station) {
		for i := range st.facts {
			if id := strongID(st, &st.facts[i]); id != "" && u.said(st, &st.facts[i]) && !slices.Contains(u.strong, id) {
				u.strong = append(u.strong, id)
				e.strong[id] = append(e.strong[id], u)
			}
		}
	})
}

// strongID is the globally unique id that a fact states, or nothing.
func strongID(st *station, f *fact) string {
	if f.finding != "" || f.field.Trust < ward.TrustStated || st.subject.Part != "" {
		return ""
	}
	switch f.field.Proves {
	case ward.UUID, ward.UDI:
		if registry.Plausible(f.value) {
			return string(f.field.Proves) + " " + strings.ToLower(f.value)
		}
	case ward.Serial:
		if registry.Plausible(f.value) && len(f.value) >= 6 {
			maker := f.field.Protocol
			for i := range st.facts {
				if g := &st.facts[i]; g.field.Proves == ward.Manufacturer && g.field.Trust >= ward.TrustStated {
					maker = registry.Canonical(g.value)
					break
				}
			}
			return "serial " + strings.ToLower(maker+" "+f.value)
		}
	}
	return ""
}

// form makes a device of a unit and all that belong with it.
func (e *Engine) form(first *unit) {
	group := first.solo[:1:1]
	first.gone = true // marks membership while the group forms
	join := func(u *unit) {
		if !u.gone && u.exists() {
			u.gone = true
			group = append(group, u)
		}
	}
	for i := 0; i < len(group); i++ {
		u := group[i]
		for _, id := range u.strong {
			if peers := e.strong[id]; len(peers) <= maxShared {
				for _, p := range peers {
					join(p)
				}
			}
		}
		if u.card == nil {
			continue
		}
		for _, p := range u.card.own {
			for _, other := range p.owners {
				if other != u.card && adjacent(other.mac, u.card.mac) {
					join(&other.unit)
				}
			}
		}
	}
	for _, u := range group {
		u.gone = false
		if u.device != nil { // the group grew into a device that nothing had touched
			e.forget(u.device)
		}
	}
	if len(group) > 1 {
		slices.SortFunc(group, compareUnits)
	}
	d := &device{units: group}
	for _, u := range group {
		u.device = d
	}
	e.render(d)
}

// compareUnits puts what names a device best first: assigned hardware addresses, made-up ones,
// network addresses.
func compareUnits(a, b *unit) int {
	rank := func(u *unit) int {
		switch {
		case u.card == nil:
			return 2
		case u.card.mac.IsLocal():
			return 1
		}
		return 0
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	if a.card != nil {
		return bytes.Compare(a.card.mac[:], b.card.mac[:])
	}
	return bytes.Compare(a.place.ip[:], b.place.ip[:])
}

// id is the stable name of a device whose best address is the unit's.
func (u *unit) id() string {
	if u.card == nil {
		return "d-" + u.place.ip.String()
	}
	const hex = "0123456789abcdef"
	b := [14]byte{'d', '-'}
	for i, c := range u.card.mac {
		b[2+2*i], b[3+2*i] = hex[c>>4], hex[c&15]
	}
	return string(b[:])
}

// each calls f for every station that belongs to the unit, parts included: what the card itself
// sent, and what was heard of its addresses through other cards. Of the latter, said tells what is
// the unit's where an address had several owners.
func (u *unit) each(f func(*station)) {
	if u.place != nil {
		for _, st := range u.place.stations {
			f(st)
		}
		return
	}
	for _, st := range u.card.bare {
		f(st)
	}
	for _, p := range u.card.own {
		for _, st := range p.stations {
			if st.card == u.card || st.card == nil || !slices.Contains(p.owners, st.card) {
				f(st)
			}
		}
	}
}

// said reports whether words that came with a station are the unit's own. Where an address went
// from one card to another, what a router passed on was said by who had the address at the time.
func (u *unit) said(st *station, f *fact) bool {
	p := st.place
	return u.card == nil || st.card == u.card || p == nil || len(p.owners) < 2 || p.holder(f.first) == u.card
}

// holder is the owner of an address at a time: of those heard by then, the one heard first last.
func (p *place) holder(at int64) *card {
	holder, since := p.owners[len(p.owners)-1], int64(math.MinInt64)
	for _, st := range p.stations {
		if st.heard && st.first <= at && st.first > since && slices.Contains(p.owners, st.card) {
			holder, since = st.card, st.first
		}
	}
	return holder
}
