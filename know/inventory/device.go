package inventory

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Detail is one device with all that stands beside it.
type Detail struct {
	Row
	Device    ward.Device              `json:"device"`    // claims with evidence, as identity fused them; ids are register ids
	Overrides map[ward.Attr]Override   `json:"overrides"` // what people say; wins over the claim of the same attribute
	Fields    map[Field]string         `json:"fields"`    // register fields
	Register  map[string]RegisterClaim `json:"register"`  // what imported registers say, by attribute or field
	Open      []Finding                `json:"open"`      // open findings
	Effective map[ward.Attr]Effective  `json:"effective"` // what counts now, per attribute
}

// Effective is the value that counts for an attribute and whose word it is.
type Effective struct {
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"`
	By         string  `json:"by"`      // "evidence", "person" or "register"
	Against    int     `json:"against"` // values that speak against it
}

// Override is what a person says about an attribute.
type Override struct {
	Value  string    `json:"value"`
	Reason string    `json:"reason"`
	By     string    `json:"by"` // person's name
	At     time.Time `json:"at"`
}

// RegisterClaim is what an imported register says, and where it stands there.
type RegisterClaim struct {
	Value    string    `json:"value"`
	Source   string    `json:"source"` // file name as given
	Line     int       `json:"line"`
	At       time.Time `json:"at"`
	Conflict bool      `json:"conflict"` // the network says something else
}

// Field is a register field: what a hospital keeps about a device that no wire tells.
type Field string

// The register fields.
const (
	Owner       Field = "owner"
	Place       Field = "place"
	Department  Field = "department"
	AssetTag    Field = "asset tag"
	Criticality Field = "criticality" // life-sustaining, therapeutic, diagnostic, support
	Contact     Field = "contact"
	Purchased   Field = "purchased"        // YYYY-MM-DD
	Warranty    Field = "warranty until"   // YYYY-MM-DD
	NextService Field = "next service"     // YYYY-MM-DD
	State       Field = "life-cycle state" // ordered, in use, stored, disposed
	Notes       Field = "notes"
)

// Fields are the register fields in the order in which people read them.
var Fields = []Field{Owner, Department, Place, AssetTag, Criticality, Contact, State, Purchased, Warranty, NextService, Notes}

// Event is one line of a device's timeline.
type Event struct {
	ID     string    `json:"id"`
	Device string    `json:"device"`
	Time   time.Time `json:"time"`
	Kind   EventKind `json:"kind"`
	Attr   string    `json:"attr,omitempty"` // attribute or register field
	Old    string    `json:"old,omitempty"`
	New    string    `json:"new,omitempty"`
	By     string    `json:"by,omitempty"` // person's name; empty when the wire told
	Note   string    `json:"note,omitempty"`
}

// EventKind sorts events.
type EventKind string

// The kinds of event.
const (
	FirstSeen      EventKind = "first seen"
	ClaimChanged   EventKind = "claim changed"
	AddressChanged EventKind = "address changed"
	Swapped        EventKind = "swapped"
	Merged         EventKind = "merged" // another record turned out to be this device
	Overridden     EventKind = "override"
	FieldChanged   EventKind = "field changed"
	Reappeared     EventKind = "reappeared" // after a day of silence or more
	FindingOpened  EventKind = "finding opened"
	FindingClosed  EventKind = "finding closed"
	Imported       EventKind = "imported"
)

// Address is one address a device had, from when to when.
type Address struct {
	MAC   string    `json:"mac,omitempty"`
	IP    string    `json:"ip,omitempty"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	Now   bool      `json:"now"`
}

// Peer is another device or address that a device talks to, on one service.
type Peer struct {
	Device   string    `json:"device,omitempty"` // register id, empty when it is not in the register
	Title    string    `json:"title"`
	Zone     string    `json:"zone"`
	Address  string    `json:"address"`
	Outgoing bool      `json:"outgoing"` // the device opened it
	Service  string    `json:"service"`  // tcp/104
	Protocol string    `json:"protocol"`
	Clear    bool      `json:"clear"` // known to run without encryption
	Internet bool      `json:"internet"`
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// Devices answers a query over the register.
func (r *Register) Devices(ctx context.Context, q Query) (*Page, error) { return nil, errSkeleton }

// Device gives one device; ward.NotFound when there is none. A record that was merged into another
// gives the other.
func (r *Register) Device(ctx context.Context, id string) (*Detail, error) { return nil, errSkeleton }

// Timeline gives the events of a device, newest first; of all devices when id is empty.
func (r *Register) Timeline(ctx context.Context, id string, since time.Time, limit int) ([]Event, error) {
	return nil, errSkeleton
}

// Addresses gives the addresses a device had, newest first.
func (r *Register) Addresses(ctx context.Context, id string) ([]Address, error) {
	return nil, errSkeleton
}

// Peers gives whom a device talked to since a time, most bytes first, at most 500.
func (r *Register) Peers(ctx context.Context, id string, since time.Time) ([]Peer, error) {
	return nil, errSkeleton
}

// Override records a person's word on an attribute; empty value withdraws it. Inside Do.
func (r *Register) Override(ctx context.Context, tx store.Tx, id string, a ward.Attr, value, reason string) error {
	return errSkeleton
}

// Label says the same of several devices at once: overrides for each attribute given. Inside Do.
func (r *Register) Label(ctx context.Context, tx store.Tx, ids []string, say map[ward.Attr]string, reason string) error {
	return errSkeleton
}

// SetFields writes register fields of devices; an empty value clears a field. Inside Do.
func (r *Register) SetFields(ctx context.Context, tx store.Tx, ids []string, set map[Field]string) error {
	return errSkeleton
}

// SetTags replaces the tags of devices. Inside Do.
func (r *Register) SetTags(ctx context.Context, tx store.Tx, ids []string, tags []string) error {
	return errSkeleton
}
