// Package page draws the pages: templates, the values they are given, and the small figures made on
// the server. It fetches nothing and decides nothing; package web fills the values in. All fixed
// sentences of the product stand here, so that a second language is a second set of templates.
package page

// Level is how a thing stands: it chooses the icon and the colour that go with a word.
type Level string

// The levels, worst first.
const (
	Critical  Level = "critical"
	High      Level = "high"
	Attention Level = "attention"
	Unknown   Level = "unknown"
	NotLive   Level = "not-live"
	OK        Level = "ok"
	Plain     Level = "plain" // nothing to say: no icon
)

// Frame is what surrounds every page.
type Frame struct {
	Title     string
	Place     string // path of the entry in the rail that is current
	Static    string // where the style sheets and scripts are, without a slash at the end
	Person    string // who is signed in; empty shows no rail
	Site      string
	Version   string
	Synthetic bool
	Rail      []Group
	Heard     string // age of the last frame: "1 s ago"
	Sensing   Level  // how listening goes
	Query     string
	Theme     string // "light", "dark" or empty for the system's choice
	Seen      int64  // number of the last event this page knows
	Printed   string // time, for the foot of a print
	Cover     string // coverage in words, for the foot of a print
}

// Group is one verb of the product in the rail.
type Group struct {
	Name  string
	Links []RailLink
}

// RailLink is one place in the rail; Count is empty where a number would say nothing.
type RailLink struct {
	Name, Href, Count string
}

// Link is a word that leads somewhere.
type Link struct {
	Text, Href string
}

// Coverage stands beside every number: how many of the known networks are seen at all.
type Coverage struct {
	Well, Poorly, Not int
	Advice            string // what would make the rest appear
	Commands          bool   // the switch commands for that are known
	Strips            []Strip
}

// Of is how many networks are known.
func (c Coverage) Of() int { return c.Well + c.Poorly + c.Not }

// Strip is one network in the coverage strip.
type Strip struct {
	Head, Name, Quality, Reason, Href string
	Level                             Level
}
