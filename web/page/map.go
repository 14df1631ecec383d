package page

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// Map is the first step: zones, and who talks to whom.
type Map struct {
	Cells    []inventory.Cell
	Zones    []inventory.ZoneCount
	Coverage Coverage
	Since    time.Time
	Now      time.Time
}

// maxMatrix is how many zones the figure shows; the table shows all.
const maxMatrix = 20

// Geometry of the matrix: a square per pair, names at the left and on top.
const (
	cellSize   = 34
	matrixLeft = 150
	matrixTop  = 96
)

// A square is one pair of zones in the matrix.
type square struct {
	x, y  int
	class string
	href  string
	title string
	clear bool
}

// order gives the zones of the matrix, those with the most traffic first when there are too many.
func (m Map) order() []string {
	bytes := map[string]uint64{}
	for _, c := range m.Cells {
		bytes[c.From] += c.Bytes
		bytes[c.To] += c.Bytes
	}
	names := make([]string, 0, len(bytes))
	for n := range bytes {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		if bytes[names[i]] != bytes[names[j]] {
			return bytes[names[i]] > bytes[names[j]]
		}
		return names[i] < names[j]
	})
	names = names[:min(maxMatrix, len(names))]
	sort.Slice(names, func(i, j int) bool { return zoneName(names[i]) < zoneName(names[j]) })
	return names
}

func (m Map) squares(order []string) []square {
	at := make(map[string]int, len(order))
	for i, n := range order {
		at[n] = i
	}
	most := 1.0
	for _, c := range m.Cells {
		most = max(most, math.Log1p(float64(c.Bytes)))
	}
	var out []square
	for _, c := range m.Cells {
		from, ok := at[c.From]
		to, ok2 := at[c.To]
		if !ok || !ok2 {
			continue
		}
		heat := 1 + int(4*math.Log1p(float64(c.Bytes))/most)
		out = append(out, square{
			x: matrixLeft + to*cellSize, y: matrixTop + from*cellSize, class: fmt.Sprintf("heat-%d", min(5, heat)), clear: c.Clear > 0,
			href: talkHref(c.From, c.To), title: cellTitle(c),
		})
	}
	return out
}

func cellTitle(c inventory.Cell) string {
	s := zoneName(c.From) + " to " + zoneName(c.To) + ": " + lang.Bytes(c.Bytes) + ", " + lang.N(c.Devices, "pair", "pairs")
	if c.Clear > 0 {
		s += ", " + lang.Int(c.Clear) + " in clear text"
	}
	return s
}

// talkHref is the page of what two zones say to each other.
func talkHref(from, to string) string {
	h := ZoneHref(from)
	if from == "" {
		h = "/map/-"
	}
	return h + "?to=" + query(zoneFilter(to))
}

// services lists the first services of a cell.
func services(c inventory.Cell) string {
	n := min(4, len(c.Services))
	s := strings.Join(c.Services[:n], ", ")
	if len(c.Services) > n {
		s += fmt.Sprintf(" and %d more", len(c.Services)-n)
	}
	return s
}

// Zone is the second step: one zone.
type Zone struct {
	inventory.Zone
	Count  inventory.ZoneCount
	Cells  []inventory.Cell // what it says to and hears from other zones
	Links  []inventory.Link
	To     string // only what runs to this zone; empty for all
	Asked  bool   // To was asked for
	Grid   Grid
	Said   string
	Error  string
	Change bool // the zone exists and may be changed
	Now    time.Time
}

// around draws the other zones as neighbours.
func (z Zone) around() []neighbour {
	type sum struct {
		bytes uint64
		pairs int
		clear int
		to    []string
	}
	sums := map[string]*sum{}
	var order []string
	for _, c := range z.Cells {
		other := c.To
		if other == z.Name {
			other = c.From
		}
		s := sums[other]
		if s == nil {
			s = &sum{}
			sums[other] = s
			order = append(order, other)
		}
		s.bytes, s.pairs, s.clear = s.bytes+c.Bytes, s.pairs+c.Devices, s.clear+c.Clear
		s.to = append(s.to, c.Services...)
	}
	sort.SliceStable(order, func(i, j int) bool { return sums[order[i]].bytes > sums[order[j]].bytes })
	var out []neighbour
	for i, o := range order[:min(8, len(order))] {
		s := sums[o]
		n := neighbour{title: clip(zoneName(o), 27), href: talkHref(z.Name, o), clear: s.clear > 0, bytes: s.bytes, internet: o == "internet", y: 4 + i*talkStep}
		if o == z.Name {
			n.title = "Within this zone"
		}
		n.line = lang.Bytes(s.bytes) + ", " + lang.N(s.pairs, "pair", "pairs")
		if n.clear {
			n.line = fmt.Sprintf("%d in clear text, %s", s.clear, lang.Bytes(s.bytes))
		}
		out = append(out, n)
	}
	return out
}

func (z Zone) vlans() string {
	out := make([]string, 0, len(z.VLANs))
	for _, v := range z.VLANs {
		out = append(out, fmt.Sprint(v))
	}
	return strings.Join(out, ", ")
}

// LinkEnd is how one end of a link is called, with its zone when it is another.
func LinkEnd(title, zone, here string) string {
	if zone == here {
		return title
	}
	return title + ", " + zoneName(zone)
}

// LinkHref is the page of one end of a link, or nothing for an address.
func LinkHref(id string) string {
	if strings.ContainsAny(id, ".:") { // an address, not a device of the register
		return ""
	}
	return DeviceHref(id)
}
