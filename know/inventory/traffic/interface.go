package traffic

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Interface is one line of the interface catalogue: who sends what to whom.
type Interface struct {
	ID       string          `json:"id"`
	Protocol string          `json:"protocol"`
	From     entry.DeviceRef `json:"from"` // ID empty when the address is not in the register
	To       entry.DeviceRef `json:"to"`
	FromAddr string          `json:"fromAddress"`
	ToAddr   string          `json:"toAddress"`
	Port     uint16          `json:"port"`
	Secured  *bool           `json:"secured"` // nil: cannot tell
	What     []string        `json:"what"`
	Names    []string        `json:"names"` // AE titles and application names
	Messages uint64          `json:"messages"`
	Bytes    uint64          `json:"bytes"`
	Patient  bool            `json:"patient"`  // carries patient data
	Internet bool            `json:"internet"` // one end is outside
	First    time.Time       `json:"first"`
	Last     time.Time       `json:"last"`
}

// InterfaceQuery asks for interfaces.
type InterfaceQuery struct {
	Protocol string
	Device   string
	Zone     string
	Text     string
	Patient  bool   // only those with patient data
	Clear    bool   // only those in clear
	Sort     string // "protocol", "from", "to", "messages", "bytes", "last"; empty: patient data in clear first
	Desc     bool
}

// PatientData is where patient data travels.
type PatientData struct {
	Interfaces   int           `json:"interfaces"`
	Clear        int           `json:"clear"`    // of these, without encryption
	Unknown      int           `json:"unknown"`  // of these, cannot tell
	Internet     int           `json:"internet"` // of these, with an end outside
	Sources      []DeviceTotal `json:"sources"`
	Destinations []DeviceTotal `json:"destinations"`
	Zones        []Cell        `json:"zones"`
	Outside      []Interface   `json:"outside"`
}

// DeviceTotal is a device and how much patient data it sends or takes.
type DeviceTotal struct {
	Device   entry.DeviceRef `json:"device"`
	Address  string          `json:"address"`
	Messages uint64          `json:"messages"`
	Bytes    uint64          `json:"bytes"`
	Clear    bool            `json:"clear"`
}

// maxInterfaces is the most lines of the catalogue that are given at once.
const maxInterfaces = 5000

// Feed brings the catalogue up to date: ids maps the engine's device ids to the register's,
// addresses gives an address of each. The counts are totals since the engine began; after a restart
// they may be smaller, and then the larger ones stay.
func Feed(ctx context.Context, tx store.Tx, site string, list []ward.Interface, ids, addresses map[string]string, now, until time.Time) error {
	have, err := Stored(ctx, tx, site)
	if err != nil {
		return err
	}
	byKey := make(map[string]*Interface, len(have))
	for i := range have {
		byKey[have[i].key()] = &have[i]
	}
	f := feeder{site: site, until: until, bulk: tx.Bulk(`INSERT INTO inventory_interfaces (id, site, key, protocol, from_device, from_addr, to_device, to_addr, port, secured,
		what, names, messages, bytes, patient, first_seen, last_seen) VALUES`, 17, `ON CONFLICT (site, key) DO UPDATE SET
		from_addr = excluded.from_addr, to_addr = excluded.to_addr, secured = excluded.secured, what = excluded.what, names = excluded.names,
		messages = excluded.messages, bytes = excluded.bytes, patient = excluded.patient, last_seen = excluded.last_seen`)}
	done := map[string]bool{}
	for i := range list {
		x := &list[i]
		n := Interface{Protocol: x.Protocol, Port: x.Port, FromAddr: x.From, ToAddr: x.To}
		if id := ids[x.From]; id != "" {
			n.From.ID, n.FromAddr = id, addresses[x.From]
		}
		if id := ids[x.To]; id != "" {
			n.To.ID, n.ToAddr = id, addresses[x.To]
		}
		key := n.key()
		if done[key] { // two engine devices may be one of ours
			continue
		}
		old := byKey[key]
		if old == nil {
			old = &Interface{ID: store.NewID(now), First: until}
		} else if old.Messages >= x.Messages && old.Bytes >= x.Bytes && len(old.What) >= len(x.What) && len(old.Names) >= len(x.Names) &&
			(x.Secured == nil || old.Secured != nil) && (old.Patient || !x.Patient) {
			continue
		}
		done[key] = true
		if err := f.add(ctx, key, old, x, &n); err != nil {
			return err
		}
	}
	return f.bulk.Close(ctx)
}

type feeder struct {
	site  string
	until time.Time
	bulk  *store.Bulk
}

func (f *feeder) add(ctx context.Context, key string, old *Interface, x *ward.Interface, n *Interface) error {
	secured := x.Secured
	if secured == nil {
		secured = old.Secured
	}
	what, names := union(old.What, x.What), union(old.Names, x.Names)
	texts := [3]string{}
	for i, v := range []any{secured, what, names} {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("interface: %w", err)
		}
		texts[i] = string(b)
	}
	return f.bulk.Add(ctx, old.ID, f.site, key, x.Protocol, n.From.ID, cmp.Or(n.FromAddr, old.FromAddr), n.To.ID, cmp.Or(n.ToAddr, old.ToAddr),
		int64(x.Port), texts[0], texts[1], texts[2], int64(max(x.Messages, old.Messages)), int64(max(x.Bytes, old.Bytes)), //nolint:gosec // counts stay far below 2^63
		x.Patient || old.Patient, store.Micros(old.First), store.Micros(f.until))
}

// maxWhat bounds the kinds of message and names of one line.
const maxWhat = 32

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, v := range b {
		if len(out) < maxWhat && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	if out == nil {
		out = []string{}
	}
	return out
}

func (x *Interface) key() string {
	return fmt.Sprintf("%s\n%s\n%s\n%d", x.Protocol, cmp.Or(x.From.ID, x.FromAddr), cmp.Or(x.To.ID, x.ToAddr), x.Port)
}

// Stored reads the whole catalogue; the names of devices are not filled in.
func Stored(ctx context.Context, from store.Reader, site string) ([]Interface, error) {
	all, err := store.All(ctx, from, func(rows *sql.Rows, x *Interface) error {
		var secured, what, names string
		var port, first, last int64
		err := rows.Scan(&x.ID, &x.Protocol, &x.From.ID, &x.FromAddr, &x.To.ID, &x.ToAddr, &port, &secured, &what, &names,
			&x.Messages, &x.Bytes, &x.Patient, &first, &last)
		if err != nil {
			return err
		}
		x.Port, x.First, x.Last = uint16(port), store.Time(first), store.Time(last) //nolint:gosec // it was one
		if err := json.Unmarshal([]byte(secured), &x.Secured); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(what), &x.What); err != nil {
			return err
		}
		return json.Unmarshal([]byte(names), &x.Names)
	}, `SELECT id, protocol, from_device, from_addr, to_device, to_addr, port, secured, what, names, messages, bytes, patient, first_seen, last_seen
		FROM inventory_interfaces WHERE site = ? ORDER BY id`, site)
	if err != nil {
		return nil, fmt.Errorf("interfaces: %w", err)
	}
	return all, nil
}

// Select names the devices of all interfaces and gives those that the query asks for, in its order.
func (q *InterfaceQuery) Select(all []Interface, names Names) []Interface {
	for i := range all {
		x := &all[i]
		x.From, x.To = names.At(cmp.Or(x.From.ID, x.FromAddr)), names.At(cmp.Or(x.To.ID, x.ToAddr))
		x.Internet = outside(names, x.From, x.FromAddr) || outside(names, x.To, x.ToAddr)
	}
	all = slices.DeleteFunc(all, func(x Interface) bool { return !q.wants(&x) })
	slices.SortStableFunc(all, q.compare)
	return all[:min(len(all), maxInterfaces)]
}

func (q *InterfaceQuery) wants(x *Interface) bool {
	switch {
	case q.Protocol != "" && x.Protocol != q.Protocol,
		q.Device != "" && x.From.ID != q.Device && x.To.ID != q.Device,
		q.Zone != "" && x.From.Zone != q.Zone && x.To.Zone != q.Zone,
		q.Patient && !x.Patient,
		q.Clear && (x.Secured == nil || *x.Secured):
		return false
	}
	text := strings.ToLower(strings.Join(append(append([]string{
		x.Protocol, x.From.Title, x.To.Title, x.FromAddr, x.ToAddr, x.From.Zone, x.To.Zone,
	}, x.What...), x.Names...), " "))
	for _, w := range strings.Fields(strings.ToLower(q.Text)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (q *InterfaceQuery) compare(a, b Interface) int {
	var c int
	switch q.Sort {
	case "protocol":
		c = cmp.Compare(a.Protocol, b.Protocol)
	case "from":
		c = cmp.Compare(a.From.Title, b.From.Title)
	case "to":
		c = cmp.Compare(a.To.Title, b.To.Title)
	case "messages":
		c = cmp.Compare(a.Messages, b.Messages)
	case "bytes":
		c = cmp.Compare(a.Bytes, b.Bytes)
	case "last":
		c = a.Last.Compare(b.Last)
	default:
		c = cmp.Or(cmp.Compare(a.worry(), b.worry()), cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.ID, b.ID))
	}
	if q.Desc {
		return -c
	}
	return c
}

// worry orders interfaces: patient data in clear first, then where it cannot be told.
func (x *Interface) worry() int {
	n := 2
	switch {
	case x.Secured != nil && !*x.Secured:
		n = 0
	case x.Secured == nil:
		n = 1
	}
	if !x.Patient {
		n += 3
	}
	return n
}

// WherePatientDataTravels sums up the interfaces that carry patient data.
func WherePatientDataTravels(all []Interface) *PatientData {
	p := &PatientData{Interfaces: len(all)}
	from, to, zones := map[string]*DeviceTotal{}, map[string]*DeviceTotal{}, map[[2]string]*Cell{}
	for i := range all {
		x := &all[i]
		inClear := x.Secured != nil && !*x.Secured
		if inClear {
			p.Clear++
		}
		if x.Secured == nil {
			p.Unknown++
		}
		if x.Internet {
			p.Internet++
			p.Outside = append(p.Outside, *x)
		}
		addTotal(from, x.From, x.FromAddr, x, inClear)
		addTotal(to, x.To, x.ToAddr, x, inClear)
		k := [2]string{x.From.Zone, x.To.Zone}
		c := zones[k]
		if c == nil {
			c = &Cell{From: k[0], To: k[1]}
			zones[k] = c
		}
		c.Devices++
		c.Bytes += x.Bytes
		if inClear {
			c.Clear++
		}
		if s := fmt.Sprintf("%s tcp/%d", x.Protocol, x.Port); !slices.Contains(c.Services, s) {
			c.Services = append(c.Services, s)
		}
		if x.Last.After(c.Last) {
			c.Last = x.Last
		}
	}
	p.Sources, p.Destinations = totals(from), totals(to)
	for _, c := range zones {
		p.Zones = append(p.Zones, *c)
	}
	slices.SortFunc(p.Zones, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return p
}

func addTotal(m map[string]*DeviceTotal, ref entry.DeviceRef, addr string, x *Interface, inClear bool) {
	k := cmp.Or(ref.ID, addr)
	t := m[k]
	if t == nil {
		t = &DeviceTotal{Device: ref, Address: addr}
		m[k] = t
	}
	t.Messages += x.Messages
	t.Bytes += x.Bytes
	t.Clear = t.Clear || inClear
}

func totals(m map[string]*DeviceTotal) []DeviceTotal {
	out := make([]DeviceTotal, 0, len(m))
	for _, t := range m {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b DeviceTotal) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Address, b.Address))
	})
	return out
}
