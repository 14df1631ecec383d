package prints

import (
	"encoding/base64"
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

// recogFields maps a recog file to the fields of our decoders that hold the same text. What the
// other files read is not seen on the wire.
var recogFields = map[string][]string{
	"dhcp_vendor_class": {"dhcp option 60"}, "dns_versionbind": {"dns version.bind"}, "ftp_banners": {"ftp banner"},
	"hp_pjl_id": {"pjl INFO ID"}, "html_title": {"http title"}, "http_wwwauth": {"http www-authenticate"}, "http_cookies": {"http set-cookie"}, "http_servers": {"http server", "ssdp server"}, "http_xpoweredby": {"http x-powered-by"},
	"rtsp_servers": {"rtsp Server"}, "sip_banners": {"sip Server"}, "sip_user_agents": {"sip User-Agent"}, "smb_native_lm": {"smb server native lan manager"},
	"smb_native_os": {"smb server native os"}, "smtp_banners": {"smtp banner"}, "snmp_sysdescr": {"snmp sysDescr"}, "snmp_sysobjid": {"snmp sysObjectID"},
	"ssh_banners": {"ssh software"}, "telnet_banners": {"telnet banner"}, "x509_issuers": {"tls certificate issuer"}, "x509_subjects": {"tls certificate subject"},
}

type recogFile struct {
	Fingerprints []struct {
		Pattern     string `xml:"pattern,attr"`
		Flags       string `xml:"flags,attr"`
		Description string `xml:"description"`
		Examples    []struct {
			Text     string `xml:",chardata"`
			Encoding string `xml:"_encoding,attr"`
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
	r.Files++
	name := strings.TrimSuffix(filepath.Base(path), ".xml")
	fields := recogFields[name]
	if fields == nil {
		r.Unread = append(r.Unread, name+": not read from the wire")
		return nil
	}
	list, unread, err := parseRecog(path)
	if err != nil {
		return err
	}
	r.Unread = append(r.Unread, unread...)
	r.Prints += len(list)
	for _, p := range list {
		s.add(fields, p)
	}
	return nil
}

// parseRecog reads one recog file and names the patterns that RE2 cannot express.
func parseRecog(path string) (list []*fingerprint, unread []string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("recog: %w", err)
	}
	var f recogFile
	if err := xml.Unmarshal(text, &f); err != nil {
		return nil, nil, fmt.Errorf("recog: %s: %w", filepath.Base(path), err)
	}
	for i, fp := range f.Fingerprints {
		id := fmt.Sprintf("recog %s %d", strings.TrimSuffix(filepath.Base(path), ".xml"), i+1)
		pattern, err := rubyPattern(fp.Pattern, fp.Flags)
		if err != nil {
			unread = append(unread, id+": "+err.Error())
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
			if x.Encoding == "base64" {
				raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(x.Text), ""))
				if err != nil {
					unread = append(unread, id+": example: "+err.Error())
					continue
				}
				x.Text = string(raw)
			}
			p.yes = append(p.yes, x.Text)
		}
		list = append(list, p)
	}
	return list, unread, nil
}

// rubyPattern turns a Ruby regular expression into what RE2 reads. Both share most syntax; ours
// ignores case by default and theirs does not.
func rubyPattern(pattern, flags string) (string, error) {
	p := strings.NewReplacer(`\h`, `[0-9a-fA-F]`, `\Z`, `\z`, `(?>`, `(?:`, `\/`, `/`).Replace(pattern)
	set := "(?m-i)" // in Ruby ^ and $ always match at line ends
	if strings.Contains(flags, "REG_ICASE") {
		set = "(?mi)"
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
	"NAS": "nas", "Load balancer": "load balancer", "Broadband Router": "home gateway", "Wireless Controller": "wireless lan controller",
	"Power Device": "ups", "UPS": "ups", "Game Console": "game console", "Media Player": "media player", "Mobile Phone": "phone", "Tablet": "tablet",
	"Laptop": "workstation", "Desktop": "workstation", "PLC": "plc", "Lights Out Management": "server", "Hypervisor": "server", "Access Control": "access control",
}

// placeholder is where recog puts one parameter's value into another.
var placeholder = regexp.MustCompile(`\{[a-z0-9_.]+\}`)

// distributions are vendors whose "Linux" goes by their own name.
var distributions = map[string]bool{"Ubuntu": true, "Debian": true, "CentOS": true, "Fedora": true, "Raspbian": true, "Red Hat": true, "SUSE": true}

// recogClaims turns recog's parameters into claims.
func recogClaims(params map[string]string, id string) []Claim {
	var claims []Claim
	add := func(a ward.Attr, v string) {
		v = placeholder.ReplaceAllStringFunc(v, func(name string) string { return params[name[1:len(name)-1]] })
		if v = strings.TrimSpace(v); v != "" {
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
	if product := params["os.product"]; product != "" {
		if vendor := params["os.vendor"]; product == "Linux" && distributions[vendor] {
			product = vendor
		}
		if v := params["os.version"]; v != "" {
			product += " " + v
		}
		add(ward.OS, product)
	}
	add(ward.Serial, params["hw.serial_number"])
	return claims
}
