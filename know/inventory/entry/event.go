package entry

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

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

// Changes are the events between two states of a device, as far as the wire tells them: was is
// what identity said before, nil when there is nothing before.
func Changes(was, now *ward.Device, title string) []Event {
	var out []Event
	add := func(at time.Time, kind EventKind, attr, before, after, note string) {
		out = append(out, Event{Device: now.ID, Time: at, Kind: kind, Attr: attr, Old: before, New: after, Note: note})
	}
	if was == nil {
		add(now.First, FirstSeen, "", "", title, "")
		return out
	}
	if was.Last.IsZero() {
		add(now.First, FirstSeen, "", "", title, "It was in a register and is heard for the first time.")
	} else if gap := now.Last.Sub(was.Last); gap > SilentAfter {
		add(now.Last, Reappeared, "", "", "", "Silent for "+days(int(gap.Hours()/24))+".")
	}
	for _, a := range ward.IdentityAttrs {
		if before, after := was.Value(a), now.Value(a); before != after && after != "" {
			add(now.Last, ClaimChanged, string(a), before, after, "")
		}
	}
	if gained := newIn(was.IPs, now.IPs); len(gained) > 0 && len(was.IPs) > 0 {
		add(now.Last, AddressChanged, "ip", strings.Join(was.IPs, " "), strings.Join(gained, " "), "")
	}
	if gained := newIn(was.MACs, now.MACs); len(gained) > 0 && len(was.MACs) > 0 {
		add(now.Last, AddressChanged, "mac", strings.Join(was.MACs, " "), strings.Join(gained, " "), "")
	}
	return out
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

func newIn(before, after []string) []string {
	var out []string
	for _, v := range after {
		if !slices.Contains(before, v) {
			out = append(out, v)
		}
	}
	return out
}
