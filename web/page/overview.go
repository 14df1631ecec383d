package page

import (
	"net/url"
	"strconv"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// Overview is the first page: what is on my network, what is wrong, what do I do first?
type Overview struct {
	*inventory.Overview
	Now  time.Time
	Next []Step
}

// Step is one thing that a kind of person can do now.
type Step struct {
	Who, Text string
	Link      Link
}

// scale is the longest bar of a list of counts.
func (o Overview) kindScale() (n int) {
	for _, k := range o.Kinds {
		n = max(n, k.Devices)
	}
	return n
}

func (o Overview) zoneScale() (n int) {
	for _, z := range o.Zones {
		n = max(n, z.Devices)
	}
	return n
}

// CoverageOf makes the small figure of a coverage; it is the same on each page.
func CoverageOf(c inventory.Coverage) Coverage {
	v := Coverage{Well: c.Well, Poorly: c.Poorly, Not: c.NotSeen}
	if len(c.Advice) > 0 {
		v.Advice, v.Commands = c.Advice[0], c.Config != ""
	}
	seen := make([]Strip, 0, len(c.Subnets))
	var gaps []Strip
	for i := range c.Subnets {
		s := strip(c.Subnets[i])
		if s.Level == OK {
			seen = append(seen, s)
		} else {
			gaps = append(gaps, s)
		}
	}
	v.Strips = append(seen, gaps...)
	return v
}

func strip(s inventory.CoveredSubnet) Strip {
	v := Strip{Name: s.Zone, Quality: lang.Quality(s.Quality), Reason: s.Reason, Level: OK, Head: s.CIDR}
	if s.VLAN != 0 {
		v.Head = strconv.Itoa(int(s.VLAN))
	}
	switch {
	case v.Name == "" && s.VLAN != 0:
		v.Name = s.CIDR
	case v.Name != "" && s.VLAN == 0: // no short name but the zone's
		v.Head, v.Name = v.Name, s.CIDR
	}
	switch s.Quality {
	case ward.SeenPoorly:
		v.Level = Attention
	case ward.NotSeen:
		v.Level = Unknown
	}
	v.Href = "/sensors#coverage"
	if v.Level == OK && s.VLAN != 0 {
		v.Href = "/devices?vlan=" + v.Head
	}
	return v
}

// StatusLevel is how a status looks.
func StatusLevel(s inventory.Status) Level {
	switch s {
	case inventory.StatusCritical:
		return Critical
	case inventory.StatusHigh:
		return High
	case inventory.StatusAttention:
		return Attention
	case inventory.StatusUnknown:
		return Unknown
	case inventory.StatusSilent:
		return NotLive
	}
	return OK
}

func severity(s ward.Severity) Level {
	switch s {
	case ward.Critical:
		return Critical
	case ward.High:
		return High
	case ward.Attention:
		return Attention
	}
	return OK
}

// devicesWith is the Devices table filtered by one value.
func devicesWith(key, value string) string {
	return "/devices?" + url.Values{key: {value}}.Encode()
}

// DeviceHref is the page of a device.
func DeviceHref(id string) string { return "/devices/" + url.PathEscape(id) }

// due says how long a problem has been open.
func due(f inventory.Finding, now time.Time) string {
	who := lang.Title(f.Owner)
	if who == "" {
		who = "Nobody yet"
	}
	return who + ", " + lang.Heard(f.First, now)
}

// act is the one link of a problem.
func act(f inventory.Finding) Link {
	switch {
	case f.Kind == ward.DeviceSwapped && len(f.Devices) > 0:
		return Link{"Compare both", DeviceHref(f.Devices[len(f.Devices)-1].ID)} // the one that stands there now
	case f.Kind == ward.UnknownDevice && len(f.Devices) == 1:
		return Link{"Label it", DeviceHref(f.Devices[0].ID)}
	case f.Kind == ward.UnknownDevice:
		return Link{"Label alike", "/devices/alike"}
	case len(f.Devices) > 1:
		return Link{"See " + lang.N(len(f.Devices), "device", "devices"), findingHref(f)}
	}
	return Link{"See evidence", findingHref(f)}
}

func findingHref(f inventory.Finding) string { return "/findings/" + url.PathEscape(f.ID) }

// problemHref leads to the device where the page of the device says more than the finding.
func problemHref(f inventory.Finding) string {
	if f.Kind == ward.DeviceSwapped && len(f.Devices) > 0 {
		return DeviceHref(f.Devices[len(f.Devices)-1].ID)
	}
	return findingHref(f)
}

// whyHere says what a new device stands out by.
func whyHere(r inventory.Row) string {
	switch {
	case r.Status == inventory.StatusUnknown && r.Random:
		return "Made-up hardware address"
	case r.Status == inventory.StatusUnknown:
		return "Nothing says what it is"
	case r.Findings > 0:
		return lang.N(r.Findings, "open problem", "open problems")
	case r.Registered:
		return "In the register"
	}
	return "Not in the register"
}
