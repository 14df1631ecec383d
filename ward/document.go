package ward

import "time"

// SchemaVersion is the version of Document. Fields are added, never renamed.
const SchemaVersion = 1

// Document is what a scan found: the stable contract of `wardkeeper scan --json`.
type Document struct {
	Schema     int         `json:"schema"`
	Version    string      `json:"wardkeeper"`
	Sources    []Source    `json:"sources"`
	Devices    []Device    `json:"devices"`
	Interfaces []Interface `json:"interfaces"`
	Flows      []Flow      `json:"flows"`
	Findings   []Finding   `json:"findings"`
	Coverage   Coverage    `json:"coverage"`
	Counts     Counts      `json:"counts"`
}

// Source is one capture file or interface that was read.
type Source struct {
	File     string    `json:"file"`
	LinkType string    `json:"linkType"`
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"` // on the wire
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Torn     bool      `json:"torn"` // the file ends or breaks in the middle of a record
}

// Interface is one line of the interface catalogue in the scan document.
type Interface struct {
	Protocol string   `json:"protocol"`
	From     string   `json:"from"` // device id, else address
	To       string   `json:"to"`
	Port     uint16   `json:"port"`
	Secured  *bool    `json:"secured"`
	What     []string `json:"what"`
	Names    []string `json:"names,omitempty"`
	Messages uint64   `json:"messages"`
	Bytes    uint64   `json:"bytes"`
	Patient  bool     `json:"patient"`
}

// Flow is traffic between two devices on one service.
type Flow struct {
	From     string    `json:"from"`
	To       string    `json:"to"`
	Service  string    `json:"service"`
	Protocol string    `json:"protocol,omitempty"`
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// Coverage says what the sensors could and could not see.
type Coverage struct {
	Subnets []Subnet `json:"subnets"`
}

// Quality says how well a subnet is seen.
type Quality string

// How well a subnet is seen.
const (
	SeenWell   Quality = "well"
	SeenPoorly Quality = "poorly"
	NotSeen    Quality = "not seen"
)

// Subnet is one address range and how well it is seen.
type Subnet struct {
	CIDR    string  `json:"cidr"`
	VLAN    uint16  `json:"vlan"` // 0 when untagged
	Quality Quality `json:"quality"`
	Reason  string  `json:"reason"`
}

// Counts is the account of every packet: what became of it.
type Counts struct {
	Packets   uint64            `json:"packets"`
	Decoded   uint64            `json:"decoded"`   // parsed down to a transport or a known link protocol
	Undecoded uint64            `json:"undecoded"` // carried nothing that we read
	Dropped   map[string]uint64 `json:"dropped"`   // reason: packets or bytes of state given up
}
