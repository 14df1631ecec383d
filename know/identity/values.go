package identity

import (
	"slices"
	"strings"

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
		return relateBy(typeParents, x, y)
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

// typeParents says which type is a kind of which.
var typeParents = map[string][]string{
	"pacs": {"server"}, "nas": {"server"}, "hl7 interface engine": {"server"}, "laboratory system": {"server"},
	"electronic health record": {"server"}, "device gateway": {"server"}, "dicom router": {"server"}, "pump gateway": {"device gateway", "server"},
	"video recorder": {"server"}, "central station": {"workstation", "server"}, "imaging workstation": {"workstation"},
	"thin client": {"workstation"}, "medication cabinet": {"workstation"}, "anaesthesia workstation": {"workstation"},
	"digital signage": {"workstation"}, "imaging modality": {"workstation"}, "laboratory analyser": {"workstation"},
	"ultrasound": {"imaging modality", "workstation"}, "syringe pump": {"infusion pump"},
	"point-of-care analyser": {"laboratory analyser"}, "medical printer": {"printer"},
	"firewall": {"router"}, "home gateway": {"router", "iot hub"}, "lighting bridge": {"iot hub"}, "wireless lan controller": {"switch"},
	"hvac controller": {"building controller"}, "thermostat": {"hvac controller", "building controller"}, "access control": {"building controller"},
	"building gateway": {"building controller"}, "elevator": {"building controller"},
	"remote i/o": {"plc"}, "communications adapter": {"plc"}, "smart tv": {"media player"}, "smart speaker": {"media player"},
	"sensor": {"iot hub"}, "router": {"switch"},
}

// relateBy compares two values in a table of kinds.
func relateBy(parents map[string][]string, x, y string) relation {
	switch {
	case slices.Contains(parents[y], x):
		return general
	case slices.Contains(parents[x], y):
		return specific
	}
	return differs
}

// osParents says which operating system is built on which.
var osParents = map[string]string{
	"ubuntu": "linux", "debian": "linux", "centos": "linux", "red hat": "linux", "fedora": "linux", "suse": "linux", "kali": "linux",
	"android": "linux", "openwrt": "linux", "raspbian": "linux", "chrome os": "linux", "webos": "linux", "tizen": "linux",
	"dsm": "linux", "alpine": "linux", "oracle linux": "linux", "rocky": "linux", "almalinux": "linux", "routeros": "linux",
	"vmware esxi": "esxi", "pfsense": "freebsd", "opnsense": "freebsd", "junos": "freebsd", "truenas": "freebsd",
	"ipados": "ios", "ios xe": "cisco ios", "ios-xe": "cisco ios", "ios xr": "cisco ios", "nx-os": "cisco nx-os",
	"fire os": "android", "wind river": "linux", "yocto": "linux", "fortios": "linux", "arubaos": "linux", "pan-os": "linux",
}

// osName is a system's name without version, and the rest.
func osName(v string) (name string, version []string) {
	v = strings.ToLower(v)
	for _, n := range osNames {
		if i := strings.Index(v, n[0]); i >= 0 && wordAt(v, i, len(n[0])) {
			rest := tokens(v[:i] + " " + v[i+len(n[0]):])
			return n[1], slices.DeleteFunc(rest, func(t string) bool { return osNoise[t] })
		}
	}
	t := tokens(v)
	if len(t) == 0 {
		return v, nil
	}
	return t[0], t[1:]
}

func wordAt(s string, i, n int) bool {
	letter := func(c byte) bool { return c >= 'a' && c <= 'z' }
	return (i == 0 || !letter(s[i-1])) && (i+n == len(s) || !letter(s[i+n]))
}

// osNames lists spellings, the particular before the general.
var osNames = [][2]string{
	{"mac os x", "macos"}, {"os x", "macos"}, {"macos", "macos"}, {"ipados", "ipados"}, {"apple ios", "ios"},
	{"ios-xe", "ios xe"}, {"ios xe", "ios xe"}, {"ios xr", "ios xr"}, {"cisco ios", "cisco ios"}, {"windows ce", "windows ce"},
	{"windows embedded compact", "windows ce"}, {"windows server", "windows server"}, {"windows", "windows"},
	{"red hat", "red hat"}, {"chrome os", "chrome os"}, {"oracle linux", "oracle linux"}, {"wind river", "wind river"},
	{"fire os", "fire os"}, {"ubuntu", "ubuntu"}, {"debian", "debian"}, {"centos", "centos"}, {"fedora", "fedora"}, {"suse", "suse"},
	{"kali", "kali"}, {"android", "android"}, {"openwrt", "openwrt"}, {"raspbian", "raspbian"}, {"alpine", "alpine"},
	{"vxworks", "vxworks"}, {"pfsense", "pfsense"}, {"freebsd", "freebsd"}, {"linux", "linux"}, {"ios", "ios"},
}

var osNoise = map[string]bool{"microsoft": true, "cisco": true, "apple": true, "gnu": true, "or": true, "lts": true, "software": true, "version": true}

// relateOS compares two operating systems: "linux" is general to "ubuntu 14.04".
func relateOS(x, y string) relation {
	nx, vx := osName(x)
	ny, vy := osName(y)
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
	case above(nx, ny):
		return general
	case above(ny, nx):
		return specific
	}
	return differs
}

// above reports whether a is an ancestor of b.
func above(a, b string) bool {
	if a == "windows" && (b == "windows server" || b == "windows ce") {
		return true
	}
	for range 3 {
		p, ok := osParents[b]
		if !ok {
			return false
		}
		if p == a {
			return true
		}
		b = p
	}
	return false
}
