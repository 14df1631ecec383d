package prints

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// index finds the few prints that can match a value at all. Each pattern that must contain some
// text of two bytes or more is filed under two or three bytes of it; a value is cut likewise and
// only prints filed under one of its pieces run. That keeps a hospital of distinct host names from
// running every pattern on every name.
type index struct {
	always []int            // patterns without such text
	grams  map[uint32][]int // two or three lower-case bytes: prints
	filter [64]uint64       // a Bloom filter of the keys of grams
}

const minLiteral = 2

func newIndex(prints []*fingerprint) index {
	x := index{grams: map[uint32][]int{}}
	for i, p := range prints {
		literals := required(p.pattern)
		if literals == nil {
			x.always = append(x.always, i)
			continue
		}
		for _, l := range literals {
			// The end of a literal tells more than its start: "Windows NT 6.1" and "6.2".
			g := pair(l[len(l)-2], l[len(l)-1])
			if len(l) > 2 {
				g = gram(l[len(l)-3], l[len(l)-2], l[len(l)-1])
			}
			if !slices.Contains(x.grams[g], i) {
				x.grams[g] = append(x.grams[g], i)
			}
			h := bloom(g)
			x.filter[h>>6] |= 1 << (h & 63)
		}
	}
	return x
}

func gram(a, b, c byte) uint32 { return uint32(a)<<16 | uint32(b)<<8 | uint32(c) }

// pair is the key of a text of two bytes.
func pair(a, b byte) uint32 { return 0xff000000 | uint32(a)<<8 | uint32(b) }

func bloom(g uint32) uint32 { return (g * 2654435761) >> 20 }

// may reports whether candidates would list any print.
func (x *index) may(value string) bool {
	if len(x.always) > 0 {
		return true
	}
	var a, b byte
	for i := range len(value) {
		c := lower(value[i])
		if i > 0 && x.holds(pair(b, c)) || i > 1 && x.holds(gram(a, b, c)) {
			return true
		}
		a, b = b, c
	}
	return false
}

func (x *index) holds(g uint32) bool {
	h := bloom(g)
	return x.filter[h>>6]&(1<<(h&63)) != 0 && len(x.grams[g]) > 0
}

// candidates lists prints that may match the value, in their order.
func (x *index) candidates(value string) []int {
	found := slices.Clip(x.always) // clipped: growing makes a copy
	var a, b byte
	for i := range len(value) {
		c := lower(value[i])
		if i > 0 {
			found = x.look(pair(b, c), found)
		}
		if i > 1 {
			found = x.look(gram(a, b, c), found)
		}
		a, b = b, c
	}
	if len(found) == len(x.always) {
		return found
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (x *index) look(g uint32, found []int) []int {
	h := bloom(g)
	if x.filter[h>>6]&(1<<(h&63)) == 0 {
		return found
	}
	return append(found, x.grams[g]...)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// required returns texts, in lower case, of which every match contains at least one; nil when
// there is no such list.
func required(pattern string) []string {
	re, err := syntax.Parse("(?i)"+pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return literals(re.Simplify())
}

func literals(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r >= 0x80 {
				return nil
			}
		}
		if len(re.Rune) < minLiteral {
			return nil
		}
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpCapture, syntax.OpPlus:
		return literals(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return literals(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l := literals(sub); l != nil && (best == nil || shortest(l) > shortest(best)) {
				best = l
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l := literals(sub)
			if l == nil {
				return nil
			}
			all = append(all, l...)
		}
		return all
	}
	return nil
}

func shortest(list []string) int {
	n := len(list[0])
	for _, l := range list[1:] {
		n = min(n, len(l))
	}
	return n
}

// Words lists, in lower case, the words of three letters or more that the patterns of some fields
// spell out: they name products and kinds of device, not people.
func (s *Set) Words(fields ...string) []string {
	var words []string
	var walk func(re *syntax.Regexp)
	walk = func(re *syntax.Regexp) {
		if re.Op == syntax.OpLiteral {
			for _, w := range strings.FieldsFunc(strings.ToLower(string(re.Rune)), func(r rune) bool { return r < 'a' || r > 'z' }) {
				if len(w) > 2 {
					words = append(words, w)
				}
			}
		}
		for _, sub := range re.Sub {
			walk(sub)
		}
	}
	for _, f := range fields {
		if sh := s.fields[f]; sh != nil {
			for _, p := range sh.prints {
				if re, err := syntax.Parse("(?i)"+p.pattern, syntax.Perl); err == nil {
					walk(re)
				}
			}
		}
	}
	return words
}
