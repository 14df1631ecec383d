package wire

// pageEntries is how many entries of a book are allocated together.
const pageEntries = 1024

// book is a table of entries without pointers, found by hash, up to a limit. What does not fit
// is counted.
type book[T any] struct {
	limit   int
	crowded int // from here on only those are entered who show more than a flood does
	n       int
	lost    uint64
	slots   []uint64 // upper half of the hash, and the entry's number from 1; 0 is free
	pages   [][]T
}

func (b *book[T]) at(n int) *T { return &b.pages[n/pageEntries][n%pageEntries] }

// touch reads the slot of a hash.
func (b *book[T]) touch(h uint64) uint64 {
	if len(b.slots) == 0 {
		return 0
	}
	return b.slots[h>>32&uint64(len(b.slots)-1)]
}

// guess is the entry in the first slot of a hash, if the hash fits.
func (b *book[T]) guess(h uint64) *T {
	if s := b.touch(h); s != 0 && s>>32 == h>>32 {
		return b.at(int(uint32(s)) - 1) //nolint:gosec // the lower half
	}
	return nil
}

// find is the entry that same recognises, or a fresh one; nil when the book is full, or crowded
// and the entry not worth it.
func (b *book[T]) find(h uint64, worthy bool, same func(*T) bool) (e *T, fresh bool) {
	if 2*b.n >= len(b.slots) {
		b.grow()
	}
	mask := uint64(len(b.slots) - 1)
	at := h >> 32 & mask
	for b.slots[at] != 0 {
		if s := b.slots[at]; s>>32 == h>>32 {
			if e := b.at(int(uint32(s)) - 1); same(e) { //nolint:gosec // the lower half
				return e, false
			}
		}
		at = (at + 1) & mask
	}
	if b.n >= b.limit || !worthy && b.n >= b.crowded {
		b.lost++
		return nil, false
	}
	if b.n/pageEntries == len(b.pages) {
		b.pages = append(b.pages, make([]T, pageEntries))
	}
	b.n++
	b.slots[at] = h>>32<<32 | uint64(b.n) //nolint:gosec // bounded by limit
	return b.at(b.n - 1), true
}

// grow doubles the slots. Their place comes from the half of the hash that they hold.
func (b *book[T]) grow() {
	old := b.slots
	b.slots = make([]uint64, max(256, 2*len(old)))
	mask := uint64(len(b.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		at := s >> 32 & mask
		for b.slots[at] != 0 {
			at = (at + 1) & mask
		}
		b.slots[at] = s
	}
}

func (b *book[T]) each(f func(*T)) {
	for i := range b.n {
		f(b.at(i))
	}
}

func (b *book[T]) reset() {
	b.n, b.slots, b.pages = 0, nil, nil
}
