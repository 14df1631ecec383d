package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Detail is one device with all that stands beside it.
type Detail struct {
	Row
	Device    ward.Device              `json:"device"`    // claims with evidence, as identity fused them; ids are register ids
	Overrides map[ward.Attr]Override   `json:"overrides"` // what people say; wins over the claim of the same attribute
	Fields    map[Field]string         `json:"fields"`    // register fields
	Register  map[string]RegisterClaim `json:"register"`  // what imported registers say, by attribute or field
	Open      []Finding                `json:"open"`      // open findings
	Effective map[ward.Attr]Effective  `json:"effective"` // what counts now, per attribute
}

// Address is one address a device had, from when to when.
type Address struct {
	MAC   string    `json:"mac,omitempty"`
	IP    string    `json:"ip,omitempty"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	Now   bool      `json:"now"`
}

// Device gives one device; ward.NotFound when there is none. A record that was merged into another
// gives the other.
func (r *Register) Device(ctx context.Context, id string) (*Detail, error) {
	for range 8 {
		var merged, text string
		err := r.Store.QueryRow(ctx, `SELECT merged, record FROM inventory_devices WHERE id = ? AND site = ? AND NOT gone`, id, r.Site).
			Scan(&merged, &text)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("device: %w", err)
		}
		if merged != "" {
			id = merged
			continue
		}
		var rec entry.Record
		if err := json.Unmarshal([]byte(text), &rec); err != nil {
			return nil, fmt.Errorf("device %s: %w", id, err)
		}
		return r.detail(ctx, &rec)
	}
	return nil, noDevice()
}

func (r *Register) detail(ctx context.Context, rec *entry.Record) (*Detail, error) {
	d := &Detail{
		Row: rec.Row(), Device: rec.Device, Overrides: rec.Overrides, Fields: rec.Fields, Register: rec.Register,
		Effective: map[ward.Attr]Effective{},
	}
	for _, a := range rec.Attrs() {
		d.Effective[a] = rec.Effective(a)
	}
	if d.Fields == nil {
		d.Fields = map[Field]string{}
	}
	for _, f := range Fields {
		if v := rec.Field(f); v != "" {
			d.Fields[f] = v
		}
	}
	err := r.with(ctx, func(v *view) error {
		if k := v.known[rec.Device.ID]; k != nil {
			d.Row.At(r.now(), k.last)
			d.Device.Last = d.Row.Last
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.Open, err = r.Findings(ctx, FindingQuery{Device: rec.Device.ID})
	return d, err
}

// Timeline gives the events of a device, newest first; of all devices when id is empty.
func (r *Register) Timeline(ctx context.Context, id string, since time.Time, limit int) ([]Event, error) {
	if limit <= 0 {
		limit = 200
	}
	where, args := `site = ? AND at >= ?`, []any{r.Site, store.Micros(since)}
	if id != "" {
		where = `(device = ? OR device IN (SELECT id FROM inventory_devices WHERE merged = ?)) AND ` + where
		args = append([]any{id, id}, args...)
	}
	return store.All(ctx, r.Store, func(rows *sql.Rows, e *Event) error {
		var at int64
		err := rows.Scan(&e.ID, &e.Device, &at, &e.Kind, &e.Attr, &e.Old, &e.New, &e.By, &e.Note)
		e.Time = store.Time(at)
		return err
	}, `SELECT id, device, at, kind, attr, old, new, person, note FROM inventory_events WHERE `+where+
		` ORDER BY at DESC, id DESC LIMIT ?`, append(args, limit)...)
}

// Addresses gives the addresses a device had, newest first.
func (r *Register) Addresses(ctx context.Context, id string) ([]Address, error) {
	d, err := r.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	var out []Address
	seen := map[string]bool{}
	if r.Evidence != nil {
		spans, err := r.Evidence.Addresses(ctx, d.MACs)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			seen[s.IP] = true
			out = append(out, Address{MAC: s.MAC, IP: s.IP, First: s.First, Last: s.Last, Now: slices.Contains(d.IPs, s.IP)})
		}
	}
	for _, ip := range d.IPs {
		if !seen[ip] {
			out = append(out, Address{IP: ip, First: d.First, Last: d.Last, Now: true})
		}
	}
	for _, mac := range d.MACs {
		if !slices.ContainsFunc(out, func(a Address) bool { return a.MAC == mac }) {
			out = append(out, Address{MAC: mac, First: d.First, Last: d.Last, Now: true})
		}
	}
	slices.SortStableFunc(out, func(a, b Address) int { return b.Last.Compare(a.Last) })
	return out, nil
}
