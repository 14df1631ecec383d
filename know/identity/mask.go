package identity

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
)

// Mask hides what looks like a person's name in a name that a person chose for a device or an
// account. It keeps product words, makers, roles, places and whatever has digits in it, since those
// identify the device: 'Lucas-iPhone' becomes 'L…-iPhone', 'NicksMacBook' 'N…MacBook', while
// 'HS100(EU)', 'Lightify-7B5F6B' and 'CT-RAD-02' stay. A user principal (name@realm) is hidden up
// to the @.
func Mask(name string) string {
	if at := strings.IndexByte(name, '@'); at > 0 && !strings.Contains(name[:at], "/") {
		return initial(name[:at]) + name[at:]
	}
	if dot := strings.IndexByte(name, '.'); dot > 0 && !strings.ContainsAny(name, " /:=<>") {
		return Mask(name[:dot]) + name[dot:] // a domain is a place, not a person
	}
	owned := isOwned(name)
	var b strings.Builder
	rest := name
	changed := false
	for rest != "" {
		word, sep := nextWord(rest)
		shown := maskWord(word, owned)
		changed = changed || shown != word
		b.WriteString(shown)
		b.WriteString(sep)
		rest = rest[len(word)+len(sep):]
	}
	if !changed {
		return name
	}
	return b.String()
}

// nextWord cuts one run of letters and digits and the separators behind it. An apostrophe belongs
// to the word.
func nextWord(s string) (word, sep string) {
	part := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' || r == '…'
	}
	i := strings.IndexFunc(s, func(r rune) bool { return !part(r) })
	if i < 0 {
		return s, ""
	}
	j := strings.IndexFunc(s[i:], part)
	if j < 0 {
		return s[:i], s[i:]
	}
	return s[:i], s[i : i+j]
}

// maskWord hides one word. owned says that the name is of a thing that belongs to somebody, so that
// even four capitals are a name: JOHN-PC.
func maskWord(w string, owned bool) string {
	if utf8.RuneCountInString(w) < 3 || strings.IndexFunc(w, unicode.IsDigit) >= 0 && !productTail(w) {
		return w
	}
	lower := strings.ToLower(w)
	if plainWords()[lower] || plainWords()[strings.TrimSuffix(lower, "s")] || !owned && allCapsCode(w) {
		return w
	}
	for _, p := range productTails { // NicksMacBook, Annas-iPhone2
		if i := strings.Index(lower, p); i > 0 {
			head := w[:i]
			if plainWords()[strings.ToLower(head)] {
				return w
			}
			return initial(head) + w[i:]
		} else if i == 0 {
			return w
		}
	}
	return initial(w)
}

// isOwned reports whether a name is of a personal thing.
func isOwned(name string) bool {
	lower := strings.ToLower(name)
	for _, p := range productTails {
		if strings.Contains(lower, p) {
			return true
		}
	}
	return strings.HasSuffix(lower, "-pc") || strings.HasPrefix(lower, "pc-") || strings.HasSuffix(lower, " pc")
}

func productTail(w string) bool {
	lower := strings.ToLower(w)
	for _, p := range productTails {
		if strings.Index(lower, p) > 0 {
			return true
		}
	}
	return false
}

// allCapsCode reports short codes of capitals, as wards and systems are named: CT, PACS, RAD, ICU.
func allCapsCode(w string) bool { return len(w) <= 4 && w == strings.ToUpper(w) }

func initial(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	if n == 0 || n == len(w) {
		return "…"
	}
	return string(r) + "…"
}

// productTails are words that people put behind their own name.
var productTails = []string{
	"iphone", "ipad", "ipod", "macbook", "imac", "macmini", "laptop", "desktop", "notebook", "galaxy", "pixel", "phone", "tablet", "surface",
	"thinkpad", "printer", "watch", "android", "chromebook", "homepod", "appletv",
}

// plainWords are words in names of devices that name no person: those below, makers, and what the
// fingerprints of names look for.
var plainWords = sync.OnceValue(func() map[string]bool {
	set := setOfWords(functionWords)
	for _, w := range registry.MakerWords() {
		set[w] = true
	}
	if s, err := prints.Builtin(); err == nil {
		for _, w := range s.Words("device name", "mdns instance") {
			set[w] = true
		}
	}
	return set
})

const functionWords = `
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

func setOfWords(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
