package registry

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// corporate are words of a company's legal form, which say nothing about who it is.
var corporate = map[string]bool{
	"inc": true, "incorporated": true, "corp": true, "corporation": true, "co": true, "company": true, "ltd": true, "limited": true,
	"llc": true, "lp": true, "gmbh": true, "ag": true, "kg": true, "mbh": true, "sa": true, "srl": true, "spa": true, "bv": true,
	"nv": true, "ab": true, "oy": true, "oyj": true, "as": true, "aps": true, "plc": true, "pty": true, "pte": true, "sas": true,
	"kk": true, "sarl": true, "sro": true, "zoo": true, "cokg": true, "pvt": true, "private": true, "intl": true, "hq": true,
	"holdings": true, "holding": true, "incorporation": true, "se": true, "ug": true, "ek": true, "ehf": true, "dba": true,
	"international": true, "usa": true, "coltd": true,
}

// Canonical is the short name of a company: its legal form dropped, the well-known ones as people
// say them.
func Canonical(name string) string {
	s := strings.TrimSpace(name)
	if i := strings.IndexAny(s, "(["); i > 2 { // "LG Electronics (Mobile Communications)"
		s = s[:i]
	}
	s = strings.NewReplacer("S.p.A", "SPA", "s.r.l", "SRL", "S.R.L", "SRL", "S.r.l", "SRL", "B.V", "BV", "N.V", "NV", "s.r.o", "SRO", "S.A", "SA",
		"A/S", "AS", "K.K", "KK", "Co.,", "Co ", "& Co", " ", "GmbH&Co", "GmbH ").Replace(s)
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	for len(words) > 1 && (corporate[strings.ToLower(strings.Trim(words[len(words)-1], "."))] || strings.Trim(words[len(words)-1], ".&-/") == "") {
		words = words[:len(words)-1]
	}
	s = strings.Trim(strings.Join(words, " "), " .,&")
	if short, ok := wellKnown(s); ok {
		return short
	}
	return s
}

// wellKnown finds the usual name of a company in a table of beginnings, longest first.
func wellKnown(s string) (string, bool) {
	t := tokens(s)
	for n := min(len(t), 4); n > 0; n-- {
		if short, ok := makerNames[strings.Join(t[:n], " ")]; ok {
			return short, true
		}
	}
	return "", false
}

// makerNames maps how registries and devices begin a company's name to its usual name.
var makerNames = map[string]string{
	"hewlett packard enterprise": "Hewlett Packard Enterprise", "hewlett packard": "Hewlett Packard", "hp": "Hewlett Packard", "hpe": "Hewlett Packard Enterprise",
	"hewlettpackard": "Hewlett Packard", "procurve": "Hewlett Packard", "compaq": "Hewlett Packard", "hpn supply chain": "Hewlett Packard",
	"cisco": "Cisco", "ciscosystems": "Cisco", "cisco linksys": "Linksys", "cisco link sys": "Linksys", "cisco spvtg": "Cisco", "linksys": "Linksys",
	"apple": "Apple", "samsung": "Samsung", "samsung electro mechanics": "Samsung Electro-Mechanics", "lg electronics": "LG", "lg innotek": "LG Innotek",
	"dell": "Dell", "dell emc": "Dell", "lenovo": "Lenovo", "microsoft": "Microsoft", "google": "Google", "nest": "Nest", "amazon": "Amazon",
	"siemens healthcare": "Siemens Healthineers", "siemens healthineers": "Siemens Healthineers", "siemens medical": "Siemens Healthineers",
	"siemens": "Siemens", "philips medical": "Philips", "philips healthcare": "Philips", "philips patient monitoring": "Philips", "koninklijke philips": "Philips",
	"philips lighting": "Philips", "signify": "Philips", "philips": "Philips", "ge medical": "GE Healthcare", "ge healthcare": "GE Healthcare", "general electric": "General Electric",
	"ge medical systems": "GE Healthcare", "ge fanuc": "GE Intelligent Platforms", "ge intelligent platforms": "GE Intelligent Platforms", "intelligent platforms": "GE Intelligent Platforms", "drager": "Dräger", "draeger": "Dräger", "dräger": "Dräger", "drägerwerk": "Dräger", "draegerwerk": "Dräger", "drager medical": "Dräger",
	"b braun": "B. Braun", "baxter": "Baxter", "hospira": "Hospira", "icu medical": "ICU Medical", "carefusion": "BD", "carefusion 303": "BD", "becton dickinson": "BD", "becton": "BD",
	"alaris": "BD", "fresenius": "Fresenius Kabi", "fresenius medical": "Fresenius Medical Care", "fresenius kabi": "Fresenius Kabi", "shenzhen mindray": "Mindray", "mindray": "Mindray", "mindray ds": "Mindray",
	"nihon kohden": "Nihon Kohden", "toshiba medical": "Canon Medical", "canon medical": "Canon Medical", "toshiba mec": "Canon Medical", "toshiba_mec": "Canon Medical", "agfa": "Agfa", "carestream": "Carestream", "hologic": "Hologic",
	"fujifilm": "Fujifilm", "fuji film": "Fujifilm", "fuji photo": "Fujifilm", "konica": "Konica Minolta", "welch allyn": "Welch Allyn", "hill rom": "Hillrom", "hillrom": "Hillrom", "spacelabs": "Spacelabs", "stryker": "Stryker",
	"rockwell automation": "Rockwell Automation", "allen bradley": "Rockwell Automation", "schneider electric": "Schneider Electric", "schneider automation": "Schneider Electric", "telemecanique": "Schneider Electric", "square d": "Schneider Electric",
	"johnson controls": "Johnson Controls", "jci": "Johnson Controls", "honeywell": "Honeywell", "beckhoff": "Beckhoff", "omron": "Omron", "mitsubishi electric": "Mitsubishi Electric", "phoenix contact": "Phoenix Contact", "wago": "WAGO", "abb": "ABB",
	"american power conversion": "APC", "apc": "APC", "eaton": "Eaton", "emerson": "Emerson", "rosemount": "Rosemount", "trane": "Trane", "the trane": "Trane", "tridium": "Tridium", "vykon": "Tridium",
	"juniper": "Juniper", "netscreen": "Juniper", "extreme networks": "Extreme Networks", "enterasys": "Extreme Networks", "aruba": "Aruba", "arista": "Arista", "brocade": "Brocade", "huawei": "Huawei", "ubiquiti": "Ubiquiti",
	"fortinet": "Fortinet", "palo alto": "Palo Alto Networks", "checkpoint": "Check Point", "check point": "Check Point", "sonicwall": "SonicWall", "watchguard": "WatchGuard", "meraki": "Cisco Meraki", "cisco meraki": "Cisco Meraki", "ruckus": "Ruckus",
	"netgear": "Netgear", "d link": "D-Link", "dlink": "D-Link", "tp link": "TP-Link", "tplink": "TP-Link", "zyxel": "Zyxel", "mikrotik": "MikroTik", "routerboard": "MikroTik", "routerboard com": "MikroTik", "avm": "AVM", "belkin": "Belkin", "edimax": "Edimax", "asustek": "ASUS", "asus": "ASUS",
	"synology": "Synology", "qnap": "QNAP", "netapp": "NetApp", "emc": "Dell", "ibm": "IBM", "international business machines": "IBM", "fujitsu": "Fujitsu", "supermicro": "Supermicro", "super micro": "Supermicro", "sun microsystems": "Oracle",
	"brother": "Brother", "canon": "Canon", "seiko epson": "Epson", "epson": "Epson", "lexmark": "Lexmark", "kyocera": "Kyocera", "ricoh": "Ricoh", "xerox": "Xerox", "zebra": "Zebra", "sharp": "Sharp", "oki": "Oki", "oki electric": "Oki",
	"axis communications": "Axis", "axis": "Axis", "hangzhou hikvision": "Hikvision", "hikvision": "Hikvision", "zhejiang dahua": "Dahua", "dahua": "Dahua", "hanwha": "Hanwha", "bosch": "Bosch", "robert bosch": "Bosch", "sony": "Sony", "panasonic": "Panasonic", "mobotix": "Mobotix", "vivotek": "Vivotek",
	"grandstream": "Grandstream", "polycom": "Polycom", "yealink": "Yealink", "snom": "Snom", "mitel": "Mitel", "avaya": "Avaya", "ascom": "Ascom", "spectralink": "Spectralink", "vocera": "Vocera", "gigaset": "Gigaset", "unify": "Unify",
	"motorola": "Motorola", "htc": "HTC", "xiaomi": "Xiaomi", "oneplus": "OnePlus", "nintendo": "Nintendo", "sonos": "Sonos", "roku": "Roku", "tivo": "TiVo", "osram": "Osram", "eq 3": "eQ-3", "eq3": "eQ-3", "withings": "Withings", "fitbit": "Fitbit", "garmin": "Garmin", "tuya": "Tuya", "technicolor": "Technicolor", "arris": "Arris", "sagemcom": "Sagemcom", "sfr": "SFR", "raspberry pi": "Raspberry Pi",
	"medtronic": "Medtronic", "covidien": "Medtronic", "abbott": "Abbott", "roche": "Roche", "radiometer": "Radiometer", "instrumentation laboratory": "Werfen", "sysmex": "Sysmex", "beckman coulter": "Beckman Coulter", "omnicell": "Omnicell", "masimo": "Masimo", "nonin": "Nonin", "zoll": "ZOLL", "hamilton medical": "Hamilton Medical", "maquet": "Getinge", "getinge": "Getinge", "smiths medical": "Smiths Medical", "ivenix": "Ivenix", "a and d": "A&D", "nipro": "Nipro", "gambro": "Baxter",
	"veeder root": "Veeder-Root", "gilbarco": "Veeder-Root", "enertex": "Enertex", "rosemount analytical": "Rosemount",
}

// families are names under which parts of one company appear.
var families = []string{
	"Hewlett Packard|Hewlett Packard Enterprise|Aruba", "Rosemount|Emerson", "Cisco|Cisco Meraki|Linksys", "Google|Nest|Fitbit",
	"Siemens|Siemens Healthineers|Siemens Schweiz", "GE Healthcare|General Electric|GE Intelligent Platforms|Emerson", "Tridium|Honeywell", "Juniper|NetScreen",
	"Dräger|Siemens", "Medtronic|Covidien", "Hospira|ICU Medical|Smiths Medical", "Baxter|Hillrom|Welch Allyn", "Ubiquiti|Ubiquiti Networks",
	"LG|LG Innotek", "Samsung|Samsung Electro-Mechanics", "Abbott|Alere", "Canon|Canon Medical", "Toshiba|Canon Medical",
}

// SameFamily reports whether two usual names belong to parts of one company.
func SameFamily(x, y string) bool {
	for _, f := range families {
		if hasName(f, x) && hasName(f, y) {
			return true
		}
	}
	return false
}

func hasName(family, name string) bool {
	for n := range strings.SplitSeq(family, "|") {
		if n == name {
			return true
		}
	}
	return false
}

// MakerWords lists, in lower case, the words of the makers' names.
func MakerWords() []string {
	var words []string
	for name := range makerNames {
		words = append(words, tokens(name)...)
	}
	return words
}

// tokens cuts a name into lower-case words of letters and digits.
func tokens(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80
	})
}

// oneKind lists makers all of whose devices are of one category.
var oneKind = map[string]ward.Category{
	"Dräger": ward.Medical, "B. Braun": ward.Medical, "Baxter": ward.Medical, "Hospira": ward.Medical, "ICU Medical": ward.Medical,
	"Fresenius Kabi": ward.Medical, "Fresenius Medical Care": ward.Medical, "Mindray": ward.Medical, "Nihon Kohden": ward.Medical,
	"GE Healthcare": ward.Medical, "Siemens Healthineers": ward.Medical, "Canon Medical": ward.Medical, "Hologic": ward.Medical,
	"Carestream": ward.Medical, "Welch Allyn": ward.Medical, "Hillrom": ward.Medical, "Spacelabs": ward.Medical, "Masimo": ward.Medical,
	"Nonin": ward.Medical, "ZOLL": ward.Medical, "Hamilton Medical": ward.Medical, "Getinge": ward.Medical, "Smiths Medical": ward.Medical,
	"Medtronic": ward.Medical, "Radiometer": ward.Medical, "Werfen": ward.Medical, "Sysmex": ward.Medical, "Beckman Coulter": ward.Medical,
	"Roche": ward.Medical, "Omnicell": ward.Medical, "BD": ward.Medical, "Stryker": ward.Medical, "Ivenix": ward.Medical, "Withings": ward.Medical,
	"Tridium": ward.Building, "Johnson Controls": ward.Building, "Trane": ward.Building, "Beckhoff": ward.Building, "WAGO": ward.Building,
	"Rockwell Automation": ward.Building, "Phoenix Contact": ward.Building, "Omron": ward.Building, "Rosemount": ward.Building, "APC": ward.Building,
	"Enertex": ward.Building, "Veeder-Root": ward.Building,
	"Axis": ward.IoT, "Hikvision": ward.IoT, "Dahua": ward.IoT, "Vivotek": ward.IoT, "Mobotix": ward.IoT, "Sonos": ward.IoT, "Tuya": ward.IoT,
	"Nest": ward.IoT, "TiVo": ward.IoT, "Roku": ward.IoT, "eQ-3": ward.IoT, "Nintendo": ward.IoT,
	"Juniper": ward.Network, "Extreme Networks": ward.Network, "Arista": ward.Network, "Brocade": ward.Network, "Fortinet": ward.Network,
	"Palo Alto Networks": ward.Network, "Check Point": ward.Network, "Ruckus": ward.Network, "Cisco Meraki": ward.Network, "MikroTik": ward.Network,
	"Brother": ward.IT, "Lexmark": ward.IT, "Kyocera": ward.IT, "Epson": ward.IT, "Synology": ward.IT, "QNAP": ward.IT, "NetApp": ward.IT,
	"Grandstream": ward.IT, "Polycom": ward.IT, "Yealink": ward.IT, "Snom": ward.IT, "Apple": ward.IT, "Dell": ward.IT,
}

// KindOf is the category of all devices of a maker, Unknown when it builds several kinds.
func KindOf(maker string) ward.Category {
	if c, ok := oneKind[maker]; ok {
		return c
	}
	return ward.Unknown
}
