package page

import (
	"strconv"
	"strings"
)

// num writes a coordinate with one digit, as short as SVG allows.
func num(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func round1(f float64) float64 { return float64(int(f*10+.5)) / 10 }

// barWidth scales a count to the 104 units of a bar, leaving room for the gap before the rest.
func barWidth(n, total int) float64 {
	if total <= 0 {
		return 0
	}
	return round1(float64(n) / float64(total) * 101)
}

func sparkY(days []int, i int) float64 {
	lo, hi := days[0], days[0]
	for _, d := range days {
		lo, hi = min(lo, d), max(hi, d)
	}
	if lo == hi {
		return 8
	}
	return round1(13 - 10*float64(days[i]-lo)/float64(hi-lo))
}

func sparkPoints(days []int) string {
	var b strings.Builder
	for i := range days {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(num(round1(2 + 71*float64(i)/float64(len(days)-1))))
		b.WriteByte(',')
		b.WriteString(num(sparkY(days, i)))
	}
	return b.String()
}
