package page

import (
	"sort"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// A neighbour is everything one device says to another, drawn as one line.
type neighbour struct {
	title, href, line string
	clear, internet   bool
	bytes             uint64
	y                 int // top of its box
}

const talkStep = 48 // from one box to the next

// neighbours joins the peers of a device by where they stand, the heaviest first, and keeps the
// rest for the table.
func (d Device) neighbours() (shown []neighbour, rest int) {
	at := map[string]int{}
	var all []neighbour
	for _, p := range d.Peers {
		key := p.Device
		if key == "" {
			key = p.Address
		}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			n := neighbour{title: orAddress(p), internet: p.Internet}
			if p.Device != "" {
				n.href = DeviceHref(p.Device)
			}
			all = append(all, n)
		}
		n := &all[i]
		if n.line == "" || p.Clear && !n.clear {
			n.line = talkLine(p)
		}
		n.clear = n.clear || p.Clear
		n.bytes += p.Bytes
	}
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].clear != all[j].clear {
			return all[i].clear
		}
		return all[i].bytes > all[j].bytes
	})
	rest = max(0, len(all)-7)
	all = all[:len(all)-rest]
	for i := range all {
		all[i].y = 4 + i*talkStep
		all[i].title = clip(all[i].title, 27)
		room := 34
		if all[i].clear { // bold
			room = 30
		}
		all[i].line = clip(all[i].line, room)
	}
	return all, rest
}

func talkLine(p inventory.Peer) string {
	s := p.Service
	if p.Protocol != "" {
		s = lang.Protocol(p.Protocol) + ", " + s
	}
	if p.Clear {
		return "Clear text, " + s
	}
	s += ", " + lang.Bytes(p.Bytes)
	switch {
	case p.Internet:
		return "Internet, " + s
	}
	return s
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// weight is the width of a line: more traffic, more ink, within reason.
func weight(bytes uint64) string {
	switch {
	case bytes > 100_000_000:
		return "3"
	case bytes > 1_000_000:
		return "2"
	case bytes > 10_000:
		return "1.5"
	}
	return "1"
}

// curve leads from the device's box to a neighbour's.
func curve(i, n, y, height int) string {
	from := float64(height)/2 - 15 + 30*float64(i+1)/float64(n+1)
	to := float64(y + 19)
	return "M122 " + num(round1(from)) + "C160 " + num(round1(from)) + " 158 " + num(to) + " 196 " + num(to)
}

// A band is a stretch of time on the timeline.
type band struct {
	x, w  float64
	text  string
	class string
}

// A mark is one event on the timeline.
type mark struct {
	x      float64
	text   string
	class  string
	anchor string
	label  bool
}

// A tick is an hour or a day on the timeline.
type tick struct {
	x    float64
	text string
}

// Geometry of the timeline: the label column, then the stretch.
const (
	lineLeft  = 96.0
	lineWidth = 720.0
)

func (d Device) at(t time.Time) float64 {
	share := float64(t.Sub(d.Since)) / float64(d.Now.Sub(d.Since))
	return round1(lineLeft + lineWidth*min(1, max(0, share)))
}

func (d Device) ticks() []tick {
	const n = 6
	layout := "15:04"
	if d.Now.Sub(d.Since) > 48*time.Hour {
		layout = "2 Jan"
	}
	out := make([]tick, 0, n+1)
	for i := range n + 1 {
		t := d.Since.Add(d.Now.Sub(d.Since) * time.Duration(i) / n)
		out = append(out, tick{d.at(t), t.In(d.Now.Location()).Format(layout)})
	}
	return out
}

// bands shows the serials where the device was swapped, else its addresses.
func (d Device) bands() (name string, out []band) {
	if d.Swap != nil {
		start, a, b := d.at(d.Row.First), d.at(d.swapEnd()), d.at(d.swapStart())
		if d.Other != nil {
			start = min(start, d.at(d.Other.Row.First))
		}
		return "Serial", []band{
			{start, max(2, a-start), d.Swap.Old, "band-a"}, {a, max(0, b-a), "", "band-no"}, {b, max(2, lineLeft+lineWidth-b), d.Swap.New, "band-b"},
		}
	}
	for i := len(d.Addresses) - 1; i >= 0; i-- {
		a := d.Addresses[i]
		if a.Last.Before(d.Since) || a.IP == "" || len(out) > 8 {
			continue
		}
		class := "band-a"
		if a.Now {
			class = "band-b"
		}
		x := d.at(a.First)
		out = append(out, band{x, max(2, d.at(a.Last)-x), a.IP, class})
	}
	return "Address", out
}

// fits says whether a text of the timeline's size has room in a band.
func (b band) fits() bool { return float64(len(b.text))*7+12 < b.w }

// marks are the events in the order of time; a swap keeps its label where labels would collide.
func (d Device) marks() []mark {
	var out []mark
	for i := len(d.Events) - 1; i >= 0; i-- {
		e := d.Events[i]
		if e.Time.Before(d.Since) || len(out) > 40 {
			continue
		}
		m := mark{x: d.at(e.Time), text: clip(eventText(e), 34), class: "m-ink", anchor: "start"}
		if e.Kind == inventory.Swapped {
			m.class, m.text = "m-crit", "Swapped "+lang.When(e.Time, d.Now)
		}
		if m.x+m.width() > lineLeft+lineWidth {
			m.anchor = "end"
		}
		out = append(out, m)
	}
	for _, class := range []string{"m-crit", "m-ink"} {
		for i := range out {
			if out[i].class == class && !out[i].label {
				out[i].label = out[i].free(out)
			}
		}
	}
	return out
}

// width is about how wide a label is drawn.
func (m mark) width() float64 { return float64(len(m.text))*6.2 + 10 }

func (m mark) span() (from, to float64) {
	if m.anchor == "end" {
		return m.x - m.width(), m.x + 4
	}
	return m.x - 4, m.x + m.width()
}

// free reports whether the label would stand on no other.
func (m mark) free(all []mark) bool {
	a, b := m.span()
	for _, o := range all {
		if c, d := o.span(); o.label && a < d && c < b {
			return false
		}
	}
	return true
}

func (d Device) spanTitle() string {
	for _, s := range Spans {
		if s.Key == d.Span {
			return s.Title
		}
	}
	return "Timeline"
}
