package inventory

import "time"

// Query asks for a page of devices. The zero Query is every device, worst first.
type Query struct {
	Text string // every word must match the start of a word of the device

	// Filters: a device passes when for each filter it has one of the values. Keys are the
	// FilterKeys; a value "unknown" asks for devices where nothing is claimed, a leading "!" excludes.
	Filters map[string][]string

	NewSince   time.Time // first heard at or after
	HeardSince time.Time // last heard at or after

	Sort   string // one of SortKeys; empty means "status", worst first
	Desc   bool
	Cursor string   // Page.Next or Page.Prev of an earlier page; empty for the first
	Limit  int      // rows; 0 means 50, at most 1,000
	Facets []string // FilterKeys for which to count values among the matches
}

// FilterKeys are the keys of Query.Filters.
var FilterKeys = []string{
	"zone", "category", "type", "manufacturer", "model", "os", "firmware", "serial", "role", "status", "scope", "vlan",
	"protocol", "finding", "tag", "owner", "place", "department", "criticality", "registered", "randomised",
	"ip", "mac", "name", "confidence", // confidence: "sure", "likely", "weak"
}

// SortKeys are the values of Query.Sort.
var SortKeys = []string{
	"status", "title", "type", "manufacturer", "model", "os", "firmware", "serial", "zone", "category", "name", "ip",
	"owner", "place", "confidence", "first", "last", "findings",
}

// Page is the answer to a Query.
type Page struct {
	Rows      []Row              `json:"rows"`
	Matches   int                `json:"matches"`          // devices that pass
	Total     int                `json:"total"`            // devices in the register
	Start     int                `json:"start"`            // position of the first row among the matches, from 1
	Next      string             `json:"next,omitempty"`   // cursor; empty at the end
	Prev      string             `json:"prev,omitempty"`   // cursor; empty at the start
	Undecided *Undecided         `json:"undecided"`        // nil when every device could be decided
	Facets    map[string][]Facet `json:"facets,omitempty"` // most frequent first, at most 50 values
}

// Undecided counts the devices that pass every filter that could be decided but lack what another
// one asks about: they may belong in the list, and nothing says so.
type Undecided struct {
	Count   int                 `json:"count"`
	Reasons []Reason            `json:"reasons"` // each device is counted under its first reason
	Tell    []string            `json:"tell"`    // what would tell us, in sentences
	Filters map[string][]string `json:"filters"` // Query.Filters that show them
}

// Reason is why something could not be decided, and for how many devices.
type Reason struct {
	Why   string `json:"why"` // "sent only ARP and DHCP"
	Count int    `json:"count"`
}

// Facet is one value and how many of the matches have it.
type Facet struct {
	Value string `json:"value"` // empty: not known
	Count int    `json:"count"`
}
