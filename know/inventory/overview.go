package inventory

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Overview is what the first page says.
type Overview struct {
	Total      int            `json:"total"`
	Named      int            `json:"named"` // with a type or model
	Unknown    int            `json:"unknown"`
	New        int            `json:"new"` // first heard since
	Since      time.Time      `json:"since"`
	Kinds      []KindCount    `json:"kinds"`
	Zones      []ZoneCount    `json:"zones"`
	Problems   []Finding      `json:"problems"` // open, worst first, at most 20
	Open       int            `json:"open"`     // open findings in all
	Newest     []Row          `json:"newest"`   // first heard since, newest first, at most 20
	Coverage   Coverage       `json:"coverage"`
	Interfaces int            `json:"interfaces"`
	Sensors    int            `json:"sensors"`
	Guests     map[string]int `json:"guests"` // devices counted and forgotten, by guest zone, past 24 h
}

// KindCount counts the devices of a category.
type KindCount struct {
	Category ward.Category `json:"category"`
	Devices  int           `json:"devices"`
	Named    int           `json:"named"`
	New      int           `json:"new"`
}

// ZoneCount counts the devices of a zone.
type ZoneCount struct {
	Zone    string       `json:"zone"`
	Kind    string       `json:"kind"`
	Devices int          `json:"devices"`
	Named   int          `json:"named"`
	Open    int          `json:"open"`  // open findings
	Worst   Status       `json:"worst"` // worst open finding's severity, else ok
	New     int          `json:"new"`
	Seen    ward.Quality `json:"seen"`
}

// Zone is a part of the network with one purpose: a VLAN or a subnet, or several.
type Zone struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // one of ZoneKinds
	VLANs    []uint16 `json:"vlans"`
	Subnets  []string `json:"subnets"`  // CIDR
	Expected int      `json:"expected"` // devices expected; 0 when not said
	Silent   bool     `json:"-"`
	Guest    bool     `json:"guest"`  // devices are counted, then forgotten after 24 h
	Switch   string   `json:"switch"` // where a mirror port would show it: "core switch 2, port Gi1/0/24"
	Found    bool     `json:"found"`  // made by itself from what was heard, not by a person
}

// ZoneKinds are the kinds of zone.
var ZoneKinds = []string{"clinical", "imaging", "laboratory", "building", "office", "network", "guest", "internet", "other"}

// Coverage says how well each VLAN and subnet is seen and what would show the rest.
type Coverage struct {
	Subnets []CoveredSubnet `json:"subnets"` // worst first
	Well    int             `json:"well"`
	Poorly  int             `json:"poorly"`
	NotSeen int             `json:"notSeen"`
	Advice  []string        `json:"advice"` // "Mirror core switch 2, port Gi1/0/24 to the sensor, and VLAN 240 and 250 appear."
	Config  string          `json:"config"` // the switch commands for that, to copy
}

// CoveredSubnet is a VLAN or subnet, its zone and how well it is seen.
type CoveredSubnet struct {
	ward.Subnet
	Zone    string `json:"zone"`
	Devices int    `json:"devices"`
	Advice  string `json:"advice"`
}

// Cell is what two zones say to each other.
type Cell struct {
	From     string    `json:"from"`
	To       string    `json:"to"`
	Devices  int       `json:"devices"`  // distinct pairs of addresses
	Services []string  `json:"services"` // by bytes, at most 20: "dicom tcp/104"
	Clear    int       `json:"clear"`    // pairs known to speak a clear-text protocol
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"`
	Last     time.Time `json:"last"`
}

// Link is traffic between two devices, for the map of one zone.
type Link struct {
	From, To  string // register ids, else addresses
	FromTitle string
	ToTitle   string
	FromZone  string
	ToZone    string
	Service   string
	Protocol  string
	Clear     bool
	Packets   uint64
	Bytes     uint64
	Last      time.Time
}

// Sensor is one source of evidence and its health.
type Sensor struct {
	Name    string            `json:"name"`
	Kind    string            `json:"kind"`  // "interface", "folder", "capture", "zeek", "suricata", "demo"
	State   string            `json:"state"` // "live", "done", "failed", "silent"
	Detail  string            `json:"detail"`
	Packets uint64            `json:"packets"`
	Bytes   uint64            `json:"bytes"`
	Dropped map[string]uint64 `json:"dropped"` // by reason
	Devices int               `json:"devices"`
	First   time.Time         `json:"first"` // of what it heard
	Last    time.Time         `json:"last"`
	Updated time.Time         `json:"updated"`
	Torn    bool              `json:"torn"`
}

// Overview counts what the first page shows; since decides what is new.
func (r *Register) Overview(ctx context.Context, since time.Time) (*Overview, error) {
	return nil, errSkeleton
}

// Coverage says how well the network is seen.
func (r *Register) Coverage(ctx context.Context) (*Coverage, error) { return nil, errSkeleton }

// Zones gives the zones with their counts by name.
func (r *Register) Zones(ctx context.Context) ([]Zone, error) { return nil, errSkeleton }

// SetZone makes or changes a zone, by name. Inside Do.
func (r *Register) SetZone(ctx context.Context, tx store.Tx, z Zone) error { return errSkeleton }

// RemoveZone removes a zone; its devices fall back to the zone of their VLAN. Inside Do.
func (r *Register) RemoveZone(ctx context.Context, tx store.Tx, name string) error {
	return errSkeleton
}

// Matrix gives who talks to whom, zone by zone, since a time.
func (r *Register) Matrix(ctx context.Context, since time.Time) ([]Cell, error) {
	return nil, errSkeleton
}

// Links gives the traffic of one zone, device by device, most bytes first, at most limit. With to
// set, only what runs between the two zones.
func (r *Register) Links(ctx context.Context, zone, to string, since time.Time, limit int) ([]Link, error) {
	return nil, errSkeleton
}

// Sensors gives the sensors, newest word first.
func (r *Register) Sensors(ctx context.Context) ([]Sensor, error) { return nil, errSkeleton }

// Heartbeat records the health of a sensor. It is of the batch path: not audited.
func (r *Register) Heartbeat(ctx context.Context, s Sensor) error { return errSkeleton }
