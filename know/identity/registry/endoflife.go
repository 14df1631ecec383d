package registry

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// lifespan is the last day on which the maker gave security fixes for an operating system to the
// public, extended support that anyone may buy included.
type lifespan struct {
	family  string   // as System gives it
	version []string // words of the version, all of which must occur
	end     string   // 2006-01-02
}

// lifespans are dates from the makers' published lifecycle pages. A system that is not listed is
// not judged. Windows Embedded and IoT editions live longer than the desktop editions of the same
// name and are left out by their own word.
var lifespans = []lifespan{
	{"windows", []string{"95"}, "2001-12-31"}, {"windows", []string{"98"}, "2006-07-11"}, {"windows", []string{"nt"}, "2004-12-31"},
	{"windows", []string{"2000"}, "2010-07-13"}, {"windows", []string{"xp"}, "2014-04-08"}, {"windows", []string{"vista"}, "2017-04-11"},
	{"windows", []string{"5", "1"}, "2014-04-08"}, {"windows", []string{"5", "0"}, "2010-07-13"},
	{"windows", []string{"7"}, "2023-01-10"}, {"windows", []string{"8"}, "2016-01-12"}, {"windows", []string{"8", "1"}, "2023-01-10"},
	{"windows server", []string{"2003"}, "2015-07-14"}, {"windows server", []string{"2008"}, "2024-01-09"}, {"windows server", []string{"2012"}, "2026-10-13"},
	{"windows", []string{"2003"}, "2015-07-14"}, {"windows", []string{"2008"}, "2024-01-09"},
	{"macos", []string{"10"}, "2022-09-12"}, {"macos", []string{"11"}, "2023-09-26"}, {"macos", []string{"12"}, "2024-09-16"},
	{"red hat", []string{"5"}, "2020-11-30"}, {"red hat", []string{"6"}, "2024-06-30"}, {"centos", []string{"5"}, "2017-03-31"}, {"centos", []string{"6"}, "2020-11-30"}, {"centos", []string{"7"}, "2024-06-30"},
	{"debian", []string{"7"}, "2018-05-31"}, {"debian", []string{"8"}, "2020-06-30"}, {"debian", []string{"9"}, "2022-06-30"},
	{"freebsd", []string{"9"}, "2016-12-31"}, {"freebsd", []string{"10"}, "2018-10-31"}, {"freebsd", []string{"11"}, "2021-09-30"}, {"freebsd", []string{"12"}, "2023-12-31"},
}

// EndOfLife is when support of an operating system ended. firmware holds the version of systems
// that carry it there (Cisco IOS).
func EndOfLife(os, firmware string) (time.Time, bool) {
	name, version := System(os)
	lower := strings.ToLower(os)
	if strings.Contains(lower, "embedded") || strings.Contains(lower, "iot") || strings.Contains(lower, "ltsc") {
		return time.Time{}, false
	}
	switch name {
	case "openbsd": // each release is supported for about a year, two releases a year
		return openBSD(version)
	case "cisco ios": // 12.x and older trains: the last, 12.4, left support in January 2016
		train := version
		if len(train) == 0 {
			train = tokens(firmware)
		}
		if len(train) > 0 {
			if n, err := strconv.Atoi(train[0]); err == nil && n >= 9 && n <= 12 {
				return time.Date(2016, 1, 31, 0, 0, 0, 0, time.UTC), true
			}
		}
		return time.Time{}, false
	}
	var best *lifespan
	for i := range lifespans {
		l := &lifespans[i]
		if l.family == name && containsAll(version, l.version) && (best == nil || len(l.version) > len(best.version)) {
			best = l
		}
	}
	if best == nil {
		return time.Time{}, false
	}
	end, err := time.Parse(time.DateOnly, best.end)
	return end, err == nil
}

// openBSD counts releases from 6.0 of September 2016, one each half year.
func openBSD(version []string) (time.Time, bool) {
	if len(version) < 2 {
		return time.Time{}, false
	}
	major, err1 := strconv.Atoi(version[0])
	minor, err2 := strconv.Atoi(version[1])
	if err1 != nil || err2 != nil || major > 20 {
		return time.Time{}, false
	}
	halves := (major-6)*10 + minor
	return time.Date(2017, 9, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 6*halves, 0), true
}

func containsAll(have, want []string) bool {
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}
