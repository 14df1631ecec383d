package registry

import (
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

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

// KindOfKind reports whether a type of device is a kind of another: a pacs is a server.
func KindOfKind(kind, of string) bool { return slices.Contains(typeParents[kind], of) }

// Plausible reports whether an id may be unique: it has digits and is no factory default such as
// 00000000 or 123456.
func Plausible(id string) bool {
	kinds, digits := map[rune]bool{}, false
	for _, r := range id {
		if r != '-' && r != ':' && r != '.' && r != ' ' {
			kinds[r] = true
		}
		digits = digits || r >= '0' && r <= '9'
	}
	return digits && len(kinds) > 2 && !strings.HasPrefix("1234567890123456", id) && !strings.HasPrefix("0123456789", id)
}

// Redundant reports a hardware address shared by a group of routers: VRRP and CARP (RFC 9568), HSRP
// version 1 and 2, GLBP.
func Redundant(m ward.MAC) bool {
	return m[0] == 0 && m[1] == 0 && m[2] == 0x5e && m[3] == 0 && (m[4] == 1 || m[4] == 2) ||
		m[0] == 0 && m[1] == 0 && m[2] == 0x0c && (m[3] == 0x07 && m[4] == 0xac || m[3] == 0x9f && m[4]&0xf0 == 0xf0) ||
		m[0] == 0 && m[1] == 0x07 && m[2] == 0xb4
}

// EndDevice reports whether a type or an operating system is of a device that makers of network
// equipment do not build: computers of people, controllers, clinical devices.
func EndDevice(typ, os string) bool {
	switch ward.CategoryOf(typ) {
	case ward.Medical, ward.Building:
		return typ != "access control"
	case ward.IT:
		return typ != "voip phone" && typ != "server"
	}
	switch system, _ := System(os); system {
	case "windows", "windows server", "macos", "ios", "ipados", "android":
		return true
	}
	return false
}

// CategoryOf is the category of a device of a type and a maker: the type decides, else the maker
// where all its devices are of one category.
func CategoryOf(typ, maker string) ward.Category {
	if c := ward.CategoryOf(typ); c != ward.Unknown {
		return c
	}
	return KindOf(maker)
}

// Inside reports whether an address is not one of the internet's: private (RFC 1918, RFC 4193), link
// local, loopback, or shared by a carrier's translation (RFC 6598).
func Inside(ip ward.IP) bool {
	a := ip.Addr()
	return a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLoopback() || ip.Is4() && ip[12] == 100 && ip[13]&0xc0 == 64
}
