package registry

import "strings"

// programs are makers of media programs that describe themselves by UPnP as if they were devices.
var programs = map[string]bool{
	"microsoft": true, "plex": true, "justin maggard": true, "xbmc foundation": true, "xbmc": true, "team kodi": true, "miniupnp": true,
	"miniupnp project": true, "packetvideo": true, "twonky": true, "emby": true, "jellyfin": true, "openwrt": true, "serviio": true,
	"universal media server": true, "debian": true, "gentoo": true, "fedora": true, "ubuntu": true,
}

// ProgramMaker reports whether a name is of a maker of such programs.
func ProgramMaker(name string) bool { return programs[strings.ToLower(name)] }

// IsProgram reports whether a model is the name of a program.
func IsProgram(model string) bool {
	lower := strings.ToLower(model)
	for _, p := range []string{"windows media", "minidlna", "readymedia", "serviio", "plex media", "kodi", "xbmc", "twonky", "universal media server", "miniupnpd", "media server", "jellyfin", "emby", "gmediarender", "shairport", "bubbleupnp", "open62541"} {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return false
}

// SaysNothing reports whether a value is what devices write when they have nothing to say.
func SaysNothing(v string) bool {
	if strings.Trim(v, " -_.?0xX*#") == "" {
		return true
	}
	switch strings.ToLower(v) {
	case "unknown", "none", "n/a", "na", "null", "not available", "not specified", "to be filled by o.e.m.", "default", "default string",
		"model", "manufacturer", "serial", "serial number", "undefined", "not set", "empty", "test", "unnamed":
		return true
	}
	return false
}

// PlainWords are words in names of devices that name no person: products, kinds of device, places and
// roles in a hospital, and the filler of service names.
const PlainWords = `
	iphone ipad ipod macbook imac mac mini pro air max apple tv watch homepod galaxy samsung note tab pixel nexus android phone tablet laptop
	desktop notebook surface thinkpad latitude optiplex workstation server printer scanner camera cam ipcam switch router gateway bridge hub
	controller access point wifi wireless network gainspan lightify osram philips hue withings fitbit aria edimax belkin wemo tplink dlink
	linksys netgear cisco juniper aruba dell lenovo fujitsu hewlett packard brother canon epson lexmark kyocera ricoh xerox zebra axis bosch
	hikvision dahua siemens healthineers draeger dräger mindray baxter braun hospira alaris carefusion fresenius spectrum infusomat perfusor
	space station infusion pump syringe monitor intellivue carescape ventilator evita infinity dialysis modality ultrasound xray mammo angio
	fluoro pacs ris his lis emr ehr dicom worklist archive viewer router broker engine mirth rhapsody cloverleaf ensemble interface lab
	analyser analyzer glucose scale nurse call bed ward room floor theatre theater icu nicu picu emergency radiology cardiology oncology
	pharmacy surgery maternity paediatrics pediatrics reception office admin guest public hospital clinic building plant hvac bacnet
	modbus plc thermostat sensor meter ups lift elevator door badge reader node host client user test demo local localhost domain
	workgroup unknown default windows linux ubuntu debian kali raspberry raspberrypi raspbian esp espressif shelly sonos roku chromecast
	google nest echo alexa amazon fire smart plug light lamp bulb speaker media player kitchen living bedroom bathroom garage home
	synology diskstation qnap nas storage backup mail web proxy dns dhcp ntp ldap domaincontroller controller database sql app apps prod dev
	staging primary secondary master slave north south east west left right front back main new old
	nintendo xbox playstation wii tivo onlive huawei xiaomi redmi oneplus motorola nokia sony xperia honor oppo vivo realme
	the and for von der de la el my of device service services http https ipp workstation smb tcp udp airplay raop
	configuration utility internet link series colorful color colour laser jet ink deluxe smart home living office net sys system systems
	rad mri ct us er or ed gyn ent uro neuro ortho paed stroke triage ward1 lab1 hr it fin acct
	manager agent monitor display sign kiosk terminal console portal cloud iot device module embedded wlan lan eth usb
`
