package identity

import (
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Limits of what is kept of one station.
const (
	maxValues = 32  // distinct values of one field
	maxFacts  = 512 // facts in all
)

// station is one sender as it was heard: a hardware address, a network address (or neither), a
// VLAN, and a part it speaks for.
type station struct {
	subject ward.Subject
	card    *card  // of its hardware address, if it has one
	place   *place // of its network address, if it has one
	heard   bool   // it sent a frame
	flagged bool   // some of its facts are findings
	spoken  bool   // a relay or gateway passed its words on
	hops    uint8  // fewest routers in between; 255 when nothing told
	source  int
	frame   uint64
	packets uint64
	bytes   uint64
	first   int64
	last    int64
	facts   []fact
}

// fact is one sighting, summed over observations.
type fact struct {
	field   *ward.Field
	value   string
	finding ward.FindingKind
	peer    ward.Subject
	first   int64
	last    int64
	count   uint64
	source  int
	frame   uint64
}

// lease is a hardware address and a network address that were seen to belong together.
type lease struct {
	mac   *card
	ip    *place
	how   string
	vlan  uint16
	first int64
	last  int64
	count uint64
	src   int
	frame uint64
}

// card is all that was heard from one hardware address.
type card struct {
	mac      ward.MAC
	stations []*station
	one      [1]*station // room for the first
	home     [1]*place   // room for the first of own
	bare     []*station  // those without a network address
	own      []*place    // the addresses it owns
	leases   []*lease
	direct   int  // IPv4 addresses it sent from without a router in between
	foreign  int  // addresses it sent from that stand behind a router
	carries  bool // it passes on other devices' traffic: what comes through it is not its own
	mixed    bool // what comes through it has different identities
	router   bool // of a maker of routers
	heard    bool // a frame carried it as its source; the sums below are of such frames
	packets  uint64
	bytes    uint64
	first    int64
	last     int64
	source   int
	frame    uint64
	dirty    bool
	unit     unit
}

// place is all that was heard from one network address.
type place struct {
	ip       ward.IP
	stations []*station
	one      [1]*station // room for the first
	owner    [1]*card    // room for the first of owners
	leases   []*lease
	owners   []*card // cards that own it, latest first
	talks    uint64  // packets it sent to itself
	numbered bool    // a serial number was stated at it
	dirty    bool
	unit     unit
}

// unit is a card or a place without an owner: the smallest thing that can be a device.
type unit struct {
	card   *card
	place  *place
	strong []string // strong ids it stated
	device *device
	gone   bool
	solo   [1]*unit // holds the unit itself: the usual group
}

// slabs hands out stations, cards and places many at a time: a capture of 100,000 hosts makes as
// many of each, and none is ever given back.
type slabs struct {
	stations []station
	cards    []card
	places   []place
}

const slab = 128

func (s *slabs) station() *station {
	if len(s.stations) == 0 {
		s.stations = make([]station, slab)
	}
	st := &s.stations[0]
	s.stations = s.stations[1:]
	return st
}

func (s *slabs) card() *card {
	if len(s.cards) == 0 {
		s.cards = make([]card, slab)
	}
	c := &s.cards[0]
	s.cards = s.cards[1:]
	c.stations, c.own = c.one[:0], c.home[:0]
	return c
}

func (s *slabs) place() *place {
	if len(s.places) == 0 {
		s.places = make([]place, slab)
	}
	p := &s.places[0]
	s.places = s.places[1:]
	p.stations, p.owners = p.one[:0], p.owner[:0]
	return p
}

// slot finds or makes the station of a subject; nil when the tables are full.
func (e *Engine) slot(s ward.Subject) *station {
	if st, ok := e.stations[s]; ok {
		return st
	}
	if len(e.stations) >= 2*MaxDevices {
		e.dropped["stations"]++
		return nil
	}
	st := e.slabs.station()
	st.subject, st.hops = s, 255
	e.stations[s] = st
	if !s.MAC.IsZero() && !s.MAC.IsGroup() {
		c := e.cardOf(s.MAC)
		c.stations = append(c.stations, st)
		st.card = c
		if s.IP.IsZero() {
			c.bare = append(c.bare, st)
		}
	}
	if !s.IP.IsZero() && !s.IP.IsGroup() {
		p := e.placeOf(s.IP)
		p.stations = append(p.stations, st)
		st.place = p
	}
	return st
}

func (e *Engine) cardOf(m ward.MAC) *card {
	c, ok := e.cards[m]
	if !ok {
		c = e.slabs.card()
		c.mac, c.router = m, registry.BuildsRouters(e.ownerOf(m).Maker)
		c.unit.card, c.unit.solo[0] = c, &c.unit
		e.cards[m] = c
	}
	return c
}

func (e *Engine) placeOf(ip ward.IP) *place {
	p, ok := e.places[ip]
	if !ok {
		p = e.slabs.place()
		p.ip = ip
		p.unit.place, p.unit.solo[0] = p, &p.unit
		e.places[ip] = p
	}
	return p
}

// touch marks a card and a place, either of which may be nil, for the next resolve.
func (e *Engine) touch(c *card, p *place) {
	if c != nil && !c.dirty {
		c.dirty = true
		e.dirtyCards = append(e.dirtyCards, c)
	}
	if p != nil && !p.dirty {
		p.dirty = true
		e.dirtyPlaces = append(e.dirtyPlaces, p)
	}
}

func (e *Engine) hear(s *ward.Station) {
	if s.MAC.IsGroup() || s.IP.IsGroup() && s.MAC.IsZero() {
		return // no sender has a group address: a torn or invented frame
	}
	subject := ward.Subject{MAC: s.MAC, IP: s.IP, VLAN: s.VLAN}
	if s.IP.IsGroup() {
		subject.IP = ward.IP{}
	}
	if subject.MAC.IsZero() && subject.IP.IsZero() {
		return
	}
	st := e.slot(subject)
	if st == nil {
		return
	}
	if !st.heard || before(s.First, s.Source, s.Frame, st.first, st.source, st.frame) {
		st.heard, st.first, st.source, st.frame = true, s.First, s.Source, s.Frame
	}
	st.last = max(st.last, s.Last)
	st.packets += s.Packets
	st.bytes += s.Bytes
	if st.card != nil {
		st.card.hear(s)
	}
	e.distance(st, s.Hops)
	e.touch(st.card, st.place)
}

// before orders sightings by time, then by place in the capture.
func before(timeA int64, sourceA int, frameA uint64, timeB int64, sourceB int, frameB uint64) bool {
	if timeA != timeB {
		return timeA < timeB
	}
	return sourceA < sourceB || sourceA == sourceB && frameA < frameB
}

func (c *card) hear(s *ward.Station) {
	if !c.heard || before(s.First, s.Source, s.Frame, c.first, c.source, c.frame) {
		c.first, c.source, c.frame = s.First, s.Source, s.Frame
	}
	c.heard = true
	c.last = max(c.last, s.Last)
	c.packets += s.Packets
	c.bytes += s.Bytes
}

// distance notes how far away a station stood and counts it on its card, once.
func (e *Engine) distance(st *station, hops uint8) {
	before := st.hops
	if hops >= before {
		return
	}
	st.hops = hops
	c := st.card
	if c == nil || !counts(st.subject.IP) {
		return
	}
	switch {
	case hops == 0 && before == 255:
		c.direct++
	case hops == 0:
		c.direct++
		c.foreign--
	case before == 255:
		c.foreign++
	}
}

// counts reports whether an address tells a router from a host: IPv4, and not one that every host
// may have besides.
func counts(ip ward.IP) bool {
	a := ip.Addr()
	return ip.Is4() && !a.IsLinkLocalUnicast() && !a.IsUnspecified() && !a.IsLoopback()
}

func (e *Engine) bind(b *ward.Binding) {
	if b.MAC.IsZero() || b.MAC.IsGroup() || b.IP.IsZero() || b.IP.IsGroup() {
		return
	}
	if len(e.cards)+len(e.places) >= 4*MaxDevices {
		e.dropped["bindings"]++
		return
	}
	c, p := e.cardOf(b.MAC), e.placeOf(b.IP)
	e.touch(c, p)
	for _, l := range p.leases {
		if l.mac == c && l.vlan == b.VLAN {
			l.first, l.last = min(l.first, b.First), max(l.last, b.Last)
			l.count += b.Count
			return
		}
	}
	if len(p.leases) >= maxValues || len(c.leases) >= 4*maxValues {
		e.dropped["bindings"]++
		return
	}
	l := &lease{mac: c, ip: p, how: b.How, vlan: b.VLAN, first: b.First, last: b.Last, count: b.Count, src: b.Source, frame: b.Frame}
	c.leases = append(c.leases, l)
	p.leases = append(p.leases, l)
	if len(p.leases) == 2 {
		e.contested = append(e.contested, p)
	}
}

func (e *Engine) see(s *ward.Sighting) {
	if s.Field == nil || s.Subject.MAC.IsGroup() {
		return
	}
	subject := s.Subject
	if subject.IP.IsGroup() {
		subject.IP = ward.IP{}
	}
	if subject.MAC.IsZero() && subject.IP.IsZero() {
		return
	}
	st := e.latest
	if st == nil || st.subject != subject {
		if st = e.slot(subject); st == nil {
			return
		}
		e.latest = st
	}
	if s.Finding == "" && s.Peer != (ward.Subject{}) && (s.Field.Protocol == "dhcp" || s.Field.Protocol == "dhcpv6") {
		st.spoken = true // its own frame, passed on by a relay; others merely talk about it
	}
	if !st.file(s) {
		e.dropped["values"]++
		return
	}
	if s.Finding != "" && !st.flagged {
		st.flagged = true
		e.flaggers = append(e.flaggers, st)
	}
	if st.place != nil && s.Field.Proves == ward.Serial && !st.place.numbered {
		st.place.numbered = true
		e.numbered = append(e.numbered, st.place)
	}
	e.touch(st.card, st.place)
}

// file adds a sighting to the facts, or counts it when the fact is known.
func (st *station) file(s *ward.Sighting) bool {
	values := 0
	for i := range st.facts {
		f := &st.facts[i]
		if f.field != s.Field || f.finding != s.Finding {
			continue
		}
		if f.value == s.Value && (s.Finding == "" || f.peer.IP == s.Peer.IP) {
			f.count += s.Count
			f.last = max(f.last, s.Last)
			if before(s.First, s.Source, s.Frame, f.first, f.source, f.frame) {
				f.first, f.source, f.frame = s.First, s.Source, s.Frame
			}
			return true
		}
		values++
	}
	if values >= maxValues || len(st.facts) >= maxFacts {
		return false
	}
	st.facts = append(st.facts, fact{
		field: s.Field, value: s.Value, finding: s.Finding, peer: s.Peer,
		first: s.First, last: s.Last, count: s.Count, source: s.Source, frame: s.Frame,
	})
	return true
}
