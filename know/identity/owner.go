package identity

import (
	"bytes"
	"slices"

	"github.com/wardkeeper/wardkeeper/ward"
)

// How many addresses a card may have of its own before it must be passing on others' traffic.
const (
	maxOwn      = 4  // addresses heard without a lease
	maxOwnMixed = 2  // the same, on a card that also carries traffic from behind routers
	maxBound    = 24 // leases of one card; beyond it answers ARP for others (proxy ARP)
)

// carrier reports whether a card passes on the traffic of other devices, and whether the devices
// are plainly different ones, so that not even a lease makes an address the card's own.
func carrier(c *card) (carries, mixed bool) {
	mixed = c.direct > 1 && identitiesDiffer(c)
	return mixed || c.direct > maxOwn || c.direct > maxOwnMixed && c.foreign > 4, mixed
}

// identitiesDiffer reports whether two addresses of a card state different identities in the same
// field: then the card is a road, not a device.
func identitiesDiffer(c *card) bool {
	type said struct {
		ip    ward.IP
		value string
	}
	heard := map[*ward.Field][]said{}
	for _, st := range c.stations[:min(len(c.stations), 256)] {
		if st.hops != 0 || !counts(st.subject.IP) || st.subject.Part != "" {
			continue
		}
		for i := range st.facts {
			f := &st.facts[i]
			if f.field.Trust < ward.TrustStated || f.finding != "" || !identifies(f.field.Proves) {
				continue
			}
			for _, s := range heard[f.field] {
				if s.ip != st.subject.IP && s.value != f.value {
					return true
				}
			}
			if len(heard[f.field]) < 8 { // an address may state several; all are compared
				heard[f.field] = append(heard[f.field], said{st.subject.IP, f.value})
			}
		}
	}
	return false
}

// identifies reports whether two different values of an attribute mean two devices.
func identifies(a ward.Attr) bool {
	switch a {
	case ward.Manufacturer, ward.Model, ward.Serial, ward.UUID, ward.UDI:
		return true
	}
	return false
}

// owns reports whether a network address is a card's own, and whether a lease says so.
func owns(c *card, p *place) (own, bound bool) {
	a := p.ip.Addr()
	var st *station
	for _, s := range p.stations {
		if s.subject.MAC == c.mac && s.heard && (st == nil || s.hops < st.hops) {
			st = s
		}
	}
	if a.IsLinkLocalUnicast() {
		return true, true // cannot come through a router (RFC 3927, RFC 4291)
	}
	if a.IsLoopback() {
		return false, false
	}
	if len(c.leases) <= maxBound && !c.mixed {
		for _, l := range p.leases {
			if l.mac == c {
				return true, true
			}
		}
	}
	switch {
	case st == nil || c.carries:
		return false, false
	case st.hops == 0:
		return !(c.foreign > 0 && !a.IsPrivate()), false
	case st.hops == 255:
		return c.direct+c.foreign <= 1, false
	}
	// A lone private address whose packets seem to have come a long way: controllers start theirs
	// with lifetimes such as 30, 60 or 120. Unless the card is of a maker of routers, it is its own.
	return a.IsPrivate() && c.direct == 0 && c.foreign == 1 && !c.router, false
}

// tenure is a card's right to an address.
type tenure struct {
	card  *card
	bound bool
	last  int64
}

// ownersOf lists the cards that own an address, the one that used it last first. A lease outranks
// mere traffic. The list is good until the next call.
func (e *Engine) ownersOf(p *place) []*card {
	claims := e.tenure[:0]
	anyBound := false
	consider := func(c *card, last int64) {
		for i := range claims {
			if claims[i].card == c {
				claims[i].last = max(claims[i].last, last)
				return
			}
		}
		if own, bound := owns(c, p); own {
			claims = append(claims, tenure{c, bound, last})
			anyBound = anyBound || bound
		}
	}
	nearest := uint8(255)
	for _, l := range p.leases {
		consider(l.mac, l.last)
	}
	for _, st := range p.stations {
		if st.heard && st.card != nil {
			consider(st.card, st.last)
			nearest = min(nearest, st.hops)
		}
	}
	if anyBound {
		claims = slices.DeleteFunc(claims, func(c tenure) bool { return !c.bound })
	} else if len(claims) > 1 { // heard before and behind a router: the nearer card is its own
		claims = slices.DeleteFunc(claims, func(c tenure) bool { return c.card.hops(p) > nearest })
	}
	slices.SortFunc(claims, func(a, b tenure) int {
		if a.last != b.last {
			if a.last > b.last {
				return -1
			}
			return 1
		}
		return bytes.Compare(a.card.mac[:], b.card.mac[:])
	})
	e.tenure = claims
	e.owning = e.owning[:0]
	for _, c := range claims {
		e.owning = append(e.owning, c.card)
	}
	return e.owning
}

// hops is how far away the card's station with an address stood at the nearest.
func (c *card) hops(p *place) uint8 {
	h := uint8(255)
	for _, st := range p.stations {
		if st.card == c {
			h = min(h, st.hops)
		}
	}
	return h
}

// adjacent reports whether two cards look like ports of one device: universal addresses from one
// block whose last bytes are near each other.
func adjacent(a, b ward.MAC) bool {
	if a.IsLocal() || b.IsLocal() || [5]byte(a[:5]) != [5]byte(b[:5]) {
		return false
	}
	d := int(a[5]) - int(b[5])
	return d >= -16 && d <= 16
}
