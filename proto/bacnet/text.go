package bacnet

import "unicode/utf8"

// AppendString appends the text of a character string value (clause 20.2.9) as UTF-8. It fails on
// character sets that need a code page (DBCS, JIS).
func AppendString(dst, value []byte) ([]byte, bool) {
	if len(value) == 0 {
		return dst, false
	}
	set, b := value[0], value[1:]
	switch set {
	case 0: // UTF-8, once ANSI X3.4
		return append(dst, b...), utf8.Valid(b)
	case 3: // UCS-4
		for ; len(b) >= 4; b = b[4:] {
			dst = utf8.AppendRune(dst, rune(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])))
		}
		return dst, len(b) == 0
	case 4: // UCS-2
		for ; len(b) >= 2; b = b[2:] {
			dst = utf8.AppendRune(dst, rune(b[0])<<8|rune(b[1]))
		}
		return dst, len(b) == 0
	case 5: // ISO 8859-1
		for _, c := range b {
			dst = utf8.AppendRune(dst, rune(c))
		}
		return dst, true
	}
	return dst, false
}
