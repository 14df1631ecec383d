package prints

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Report says what became of a directory of recog files.
type Report struct {
	Files, Prints int
	// Unread lists patterns that RE2 cannot express, and files whose field no decoder reads.
	Unread []string
}

// recogFields maps the "matches" word of a recog file to the fields our decoders declare. Files
// that are not listed read something that is not seen on the wire.
var recogFields = map[string][]string{
	"http_header.server":           {"http server", "ssdp server", "upnp server"},
	"http_header.wwwauth":          {"http www-authenticate"},
	"http_header.cookie":           {"http set-cookie"},
	"http_header.x_powered_by":     {"http x-powered-by"},
	"html_title":                   {"http title"},
	"telnet.banner":                {"telnet banner"},
	"ssh.banner":                   {"ssh software"},
	"ftp.banner":                   {"ftp banner"},
	"snmp.sys_description":         {"snmp sysDescr"},
	"snmp.sys_object_id":           {"snmp sysObjectID"},
	"dhcp.vendor_class_id":         {"dhcp option 60"},
	"mdns.device-info.txt":         {"mdns txt model"},
	"sip_header.user_agent":        {"sip user-agent"},
	"sip_header.server":            {"sip server"},
	"rtsp_header.server":           {"rtsp server"},
	"smb.native_os":                {"smb server native os"},
	"smb.native_lm":                {"smb server native lan manager"},
	"dns.versionbind":              {"dns version.bind"},
	"ntp.readvar":                  {"ntp system"},
	"hp_pjl_id":                    {"pjl id"},
	"x509.subject":                 {"tls certificate subject"},
	"x509.issuer":                  {"tls certificate issuer"},
	"smtp.banner":                  {"smtp banner"},
	"pop3.banner":                  {"pop3 banner"},
	"imap4.banner":                 {"imap banner"},
	"ldap.search_result":           {"ldap search result"},
	"h323.callresp.vendor_product": {"h323 vendor"},
}

type recogFile struct {
	Matches      string  `xml:"matches,attr"`
	Preference   float64 `xml:"preference,attr"`
	Fingerprints []struct {
		Pattern     string `xml:"pattern,attr"`
		Flags       string `xml:"flags,attr"`
		Description string `xml:"description"`
		Examples    []struct {
			Text  string     `xml:",chardata"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"example"`
		Params []struct {
			Pos   int    `xml:"pos,attr"`
			Name  string `xml:"name,attr"`
			Value string `xml:"value,attr"`
		} `xml:"param"`
	} `xml:"fingerprint"`
}

// LoadRecog adds the fingerprints of a directory of recog XML files, at lower trust than our own,
// which come first. What RE2 cannot express is left out and reported.
func (s *Set) LoadRecog(dir string) (Report, error) {
	var r Report
	paths, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil {
		return r, fmt.Errorf("recog: %w", err)
	}
	if len(paths) == 0 {
		return r, fmt.Errorf("recog: %s: %w", dir, fs.ErrNotExist)
	}
	slices.Sort(paths)
	for _, p := range paths {
		if err := s.loadRecogFile(p, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *Set) loadRecogFile(path string, r *Report) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("recog: %w", err)
	}
	var f recogFile
	if err := xml.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("recog: %s: %w", filepath.Base(path), err)
	}
	r.Files++
	fields := recogFields[f.Matches]
	if fields == nil {
		r.Unread = append(r.Unread, filepath.Base(path)+": "+f.Matches+" is not read from the wire")
		return nil
	}
	for i, fp := range f.Fingerprints {
		id := fmt.Sprintf("recog %s %d", strings.TrimSuffix(filepath.Base(path), ".xml"), i+1)
		pattern, err := rubyPattern(fp.Pattern, fp.Flags)
		if err != nil {
			r.Unread = append(r.Unread, id+": "+err.Error())
			continue
		}
		p := &fingerprint{id: id, pattern: pattern}
		params := map[string]string{}
		for _, v := range fp.Params {
			if v.Pos > 0 {
				params[v.Name] = fmt.Sprintf("${%d}", v.Pos)
			} else {
				params[v.Name] = strings.ReplaceAll(v.Value, "$", "$$")
			}
		}
		p.claims = recogClaims(params, id)
		for _, x := range fp.Examples {
			p.yes = append(p.yes, x.Text)
		}
		r.Prints++
		s.add(fields, p)
	}
	return nil
}

// rubyPattern turns a Ruby regular expression into what RE2 reads. Both share most syntax; ours
// ignores case by default and theirs does not.
func rubyPattern(pattern, flags string) (string, error) {
	p := strings.NewReplacer(`\h`, `[0-9a-fA-F]`, `\Z`, `\z`, `(?>`, `(?:`, `\/`, `/`).Replace(pattern)
	set := "(?-i)"
	if strings.Contains(flags, "REG_ICASE") {
		set = "(?i)"
	}
	if strings.Contains(flags, "REG_DOT_NEWLINE") || strings.Contains(flags, "REG_MULTILINE") {
		set += "(?s)"
	}
	if _, err := regexp.Compile(set + p); err != nil {
		return "", err
	}
	return set + p, nil
}

// recogTypes maps recog's words for kinds of device to ours.
var recogTypes = map[string]string{
	"Printer": "printer", "Multifunction Device": "printer", "Print Server": "printer", "Switch": "switch", "Router": "router", "Firewall": "firewall",
	"WAP": "access point", "Web cam": "ip camera", "IP Camera": "ip camera", "DVR": "video recorder", "NVR": "video recorder", "VoIP": "voip phone",
	"IP Phone": "voip phone", "NAS": "nas", "Storage": "nas", "Load balancer": "load balancer", "Broadband router": "home gateway",
	"Wireless Controller": "wireless lan controller", "Infusion Pump": "infusion pump", "Medical Device": "infusion pump", "UPS": "ups", "Power device": "ups",
	"Thermostat": "thermostat", "Game console": "game console", "Media Server": "media player", "Smart TV": "smart tv", "Server": "server",
}

// recogClaims turns recog's parameters into claims.
func recogClaims(params map[string]string, id string) []Claim {
	var claims []Claim
	add := func(a ward.Attr, v string) {
		if v != "" {
			claims = append(claims, Claim{Attr: a, Value: v, Trust: ward.TrustWeak, Print: id})
		}
	}
	add(ward.Manufacturer, params["hw.vendor"])
	add(ward.Model, params["hw.product"])
	if t := recogTypes[params["hw.device"]]; t != "" {
		add(ward.Type, t)
	} else if t := recogTypes[params["os.device"]]; t != "" {
		add(ward.Type, t)
	}
	if product := params["os.product"]; product != "" && !strings.HasPrefix(product, "{") {
		if v := params["os.version"]; v != "" && !strings.HasPrefix(v, "{") {
			product += " " + v
		}
		add(ward.OS, product)
	}
	add(ward.Serial, params["hw.serial_number"])
	return claims
}
