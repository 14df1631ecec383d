package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory/zoning"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

func (r *Register) zoneTable(ctx context.Context) (*zoning.Table, error) {
	return readZones(ctx, r.Store, r.Site)
}

func readZones(ctx context.Context, from store.Reader, site string) (*zoning.Table, error) {
	all, err := store.All(ctx, from, func(rows *sql.Rows, z *Zone) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), z)
	}, `SELECT zone FROM inventory_zones WHERE site = ? ORDER BY name`, site)
	if err != nil {
		return nil, fmt.Errorf("zones: %w", err)
	}
	return zoning.NewTable(all), nil
}

// Zones gives the zones that people made and those found by themselves, by name.
func (r *Register) Zones(ctx context.Context) ([]Zone, error) {
	z, err := r.zoneTable(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(z.All)
	err = r.with(ctx, func(v *view) error {
		seen := map[string]bool{}
		for _, one := range out {
			seen[one.Name] = true
		}
		for _, k := range v.known {
			if k.merged == "" && k.zone != "" && !seen[k.zone] {
				seen[k.zone] = true
				out = append(out, z.Named(k.zone))
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Zone) int { return strings.Compare(a.Name, b.Name) })
	return out, err
}

// SetZone makes or changes a zone, by name, and moves the devices that now belong to it. Inside Do.
func (r *Register) SetZone(ctx context.Context, tx store.Tx, z Zone) error {
	z.Name = strings.TrimSpace(z.Name)
	z.Found = false
	switch {
	case z.Name == "" || len(z.Name) > 100 || strings.ContainsAny(z.Name, "\r\n\x00"):
		return invalid("inventory.SetZone", "A zone needs a name of at most 100 characters.")
	case !slices.Contains(ZoneKinds, z.Kind):
		return invalid("inventory.SetZone", "Choose the kind of zone from the list.")
	case len(z.VLANs) > 500 || len(z.Subnets) > 500:
		return invalid("inventory.SetZone", "A zone has at most 500 VLANs and 500 subnets.")
	}
	for i, s := range z.Subnets {
		p, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil {
			return invalid("inventory.SetZone", s+" is not a subnet. Write it like 10.11.4.0/24.")
		}
		z.Subnets[i] = p.Masked().String()
	}
	if z.Kind == "guest" {
		z.Guest = true
	}
	text, err := json.Marshal(z)
	if err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	return r.change(ctx, tx, func(w *writer) error {
		_, err := tx.Exec(ctx, `INSERT INTO inventory_zones (site, name, zone) VALUES (?, ?, ?)
			ON CONFLICT (site, name) DO UPDATE SET zone = excluded.zone`, r.Site, z.Name, string(text))
		return errors.Join(err, w.rezone(ctx))
	})
}

// RemoveZone removes a zone; its devices fall back to the zone of their VLAN or subnet. Inside Do.
func (r *Register) RemoveZone(ctx context.Context, tx store.Tx, name string) error {
	return r.change(ctx, tx, func(w *writer) error {
		n, err := tx.Exec(ctx, `DELETE FROM inventory_zones WHERE site = ? AND name = ?`, r.Site, name)
		if err == nil && n == 0 {
			err = &ward.Error{Kind: ward.NotFound, Op: "inventory.RemoveZone", Msg: "There is no zone of that name."}
		}
		if err != nil {
			return err
		}
		return w.rezone(ctx)
	})
}

// rezone moves every device whose zone is another one now.
func (w *writer) rezone(ctx context.Context) error {
	z, err := readZones(ctx, w.tx, w.r.Site)
	if err != nil {
		return err
	}
	moved, err := w.moved(ctx, z)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(moved, loadAtOnce) {
		recs, err := w.load(ctx, chunk)
		if err != nil {
			return err
		}
		for _, id := range chunk {
			if s := recs[id]; s != nil {
				s.rec.Device.Zone = z.Of(&s.rec.Device)
				if err := w.save(ctx, s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *writer) moved(ctx context.Context, z *zoning.Table) ([]string, error) {
	rows, err := w.tx.Query(ctx, `SELECT line FROM inventory_devices WHERE site = ? AND merged = '' AND NOT gone`, w.r.Site)
	if err != nil {
		return nil, fmt.Errorf("zones: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		var row Row
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("zones: %w", err)
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, fmt.Errorf("zones: %w", err)
		}
		if z.Of(&ward.Device{IPs: row.IPs, VLANs: row.VLANs, Scope: row.Scope}) != row.Zone {
			out = append(out, row.ID)
		}
	}
	return out, rows.Err()
}
