package importing

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// absent are the ways in which registers write that they do not know.
var absent = []string{"", "-", "--", "n/a", "na", "none", "null", "unknown", "tbd", "?", "not available", "not applicable"}

func isAbsent(s string) bool { return slices.Contains(absent, strings.ToLower(strings.TrimSpace(s))) }

func isMAC(s string) bool { _, err := ward.ParseMAC(s); return err == nil }

func isIP(s string) bool { _, err := netip.ParseAddr(s); return err == nil }

// dateForms are the ways in which a date can be written without doubt.
var dateForms = []string{
	time.DateOnly, "2006-01-02 15:04:05", time.RFC3339, "2006/01/02", "02.01.2006", "2.1.2006", "2 Jan 2006", "02-Jan-2006", "Jan 2, 2006", "January 2, 2006",
}

// date reads a date into year-month-day. One with slashes is read only when it cannot be meant
// otherwise: 3/4/2027 is March in one country and April in the next.
func date(s string) (string, error) {
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	dayFirst, err1 := time.Parse("2/1/2006", s)
	monthFirst, err2 := time.Parse("1/2/2006", s)
	switch {
	case err1 == nil && err2 == nil && !dayFirst.Equal(monthFirst):
		return "", fmt.Errorf("the date %q can mean two days; write it as year-month-day", short(s))
	case err1 == nil:
		return dayFirst.Format(time.DateOnly), nil
	case err2 == nil:
		return monthFirst.Format(time.DateOnly), nil
	}
	return "", fmt.Errorf("%q is not a date; write it as year-month-day", short(s))
}

// typeWords are words of registers for types of our vocabulary. Longer ones are tried first.
var typeWords = map[string]string{
	"infusion": "infusion pump", "syringe": "syringe pump", "enteral": "feeding pump", "physiologic monitor": "patient monitor",
	"vital signs monitor": "patient monitor", "bedside monitor": "patient monitor", "anesthesia": "anaesthesia workstation",
	"hemodialysis": "dialysis machine", "ecg": "electrocardiograph", "ekg": "electrocardiograph", "ct scanner": "imaging modality",
	"mri": "imaging modality", "x-ray": "imaging modality", "radiographic": "imaging modality", "mammograph": "imaging modality",
	"blood gas": "point-of-care analyser", "analyzer": "laboratory analyser", "analyser": "laboratory analyser", "glucometer": "glucose meter",
	"camera": "ip camera", "access control": "access control", "printer": "printer", "workstation": "workstation", "server": "server",
}

// typeOf is the type of our vocabulary that a text names; empty when it names none.
func typeOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if _, ok := ward.Types[s]; ok {
		return s
	}
	best, by := "", 0
	for t := range ward.Types {
		if strings.Contains(s, t) && len(t) > by {
			best, by = t, len(t)
		}
	}
	for word, t := range typeWords {
		if strings.Contains(s, word) && len(word) > by {
			best, by = t, len(word)
		}
	}
	return best
}

const maxCell = 2000

// clean brings a value into the form in which the register keeps it.
func clean(target Target, s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxCell {
		return "", fmt.Errorf("the value for %s is longer than 2,000 characters", target)
	}
	switch target {
	case MAC:
		m, err := ward.ParseMAC(s)
		if err != nil || m.IsZero() || m.IsGroup() {
			return "", fmt.Errorf("the hardware address %q cannot be read", short(s))
		}
		return m.String(), nil
	case IP:
		a, err := netip.ParseAddr(s)
		if err != nil || a.IsUnspecified() || a.IsMulticast() {
			return "", fmt.Errorf("the address %q cannot be read", short(s))
		}
		return a.Unmap().WithZone("").String(), nil
	case Target(inventory.Purchased), Target(inventory.Warranty), Target(inventory.NextService):
		return date(s)
	case Target(inventory.Criticality):
		return oneOf(s, inventory.Criticalities)
	case Target(inventory.State):
		return oneOf(s, inventory.States)
	}
	return s, nil
}

func oneOf(s string, list []string) (string, error) {
	s = strings.ToLower(s)
	if !slices.Contains(list, s) {
		return "", errors.New(`"` + short(s) + `" is none of: ` + strings.Join(list, ", "))
	}
	return s, nil
}

// short cuts a value that is quoted in a message.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
