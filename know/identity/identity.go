package identity

import (
	"net/netip"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/ward"
)

// MaxDevices bounds how many stations an Engine keeps; what lies beyond is counted, see
// [Engine.Dropped].
const MaxDevices = 262_144

// maxFlows and maxInterfaces bound the two tables that grow with pairs of devices.
const (
	maxFlows      = 262_144
	maxInterfaces = 65_536
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
	// KeepNames shows names of people as they are instead of masked. The wire masks what it
	// notes; this concerns what identity derives itself.
	KeepNames bool
	// Expected lists subnets that the site has, so that silence of one is reported.
	Expected []netip.Prefix
	// UnknownAfter is how long a local device may stay unidentified before that is a finding;
	// 0 means ten minutes.
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
}

// Engine fuses observations into devices.
type Engine struct {
	opt    Options
	prints *prints.Set
	until  int64
}

// New makes an empty Engine.
func New(opt Options) *Engine {
	if opt.Prints == nil {
		opt.Prints = prints.Builtin()
	}
	if opt.UnknownAfter == 0 {
		opt.UnknownAfter = 10 * time.Minute
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Engine{opt: opt, prints: opt.Prints}
}

// Observe takes in one observation. The Engine keeps no reference to its slices.
func (e *Engine) Observe(o *ward.Observation) {
	e.until = max(e.until, o.Until)
}

// Picture resolves everything and returns it.
func (e *Engine) Picture() *Picture { return &Picture{} }

// Changes returns the devices that were resolved anew since the last call, in order of id.
func (e *Engine) Changes() []ward.Device { return nil }

// Gone returns the ids of devices that ceased to exist since the last call because their stations
// turned out to belong to another device.
func (e *Engine) Gone() []string { return nil }

// Findings judges what is known now.
func (e *Engine) Findings() []ward.Finding { return nil }

// Dropped counts what did not fit into the Engine's tables, by reason.
func (e *Engine) Dropped() map[string]uint64 { return nil }
