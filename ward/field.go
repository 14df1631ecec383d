package ward

// Field is one field of one protocol that a decoder reads. Decoders declare their fields once, as
// package variables, and pass them by pointer; what a field proves stands in the declaration, so
// that the list of fields is the list of what Wardkeeper believes and why.
type Field struct {
	Protocol string // lower case, as printed: "dhcp"
	Name     string // in the protocol's own words: "option 60"
	Proves   Attr   // the attribute its value states directly; empty when only fingerprints can read it
	Trust    Trust  // how much it proves
	Personal bool   // may hold a person's name: masked unless permitted
	Place    bool   // of use only for where the device is
}

// Subject is what a sighting is about: the device behind an address, or a part that the device
// speaks for. The zero MAC and the zero IP mean "not known".
type Subject struct {
	MAC  MAC
	IP   IP
	VLAN uint16
	Part string // a device behind it that has an identity of its own, e.g. "bacnet 12/0a"; empty for itself
}

// Sighting is what a decoder saw, counted over repetitions of the same subject, field and value.
type Sighting struct {
	Subject Subject
	Peer    Subject // the other end, for findings; zero when there is none
	Field   *Field
	Value   string
	Finding FindingKind // set when the field is itself a finding
	First   int64       // nanoseconds since 1970 UTC
	Last    int64
	Count   uint64
	Source  int
	Frame   uint64 // first frame that showed it, from 1
}

// Binding is an observed assignment of an IP address to a hardware address, and who said so.
type Binding struct {
	MAC    MAC
	IP     IP
	VLAN   uint16
	How    string // "arp", "nd", "dhcp"
	First  int64
	Last   int64
	Count  uint64
	Source int
	Frame  uint64
}

// Station is one sender as seen on the wire: a hardware address together with one network address
// it sent from, and how far away that sender stood.
type Station struct {
	MAC     MAC
	IP      IP // zero for frames without IP
	VLAN    uint16
	Hops    uint8 // fewest routers between it and the sensor, from TTL; 255 when there was no IP
	Packets uint64
	Bytes   uint64
	First   int64
	Last    int64
	Source  int
	Frame   uint64 // its first frame
}

// Conversation is traffic between two network addresses on one service, summed over connections.
type Conversation struct {
	From, To   Subject // From opened it
	Service    Service
	Protocol   string // application protocol once recognised, else empty
	Packets    uint64 // both directions
	Bytes      uint64 // on the wire, both directions
	PacketsOut uint64 // of these, sent by From
	BytesOut   uint64
	First      int64
	Last       int64
	Answered   bool // To sent something
	Source     int
	Frame      uint64
}

// Exchange is one line of the interface catalogue: an application protocol that carries clinical
// or other records from one device to another.
type Exchange struct {
	Protocol string // "dicom", "hl7", "fhir" ...
	From, To Subject
	Port     uint16
	Secured  *bool    // nil when it cannot be told
	What     []string // kinds of message: "C-STORE CT Image Storage", "ADT^A01"
	Names    []string // "calling CT2", "called PACS": application names
	Messages uint64
	Bytes    uint64
	Patient  bool // carries patient data
	First    int64
	Last     int64
	Source   int
	Frame    uint64
}

// Observation is what a stretch of traffic yielded: the one thing that flows from the wire to the
// rest of Wardkeeper. Slices are in no particular order.
type Observation struct {
	Sensor        string
	Sightings     []Sighting
	Bindings      []Binding
	Stations      []Station
	Conversations []Conversation
	Exchanges     []Exchange
	Until         int64 // capture time of the last packet, nanoseconds
}
