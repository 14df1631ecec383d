package identity

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
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
	card    *card // the card of its hardware address, if it has one
	heard   bool  // it sent a frame
	spoken  bool  // a relay or gateway passed its words on
	hops    uint8 // fewest routers in between; 255 when nothing told
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
	bare     []*station // those without a network address
	own      []*place   // the addresses it owns
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
	leases   []*lease
	owners   []*card // cards that own it, latest first
	talks    uint64  // packets it sent to itself
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
	st := &station{subject: s, hops: 255}
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
	}
	return st
}

func (e *Engine) cardOf(m ward.MAC) *card {
	c, ok := e.cards[m]
	if !ok {
		c = &card{mac: m, router: buildsRouters[e.ownerOf(m).maker]}
		c.unit.card = c
		e.cards[m] = c
	}
	return c
}

func (e *Engine) placeOf(ip ward.IP) *place {
	p, ok := e.places[ip]
	if !ok {
		p = &place{ip: ip}
		p.unit.place = p
		e.places[ip] = p
	}
	return p
}

// touch marks what a subject's stations belong to for the next resolve.
func (e *Engine) touch(s ward.Subject) {
	if c, ok := e.cards[s.MAC]; ok && !c.dirty {
		c.dirty = true
		e.dirtyCards = append(e.dirtyCards, c)
	}
	if p, ok := e.places[s.IP]; ok && !p.dirty {
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
	e.touch(subject)
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
	c := e.cards[st.subject.MAC]
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
	e.touch(ward.Subject{MAC: b.MAC, IP: b.IP})
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
	st := e.slot(subject)
	if st == nil {
		return
	}
	if s.Finding == "" && s.Field != &decode.Speaks && s.Peer != (ward.Subject{}) {
		st.spoken = true
	}
	if st.file(s) {
		e.touch(subject)
	} else {
		e.dropped["values"]++
	}
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
