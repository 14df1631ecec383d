package search

import (
	"cmp"
	"slices"
	"strings"
)

// order is all live slots in the order of one sort key. Changed slots are taken out and merged
// back, so keeping it costs in proportion to the register only by a copy, never by a sort.
type order struct {
	key   int // text key, or number key offset by the number of text keys
	list  []uint32
	dirty map[uint32]bool
}

// sortKey is what a slot sorts by: text or number, then the id. Empty text sorts last.
type sortKey struct {
	Text   string `json:"t,omitempty"`
	Number int64  `json:"n,omitempty"`
	ID     string `json:"i"`
}

func compare(a, b sortKey) int {
	if (a.Text == "") != (b.Text == "") {
		return cmp.Compare(b2i(a.Text == ""), b2i(b.Text == ""))
	}
	if c := strings.Compare(a.Text, b.Text); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Number, b.Number); c != 0 {
		return c
	}
	return strings.Compare(a.ID, b.ID)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (x *Index) keyOf(key int, slot uint32) sortKey {
	k := sortKey{ID: x.ids[slot]}
	if key < len(x.columns) {
		k.Text = x.columns[key].first(slot)
	} else {
		k.Number = x.numbers[key-len(x.columns)][slot]
	}
	return k
}

// orderBy gives the settled order of a sort key.
func (x *Index) orderBy(key int) *order {
	o := x.orders[key]
	byKey := func(a, b uint32) int { return compare(x.keyOf(key, a), x.keyOf(key, b)) }
	if o == nil {
		o = &order{key: key, dirty: map[uint32]bool{}}
		x.live.Each(func(i uint32) bool { o.list = append(o.list, i); return true })
		slices.SortFunc(o.list, byKey)
		x.orders[key] = o
		return o
	}
	if len(o.dirty) == 0 {
		return o
	}
	var back []uint32
	for i := range o.dirty {
		if x.live.has(i) {
			back = append(back, i)
		}
	}
	slices.SortFunc(back, byKey)
	kept := slices.DeleteFunc(o.list, func(i uint32) bool { return o.dirty[i] })
	merged := make([]uint32, 0, len(kept)+len(back))
	for _, i := range back {
		at, _ := slices.BinarySearchFunc(kept, i, byKey)
		merged = append(append(merged, kept[:at]...), i)
		kept = kept[at:]
	}
	o.list = append(merged, kept...)
	clear(o.dirty)
	return o
}
