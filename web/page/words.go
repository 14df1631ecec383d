package page

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

func problemsTitle(o Overview) string {
	switch n := len(o.problems()); n {
	case 0:
		return "No open problem"
	case 1:
		return "One problem"
	default:
		return [...]string{"Two", "Three", "Four", "Five"}[n-2] + " problems, in this order"
	}
}

// StatusWord is the word for a status.
func StatusWord(s inventory.Status) string {
	if s == inventory.StatusOK || s == "" {
		return "OK"
	}
	return lang.Title(string(s))
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// zoneName names a zone; devices that no zone was given to stand together.
func zoneName(z string) string {
	if z == "" {
		return "No zone yet"
	}
	return z
}

func zoneFilter(z string) string {
	if z == "" {
		return "unknown"
	}
	return z
}

// ZoneHref is the page of a zone.
func ZoneHref(z string) string {
	if z == "" {
		return devicesWith("zone", "unknown")
	}
	return "/map/" + url.PathEscape(z)
}

func unseen(z inventory.ZoneCount) bool { return z.Devices == 0 && z.Seen == ward.NotSeen }

func query(s string) string { return url.QueryEscape(s) }

func yesNo(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func orText(kind string) string {
	if kind == "" {
		return "text"
	}
	return kind
}

// sentence joins reasons into one sentence.
func sentence(parts []string) string { return lang.Title(lang.List(parts)) }

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// value writes a claimed value as a person reads it.
func value(a ward.Attr, v string) string {
	if a == ward.Type {
		return lang.Type(v)
	}
	return v
}

func shown(r ClaimRow) string { return value(r.Attr, r.Value) }

func personSays(w Why) string {
	if w.Override != nil {
		return w.Override.Value
	}
	return ""
}

func sentBy(e ward.Evidence) string {
	if e.Sender == "" {
		return "sent by the device"
	}
	return "sent by " + e.Sender
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func orAddress(p inventory.Peer) string {
	if p.Title != "" && p.Title != p.Address {
		return p.Title
	}
	a, err := netip.ParseAddr(p.Address)
	switch {
	case err != nil:
		return p.Address
	case a.IsMulticast():
		return "Group " + p.Address
	case p.Address == "255.255.255.255":
		return "Everybody (broadcast)"
	}
	return p.Address
}

func heardOr(by string) string {
	if by == "" {
		return "heard"
	}
	return by
}

// talkTitle says in words what the figure of neighbours shows.
func talkTitle(d Device, list []neighbour) string {
	clear := 0
	for _, n := range list {
		if n.clear {
			clear++
		}
	}
	return d.Title + " talks to " + lang.N(len(list), "neighbour", "neighbours") + ", " + lang.Int(clear) + " of them in clear text."
}

func timelineTitle(d Device) string {
	n := 0
	for _, e := range d.Events {
		if e.Time.After(d.Since) {
			n++
		}
	}
	return d.spanTitle() + ": " + lang.N(n, "event", "events") + ". The same is in the table below."
}

func tickAnchor(i int) string {
	if i == 6 {
		return "end"
	}
	return "middle"
}

func labelX(m mark) float64 {
	if m.anchor == "end" {
		return m.x + 4
	}
	return m.x - 4
}

// heardAt is when a piece of evidence was heard and where to look it up.
func heardAt(e ward.Evidence, now time.Time) string {
	s := lang.Span(e.First, e.Last, now)
	if e.Frame > 0 {
		s += ", frame " + lang.Int(e.Frame)
	}
	return s
}
