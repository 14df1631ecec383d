package page

import (
	"sort"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// Interfaces is the interface catalogue.
type Interfaces struct {
	Query     inventory.InterfaceQuery
	Protocols []string
	Total     int
	Matches   int
	From      int // position of the first row, from 0
	Prev      string
	Next      string
	Clear     int
	Patient   *inventory.PatientData
	Grid      Grid
	CSV       string
	Coverage  Coverage
	Now       time.Time
}

// Secured is the status of a transport: what is known, in a word.
func Secured(s *bool) (Level, string) {
	switch {
	case s == nil:
		return Unknown, "Cannot tell"
	case *s:
		return OK, "TLS"
	}
	return High, "Clear text"
}

// Patients is where patient data travels.
type Patients struct {
	*inventory.PatientData
	Lines    []inventory.Interface // all that carry patient data
	Coverage Coverage
	Now      time.Time
}

// A stop is one end of the figure of patient data.
type stop struct {
	title, href, line string
	clear, outside    bool
	bytes             uint64
	y                 int
}

// A ride is one line between two stops.
type ride struct {
	d     string
	clear bool
	bytes uint64
}

const maxStops = 9

// stops gives the sources at the left, the destinations at the right and the lines between them;
// more counts what did not fit.
func (p Patients) stops() (left, right []stop, rides []ride, more int) {
	l := ends(p.Lines, func(i inventory.Interface) (inventory.DeviceRef, string) { return i.From, i.FromAddr })
	r := ends(p.Lines, func(i inventory.Interface) (inventory.DeviceRef, string) { return i.To, i.ToAddr })
	more = max(0, len(l)-maxStops) + max(0, len(r)-maxStops)
	left, right = l[:min(maxStops, len(l))], r[:min(maxStops, len(r))]
	at := func(list []stop, ref inventory.DeviceRef, addr string) int {
		for i := range list {
			if list[i].href == RefHref(ref) && list[i].title == clip(RefTitle(ref, addr), 27) {
				return i
			}
		}
		return -1
	}
	drawn := map[[2]int]int{}
	for _, i := range p.Lines {
		a, b := at(left, i.From, i.FromAddr), at(right, i.To, i.ToAddr)
		if a < 0 || b < 0 {
			continue
		}
		clear := i.Secured != nil && !*i.Secured
		if k, ok := drawn[[2]int{a, b}]; ok {
			rides[k].clear = rides[k].clear || clear
			rides[k].bytes += i.Bytes
			continue
		}
		drawn[[2]int{a, b}] = len(rides)
		y1, y2 := num(float64(left[a].y+19)), num(float64(right[b].y+19))
		rides = append(rides, ride{"M208 " + y1 + "C300 " + y1 + " 332 " + y2 + " 424 " + y2, clear, i.Bytes})
	}
	return left, right, rides, more
}

func ends(lines []inventory.Interface, pick func(inventory.Interface) (inventory.DeviceRef, string)) []stop {
	at := map[string]int{}
	var out []stop
	for _, i := range lines {
		ref, addr := pick(i)
		key := ref.ID + "|" + addr
		if ref.ID != "" {
			key = ref.ID
		}
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, stop{title: clip(RefTitle(ref, addr), 27), href: RefHref(ref), line: clip(zoneOrOutside(ref, i.Internet), 30), outside: i.Internet && ref.ID == ""})
		}
		out[k].clear = out[k].clear || i.Secured != nil && !*i.Secured
		out[k].bytes += i.Bytes
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].bytes > out[b].bytes })
	for i := range out {
		out[i].y = 4 + i*talkStep
	}
	return out
}

// RefTitle is what a device is called, else its address.
func RefTitle(r inventory.DeviceRef, addr string) string {
	if r.Title != "" {
		return r.Title
	}
	return addr
}

// RefHref is the page of a device, or nothing when it is not in the register.
func RefHref(r inventory.DeviceRef) string {
	if r.ID == "" {
		return ""
	}
	return DeviceHref(r.ID)
}

func zoneOrOutside(r inventory.DeviceRef, internet bool) string {
	if r.ID == "" && internet {
		return "Internet"
	}
	if r.Zone == "" {
		return "No zone yet"
	}
	return r.Zone
}

// verdict is the one sentence that the page of patient data begins with.
func (p Patients) verdict() string {
	s := lang.N(p.Interfaces, "interface carries", "interfaces carry") + " patient data"
	switch {
	case p.Clear > 0 && p.Unknown > 0:
		s += ": " + lang.Int(p.Clear) + " in clear text, " + lang.Int(p.Unknown) + " where it cannot be told"
	case p.Clear > 0:
		s += ": " + lang.Int(p.Clear) + " in clear text"
	case p.Unknown > 0:
		s += ": " + lang.Int(p.Unknown) + " where it cannot be told whether it is secured"
	}
	return s + "."
}
