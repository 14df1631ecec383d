package ward

import "time"

// Category sorts devices by who looks after them.
type Category string

// The categories of a device.
const (
	Medical  Category = "medical"
	Building Category = "building"
	IoT      Category = "iot"
	IT       Category = "it"
	Network  Category = "network"
	Unknown  Category = "unknown"
)

// Scope says from where the sensor heard a device.
type Scope string

// The scopes of a device.
const (
	Local    Scope = "local"    // on a segment the sensor sees: its hardware address is its own
	Routed   Scope = "routed"   // behind a router, on a private address
	External Scope = "external" // on a public address
)

// Device is one thing on the network and all that is claimed about it.
type Device struct {
	ID        string         `json:"id"`
	MACs      []string       `json:"macs"`
	IPs       []string       `json:"ips"`
	Names     []Name         `json:"names"`
	Protocols []string       `json:"protocols"`
	Category  Category       `json:"category"`
	Scope     Scope          `json:"scope"`
	Zone      string         `json:"zone,omitempty"`
	VLANs     []uint16       `json:"vlans,omitempty"`
	Random    bool           `json:"randomised,omitempty"` // its hardware address is made up, not assigned
	SpeaksFor []string       `json:"speaksFor,omitempty"`  // devices behind it that it reports on
	Claims    map[Attr]Claim `json:"claims"`
	Packets   uint64         `json:"packets"`
	Bytes     uint64         `json:"bytes"`
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
}

// Name is a name a device goes by and where it was heard.
type Name struct {
	Value  string `json:"value"`
	Source string `json:"source"` // protocol and field
}

// Title is what a person calls the device: its best name, else what it is, else its address.
func (d *Device) Title() string {
	if c, ok := d.Claims[Model]; ok {
		if m, ok := d.Claims[Manufacturer]; ok {
			return m.Value + " " + c.Value
		}
		return c.Value
	}
	for _, n := range d.Names {
		return n.Value
	}
	if c, ok := d.Claims[Type]; ok {
		return c.Value
	}
	if len(d.IPs) > 0 {
		return d.IPs[0]
	}
	if len(d.MACs) > 0 {
		return d.MACs[0]
	}
	return d.ID
}

// Value is the claimed value of an attribute, or nothing.
func (d *Device) Value(a Attr) string { return d.Claims[a].Value }
