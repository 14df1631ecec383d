package prints

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask hides what looks like a person's name in a name that a person chose for a device or an
// account. It keeps product words, makers, roles, places and whatever has digits in it, since those
// identify the device: 'Lucas-iPhone' becomes 'L…-iPhone', 'NicksMacBook' 'N…MacBook', while
// 'HS100(EU)', 'Lightify-7B5F6B' and 'CT-RAD-02' stay. A user principal (name@realm) is hidden up
// to the @. plain are lower-case words that name no person.
func Mask(name string, plain map[string]bool) string {
	if at := strings.IndexByte(name, '@'); at > 0 && !strings.Contains(name[:at], "/") {
		return initial(name[:at]) + name[at:]
	}
	if dot := strings.IndexByte(name, '.'); dot > 0 && !strings.ContainsAny(name, " /:=<>") {
		return Mask(name[:dot], plain) + name[dot:] // a domain is a place, not a person
	}
	owned := isOwned(name)
	var b strings.Builder
	rest := name
	changed := false
	for rest != "" {
		word, sep := nextWord(rest)
		shown := maskWord(word, owned, plain)
		changed = changed || shown != word
		b.WriteString(shown)
		b.WriteString(sep)
		rest = rest[len(word)+len(sep):]
	}
	if !changed {
		return name
	}
	return b.String()
}

// nextWord cuts one run of letters and digits and the separators behind it. An apostrophe belongs
// to the word.
func nextWord(s string) (word, sep string) {
	part := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' || r == '…'
	}
	i := strings.IndexFunc(s, func(r rune) bool { return !part(r) })
	if i < 0 {
		return s, ""
	}
	j := strings.IndexFunc(s[i:], part)
	if j < 0 {
		return s[:i], s[i:]
	}
	return s[:i], s[i : i+j]
}

// maskWord hides one word. owned says that the name is of a thing that belongs to somebody, so that
// even four capitals are a name: JOHN-PC.
func maskWord(w string, owned bool, plain map[string]bool) string {
	if utf8.RuneCountInString(w) < 3 || strings.IndexFunc(w, unicode.IsDigit) >= 0 && !productTail(w) {
		return w
	}
	lower := strings.ToLower(w)
	if plain[lower] || plain[strings.TrimSuffix(lower, "s")] || !owned && allCapsCode(w) {
		return w
	}
	for _, p := range productTails { // NicksMacBook, Annas-iPhone2
		if i := strings.Index(lower, p); i > 0 {
			head := w[:i]
			if plain[strings.ToLower(head)] {
				return w
			}
			return initial(head) + w[i:]
		} else if i == 0 {
			return w
		}
	}
	return initial(w)
}

// isOwned reports whether a name is of a personal thing.
func isOwned(name string) bool {
	lower := strings.ToLower(name)
	for _, p := range productTails {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return strings.HasSuffix(lower, "-pc") || strings.HasPrefix(lower, "pc-") || strings.HasSuffix(lower, " pc")
}

func productTail(w string) bool {
	lower := strings.ToLower(w)
	for _, p := range productTails {
		if strings.Index(lower, p) > 0 {
			return true
		}
	}
	return false
}

// allCapsCode reports short codes of capitals, as wards and systems are named: CT, PACS, RAD, ICU.
func allCapsCode(w string) bool { return len(w) <= 4 && w == strings.ToUpper(w) }

func initial(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	if n == 0 || n == len(w) {
		return "…"
	}
	return string(r) + "…"
}

// productTails are words that people put behind their own name.
var productTails = []string{
	"iphone", "ipad", "ipod", "macbook", "imac", "macmini", "laptop", "desktop", "notebook", "galaxy", "pixel", "phone", "tablet", "surface",
	"thinkpad", "printer", "watch", "android", "chromebook", "homepod", "appletv",
}
