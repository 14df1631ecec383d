// Package search finds devices: by filters on what is claimed, by words, sorted and page by page,
// with exact counts of matches, of values among them and of devices for which a filter could not
// be decided.
//
// It is an index in memory over documents that live elsewhere. A page over 100,000 documents costs
// about what it costs over 1,000, because sets of documents are bits and orders are kept.
package search

import "strings"

// Schema says what documents hold.
type Schema struct {
	Keys    []Key    // text attributes; the first value sorts
	Numbers []string // number attributes, to sort by
}

// Key is one text attribute.
type Key struct {
	Name string
	// Claimed marks what a document may lack without our knowing better: a filter on it cannot be
	// decided for documents that have no value.
	Claimed bool
}

// Doc is one document.
type Doc struct {
	ID      string
	Values  [][]string // by Schema.Keys; nil or empty where there is no value
	Numbers []int64    // by Schema.Numbers
	Texts   []string   // further text whose words are found; the values of Claimed keys are found anyway
	Class   uint8      // why little may be known of it; counted for undecided documents
}

// Index is the index. It is not safe for concurrent use: even a query settles its orders.
type Index struct {
	schema  Schema
	slots   map[string]uint32
	ids     []string
	classes []uint8
	said    [][]string // words of each slot, to take them back
	numbers [][]int64
	columns []*column
	dict    dictionary
	live    Bits
	orders  map[int]*order
	n       int
}

// New makes an empty index.
func New(s Schema) *Index {
	x := &Index{
		schema: s, slots: map[string]uint32{}, orders: map[int]*order{},
		numbers: make([][]int64, len(s.Numbers)), dict: dictionary{sets: map[string]*set{}},
	}
	for range s.Keys {
		x.columns = append(x.columns, newColumn())
	}
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return x.n }

// Put adds a document or replaces the one with its id.
func (x *Index) Put(d Doc) {
	slot, ok := x.slots[d.ID]
	if !ok {
		slot = uint32(len(x.ids)) //nolint:gosec // fewer than 2^31 documents fit in memory
		x.slots[d.ID] = slot
		x.ids = append(x.ids, d.ID)
		x.classes = append(x.classes, 0)
		x.said = append(x.said, nil)
		for i := range x.numbers {
			x.numbers[i] = append(x.numbers[i], 0)
		}
		for _, c := range x.columns {
			c.grow()
		}
		for len(x.live)*64 <= int(slot) {
			x.live = append(x.live, 0)
		}
	}
	if !x.live.has(slot) {
		x.live.set(slot)
		x.n++
		for _, o := range x.orders {
			o.dirty[slot] = true
		}
	}
	x.classes[slot] = d.Class
	for i, c := range x.columns {
		var v []string
		if i < len(d.Values) {
			v = d.Values[i]
		}
		if c.put(slot, v, len(x.ids)) {
			x.touch(i, slot)
		}
	}
	for i := range x.numbers {
		x.number(i, slot, d.Numbers[i])
	}
	x.say(slot, &d)
}

func (x *Index) number(i int, slot uint32, v int64) {
	if x.numbers[i][slot] != v {
		x.numbers[i][slot] = v
		x.touch(len(x.columns)+i, slot)
	}
}

// SetNumber changes one number of a document; nothing happens when it is not there.
func (x *Index) SetNumber(id string, number int, v int64) {
	if slot, ok := x.slots[id]; ok && x.live.has(slot) {
		x.number(number, slot, v)
	}
}

// Number gives a number of a document.
func (x *Index) Number(id string, number int) (int64, bool) {
	slot, ok := x.slots[id]
	if !ok || !x.live.has(slot) {
		return 0, false
	}
	return x.numbers[number][slot], true
}

func (x *Index) touch(key int, slot uint32) {
	if o := x.orders[key]; o != nil {
		o.dirty[slot] = true
	}
}

func (x *Index) say(slot uint32, d *Doc) {
	var now []string
	for _, t := range d.Texts {
		now = words(now, t)
	}
	for i, k := range x.schema.Keys {
		if k.Claimed && i < len(d.Values) {
			for _, v := range d.Values[i] {
				now = words(now, v)
			}
		}
	}
	old := x.said[slot]
	if strings.Join(old, "\x00") == strings.Join(now, "\x00") {
		return
	}
	for _, w := range old {
		x.dict.remove(w, slot)
	}
	for _, w := range now {
		x.dict.add(w, slot, len(x.ids))
	}
	x.said[slot] = now
}

// Remove takes a document out.
func (x *Index) Remove(id string) {
	slot, ok := x.slots[id]
	if !ok || !x.live.has(slot) {
		return
	}
	x.live[slot>>6] &^= 1 << (slot & 63)
	x.n--
	for _, c := range x.columns {
		c.put(slot, nil, len(x.ids))
		c.none.remove(slot)
	}
	for _, w := range x.said[slot] {
		x.dict.remove(w, slot)
	}
	x.said[slot] = nil
	for _, o := range x.orders {
		o.dirty[slot] = true
	}
}

// column keeps the values of one attribute: per slot, and per value the slots that have it.
type column struct {
	values []string
	folded []string // values in lower case, to sort by
	ids    map[string]uint32
	slots  [][]uint32 // value ids of each slot
	sets   []*set     // by value id
	none   set        // slots without a value
}

func newColumn() *column { return &column{ids: map[string]uint32{}} }

func (c *column) grow() { c.slots = append(c.slots, nil) }

// put replaces the values of a slot and reports whether the first one changed.
func (c *column) put(slot uint32, values []string, slots int) bool {
	before := c.first(slot)
	var now []uint32
	for _, v := range values {
		if v == "" {
			continue
		}
		id, ok := c.ids[v]
		if !ok {
			v = strings.Clone(v)
			id = uint32(len(c.values)) //nolint:gosec // bounded by the documents
			c.ids[v] = id
			c.values = append(c.values, v)
			c.folded = append(c.folded, strings.ToLower(v))
			c.sets = append(c.sets, &set{})
		}
		now = append(now, id)
	}
	for _, id := range c.slots[slot] {
		c.sets[id].remove(slot)
	}
	for _, id := range now {
		c.sets[id].add(slot, slots)
	}
	if len(now) == 0 {
		c.none.add(slot, slots)
	} else {
		c.none.remove(slot)
	}
	c.slots[slot] = now
	return c.first(slot) != before
}

func (c *column) first(slot uint32) string {
	if v := c.slots[slot]; len(v) > 0 {
		return c.folded[v[0]]
	}
	return ""
}

// SetStatus changes a number of a document and the one value of a text attribute that goes with it.
func (x *Index) SetStatus(id string, number int, v int64, key, value string) {
	slot, ok := x.slots[id]
	if !ok || !x.live.has(slot) || x.numbers[number][slot] == v {
		return
	}
	x.number(number, slot, v)
	if at := x.keyNamed(key); at >= 0 && x.columns[at].put(slot, []string{value}, len(x.ids)) {
		x.touch(at, slot)
	}
}
