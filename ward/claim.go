package ward

import "time"

// Attr names one attribute of a device about which claims are made.
type Attr string

// The attributes of a device. The first seven are the ones the scan document always knows; the
// others appear when something on the wire states them.
const (
	Manufacturer Attr = "manufacturer" // who made the whole device, not its network card
	Model        Attr = "model"
	Type         Attr = "type" // one of Types
	OS           Attr = "os"
	Firmware     Attr = "firmware" // version of the device's own software
	Serial       Attr = "serial"
	Role         Attr = "role" // what it does here: "dicom storage provider", "dhcp server"

	Hostname   Attr = "name"
	Place      Attr = "place"      // bed, room, switch port: where the device says or is said to be
	Hardware   Attr = "hardware"   // hardware revision
	UDI        Attr = "udi"        // unique device identifier, device part included
	UUID       Attr = "uuid"       // EUI-64, UPnP or DPWS UUID: stable and globally unique
	AETitle    Attr = "ae title"   // DICOM application entity
	Calibrated Attr = "calibrated" // date of the last calibration, YYYY-MM-DD
	Component  Attr = "component"  // a part or library it names: "OFFIS DCMTK 3.6.7"
)

// IdentityAttrs are the attributes the scan document lists for each device, in the order in which
// people read them.
var IdentityAttrs = []Attr{Manufacturer, Model, Type, OS, Firmware, Serial, Role}

// Claim is one statement about a device: what is said, how sure we are, who said it, and what
// speaks against it.
type Claim struct {
	Value          string          `json:"value"`
	Confidence     float64         `json:"confidence"` // 0 to 1: the share of such claims that are right
	Evidence       []Evidence      `json:"evidence"`
	Contradictions []Contradiction `json:"contradictions"`
}

// Contradiction is another value for the same attribute that the evidence also supports.
type Contradiction struct {
	Value      string     `json:"value"`
	Confidence float64    `json:"confidence"`
	Evidence   []Evidence `json:"evidence"`
}

// Evidence is one thing that was seen on the wire or read in a register: which field of which
// protocol, what it said, who sent it, and where to look it up.
type Evidence struct {
	Protocol string    `json:"protocol"`
	Field    string    `json:"field"`
	Value    string    `json:"value"` // never a secret or a patient's value
	Sender   string    `json:"sender"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Count    uint64    `json:"count"`
	Source   int       `json:"source"` // index into the document's sources, or the sensor
	Frame    uint64    `json:"frame"`  // counts from 1 within the source; 0 when there is none
}

// Trust says how much a field proves when it is read as it stands. It orders kinds of evidence;
// package identity turns it into calibrated confidence.
type Trust uint8

// The kinds of evidence, weakest first.
const (
	TrustNone     Trust = iota // nothing by itself: food for fingerprints only
	TrustHint                  // a hint that never decides alone: a port, a look-up
	TrustWeak                  // plausible: a name somebody chose
	TrustRole                  // implied by what it serves: a KDC is a server
	TrustRegistry              // a registry's word on an address block or vendor number
	TrustBanner                // free text a program prints about itself
	TrustStated                // a field whose very purpose is to state this
	TrustProven                // stated and cryptographically or doubly confirmed
)
