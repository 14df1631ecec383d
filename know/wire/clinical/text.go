package clinical

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// count writes a number with its noun: "1 character", "8 characters".
func count(n int, noun string) string {
	s := itoa(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}
