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
	case registry.Above(nx, ny):
		return general
	case registry.Above(ny, nx):
		return specific
	}
	return differs
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
