package identity

import (
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// relation says how two values of one attribute stand to each other.
type relation uint8

const (
	differs relation = iota // both cannot be true
	same
	general  // the first is true whenever the second is
	specific // the other way round
	beside   // both may be true: two names of one thing
)

// relate compares two values of an attribute.
func relate(a ward.Attr, x, y string) relation {
	if x == y {
		return same
	}
	switch a {
	case ward.Type:
		return relateKinds(x, y)
	case ward.OS:
		return relateOS(x, y)
	case ward.Manufacturer:
		return relateMaker(x, y)
	case ward.Model:
		return orBeside(relateTokens(tokens(x), tokens(y)))
	case ward.Firmware:
		if bareVersion(x) == bareVersion(y) {
			return same
		}
		return beside
	case ward.Serial:
		if strings.EqualFold(bareSerial(x), bareSerial(y)) {
			return same
		}
		return differs
	}
	return orBeside(relateTokens(tokens(x), tokens(y)))
}

func orBeside(r relation) relation {
	if r == differs {
		return beside
	}
	return r
}

// tokens cuts a value into lower-case words of letters and digits.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80
	})
}

func relateTokens(x, y []string) relation {
	xy, yx := subset(x, y), subset(y, x)
	switch {
	case xy && yx:
		return same
	case xy:
		return general
	case yx:
		return specific
	}
	return differs
}

func subset(x, y []string) bool {
	for _, t := range x {
		if !slices.Contains(y, t) {
			return false
		}
	}
	return len(x) > 0
}

func bareVersion(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "version ")
	return strings.TrimPrefix(s, "v")
}

func bareSerial(s string) string {
	return strings.TrimLeft(strings.NewReplacer(":", "", "-", "", " ", "").Replace(strings.TrimPrefix(strings.ToLower(s), "0x")), "0")
}

// relateKinds compares two types of device.
func relateKinds(x, y string) relation {
	switch {
	case registry.KindOfKind(y, x):
		return general
	case registry.KindOfKind(x, y):
		return specific
	}
	return differs
}

// relateOS compares two operating systems: "linux" is general to "ubuntu 14.04".
func relateOS(x, y string) relation {
	if strings.Contains(x, " or ") || strings.Contains(y, " or ") {
		return relateEither(strings.Split(x, " or "), strings.Split(y, " or "))
	}
	nx, vx := registry.System(x)
	ny, vy := registry.System(y)
	if nx == ny {
		switch {
		case len(vx) == 0 && len(vy) == 0:
			return same
		case len(vx) == 0:
			return general
		case len(vy) == 0:
			return specific
		}
		return relateTokens(vx, vy)
	}
	switch {
	case nx == "windows" && len(vx) > 0, ny == "windows" && len(vy) > 0:
		return differs // Windows 10 is no Windows Server
	case registry.Above(nx, ny):
		return general
	case registry.Above(ny, nx):
		return specific
	}
	return differs
}

// relateEither compares systems of which one or both are told as alternatives: "Windows 7 or Server
// 2008 R2" is general to either.
func relateEither(xs, ys []string) relation {
	within := func(list, of []string) int { // how many of list are, or are a kind of, one of the others
		n := 0
		for _, a := range list {
			for _, b := range of {
				r := relateOS(alternative(b, of), alternative(a, list))
				if r == same || r == general {
					n++
					break
				}
			}
		}
		return n
	}
	nx, ny := within(xs, ys), within(ys, xs)
	switch {
	case nx == len(xs) && ny == len(ys):
		return same
	case ny == len(ys):
		return general
	case nx == len(xs):
		return specific
	case nx+ny > 0:
		return beside
	}
	return differs
}

// alternative completes one of several alternatives, which leave out the name they share.
func alternative(v string, all []string) string {
	first, _, _ := strings.Cut(all[0], " ")
	if strings.HasPrefix(v, first) {
		return v
	}
	return first + " " + v
}

// relateMaker compares two companies.
func relateMaker(x, y string) relation {
	r := relateTokens(tokens(x), tokens(y))
	if r != differs {
		return r
	}
	if registry.SameFamily(x, y) {
		return beside
	}
	return differs
}
