package inventory

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/zoning"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Overview is what the first page says.
type Overview struct {
	Total      int            `json:"total"`
	Named      int            `json:"named"` // with a type or model
	Unknown    int            `json:"unknown"`
	New        int            `json:"new"` // first heard since
	Since      time.Time      `json:"since"`
	Kinds      []KindCount    `json:"kinds"`
	Zones      []ZoneCount    `json:"zones"`
	Problems   []Finding      `json:"problems"` // open, worst first, at most 20
	Open       int            `json:"open"`     // open findings in all
	Newest     []Row          `json:"newest"`   // first heard since, newest first, at most 20
	Coverage   Coverage       `json:"coverage"`
	Interfaces int            `json:"interfaces"`
	Sensors    int            `json:"sensors"`
	Guests     map[string]int `json:"guests"` // devices counted and forgotten, by guest zone, past 24 h
}

// KindCount counts the devices of a category.
type KindCount struct {
	Category ward.Category `json:"category"`
	Devices  int           `json:"devices"`
	Named    int           `json:"named"`
	New      int           `json:"new"`
}

// ZoneCount counts the devices of a zone.
type ZoneCount struct {
	Zone    string       `json:"zone"`
	Kind    string       `json:"kind"`
	Devices int          `json:"devices"`
	Named   int          `json:"named"`
	Open    int          `json:"open"`  // open findings
	Worst   Status       `json:"worst"` // worst status that a finding brought, else ok
	New     int          `json:"new"`
	Seen    ward.Quality `json:"seen"`
}

// categories are the categories in the order in which people read them.
var categories = []ward.Category{ward.Medical, ward.Building, ward.IoT, ward.IT, ward.Network, ward.Unknown}

// Overview counts what the first page shows; since decides what is new.
func (r *Register) Overview(ctx context.Context, since time.Time) (*Overview, error) {
	o := &Overview{Since: since, Guests: map[string]int{}}
	coverage, err := r.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	o.Coverage = *coverage
	z, err := r.zoneTable(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.with(ctx, func(v *view) error { o.count(v, z); return nil }); err != nil {
		return nil, err
	}
	if o.Problems, err = r.Findings(ctx, FindingQuery{Limit: 20}); err != nil {
		return nil, err
	}
	err = r.Store.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM inventory_findings WHERE site = ? AND closed = 0),
		(SELECT COUNT(*) FROM inventory_interfaces WHERE site = ?), (SELECT COUNT(*) FROM inventory_sensors WHERE site = ?)`,
		r.Site, r.Site, r.Site).Scan(&o.Open, &o.Interfaces, &o.Sensors)
	if err != nil {
		return nil, fmt.Errorf("overview: %w", err)
	}
	newest, err := r.Devices(ctx, Query{NewSince: since, Sort: "first", Desc: true, Limit: 20})
	if err != nil {
		return nil, err
	}
	o.Newest = newest.Rows
	guests, err := r.Guests(ctx, r.now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	for zone, n := range guests {
		o.Guests[zone] += n
	}
	return o, nil
}

// count goes once through what is known.
func (o *Overview) count(v *view, z *zoning.Table) {
	kinds, zoned := map[ward.Category]*KindCount{}, map[string]*ZoneCount{}
	for _, c := range categories {
		kinds[c] = &KindCount{Category: c}
	}
	for _, zone := range z.All {
		zoned[zone.Name] = &ZoneCount{Zone: zone.Name, Kind: zone.Kind, Worst: StatusOK}
	}
	for _, k := range v.known {
		if k.merged != "" {
			continue
		}
		c, at := kinds[k.category], zoned[k.zone]
		if c == nil {
			c = kinds[ward.Unknown]
		}
		if at == nil {
			at = &ZoneCount{Zone: k.zone, Kind: z.Named(k.zone).Kind, Worst: StatusOK}
			zoned[k.zone] = at
		}
		o.Total++
		c.Devices++
		at.Devices++
		if k.named {
			o.Named++
			c.Named++
			at.Named++
		} else {
			o.Unknown++
		}
		if !k.first.IsZero() && !k.first.Before(o.Since) {
			o.New++
			c.New++
			at.New++
		}
		at.Open += k.open
		if k.open > 0 && entry.StatusRank[k.status] < entry.StatusRank[at.Worst] {
			at.Worst = k.status
		}
	}
	for _, c := range categories {
		o.Kinds = append(o.Kinds, *kinds[c])
	}
	seen := map[string]ward.Quality{}
	for _, s := range o.Coverage.Subnets {
		if q, ok := seen[s.Zone]; !ok || zoning.QualityRank[s.Quality] > zoning.QualityRank[q] {
			seen[s.Zone] = s.Quality
		}
	}
	for _, at := range zoned {
		at.Seen = seen[at.Zone]
		if at.Seen == "" && at.Devices == 0 {
			at.Seen = ward.NotSeen
		}
		o.Zones = append(o.Zones, *at)
	}
	slices.SortFunc(o.Zones, func(a, b ZoneCount) int { return cmp.Compare(a.Zone, b.Zone) })
}

// Guests counts the devices of guest zones that were forgotten since a time, by zone.
func (r *Register) Guests(ctx context.Context, since time.Time) (map[string]int, error) {
	type line struct {
		zone string
		n    int
	}
	lines, err := store.All(ctx, r.Store, func(rows *sql.Rows, l *line) error { return rows.Scan(&l.zone, &l.n) },
		`SELECT zone, SUM(devices) FROM inventory_guests WHERE site = ? AND day >= ? GROUP BY zone`, r.Site, dayOf(since))
	if err != nil {
		return nil, fmt.Errorf("guests: %w", err)
	}
	out := map[string]int{}
	for _, l := range lines {
		out[l.zone] = l.n
	}
	return out, nil
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// guestMemory is for how long a device of a guest zone is kept after it was last heard.
const guestMemory = 24 * time.Hour

// Forget removes the devices of guest zones that were not heard for 24 hours and counts them; only
// the count stays. It is a job's work, once an hour.
func (r *Register) Forget(ctx context.Context) (int, error) {
	z, err := r.zoneTable(ctx)
	if err != nil {
		return 0, err
	}
	var guests []any
	for _, zone := range z.All {
		if zone.Guest {
			guests = append(guests, zone.Name)
		}
	}
	if len(guests) == 0 {
		return 0, nil
	}
	r.feed.Lock()
	defer r.feed.Unlock()
	n := 0
	err = r.Store.Write(ctx, func(tx store.Tx) error {
		w, err := r.begin(ctx, tx)
		if err != nil {
			return err
		}
		n, err = w.forget(ctx, guests)
		return err
	})
	return n, err
}

// guest is a device that is to be forgotten.
type guest struct{ id, zone string }

func idsOf(guests []guest) []string {
	out := make([]string, 0, len(guests))
	for _, g := range guests {
		out = append(out, g.id)
	}
	return out
}

func (w *writer) forget(ctx context.Context, guests []any) (int, error) {
	args := append([]any{w.r.Site, store.Micros(w.now.Add(-guestMemory))}, guests...)
	old, err := store.All(ctx, w.tx, func(rows *sql.Rows, g *guest) error { return rows.Scan(&g.id, &g.zone) },
		`SELECT id, zone FROM inventory_devices WHERE site = ? AND NOT gone AND merged = '' AND last_seen < ? AND zone IN (`+
			store.Marks(len(guests))+`)`, args...)
	if err != nil {
		return 0, fmt.Errorf("guests: %w", err)
	}
	recs, err := w.load(ctx, idsOf(old))
	if err != nil {
		return 0, err
	}
	for _, g := range old {
		if s := recs[g.id]; s != nil && w.r.Evidence != nil {
			if err := w.r.Evidence.Forget(ctx, w.tx, s.rec.Device.MACs, s.rec.Device.IPs); err != nil {
				return 0, err
			}
		}
		for _, q := range []string{
			`DELETE FROM inventory_events WHERE device = ?`,
			`DELETE FROM inventory_findings WHERE id IN (SELECT finding FROM inventory_finding_devices WHERE device = ?)`,
			`DELETE FROM inventory_finding_devices WHERE device = ?`,
		} {
			if _, err := w.tx.Exec(ctx, q, g.id); err != nil {
				return 0, fmt.Errorf("guests: %w", err)
			}
		}
		_, err := w.tx.Exec(ctx, `UPDATE inventory_devices SET gone = TRUE, revision = ?, keys = '', engine = '', line = '{}', record = '{}',
			serial = '', asset_tag = '' WHERE id = ?`, w.revision, g.id)
		if err != nil {
			return 0, fmt.Errorf("guests: %w", err)
		}
		_, err = w.tx.Exec(ctx, `INSERT INTO inventory_guests (site, day, zone, devices) VALUES (?, ?, ?, 1)
			ON CONFLICT (site, day, zone) DO UPDATE SET devices = inventory_guests.devices + 1`, w.r.Site, dayOf(w.now), g.zone)
		if err != nil {
			return 0, fmt.Errorf("guests: %w", err)
		}
	}
	return len(old), nil
}
