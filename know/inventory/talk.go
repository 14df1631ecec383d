package inventory

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/ward"
)

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

// maxTalks bounds the conversations one answer is summed up from.
const maxTalks = 200_000

func (r *Register) talks(ctx context.Context, q evidence.TalkQuery) ([]evidence.Talk, error) {
	if r.Evidence == nil {
		return nil, nil
	}
	return r.Evidence.Talks(ctx, q)
}

// Matrix gives who talks to whom, zone by zone, since a time, most bytes first.
func (r *Register) Matrix(ctx context.Context, since time.Time) ([]Cell, error) {
	talks, err := r.talks(ctx, evidence.TalkQuery{Since: since, Limit: maxTalks})
	if err != nil {
		return nil, err
	}
	type sum struct {
		Cell
		services map[string]uint64
		pairs    map[[2]string]bool
		clear    map[[2]string]bool
	}
	cells := map[[2]string]*sum{}
	err = r.with(ctx, func(v *view) error {
		for i := range talks {
			t := &talks[i]
			k := [2]string{v.zoneAt(t.From), v.zoneAt(t.To)}
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
		return nil
	})
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		c.Devices, c.Clear = len(c.pairs), len(c.clear)
		names := sortedKeys(c.services)
		slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(c.services[b], c.services[a]) })
		c.Services = names[:min(len(names), 20)]
		out = append(out, c.Cell)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out, err
}

func serviceName(t *evidence.Talk) string {
	if t.Protocol == "" {
		return t.Service
	}
	return t.Protocol + " " + t.Service
}

// zoneAt is the zone of the device at an address; addresses of nobody are outside or unassigned.
func (v *view) zoneAt(addr string) string {
	if ref := v.at(addr); ref.ID != "" {
		return ref.Zone
	}
	if isPublic(addr) {
		return ZoneInternet
	}
	return ZoneNone
}

// at names the device at an address: network or hardware.
func (v *view) at(addr string) DeviceRef {
	if id := v.byIP[addr]; id != "" {
		return v.ref(id)
	}
	if id := v.byKey["mac:"+addr]; id != "" {
		return v.ref(id)
	}
	return DeviceRef{Title: addr}
}

func isPublic(addr string) bool {
	ip, err := netip.ParseAddr(addr)
	return err == nil && ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedSpace.Contains(ip)
}

// sharedSpace is the address space of carriers' translators (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// Links gives the traffic of one zone, device by device, most bytes first, at most limit. With to
// set, only what runs between the two zones, in either direction.
func (r *Register) Links(ctx context.Context, zone, to string, since time.Time, limit int) ([]Link, error) {
	talks, err := r.talks(ctx, evidence.TalkQuery{Since: since, Limit: maxTalks})
	if err != nil {
		return nil, err
	}
	if limit <= 0 {
		limit = 500
	}
	var out []Link
	err = r.with(ctx, func(v *view) error {
		for i := range talks {
			t := &talks[i]
			a, b := v.zoneAt(t.From), v.zoneAt(t.To)
			switch {
			case to == "" && a != zone && b != zone,
				to != "" && !(a == zone && b == to) && !(a == to && b == zone):
				continue
			}
			from, dest := v.at(t.From), v.at(t.To)
			out = append(out, Link{
				From: cmp.Or(from.ID, t.From), To: cmp.Or(dest.ID, t.To), FromTitle: from.Title, ToTitle: dest.Title, FromZone: a, ToZone: b,
				Service: t.Service, Protocol: t.Protocol, Clear: clearProtocols[t.Protocol], Packets: t.Packets, Bytes: t.Bytes, Last: t.Last,
			})
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Link) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return out[:min(len(out), limit)], err
}

// maxPeers is the most peers of one device that are given.
const maxPeers = 500

// Peers gives whom a device talked to since a time, most bytes first, at most 500.
func (r *Register) Peers(ctx context.Context, id string, since time.Time) ([]Peer, error) {
	d, err := r.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	mine := append(slices.Clone(d.IPs), d.MACs...)
	if len(mine) == 0 {
		return nil, nil
	}
	talks, err := r.talks(ctx, evidence.TalkQuery{Addresses: mine, Since: since, Limit: maxTalks})
	if err != nil {
		return nil, err
	}
	var out []Peer
	err = r.with(ctx, func(v *view) error {
		for i := range talks {
			t := &talks[i]
			outgoing := slices.Contains(mine, t.From)
			other := t.From
			if outgoing {
				other = t.To
			}
			ref := v.at(other)
			k := v.known[ref.ID]
			out = append(out, Peer{
				Device: ref.ID, Title: ref.Title, Zone: v.zoneAt(other), Address: other, Outgoing: outgoing, Service: t.Service, Protocol: t.Protocol,
				Clear: clearProtocols[t.Protocol], Internet: k != nil && k.scope == ward.External || k == nil && isPublic(other),
				Packets: t.Packets, Bytes: t.Bytes, First: t.First, Last: t.Last,
			})
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Peer) int { return cmp.Compare(b.Bytes, a.Bytes) })
	return out[:min(len(out), maxPeers)], err
}
