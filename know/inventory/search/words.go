package search

import (
	"slices"
	"strings"
	"unicode"
)

// maxWord bounds one word; what is longer is cut.
const maxWord = 64

// words splits text into what people search for: whole words in lower case, and for words with
// punctuation inside ("HX-20418") their parts too. Addresses are not taken apart.
func words(out []string, text string) []string {
	for _, w := range strings.Fields(strings.ToLower(text)) {
		w = strings.Trim(w, ".,;:()[]{}<>\"'")
		if w == "" {
			continue
		}
		out = append(out, w[:min(len(w), maxWord)])
		if strings.Count(w, ".") == 3 || strings.Count(w, ":") >= 2 {
			continue
		}
		parts := strings.FieldsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(parts) < 2 {
			continue
		}
		for _, p := range parts {
			out = append(out, p[:min(len(p), maxWord)])
		}
	}
	return out
}

// dictionary finds the slots of a word, and of all words that begin with it.
type dictionary struct {
	sets   map[string]*set
	sorted []string // all words, except those in fresh
	fresh  []string // words that came since sorted was made
}

func (d *dictionary) add(word string, slot uint32, slots int) {
	s := d.sets[word]
	if s == nil {
		word = strings.Clone(word) // it may be a piece of a long text
		s = &set{}
		d.sets[word] = s
		d.fresh = append(d.fresh, word)
	}
	s.add(slot, slots)
}

func (d *dictionary) remove(word string, slot uint32) {
	if s := d.sets[word]; s != nil { // an emptied word stays: it is rare and often comes back
		s.remove(slot)
	}
}

// settle merges the fresh words in.
func (d *dictionary) settle() {
	if len(d.fresh) == 0 {
		return
	}
	slices.Sort(d.fresh)
	merged := make([]string, 0, len(d.sorted)+len(d.fresh))
	a, b := d.sorted, d.fresh
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	d.sorted = append(append(merged, a...), b...)
	d.fresh = nil
}

// find adds the slots that have the word. Words of one or two characters must fit whole ("7" in
// "Windows 7"); longer ones fit the beginning of a word.
func (d *dictionary) find(word string, into Bits) {
	if len([]rune(word)) <= 2 {
		if s := d.sets[word]; s != nil {
			s.into(into)
		}
		return
	}
	at, _ := slices.BinarySearch(d.sorted, word)
	for ; at < len(d.sorted) && strings.HasPrefix(d.sorted[at], word); at++ {
		d.sets[d.sorted[at]].into(into)
	}
}
