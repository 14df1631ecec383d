// Package prints is the fingerprint language, the built-in fingerprints and the loader for recog
// directories.
//
// A fingerprint reads the value of one field and makes claims. The files in data are its language:
//
//	# a comment
//	[http user-agent, upnp user-agent] banner     fields the next prints read, and their trust
//	windows-10: Windows NT 10\.0 => os=Windows; type=workstation@weak
//	  & oui owner: ^Dell                          also needed: another field of the same device
//	  + Mozilla/5.0 (Windows NT 10.0; Win64; x64) an example that must match
//	  - Mozilla/5.0 (Windows NT 6.1)              and one that must not
//
// Patterns are RE2, case is ignored. A claim may use $1 to $9. For each attribute the first print
// of a field that matches decides, so the particular stands before the general. Beside the fields
// that decoders declare there are fields that package identity derives: "oui owner" is the
// organisation that owns the hardware address, "claim os" and the like are claims already made.
package prints

import (
	"regexp"
	"sort"
	"strings"
	"sync"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Claim is one attribute a fingerprint claims.
type Claim struct {
	Attr  ward.Attr
	Value string
	Trust ward.Trust
	Print string // id of the print, for explanation
	If    *Condition
}

// Condition asks for another field of the same device.
type Condition struct {
	Field   string
	pattern string
	once    sync.Once
	re      *regexp.Regexp
}

// Holds reports whether a value of the condition's field satisfies it.
func (c *Condition) Holds(value string) bool {
	c.once.Do(func() { c.re, _ = compile(c.pattern) })
	return c.re != nil && c.re.MatchString(value)
}

// fingerprint is one pattern and what it claims.
type fingerprint struct {
	id      string
	pattern string
	claims  []Claim
	yes, no []string
	once    sync.Once
	re      *regexp.Regexp
}

// match returns the places of the whole match and its groups, or nil.
func (p *fingerprint) match(value string) []int {
	p.once.Do(func() { p.re, _ = compile(p.pattern) })
	if p.re == nil {
		return nil
	}
	return p.re.FindStringSubmatchIndex(value)
}

func compile(pattern string) (*regexp.Regexp, error) { return regexp.Compile("(?i)" + pattern) }

// Set is a collection of fingerprints, indexed by the field they read. It may be shared by
// goroutines once it is complete.
type Set struct {
	fields map[string]*shelf
	count  int
}

// shelf holds the prints that read one field.
type shelf struct {
	prints []*fingerprint
	once   sync.Once
	index  index
}

// NewSet makes an empty set.
func NewSet() *Set { return &Set{fields: map[string]*shelf{}} }

// Len is how many fingerprints the set holds.
func (s *Set) Len() int { return s.count }

// Fields lists the fields that fingerprints read, in order.
func (s *Set) Fields() []string {
	names := make([]string, 0, len(s.fields))
	for n := range s.fields {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func (s *Set) add(fields []string, p *fingerprint) {
	s.count++
	for _, f := range fields {
		if s.fields[f] == nil {
			s.fields[f] = &shelf{}
		}
		s.fields[f].prints = append(s.fields[f].prints, p)
	}
}

// Reads reports whether any print reads the field.
func (s *Set) Reads(field string) bool { return s.fields[field] != nil }

// Match returns what the prints of a field claim from a value. A claim with a condition leaves
// room for a later one of the same attribute, since the condition may fail.
func (s *Set) Match(field, value string) []Claim { return s.Reader(field).Match(value) }

// Reader reads the values of one field. The nil Reader finds nothing.
type Reader struct{ shelf *shelf }

// Reader returns the reader of a field, nil when no print reads it.
func (s *Set) Reader(field string) *Reader {
	sh := s.fields[field]
	if sh == nil {
		return nil
	}
	sh.once.Do(func() { sh.index = newIndex(sh.prints) })
	return &Reader{sh}
}

// May reports whether a print may match the value. It is much cheaper than Match.
func (r *Reader) May(value string) bool { return r != nil && r.shelf.index.may(value) }

// Match is [Set.Match] for the reader's field.
func (r *Reader) Match(value string) []Claim {
	if r == nil {
		return nil
	}
	var claims []Claim
	for _, i := range r.shelf.index.candidates(value) {
		p := r.shelf.prints[i]
		at := p.match(value)
		if at == nil {
			continue
		}
		for _, c := range p.claims {
			if decided(claims, c.Attr) {
				continue
			}
			c.Value = strings.TrimSpace(expand(p.re, c.Value, value, at))
			if c.Value != "" {
				claims = append(claims, c)
			}
		}
	}
	return claims
}

func decided(claims []Claim, a ward.Attr) bool {
	for _, c := range claims {
		if c.Attr == a && c.If == nil {
			return true
		}
	}
	return false
}

func expand(re *regexp.Regexp, template, value string, at []int) string {
	if strings.IndexByte(template, '$') < 0 {
		return template
	}
	return string(re.ExpandString(nil, template, value, at))
}
