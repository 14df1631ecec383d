package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Config is all that a person can set. Fields under Fixed are read at the start; those under
// Reload are read again on SIGHUP, and a bad file then keeps the old values.
type Config struct {
	Fixed  `yaml:",inline"`
	Reload `yaml:",inline"`

	unknownAfter time.Duration // 0 means as identity has it; the demo is impatient
}

// Fixed is read once, at the start.
type Fixed struct {
	Data         string   `yaml:"data" doc:"folder for the database, dropped captures and keys"`
	Store        string   `yaml:"store" doc:"database: sqlite:PATH or postgres://USER@HOST/NAME; empty means SQLite in the data folder"`
	Listen       string   `yaml:"listen" doc:"address and port of the pages and the API; a port of 0 picks a free one"`
	TLSCert      string   `yaml:"tlsCert" doc:"certificate file (PEM); needed when listening beyond this machine"`
	TLSKey       string   `yaml:"tlsKey" doc:"private key file (PEM)"`
	Insecure     bool     `yaml:"insecure" doc:"allow plain HTTP beyond this machine, for use behind a TLS proxy"`
	DeviceListen string   `yaml:"deviceListen" doc:"address and port where devices enrol for certificates (EST over TLS); empty turns it off"`
	DeviceNames  []string `yaml:"deviceNames" doc:"names and addresses under which devices reach deviceListen; they stand in its certificate"`
	PKIListen    string   `yaml:"pkiListen" doc:"address and port of revocation lists and OCSP (plain HTTP, nothing secret); empty turns it off"`
	PKIURL       string   `yaml:"pkiURL" doc:"address of pkiListen as others reach it, written into certificates: http://wardkeeper.example:8082"`
	Site         string   `yaml:"site" doc:"name of this hospital or site"`
	Interfaces   []string `yaml:"interfaces" doc:"network interfaces to listen on, receive only; a mirror port"`
	Watch        string   `yaml:"watch" doc:"folder to watch for captures (pcap, pcapng, gzip); a file is read once it stops growing"`
	Logs         []string `yaml:"logs" doc:"folders or files of Zeek JSON logs and Suricata EVE JSON to follow"`
	SiteKey      string   `yaml:"siteKey" doc:"file with the key that protects all others; empty means site.key in the data folder, made at the first start"`
	Passphrase   string   `yaml:"passphrase" doc:"file with a passphrase from which that key is derived, instead of a key file"`
	Backups      string   `yaml:"backups" doc:"folder for backups, better on another disk; empty means backups in the data folder"`
	Recog        string   `yaml:"recog" doc:"folder of recog fingerprint files, a further source of lower trust"`
	Workers      int      `yaml:"workers" doc:"cores for decoding; 0 means all"`
	ShowNames    bool     `yaml:"showNames" doc:"keep personal names in host names and log-ins instead of masking them"`
}

// Reload is read again on SIGHUP.
type Reload struct {
	Zones         []Zone `yaml:"zones" doc:"what each VLAN or subnet is for; the rest is named after what was heard"`
	RetentionDays int    `yaml:"retentionDays" doc:"days of flow history to keep"`
}

// Zone is a zone as the configuration file gives it.
type Zone struct {
	Name    string   `yaml:"name" doc:"as people call it: 4 West beds"`
	Kind    string   `yaml:"kind" doc:"clinical, imaging, laboratory, building, office, network, guest, internet or other"`
	VLANs   []uint16 `yaml:"vlans" doc:"VLAN numbers"`
	Subnets []string `yaml:"subnets" doc:"address ranges, as 10.20.110.0/24"`
	Guest   bool     `yaml:"guest" doc:"devices are counted, then forgotten after 24 hours"`
	Switch  string   `yaml:"switch" doc:"where a mirror port would show it: core switch 2, port Gi1/0/24"`
}

// DefaultConfig is what holds where the file and the environment say nothing.
func DefaultConfig() Config {
	return Config{
		Fixed:  Fixed{Data: "data", Listen: "127.0.0.1:8080", Site: "main"},
		Reload: Reload{RetentionDays: 90},
	}
}

// LoadConfig reads a YAML file over the defaults, the environment (WARDKEEPER_DATA_DIR and so on)
// over both, and then what flags say. An empty path reads no file.
func LoadConfig(path string, getenv func(string) string, flags ...func(*Config)) (Config, error) {
	c := DefaultConfig()
	if path != "" {
		text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		if err != nil {
			return c, &ward.Error{Kind: ward.Invalid, Op: "app.LoadConfig", Msg: "The configuration file could not be read.", Err: err}
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		dec.KnownFields(true)
		if err := dec.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
			return c, &ward.Error{Kind: ward.Invalid, Op: "app.LoadConfig", Msg: "The configuration file has a mistake.", Err: err}
		}
	}
	return c, errors.Join(environment(&c, getenv), c.Check())
}

// environment lets deployments set the fixed scalars without a file.
func environment(c *Config, getenv func(string) string) error {
	for name, field := range map[string]*string{
		"WARDKEEPER_DATA_DIR": &c.Data, "WARDKEEPER_STORE": &c.Store, "WARDKEEPER_LISTEN": &c.Listen,
		"WARDKEEPER_TLS_CERT": &c.TLSCert, "WARDKEEPER_TLS_KEY": &c.TLSKey, "WARDKEEPER_SITE": &c.Site,
		"WARDKEEPER_WATCH": &c.Watch, "WARDKEEPER_RECOG": &c.Recog,
		"WARDKEEPER_SITE_KEY": &c.SiteKey, "WARDKEEPER_PASSPHRASE_FILE": &c.Passphrase, "WARDKEEPER_BACKUPS": &c.Backups,
	} {
		if v := getenv(name); v != "" {
			*field = v
		}
	}
	if v := getenv("WARDKEEPER_INTERFACES"); v != "" {
		c.Interfaces = strings.Split(v, ",")
	}
	if v := getenv("WARDKEEPER_WORKERS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			return &ward.Error{Kind: ward.Invalid, Op: "app.environment", Msg: fmt.Sprintf("WARDKEEPER_WORKERS: %q is not a number.", v)}
		}
		c.Workers = n
	}
	return nil
}

// Check says what is wrong with a configuration, all of it at once.
func (c *Config) Check() error {
	var bad []error
	complain := func(format string, args ...any) { bad = append(bad, fmt.Errorf(format, args...)) }
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		complain("listen: %q is not an address and a port", c.Listen)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		complain("tlsCert and tlsKey go together")
	}
	if ip, _ := netip.ParseAddr(host); err == nil && c.TLSCert == "" && !c.Insecure && host != "localhost" && !ip.IsLoopback() {
		complain("listen: %s is reachable from other machines: give tlsCert and tlsKey, or set insecure when a TLS proxy stands in front", c.Listen)
	}
	if c.Data == "" {
		complain("data: name a folder")
	}
	c.checkDevices(complain)
	if c.Workers < 0 {
		complain("workers: %d is negative", c.Workers)
	}
	if c.RetentionDays < 1 {
		complain("retentionDays: %d; keep at least one day", c.RetentionDays)
	}
	for i, z := range c.Zones {
		if z.Name == "" {
			complain("zones[%d]: a zone needs a name", i)
		}
		known := false
		for _, k := range inventory.ZoneKinds {
			known = known || k == z.Kind
		}
		if !known {
			complain("zones[%d] %s: kind %q is none of %s", i, z.Name, z.Kind, strings.Join(inventory.ZoneKinds, ", "))
		}
		for _, s := range z.Subnets {
			if _, err := netip.ParsePrefix(s); err != nil {
				complain("zones[%d] %s: %q is not an address range", i, z.Name, s)
			}
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return &ward.Error{Kind: ward.Invalid, Op: "app.Check", Msg: "The configuration has mistakes.", Err: errors.Join(bad...)}
}

// checkDevices says what is wrong with the listeners that face devices.
func (c *Config) checkDevices(complain func(string, ...any)) {
	for key, address := range map[string]string{"deviceListen": c.DeviceListen, "pkiListen": c.PKIListen} {
		if _, _, err := net.SplitHostPort(address); address != "" && err != nil {
			complain("%s: %q is not an address and a port", key, address)
		}
	}
	if c.DeviceListen != "" && len(c.DeviceNames) == 0 {
		complain("deviceNames: say under which names or addresses devices reach deviceListen")
	}
	if u, err := url.Parse(c.PKIURL); c.PKIURL != "" && (err != nil || u.Scheme != "http" || u.Host == "" || u.RawQuery != "") {
		complain("pkiURL: %q is not like http://wardkeeper.example:8082; it is plain HTTP, since it is asked before TLS can be trusted", c.PKIURL)
	}
}

// storeURL is the database that the configuration means.
func (c *Config) storeURL() string {
	if c.Store != "" {
		return c.Store
	}
	return "sqlite:" + filepath.Join(c.Data, "wardkeeper.db")
}

// subnets are the address ranges of the configured zones: silence of one of them is told.
func (c *Config) subnets() []netip.Prefix {
	var all []netip.Prefix
	for _, z := range c.Zones {
		for _, text := range z.Subnets {
			if p, err := netip.ParsePrefix(text); err == nil {
				all = append(all, p)
			}
		}
	}
	return all
}

// zoneOf names the zone of an address as the configuration has it: by VLAN, else by subnet. A guest
// zone says so in its name, because identity leaves guests in peace.
func (c *Config) zoneOf(vlan uint16, ip netip.Addr, _ ward.MAC) string {
	for _, z := range c.Zones {
		inside := vlan != 0 && slices.Contains(z.VLANs, vlan)
		for _, text := range z.Subnets {
			p, err := netip.ParsePrefix(text)
			inside = inside || err == nil && p.Contains(ip)
		}
		switch {
		case inside && z.Guest && !strings.Contains(strings.ToLower(z.Name), "guest"):
			return z.Name + " (guest)"
		case inside:
			return z.Name
		}
	}
	return ""
}
