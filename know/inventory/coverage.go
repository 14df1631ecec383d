package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

func (w *writer) coverage(ctx context.Context, b *Batch) error {
	if b.Coverage == nil {
		return nil
	}
	text, err := json.Marshal(b.Coverage.Subnets)
	if err != nil {
		return fmt.Errorf("coverage: %w", err)
	}
	_, err = w.tx.Exec(ctx, `INSERT INTO inventory_coverage (site, sensor, at, subnets) VALUES (?, ?, ?, ?)
		ON CONFLICT (site, sensor) DO UPDATE SET at = excluded.at, subnets = excluded.subnets`,
		w.r.Site, b.Sensor, store.Micros(w.now), string(text))
	return err
}

// Coverage says how well the network is seen: what the sensors report, and beside it the VLANs and
// subnets of zones from which nothing was heard at all.
func (r *Register) Coverage(ctx context.Context) (*Coverage, error) {
	lists, err := store.All(ctx, r.Store, func(rows *sql.Rows, s *[]ward.Subnet) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), s)
	}, `SELECT subnets FROM inventory_coverage WHERE site = ? ORDER BY sensor`, r.Site)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	z, err := r.zoneTable(ctx)
	if err != nil {
		return nil, err
	}
	devices := map[string]int{}
	err = r.with(ctx, func(v *view) error {
		for _, k := range v.known {
			if k.merged == "" && !k.last.IsZero() {
				devices[k.zone]++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return z.Cover(lists, devices), nil
}
