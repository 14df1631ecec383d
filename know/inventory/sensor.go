package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Sensor is one source of evidence and its health.
type Sensor struct {
	Name    string            `json:"name"`
	Kind    string            `json:"kind"`  // "interface", "folder", "capture", "zeek", "suricata", "demo"
	State   string            `json:"state"` // "live", "done", "failed", "silent"
	Detail  string            `json:"detail"`
	Packets uint64            `json:"packets"`
	Bytes   uint64            `json:"bytes"`
	Dropped map[string]uint64 `json:"dropped"` // by reason
	Devices int               `json:"devices"`
	First   time.Time         `json:"first"` // of what it heard
	Last    time.Time         `json:"last"`
	Updated time.Time         `json:"updated"`
	Torn    bool              `json:"torn"`
}

// silentSensor is how long a live sensor may say nothing of itself before it counts as silent.
const silentSensor = 2 * time.Minute

// Sensors gives the sensors, newest word first.
func (r *Register) Sensors(ctx context.Context) ([]Sensor, error) {
	now := r.now()
	all, err := store.All(ctx, r.Store, func(rows *sql.Rows, s *Sensor) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), s); err != nil {
			return err
		}
		if s.State == "live" && now.Sub(s.Updated) > silentSensor {
			s.State = "silent"
		}
		return nil
	}, `SELECT sensor FROM inventory_sensors WHERE site = ? ORDER BY updated DESC, name`, r.Site)
	if err != nil {
		return nil, fmt.Errorf("sensors: %w", err)
	}
	return all, nil
}

// Heartbeat records the health of a sensor. It is of the batch path: not audited.
func (r *Register) Heartbeat(ctx context.Context, s Sensor) error {
	if s.Updated.IsZero() {
		s.Updated = r.now()
	}
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("sensor: %w", err)
	}
	return r.Store.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO inventory_sensors (site, name, updated, sensor) VALUES (?, ?, ?, ?)
			ON CONFLICT (site, name) DO UPDATE SET updated = excluded.updated, sensor = excluded.sensor`,
			r.Site, s.Name, store.Micros(s.Updated), string(text))
		if err != nil {
			return err
		}
		return tx.Emit("sensor.changed", s.Name, nil)
	})
}
