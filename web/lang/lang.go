// Package lang is the catalogue of words: everything a page says that comes from data (kinds,
// attributes, findings, numbers, ages) is put into words here; the fixed sentences of a page stand
// in its template. A second language is a second value of each table.
package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Int writes a whole number with commas between the thousands: 1,412.
func Int[T ~int | ~int64 | ~uint64 | ~uint32](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "−" + s
	}
	return s
}

// N writes a number with the right form of its noun: "1 device", "1,412 devices".
func N(n int, one, many string) string { return Int(n) + " " + Plural(n, one, many) }

// Plural chooses the form of a noun for a number.
func Plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Change writes a difference with its sign: +15, 0, −8.
func Change(n int) string {
	if n > 0 {
		return "+" + Int(n)
	}
	return Int(n)
}

// Age writes how long ago something was in one short unit: "2 s", "18 min", "3 h", "9 d".
func Age(d time.Duration) string {
	switch {
	case d < time.Second:
		return "now"
	case d < 90*time.Second:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()+.5))
	case d < 36*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()+.5))
	}
	return fmt.Sprintf("%s d", Int(int(d.Hours()/24+.5)))
}

// Ago writes an age as a sentence does: "just now", "18 min ago", "never".
func Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return "never"
	case d < time.Second:
		return "just now"
	default:
		return Age(d) + " ago"
	}
}

// Heard writes the age of the last frame, or "never".
func Heard(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return Age(max(0, now.Sub(t)))
}

// When writes a time as shortly as it stays clear: 17:31 today, Mon 09:02 this week, else 3 Nov 09:02.
func When(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	t = t.In(now.Location())
	y1, d1 := t.Year(), t.YearDay()
	switch {
	case y1 == now.Year() && d1 == now.YearDay():
		return t.Format("15:04")
	case now.Sub(t) < 6*24*time.Hour && t.Before(now):
		return t.Format("Mon 15:04")
	case y1 == now.Year():
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006")
}

// Span writes the stretch between two times, the day only once.
func Span(a, b, now time.Time) string {
	x, y := When(a, now), When(b, now)
	if x == y {
		return x
	}
	if i := strings.LastIndexByte(x, ' '); i > 0 && strings.HasPrefix(y, x[:i+1]) {
		y = y[i+1:]
	}
	return x + " to " + y
}

// Stamp writes a moment in full for a page head: Tue 24 Nov, 20:14:08.
func Stamp(t time.Time) string { return t.Format("Mon 2 Jan, 15:04:05") }

// Bytes writes an amount of data in decimal units, as network people count.
func Bytes(n uint64) string {
	const units = "kMGTP"
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	f, i := float64(n)/1000, 0
	for f >= 999.5 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if f < 9.95 {
		return fmt.Sprintf("%.1f %cB", f, units[i])
	}
	return fmt.Sprintf("%.0f %cB", f, units[i])
}

// Sure puts a confidence into a word: sure from 0.90, likely from 0.70, else weak.
func Sure(c float64) string {
	switch {
	case c >= .9:
		return "sure"
	case c >= .7:
		return "likely"
	}
	return "weak"
}

// Confidence writes a confidence with two digits; nothing is ever printed as certain by machine.
func Confidence(c float64) string { return strconv.FormatFloat(min(max(c, 0), 1), 'f', 2, 64) }

// Title gives a word its capital first letter.
func Title(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// Lower gives a phrase its small first letter inside a sentence; abbreviations keep theirs.
func Lower(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) || unicode.IsDigit(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// List joins words as a sentence does: "a", "a and b", "a, b and c".
func List(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
