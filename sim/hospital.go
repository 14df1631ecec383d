package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Zone is a VLAN of the hospital: what it is for, and whether a mirror port shows it.
type Zone struct {
	VLAN   uint16
	Name   string
	Kind   string // as inventory's zone kinds: "clinical", "imaging" ...
	Subnet byte   // third byte of 10.20.x.0/24
	Seen   bool   // a mirror port shows its traffic
	Switch string // where a mirror port would show it, when it is not seen
}

// Zones are the zones of the hospital, as its network engineer would list them.
var Zones = []Zone{
	{110, "4 West beds", "clinical", 110, true, ""},
	{111, "4 East beds", "clinical", 111, true, ""},
	{112, "ICU", "clinical", 112, true, ""},
	{120, "Imaging", "imaging", 120, true, ""},
	{130, "Laboratory", "laboratory", 130, true, ""},
	{140, "Theatres", "clinical", 140, true, ""},
	{150, "Building", "building", 150, true, ""},
	{160, "Badge, video", "building", 160, true, ""},
	{200, "Office", "office", 200, true, ""},
	{240, "Pharmacy", "clinical", 240, false, "core switch 2, port Gi1/0/24"},
	{250, "Nurse call", "clinical", 250, false, "core switch 2, port Gi1/0/24"},
}

// Device is one device of the hospital. Its serial and host name are invented.
type Device struct {
	Port
	Kind     string // which script it follows; see scripts
	Zone     Zone
	Maker    string
	Model    string
	Firmware string
	OS       string
	Serial   string
	Host     string // host name
	Type     string // what a register should call it, one of ward.Types
	Bed      string // "4 West bed 12", empty away from a bed
	Number   int    // among its kind in its zone, from 1
}

// model is a line of the shopping list: how many of what stand where.
type model struct {
	vlan     uint16
	count    int
	kind     string
	maker    string
	name     string
	firmware string
	os       string
	oui      [3]byte // of the maker's block; the second bit set where the maker is invented
	host     string  // host name with the number in it
	serial   string  // prefix of the serial
}

// Hospital is the whole cast.
type Hospital struct {
	Devices []*Device
	byKind  map[string][]*Device
	gateway map[uint16]*Device
	seed    uint64
	random  *rand.Rand
}

// NewHospital builds the same 120-bed hospital for the same seed.
func NewHospital(seed uint64) *Hospital {
	h := &Hospital{
		byKind: map[string][]*Device{}, gateway: map[uint16]*Device{}, seed: seed,
		random: rand.New(rand.NewPCG(seed, 0x5eed)), //nolint:gosec // a script, not a secret
	}
	next := map[uint16]byte{}
	for _, m := range shoppingList {
		zone, _ := ZoneOf(m.vlan)
		for i := range m.count {
			next[m.vlan]++
			n := next[m.vlan]
			d := &Device{
				Port: Port{
					MAC:  ward.MAC{m.oui[0], m.oui[1], m.oui[2], zone.Subnet, byte(h.random.UintN(256)), n},
					IP:   ward.IP4([]byte{10, 20, zone.Subnet, n}),
					VLAN: m.vlan,
				},
				Kind: m.kind, Zone: zone, Type: typeOf(m.kind), Maker: m.maker, Model: m.name, Firmware: m.firmware, OS: m.os,
				Serial: h.serial(&m), Number: i + 1,
			}
			d.TTL = lifetime(m.os)
			if d.Host = m.host; strings.Contains(m.host, "%") {
				d.Host = fmt.Sprintf(m.host, i+1)
			}
			if bedside[m.kind] {
				d.Bed = fmt.Sprintf("%s bed %d", wardName(zone), i%bedsIn(zone)+1)
			}
			h.Devices = append(h.Devices, d)
			h.byKind[m.kind] = append(h.byKind[m.kind], d)
			if m.kind == "router" {
				h.gateway[m.vlan] = d
			}
		}
	}
	pump := h.swapped()
	pump.Serial, pump.Firmware = serialAfter, firmwareAfter
	return h
}

// serial invents a serial number the way the maker numbers; nothing where no frame would tell it.
func (h *Hospital) serial(m *model) string {
	switch {
	case m.serial == "":
		return ""
	case m.maker == "Cisco": // plant, year and week, four letters or digits
		return fmt.Sprintf("%s22%02d%04X", m.serial, 1+h.random.IntN(52), 0x1000+h.random.IntN(0xeffe))
	}
	return fmt.Sprintf("%s%05d", m.serial, 10000+h.random.IntN(89999))
}

// lifetime is what an operating system writes into the TTL of its packets.
func lifetime(os string) byte {
	switch {
	case strings.HasPrefix(os, "Windows"):
		return 128
	case strings.HasPrefix(os, "Cisco"):
		return 255
	}
	return 64
}

// typeOf is the type, in the words of package ward, of what the shopping list calls by its kind.
func typeOf(kind string) string {
	switch kind {
	case "ct", "mr", "x-ray":
		return "imaging modality"
	case "glucose meter", "blood gas analyser":
		return "point-of-care analyser"
	case "haematology analyser":
		return "laboratory analyser"
	case "ward workstation", "office workstation", "office mac", "imaging workstation", "imaging workstation old":
		return "workstation"
	case "domain controller", "laboratory system", "health record", "pump server":
		return "server"
	case "interface engine":
		return "hl7 interface engine"
	case "badge reader":
		return "access control"
	case "surgical display":
		return "surgical system"
	case "wearables gateway":
		return "health gateway"
	case "unknown":
		return ""
	}
	return kind
}

// ZoneOf finds a zone by its VLAN.
func ZoneOf(vlan uint16) (Zone, bool) {
	for _, z := range Zones {
		if z.VLAN == vlan {
			return z, true
		}
	}
	return Zone{}, false
}

// Kind gives the devices of a kind.
func (h *Hospital) Kind(kind string) []*Device { return h.byKind[kind] }

// Gateway gives the router's address on a VLAN.
func (h *Hospital) Gateway(vlan uint16) ward.MAC {
	if d := h.gateway[vlan]; d != nil {
		return d.MAC
	}
	return ward.MAC{}
}

// bedside kinds stand at a bed.
var bedside = map[string]bool{"infusion pump": true, "syringe pump": true, "patient monitor": true, "ventilator": true, "smart bed": true}

// bedsIn is how many beds a zone has: 120 in all.
func bedsIn(z Zone) int {
	switch z.VLAN {
	case 110, 111:
		return 48
	case 112:
		return 24
	}
	return 1
}

func wardName(z Zone) string {
	switch z.VLAN {
	case 110:
		return "4 West"
	case 111:
		return "4 East"
	}
	return z.Name
}
