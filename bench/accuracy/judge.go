package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/ward"
)

// labels is labels.json: what a careful expert could name in each capture.
type labels struct {
	Findings map[string][]string `json:"findings"`
	Alarms   []string            `json:"alarms"`
	Captures map[string]capture  `json:"captures"`
}

type capture struct {
	Note    string   `json:"note"`
	Devices []label  `json:"devices"`
	Silent  []label  `json:"silent"`
	Attacks []string `json:"attacks"`
	May     []string `json:"may"`
}

type label struct {
	Match map[string]string      `json:"match"`
	Say   map[ward.Attr][]string `json:"say"`
	Never map[ward.Attr][]string `json:"never"`
}

// ours are the findings of the labels that this program raises; the rest are attacks, which
// detection looks for.
var ours = []string{
	"phi in clear", "clear-text password", "default credential", "default snmp community", "smbv1", "expired certificate",
	"self-signed certificate", "clear-text protocol", "legacy os", "anonymous login",
}

// claim is one claim about a labelled attribute.
type claim struct {
	capture    string
	source     string // the repository the capture came from
	attr       ward.Attr
	confidence float64
	right      bool
}

// score counts one attribute of one group of devices.
type score struct{ labelled, right, wrong int }

// report gathers the result over all captures.
type report struct {
	labels  *labels
	groups  map[string]map[ward.Attr]*score
	devices map[string]int
	claims  []claim
	lines   []string // what -v prints
	totals  map[string]int
}

func newReport(l *labels) *report {
	return &report{labels: l, groups: map[string]map[ward.Attr]*score{}, devices: map[string]int{}, totals: map[string]int{}}
}

func keys[V any](m map[ward.Attr]V) iter.Seq[ward.Attr] { return maps.Keys(m) }

func (r *report) note(kind, format string, args ...any) {
	r.totals[kind]++
	r.lines = append(r.lines, fmt.Sprintf("%-8s %s", kind, fmt.Sprintf(format, args...)))
}

// judge compares one picture with its labels.
func (r *report) judge(name string, c *capture, p *identity.Picture, senders map[string]bool) {
	for i := range c.Devices {
		r.judgeDevice(name, c, &c.Devices[i], p)
	}
	for i := range c.Silent {
		d := find(p, c.Silent[i].Match)
		if d == nil {
			continue
		}
		for _, a := range []ward.Attr{ward.Model, ward.Type} {
			if v := d.Value(a); v != "" {
				r.note("silent", "%s %v: %s %q", name, c.Silent[i].Match, a, v)
			}
		}
	}
	for i := range p.Devices {
		d := &p.Devices[i]
		r.totals["devices"]++
		if !sent(d, senders) {
			r.note("ghost", "%s: %s %v %v", name, d.ID, d.MACs, d.IPs)
		}
	}
	r.judgeFindings(name, c, p)
}

func (r *report) judgeDevice(name string, c *capture, l *label, p *identity.Picture) {
	groups := []string{"all devices"}
	if strings.Contains(name, "synthetic") || strings.Contains(c.Note, "synthetic") {
		groups = append(groups, "synthetic captures")
	} else {
		groups = append(groups, "real captures")
	}
	for _, t := range l.Say[ward.Type] {
		if ward.CategoryOf(t) == ward.Medical {
			groups = append(groups, "clinical devices")
			break
		}
	}
	for _, g := range groups {
		r.devices[g]++
	}
	d := find(p, l.Match)
	if d == nil {
		r.note("absent", "%s %v", name, l.Match)
		d = &ward.Device{}
	}
	for _, a := range slices.Sorted(maps.Keys(l.Say)) {
		got, claimed := d.Claims[a]
		right := claimed && matches(a, got.Value, l.Say[a])
		r.count(groups, a, claimed, right)
		switch {
		case right:
			r.claims = append(r.claims, claim{name, source(name), a, got.Confidence, true})
		case claimed:
			r.claims = append(r.claims, claim{name, source(name), a, got.Confidence, false})
			r.note("wrong", "%s %v: %s %q, labelled %q", name, l.Match, a, got.Value, l.Say[a])
			if a == ward.Serial {
				r.totals["wrong serials"]++
			}
		default:
			r.note("miss", "%s %v: %s %q", name, l.Match, a, l.Say[a])
		}
	}
	for a, wrong := range l.Never {
		if got, claimed := d.Claims[a]; claimed && matches(a, got.Value, wrong) && !matches(a, got.Value, l.Say[a]) {
			r.note("never", "%s %v: %s %q", name, l.Match, a, got.Value)
			if l.Say[a] == nil {
				for _, g := range groups {
					r.score(g, a).wrong++
				}
			}
		}
	}
}

func (r *report) score(group string, a ward.Attr) *score {
	if r.groups[group] == nil {
		r.groups[group] = map[ward.Attr]*score{}
	}
	if r.groups[group][a] == nil {
		r.groups[group][a] = &score{}
	}
	return r.groups[group][a]
}

func (r *report) count(groups []string, a ward.Attr, claimed, right bool) {
	for _, g := range groups {
		s := r.score(g, a)
		s.labelled++
		if right {
			s.right++
		} else if claimed {
			s.wrong++
		}
	}
}

// find returns the device that a label means.
func find(p *identity.Picture, match map[string]string) *ward.Device {
	for i := range p.Devices {
		d := &p.Devices[i]
		if slices.Contains(d.MACs, match["mac"]) || slices.Contains(d.IPs, match["ip"]) {
			return d
		}
	}
	return nil
}

// matches compares by the rule of the labels: all tokens of one in the other; versions and serial
// numbers must be equal.
func matches(a ward.Attr, got string, accepted []string) bool {
	for _, want := range accepted {
		if a == ward.Firmware || a == ward.Serial {
			if strings.EqualFold(strings.TrimSpace(got), strings.TrimSpace(want)) {
				return true
			}
			continue
		}
		g, w := tokens(got), tokens(want)
		if subset(g, w) || subset(w, g) {
			return true
		}
	}
	return false
}

func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

func subset(x, y []string) bool {
	for _, t := range x {
		if !slices.Contains(y, t) {
			return false
		}
	}
	return len(x) > 0
}

// source is the repository a capture came from: the beginning of its name.
func source(name string) string {
	s, _, _ := strings.Cut(name, "-")
	return s
}

// judgeFindings compares the findings with those that must and those that may be raised.
func (r *report) judgeFindings(name string, c *capture, p *identity.Picture) {
	for _, a := range c.Attacks {
		if !slices.Contains(ours, a) {
			continue
		}
		if slices.ContainsFunc(p.Findings, func(f ward.Finding) bool { return r.means(&f, a) }) {
			r.totals["findings raised as they must"]++
		} else {
			r.note("unraised", "%s: %s", name, a)
		}
	}
	for i := range p.Findings {
		f := &p.Findings[i]
		for _, word := range slices.Sorted(maps.Keys(r.labels.Findings)) {
			if !r.means(f, word) || slices.Contains(c.Attacks, word) || slices.Contains(c.May, word) {
				continue
			}
			r.note("false", "%s: %s raised by %s: %q %v", name, word, f.Kind, f.Title, f.Devices)
			if slices.Contains(r.labels.Alarms, word) {
				r.totals["false alarms"]++
			}
		}
	}
}

// means reports whether a finding's kind or title holds all words of a phrase for a label, a final
// s ignored.
func (r *report) means(f *ward.Finding, word string) bool {
	for _, text := range []string{string(f.Kind), f.Title} {
		have := singular(tokens(text))
		for _, phrase := range append(r.labels.Findings[word], word) {
			if subset(singular(tokens(phrase)), have) {
				return true
			}
		}
	}
	return false
}

func singular(list []string) []string {
	for i, t := range list {
		list[i] = strings.TrimSuffix(t, "s")
	}
	return list
}

// sent reports whether any address of a device sent a frame. A part that a gateway speaks for has
// no address; its frames are the gateway's.
func sent(d *ward.Device, senders map[string]bool) bool {
	for _, a := range append(slices.Clone(d.MACs), d.IPs...) {
		if senders[a] {
			return true
		}
	}
	return len(d.MACs)+len(d.IPs) == 0 && strings.Contains(d.ID, "/")
}
