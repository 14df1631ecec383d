// Package traffic sums up who talks to whom: conversations between zones and devices, and the
// catalogue of interfaces that carry clinical records. It owns the table inventory_interfaces on
// behalf of the register.
package traffic

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/zoning"
)

// Names knows the devices: the register's view of itself.
type Names interface {
	// At names the device with an id or at a network or hardware address; its ID is empty when there is none.
	At(idOrAddress string) entry.DeviceRef
	// Outside reports whether the device with an id is on the internet.
	Outside(id string) bool
}

// Cell is what two zones say to each other.
type Cell struct {
	From     string    `json:"from"`
	To       string    `json:"to"`
	Devices  int       `json:"devices"`  // distinct pairs of addresses
	Services []string  `json:"services"` // by bytes, at most 20: "dicom tcp/104"
	Clear    int       `json:"clear"`    // pairs known to speak a clear-text protocol
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"`
	Last     time.Time `json:"last"`
}

// Link is traffic between two devices, for the map of one zone.
type Link struct {
	From, To  string // register ids, else addresses
	FromTitle string
	ToTitle   string
	FromZone  string
	ToZone    string
	Service   string
	Protocol  string
	Clear     bool
	Packets   uint64
	Bytes     uint64
	Last      time.Time
}

// clearProtocols are known to carry what they carry unencrypted.
var clearProtocols = map[string]bool{
	"http": true, "ftp": true, "telnet": true, "dicom": true, "hl7": true, "astm": true, "poct1-a": true, "mqtt": true, "snmp": true,
	"vnc": true, "rtsp": true, "sip": true, "smtp": true, "pop3": true, "imap": true, "ldap": true, "tftp": true, "syslog": true,
	"modbus": true, "bacnet": true, "s7": true, "enip": true, "ipp": true, "pjl": true, "intellivue": true, "ws-discovery": true,
	"fox": true, "opcua": false, "smb": false, "fhir": true, "coap": true, "netbios": true, "nfs": true, "rlogin": true,
}

// MaxTalks bounds the conversations one answer is summed up from.
const MaxTalks = 200_000

// Peer is another device or address that a device talks to, on one service.
type Peer struct {
	Device   string    `json:"device,omitempty"` // register id, empty when it is not in the register
	Title    string    `json:"title"`
	Zone     string    `json:"zone"`
	Address  string    `json:"address"`
	Outgoing bool      `json:"outgoing"` // the device opened it
	Service  string    `json:"service"`  // tcp/104
	Protocol string    `json:"protocol"`
	Clear    bool      `json:"clear"` // known to run without encryption
	Internet bool      `json:"internet"`
	Packets  uint64    `json:"packets"`
	Bytes    uint64    `json:"bytes"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// Matrix gives who talks to whom, zone by zone, most bytes first.
func Matrix(talks []evidence.Talk, names Names) []Cell {
	type sum struct {
		Cell
		services map[string]uint64
		pairs    map[[2]string]bool
		clear    map[[2]string]bool
	}
	cells := map[[2]string]*sum{}
	for i := range talks {
		t := &talks[i]
		k := [2]string{zoneAt(names, t.From), zoneAt(names, t.To)}
		c := cells[k]
		if c == nil {
			c = &sum{Cell: Cell{From: k[0], To: k[1]}, services: map[string]uint64{}, pairs: map[[2]string]bool{}, clear: map[[2]string]bool{}}
			cells[k] = c
		}
		c.Packets += t.Packets
		c.Bytes += t.Bytes
		c.services[serviceName(t)] += t.Bytes
		pair := [2]string{t.From, t.To}
		c.pairs[pair] = true
		if clearProtocols[t.Protocol] {
			c.clear[pair] = true
		}
		if t.Last.After(c.Last) {
			c.Last = t.Last
		}
	}
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		c.Devices, c.Clear = len(c.pairs), len(c.clear)
		for s := range c.services {
			c.Services = append(c.Services, s)
		}
		slices.SortFunc(c.Services, func(a, b string) int { return cmp.Or(cmp.Compare(c.services[b], c.services[a]), cmp.Compare(a, b)) })
		c.Services = c.Services[:min(len(c.Services), 20)]
		out = append(out, c.Cell)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

func serviceName(t *evidence.Talk) string {
	if t.Protocol == "" {
		return t.Service
	}
	return t.Protocol + " " + t.Service
}

// zoneAt is the zone of the device at an address; addresses of nobody are outside or unassigned.
func zoneAt(names Names, addr string) string {
	if ref := names.At(addr); ref.ID != "" {
		return ref.Zone
	}
	if isPublic(addr) {
		return zoning.Internet
	}
	return zoning.None
}

func isPublic(addr string) bool {
	ip, err := netip.ParseAddr(addr)
	return err == nil && ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedSpace.Contains(ip)
}

// sharedSpace is the address space of carriers' translators (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// Links gives the traffic of one zone, device by device, most bytes first, at most limit. With to
// set, only what runs between the two zones, in either direction.
func Links(talks []evidence.Talk, names Names, zone, to string, limit int) []Link {
	if limit <= 0 {
		limit = 500
	}
	var out []Link
	for i := range talks {
		t := &talks[i]
		a, b := zoneAt(names, t.From), zoneAt(names, t.To)
		switch {
		case to == "" && a != zone && b != zone,
			to != "" && !(a == zone && b == to) && !(a == to && b == zone):
			continue
		}
		from, dest := names.At(t.From), names.At(t.To)
		out = append(out, Link{
			From: cmp.Or(from.ID, t.From), To: cmp.Or(dest.ID, t.To), FromTitle: from.Title, ToTitle: dest.Title, FromZone: a, ToZone: b,
			Service: t.Service, Protocol: t.Protocol, Clear: clearProtocols[t.Protocol], Packets: t.Packets, Bytes: t.Bytes, Last: t.Last,
		})
	}
	slices.SortStableFunc(out, func(a, b Link) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return out[:min(len(out), limit)]
}

// maxPeers is the most peers of one device that are given.
const maxPeers = 500

// Peers gives whom the device with these addresses talked to, most bytes first, at most 500.
func Peers(talks []evidence.Talk, names Names, mine []string) []Peer {
	var out []Peer
	for i := range talks {
		t := &talks[i]
		outgoing := slices.Contains(mine, t.From)
		other := t.From
		if outgoing {
			other = t.To
		}
		ref := names.At(other)
		out = append(out, Peer{
			Device: ref.ID, Title: ref.Title, Zone: zoneAt(names, other), Address: other, Outgoing: outgoing, Service: t.Service,
			Protocol: t.Protocol, Clear: clearProtocols[t.Protocol], Internet: outside(names, ref, other),
			Packets: t.Packets, Bytes: t.Bytes, First: t.First, Last: t.Last,
		})
	}
	slices.SortStableFunc(out, func(a, b Peer) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return out[:min(len(out), maxPeers)]
}

func outside(names Names, ref entry.DeviceRef, addr string) bool {
	if ref.ID != "" {
		return names.Outside(ref.ID)
	}
	return isPublic(addr)
}
