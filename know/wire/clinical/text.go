package clinical

import "strconv"

// count writes a number with its noun: "1 character", "8 characters".
func count(n int, noun string) string {
	s := strconv.Itoa(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}
