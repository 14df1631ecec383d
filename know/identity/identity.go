package identity

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// MaxDevices bounds how many stations an Engine keeps; what lies beyond is counted, see
// [Engine.Dropped].
const MaxDevices = 262_144

// Bounds of the tables that grow with pairs of devices or distinct values.
const (
	// Beyond so many stations or flows, those of a single packet with nothing to say are counted
	// and not kept: a flood of made-up senders must not cost the memory of a city.
	crowded       = 65_536
	maxFlows      = 262_144
	maxInterfaces = 65_536
	maxMemo       = 65_536
)

// ZoneOf names the zone a device stands in, from where it was heard; empty when unknown.
type ZoneOf func(vlan uint16, ip netip.Addr, mac ward.MAC) string

// Options configure an Engine. The zero value works: built-in fingerprints, no zones, the wall
// clock.
type Options struct {
	// Prints are the fingerprints; nil means the built-in ones.
	Prints *prints.Set
	// Zones names zones; nil leaves them empty.
	Zones ZoneOf
	// Expected lists subnets that the site has, so that silence of one is reported.
	Expected []netip.Prefix
	// UnknownAfter is how long a local device may stay unidentified before that is a finding;
	// 0 means one minute.
	UnknownAfter time.Duration
	// Now judges end-of-life dates; nil means time.Now.
	Now func() time.Time
}

// Picture is everything known at one moment, in a deterministic order.
type Picture struct {
	Devices    []ward.Device
	Interfaces []ward.Interface
	Flows      []ward.Flow
	Findings   []ward.Finding
	Coverage   ward.Coverage
	Dropped    map[string]uint64 // what did not fit, by reason
}

// Engine fuses observations into devices.
type Engine struct {
	opt    Options
	prints *prints.Set
	until  int64

	slabs    slabs
	latest   *station // sightings of one subject come in rows
	stations map[ward.Subject]*station
	cards    map[ward.MAC]*card
	places   map[ward.IP]*place
	strong   map[string][]*unit

	dirtyCards  []*card
	dirtyPlaces []*place
	flaggers    []*station // whose facts hold findings
	contested   []*place   // addresses that several cards were bound to
	numbered    []*place   // addresses at which a serial number was stated
	suspects    map[*device]bool
	tenure      []tenure // scratch of ownersOf
	owning      []*card
	devices     []*device // in no order; each knows its place
	changed     []*device // since the last call of Changes; some may be gone
	gone        map[string]bool

	flows      []ward.Conversation
	flowAt     map[flowKey]int32 // position in flows
	interfaces map[interfaceKey]*ward.Exchange

	owners  map[string]registry.Ownership
	reads   map[*ward.Field]*prints.Reader
	memo    map[memoKey][]prints.Claim
	bench   bench
	dropped map[string]uint64
}

type memoKey struct {
	field *ward.Field
	value string
}

// New makes an empty Engine.
func New(opt Options) *Engine {
	if opt.Prints == nil {
		opt.Prints, _ = prints.Builtin() // compiled in and tested
	}
	if opt.UnknownAfter == 0 {
		opt.UnknownAfter = time.Minute
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Engine{
		opt: opt, prints: opt.Prints,
		stations: map[ward.Subject]*station{}, cards: map[ward.MAC]*card{}, places: map[ward.IP]*place{}, strong: map[string][]*unit{},
		gone: map[string]bool{}, suspects: map[*device]bool{},
		flowAt: map[flowKey]int32{}, interfaces: map[interfaceKey]*ward.Exchange{},
		owners: map[string]registry.Ownership{}, reads: map[*ward.Field]*prints.Reader{}, memo: map[memoKey][]prints.Claim{},
		dropped: map[string]uint64{},
	}
}

// Observe takes in one observation. The Engine keeps no reference to its slices.
func (e *Engine) Observe(o *ward.Observation) {
	e.expect(o)
	for i := range o.Bindings {
		e.bind(&o.Bindings[i])
	}
	for i := range o.Sightings {
		e.see(&o.Sightings[i])
	}
	crowd := len(e.stations)+len(o.Stations) > crowded
	for i := range o.Stations {
		if s := &o.Stations[i]; crowd && s.Packets < 2 && !e.knows(s) {
			e.dropped["senders of a single packet in a crowd"]++
		} else {
			e.hear(s)
		}
	}
	crowd = len(e.flows)+len(o.Conversations) > crowded
	for i := range o.Conversations {
		if c := &o.Conversations[i]; crowd && c.Packets < 2 && !c.Answered {
			e.dropped["flows of a single packet in a crowd"]++
		} else {
			e.converse(c)
		}
	}
	for i := range o.Exchanges {
		e.exchange(&o.Exchanges[i])
	}
	e.until = max(e.until, o.Until)
}

// knows reports whether a sender has been heard of before or by other means.
func (e *Engine) knows(s *ward.Station) bool {
	if c := e.cards[s.MAC]; c != nil && len(c.leases) > 0 {
		return true
	}
	return e.stations[ward.Subject{MAC: s.MAC, IP: s.IP, VLAN: s.VLAN}] != nil
}

// expect makes room for the first large observation, a whole capture, in one go.
func (e *Engine) expect(o *ward.Observation) {
	n := 0
	for i := range o.Stations {
		if o.Stations[i].Packets > 1 {
			n++
		}
	}
	if n < 1024 || len(e.stations) > 0 {
		return
	}
	n = min(n, MaxDevices)
	e.stations = make(map[ward.Subject]*station, n)
	e.cards = make(map[ward.MAC]*card, n)
	e.places = make(map[ward.IP]*place, n)
	e.devices = make([]*device, 0, n)
	e.flowAt = make(map[flowKey]int32, n)
	e.flows = make([]ward.Conversation, 0, n)
}

// Picture resolves everything and returns it.
func (e *Engine) Picture() *Picture {
	e.resolve()
	return &Picture{
		Devices: e.all(), Interfaces: e.Interfaces(), Flows: e.traffic(), Findings: e.Findings(), Coverage: e.Coverage(), Dropped: e.Dropped(),
	}
}

// all lists the devices in order of id.
func (e *Engine) all() []ward.Device { return documents(slices.Clone(e.devices)) }

// documents sorts devices by id and copies out what is shown of them.
func documents(list []*device) []ward.Device {
	slices.SortFunc(list, func(a, b *device) int { return strings.Compare(a.doc.ID, b.doc.ID) })
	out := make([]ward.Device, 0, len(list))
	for _, d := range list {
		if d.shown && d.at >= 0 {
			out = append(out, d.doc)
		}
	}
	return out
}

// Changes returns the devices that were resolved anew since the last call, in order of id. It
// costs in proportion to what was observed since.
func (e *Engine) Changes() []ward.Device {
	e.resolve()
	list := e.changed
	e.changed = nil
	return documents(list)
}

// Gone returns the ids of devices that ceased to exist since the last call because their stations
// turned out to belong to another device. Call it after Changes.
func (e *Engine) Gone() []string {
	ids := slices.Sorted(maps.Keys(e.gone))
	clear(e.gone)
	return ids
}

// Dropped counts what did not fit into the Engine's tables, by reason.
func (e *Engine) Dropped() map[string]uint64 { return maps.Clone(e.dropped) }
