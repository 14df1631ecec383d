package identity

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// render works a device's document out of what its units were heard to send.
func (e *Engine) render(d *device) {
	d.parts, d.oui, d.shown = nil, d.oui[:0], false
	doc := ward.Device{ID: d.units[0].id(), MACs: []string{}, IPs: []string{}, Names: []ward.Name{}, Protocols: []string{}}
	b := &e.bench
	b.reset()
	var parts []*station
	talks, self := uint64(0), false
	for _, u := range d.units {
		u.each(func(st *station) {
			if st.subject.Part != "" {
				parts = append(parts, st)
				return
			}
			d.shown = d.shown || st.heard || st.spoken && st.card != nil
			if st.heard && u.card == nil {
				e.count(&doc, st.packets, st.bytes, st.first, st.last)
			}
			own := u.card == nil || st.card == u.card // else a router passed it on, into another VLAN
			if v := st.subject.VLAN; st.heard && own && v != 0 && !slices.Contains(doc.VLANs, v) {
				doc.VLANs = append(doc.VLANs, v)
			}
			for i := range st.facts {
				if u.said(st, &st.facts[i]) {
					b.facts = append(b.facts, held{&st.facts[i], st})
				}
			}
		})
		if u.card != nil {
			e.addCard(d, &doc, u.card)
			d.shown = d.shown || u.card.heard
		} else {
			addText(&doc.IPs, u.place.ip.String())
			talks += u.place.talks
			self = self || u.place.ip.IsLoopback()
		}
	}
	for _, u := range d.units {
		if u.card != nil {
			for _, p := range u.card.own {
				addText(&doc.IPs, p.ip.String())
				talks += p.talks
			}
		}
	}
	for i := range d.oui {
		b.facts = append(b.facts, held{&d.oui[i], nil})
	}
	sortFacts(b.facts)
	d.describe(&doc, b.facts)
	// What a host says to itself was made up for a test, or never was on a network.
	mute := self || talks > 0 && 2*talks >= doc.Packets
	doc.Scope = d.scope()
	b.scope = doc.Scope
	doc.Claims = e.claims(b, mute)
	e.finish(&doc, d)
	if len(parts) > 0 {
		e.renderParts(d, &doc, parts)
	}
	d.doc = doc
	e.keep(d)
}

// addCard adds a hardware address and what its owner tells.
func (e *Engine) addCard(d *device, doc *ward.Device, c *card) {
	doc.MACs = append(doc.MACs, c.mac.String())
	if c.heard {
		e.count(doc, c.packets, c.bytes, c.first, c.last)
	}
	if c.mac.IsLocal() {
		doc.Random = true
		return
	}
	o := e.ownerOf(c.mac)
	if o.Owner == "" {
		return
	}
	if o.Maker == "" && (o.Gateways == "" || c.foreign == 0 || c.direct > maxOwnMixed) {
		return
	}
	d.oui = append(d.oui, fact{
		field: &ouiField, value: o.Owner, peer: ward.Subject{MAC: c.mac}, count: max(c.packets, 1), source: c.source, frame: c.frame, first: c.first, last: c.last,
	})
}

// count adds traffic to the device. What a card carried for others it has sent too.
func (e *Engine) count(doc *ward.Device, packets, bytes uint64, first, last int64) {
	doc.Packets += packets
	doc.Bytes += bytes
	if t := when(first); doc.First.IsZero() || t.Before(doc.First) {
		doc.First = t
	}
	if t := when(last); t.After(doc.Last) {
		doc.Last = t
	}
}

func addText(list *[]string, s string) {
	if s != "" && len(*list) < maxValues && !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// sortFacts puts facts in the order in which they were first seen, so that the result does not
// depend on how observations were cut.
func sortFacts(facts []held) {
	slices.SortFunc(facts, func(a, b held) int {
		x, y := a.fact, b.fact
		if c := cmp.Compare(x.source, y.source); c != 0 {
			return c
		}
		if c := cmp.Compare(x.frame, y.frame); c != 0 {
			return c
		}
		if x.field != y.field {
			if c := strings.Compare(x.field.Protocol, y.field.Protocol); c != 0 {
				return c
			}
			if c := strings.Compare(x.field.Name, y.field.Name); c != 0 {
				return c
			}
		}
		return strings.Compare(x.value, y.value)
	})
}

// describe fills in names and protocols.
func (d *device) describe(doc *ward.Device, facts []held) {
	for _, h := range facts {
		f := h.fact
		switch {
		case f.finding != "":
		case f.field == &decode.Speaks:
			if !slices.Contains(doc.Protocols, f.value) {
				doc.Protocols = append(doc.Protocols, f.value)
			}
		case f.field.Proves == ward.Hostname && len(doc.Names) < maxValues:
			n := ward.Name{Value: f.value, Source: key(f.field)}
			if !slices.ContainsFunc(doc.Names, func(o ward.Name) bool { return o.Value == n.Value }) {
				doc.Names = append(doc.Names, n)
			}
		}
	}
	slices.Sort(doc.Protocols)
}

// finish sets what follows from addresses and claims.
func (e *Engine) finish(doc *ward.Device, d *device) {
	slices.Sort(doc.MACs)
	slices.Sort(doc.VLANs)
	u := d.units[0]
	if e.opt.Zones != nil {
		var vlan uint16
		if len(doc.VLANs) > 0 {
			vlan = doc.VLANs[0]
		}
		var mac ward.MAC
		ip := ward.IP{}
		if u.card != nil {
			mac = u.card.mac
			if len(u.card.own) > 0 {
				ip = u.card.own[0].ip
			}
		} else {
			ip = u.place.ip
		}
		doc.Zone = e.opt.Zones(vlan, ip.Addr(), mac)
	}
	doc.Category = registry.CategoryOf(doc.Value(ward.Type), doc.Value(ward.Manufacturer))
}

// scope says from where the device was heard.
func (d *device) scope() ward.Scope {
	var ip ward.IP
	switch u := d.units[0]; {
	case u.card == nil:
		ip = u.place.ip
	case u.card.heard || len(u.card.own) == 0:
		return ward.Local
	default: // a lease told its hardware address, but its frames came through a router
		ip = u.card.own[0].ip
	}
	if registry.Inside(ip) {
		return ward.Routed
	}
	return ward.External
}

// renderParts makes a device of each part that a gateway speaks for and that has an identity of its
// own; the others are only named.
func (e *Engine) renderParts(d *device, doc *ward.Device, stations []*station) {
	slices.SortFunc(stations, func(a, b *station) int { return strings.Compare(a.subject.Part, b.subject.Part) })
	for i := 0; i < len(stations); {
		name := stations[i].subject.Part
		b := &e.bench
		b.reset()
		part := &device{part: name, shown: d.shown, units: d.units}
		p := ward.Device{
			ID: doc.ID + "/" + strings.ReplaceAll(name, " ", "-"), MACs: []string{}, IPs: []string{}, Names: []ward.Name{}, Protocols: []string{},
			Scope: doc.Scope, Zone: doc.Zone, First: doc.First, Last: doc.Last,
		}
		for ; i < len(stations) && stations[i].subject.Part == name; i++ {
			for j := range stations[i].facts {
				b.facts = append(b.facts, held{&stations[i].facts[j], stations[i]})
			}
		}
		b.scope = doc.Scope
		sortFacts(b.facts)
		part.describe(&p, b.facts)
		p.Claims = e.claims(b, false)
		p.Category = registry.CategoryOf(p.Value(ward.Type), p.Value(ward.Manufacturer))
		part.doc = p
		if !identified(&p) {
			doc.SpeaksFor = append(doc.SpeaksFor, name)
			continue
		}
		doc.SpeaksFor = append(doc.SpeaksFor, p.ID)
		d.parts = append(d.parts, part)
		e.keep(part)
	}
}

// identified reports whether anything is claimed that tells what a device is.
func identified(d *ward.Device) bool {
	for _, a := range []ward.Attr{ward.Manufacturer, ward.Model, ward.Type, ward.Serial} {
		if _, ok := d.Claims[a]; ok {
			return true
		}
	}
	return false
}

// keep enters a device into the register of the engine.
func (e *Engine) keep(d *device) {
	d.at = len(e.devices)
	e.devices = append(e.devices, d)
	if len(e.gone) > 0 {
		delete(e.gone, d.doc.ID)
	}
	if !d.shown {
		return
	}
	e.changed = append(e.changed, d)
	if d.found = e.judged(d); len(d.found) > 0 {
		e.suspects[d] = true
	}
}

// forget takes a device out, until it is formed anew.
func (e *Engine) forget(d *device) {
	for _, p := range d.parts {
		e.forget(p)
	}
	if d.at < 0 {
		return
	}
	last := e.devices[len(e.devices)-1]
	e.devices[d.at], last.at = last, d.at
	e.devices = e.devices[:len(e.devices)-1]
	d.at = -1
	delete(e.suspects, d)
	if d.shown {
		e.gone[d.doc.ID] = true
	}
}
