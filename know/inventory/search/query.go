package search

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"strings"
)

// Query asks for one page.
type Query struct {
	Text    string
	Filters map[string][]string // any of the values; Unknown asks for none; a leading "!" excludes
	AtLeast map[string]int64    // numbers not below
	Open    bool                // give the undecided documents instead of the matches
	Sort    string
	Desc    bool
	Cursor  string
	Limit   int
	Facets  []string
}

// Unknown is the filter value that asks for documents without a value.
const Unknown = "unknown"

// Result is one page.
type Result struct {
	IDs       []string
	Matches   int
	Total     int
	Start     int // position of the first id among the matches, from 1; 0 when there is none
	Next      string
	Prev      string
	Undecided int
	Classes   map[uint8]int  // of the undecided documents
	Lacking   map[string]int // of the undecided documents: how many lack this key
	Facets    map[string][]Value
}

// Value is a value and how many matches have it; empty text stands for none.
type Value struct {
	Text  string
	Count int
}

// ErrQuery means that a query names a key that is not there, or a cursor of another query.
var ErrQuery = errors.New("no such filter, sort or page")

type cursor struct {
	Key   sortKey `json:"k"`
	Back  bool    `json:"b,omitempty"`
	Start int     `json:"s"`
	Sort  string  `json:"o"`
}

// Find answers a query.
func (x *Index) Find(q Query) (*Result, error) {
	x.dict.settle()
	match, open, lacking, err := x.match(q)
	if err != nil {
		return nil, err
	}
	res := &Result{Total: x.n, Classes: map[uint8]int{}, Lacking: map[string]int{}}
	res.Undecided = open.Len()
	if res.Undecided > 0 {
		var classes [256]int
		open.Each(func(i uint32) bool { classes[x.classes[i]]++; return true })
		for class, n := range classes {
			if n > 0 {
				res.Classes[uint8(class)] = n //nolint:gosec // below 256
			}
		}
		for key := range lacking {
			res.Lacking[x.schema.Keys[key].Name] = x.columns[key].none.common(open)
		}
	}
	if q.Open {
		match = open
	}
	res.Matches = match.Len()
	if err := x.page(q, match, res); err != nil {
		return nil, err
	}
	return res, x.facets(q, match, res)
}

// All gives every id that a query matches, in its order.
func (x *Index) All(q Query) ([]string, error) {
	x.dict.settle()
	match, open, _, err := x.match(q)
	if err != nil {
		return nil, err
	}
	if q.Open {
		match = open
	}
	key, err := x.sortKeyOf(q.Sort)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, slot := range x.orderBy(key).list {
		if match.has(slot) {
			ids = append(ids, x.ids[slot])
		}
	}
	if q.Desc {
		slices.Reverse(ids)
	}
	return ids, nil
}

// match gives the documents that pass, and those that might: they pass every filter that can be
// decided for them and lack what another one asks about. lacking are the keys of those filters.
func (x *Index) match(q Query) (pass, open Bits, lacking map[int]bool, err error) {
	n := len(x.ids)
	pass, may := slices.Clone(x.live), slices.Clone(x.live)
	lacking = map[int]bool{}
	narrow := func(yes Bits, key int) {
		pass.and(yes)
		if key >= 0 {
			lacking[key] = true
			x.columns[key].none.into(yes)
		}
		may.and(yes)
	}
	for name, values := range q.Filters {
		key := x.keyNamed(name)
		if key < 0 {
			return nil, nil, nil, ErrQuery
		}
		yes, decided := x.filter(key, values)
		if decided || !x.schema.Keys[key].Claimed {
			key = -1
		}
		narrow(yes, key)
	}
	for name, least := range q.AtLeast {
		at := slices.Index(x.schema.Numbers, name)
		if at < 0 {
			return nil, nil, nil, ErrQuery
		}
		yes := newBits(n)
		for i, v := range x.numbers[at] {
			if v >= least {
				yes.set(uint32(i)) //nolint:gosec // a slot
			}
		}
		narrow(yes, -1)
	}
	for _, w := range strings.Fields(strings.ToLower(q.Text)) {
		yes := newBits(n)
		x.dict.find(w, yes)
		narrow(yes, x.speaksOf(w))
	}
	may.without(pass)
	return pass, may, lacking, nil
}

// filter gives the documents with any of the values; decided reports that the filter asks about
// the absence of a value, which is never in doubt.
func (x *Index) filter(key int, values []string) (yes Bits, decided bool) {
	c := x.columns[key]
	yes, no := newBits(len(x.ids)), newBits(len(x.ids))
	positive := false
	for _, v := range values {
		into := yes
		name, negated := strings.CutPrefix(v, "!")
		if negated {
			into = no
		} else {
			positive = true
		}
		if name == Unknown {
			c.none.into(into)
			decided = true
		}
		if id, ok := c.ids[name]; ok {
			c.sets[id].into(into)
		}
	}
	if !positive {
		copy(yes, x.live)
		decided = true
	}
	yes.without(no)
	return yes, decided
}

// speaksOf tells which claimed key a word is about: the one in most of whose documents it occurs;
// -1 when it is about none.
func (x *Index) speaksOf(word string) int {
	best, most := -1, 0
	for key, k := range x.schema.Keys {
		c := x.columns[key]
		if !k.Claimed || len(c.values) > 2000 { // serials and the like: nobody means them by a word
			continue
		}
		n := 0
		for id := range c.values {
			if c.sets[id].n > 0 && hasWord(c.folded[id], word) {
				n += c.sets[id].n
			}
		}
		if n > most {
			best, most = key, n
		}
	}
	return best
}

// hasWord reports whether a word of text, in lower case, begins with word (is word, when that is
// short).
func hasWord(text, word string) bool {
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(word)
		begins := i == 0 || !isWordByte(text[i-1])
		if begins && (len([]rune(word)) > 2 || end == len(text) || !isWordByte(text[end])) {
			return true
		}
		at = i + 1
	}
	return false
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}

func (x *Index) keyNamed(name string) int {
	return slices.IndexFunc(x.schema.Keys, func(k Key) bool { return k.Name == name })
}

func (x *Index) sortKeyOf(name string) (int, error) {
	if key := x.keyNamed(name); key >= 0 {
		return key, nil
	}
	if at := slices.Index(x.schema.Numbers, name); at >= 0 {
		return len(x.columns) + at, nil
	}
	return 0, ErrQuery
}

// page walks the order from the cursor on and collects matches.
func (x *Index) page(q Query, match Bits, res *Result) error {
	key, err := x.sortKeyOf(q.Sort)
	if err != nil {
		return err
	}
	from := cursor{Start: 1, Sort: q.Sort}
	list := x.candidates(key, match, res.Matches)
	step, at := 1, 0
	if q.Desc {
		step, at = -1, len(list)-1
	}
	if q.Cursor != "" {
		if from, err = readCursor(q.Cursor); err != nil || from.Sort != q.Sort {
			return ErrQuery
		}
		// The first place not below the key; a page forward begins after the key's own row.
		at = sort.Search(len(list), func(i int) bool { return compare(x.keyOf(key, list[i]), from.Key) >= 0 })
		if from.Back {
			step = -step
		}
		if step < 0 {
			at--
		} else if at < len(list) && compare(x.keyOf(key, list[at]), from.Key) == 0 {
			at++
		}
	}
	var got []uint32
	for ; at >= 0 && at < len(list) && len(got) <= q.Limit; at += step {
		if match.has(list[at]) {
			got = append(got, list[at])
		}
	}
	more := len(got) > q.Limit
	got = got[:min(len(got), q.Limit)]
	res.Start = from.Start
	if from.Back {
		slices.Reverse(got)
		res.Start = max(1, from.Start-len(got))
	}
	if len(got) == 0 {
		res.Start = 0
		return nil
	}
	for _, slot := range got {
		res.IDs = append(res.IDs, x.ids[slot])
	}
	if more || from.Back {
		res.Next = cursor{Key: x.keyOf(key, got[len(got)-1]), Start: res.Start + len(got), Sort: q.Sort}.String()
	}
	if q.Cursor != "" && (more || !from.Back) {
		res.Prev = cursor{Key: x.keyOf(key, got[0]), Back: true, Start: res.Start, Sort: q.Sort}.String()
	}
	return nil
}

// candidates gives slots in the order of a key that include all matches: few matches are sorted by
// themselves, many are met soon enough on a walk over the whole order.
func (x *Index) candidates(key int, match Bits, n int) []uint32 {
	if n > 2048 || n*16 > x.n {
		return x.orderBy(key).list
	}
	list := make([]uint32, 0, n)
	match.Each(func(i uint32) bool { list = append(list, i); return true })
	slices.SortFunc(list, func(a, b uint32) int { return compare(x.keyOf(key, a), x.keyOf(key, b)) })
	return list
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil { // strings and numbers always marshal
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (c cursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	return c, err
}

// maxFacet is the most values of one facet.
const maxFacet = 50

func (x *Index) facets(q Query, match Bits, res *Result) error {
	res.Facets = map[string][]Value{}
	for _, name := range q.Facets {
		key := x.keyNamed(name)
		if key < 0 {
			return ErrQuery
		}
		c := x.columns[key]
		var all []Value
		if n := c.none.common(match); n > 0 {
			all = append(all, Value{"", n})
		}
		for id, s := range c.sets {
			if s.n == 0 {
				continue
			}
			if n := s.common(match); n > 0 {
				all = append(all, Value{c.values[id], n})
			}
		}
		slices.SortFunc(all, func(a, b Value) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Text, b.Text)
		})
		res.Facets[name] = all[:min(len(all), maxFacet)]
	}
	return nil
}
