package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// writer is one transaction on the register. Its revision is the row lock behind which all writers
// of the register queue, so that a record read in it is not changed by another before the commit.
type writer struct {
	r        *Register
	tx       store.Tx
	revision int64
	now      time.Time
	person   string
	touched  map[string]bool   // devices whose open findings changed
	saved    map[string]bool   // devices written
	pending  map[string]bool   // of these, rows that wait in columns
	fresh    int               // of these, new ones
	byIP     map[string]string // addresses of devices written
	events   []Event
	opened   []string
	columns  *store.Bulk
}

// saved is a record as it stands in the table.
type saved struct {
	id, merged, engine string
	keys               []string
	sum                int64
	rec                entry.Record
}

func (r *Register) begin(ctx context.Context, tx store.Tx) (*writer, error) {
	w := &writer{r: r, tx: tx, now: r.now(), touched: map[string]bool{}, saved: map[string]bool{}, pending: map[string]bool{}, byIP: map[string]string{}}
	if p, ok := access.From(ctx); ok {
		w.person = p.Name
	}
	err := tx.QueryRow(ctx, `UPDATE inventory_state SET n = n + 1 WHERE name = 'revision' RETURNING n`).Scan(&w.revision)
	if err != nil {
		return nil, fmt.Errorf("register revision: %w", err)
	}
	return w, nil
}

// loadAtOnce bounds the parameters of one statement.
const loadAtOnce = 400

// load reads records for change.
func (w *writer) load(ctx context.Context, ids []string) (map[string]*saved, error) {
	if err := w.flush(ctx); err != nil { // what was written must be read
		return nil, err
	}
	return readSaved(ctx, w.tx, ids)
}

func readSaved(ctx context.Context, from store.Reader, ids []string) (map[string]*saved, error) {
	out := make(map[string]*saved, len(ids))
	for chunk := range slices.Chunk(ids, loadAtOnce) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		rows, err := from.Query(ctx, `SELECT id, merged, engine, keys, sum, record FROM inventory_devices
			WHERE NOT gone AND id IN (`+store.Marks(len(chunk))+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("load devices: %w", err)
		}
		for rows.Next() {
			var s saved
			var keys, text string
			if err := rows.Scan(&s.id, &s.merged, &s.engine, &keys, &s.sum, &text); err != nil {
				rows.Close()
				return nil, fmt.Errorf("load devices: %w", err)
			}
			if keys != "" {
				s.keys = strings.Split(keys, "\n")
			}
			if err := json.Unmarshal([]byte(text), &s.rec); err != nil {
				rows.Close()
				return nil, fmt.Errorf("device %s: %w", s.id, err)
			}
			out[s.id] = &s
		}
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("load devices: %w", err)
		}
		rows.Close()
	}
	return out, nil
}

// one reads the record of one device for change, following a merge.
func (w *writer) one(ctx context.Context, id string) (*saved, error) {
	for range 8 {
		m, err := w.load(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		s := m[id]
		if s == nil {
			break
		}
		if s.merged == "" {
			return s, nil
		}
		id = s.merged
	}
	return nil, noDevice()
}

func noDevice() error {
	return &ward.Error{Kind: ward.NotFound, Op: "inventory.Device", Msg: "There is no such device in the register."}
}

// save writes a record and the columns that follow from it.
func (w *writer) save(ctx context.Context, s *saved) error {
	row := s.rec.Row()
	line, err := json.Marshal(&row)
	if err != nil {
		return fmt.Errorf("device %s: %w", s.id, err)
	}
	text, err := json.Marshal(&s.rec)
	if err != nil {
		return fmt.Errorf("device %s: %w", s.id, err)
	}
	var kinds []string
	for _, f := range s.rec.Open {
		if !slices.Contains(kinds, string(f.Kind)) {
			kinds = append(kinds, string(f.Kind))
		}
	}
	if w.pending[s.id] { // one statement may not write a row twice
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	if w.columns == nil {
		w.columns = w.tx.Bulk(`INSERT INTO inventory_devices (id, site, revision, gone, merged, first_seen, last_seen, category, zone, type,
			manufacturer, model, os, firmware, serial, asset_tag, keys, engine, sum, findings, line, record) VALUES`, 22,
			`ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, gone = excluded.gone, merged = excluded.merged,
			first_seen = excluded.first_seen, last_seen = excluded.last_seen, category = excluded.category, zone = excluded.zone,
			type = excluded.type, manufacturer = excluded.manufacturer, model = excluded.model, os = excluded.os, firmware = excluded.firmware,
			serial = excluded.serial, asset_tag = excluded.asset_tag, keys = excluded.keys, engine = excluded.engine, sum = excluded.sum,
			findings = excluded.findings, line = excluded.line, record = excluded.record`)
	}
	w.saved[s.id], w.pending[s.id] = true, true
	for _, ip := range row.IPs {
		w.byIP[ip] = s.id
	}
	return w.columns.Add(ctx, s.id, w.r.Site, w.revision, false, s.merged, store.Micros(row.First), store.Micros(row.Last),
		string(row.Category), row.Zone, row.Type, row.Manufacturer, row.Model, row.OS, row.Firmware, row.Serial, row.AssetTag,
		strings.Join(s.keys, "\n"), s.engine, s.sum, strings.Join(kinds, "\n"), string(line), string(text))
}

func (w *writer) flush(ctx context.Context) error {
	if w.columns == nil {
		return nil
	}
	err := w.columns.Close(ctx)
	w.columns = nil
	clear(w.pending)
	return err
}

// merge makes a record part of another one: its history stays under its own id, which leads there
// from now on.
func (w *writer) merge(ctx context.Context, into, from *saved) error {
	if from == nil {
		return nil
	}
	if d := from.rec.Device.First; !d.IsZero() && (into.rec.Device.First.IsZero() || d.Before(into.rec.Device.First)) {
		into.rec.Device.First = d
	}
	adopt(&into.rec.Overrides, from.rec.Overrides)
	adopt(&into.rec.Fields, from.rec.Fields)
	adopt(&into.rec.Register, from.rec.Register)
	for _, t := range from.rec.Tags {
		if !slices.Contains(into.rec.Tags, t) {
			into.rec.Tags = append(into.rec.Tags, t)
		}
	}
	title := from.rec.Row().Title
	from.merged, from.keys = into.id, nil
	w.event(into.id, w.now, Merged, "", title, "", "The same device: the two records share an identifier.")
	_, err := w.tx.Exec(ctx, `UPDATE inventory_finding_devices SET device = ? WHERE device = ? AND NOT EXISTS (
		SELECT 1 FROM inventory_finding_devices AS o WHERE o.finding = inventory_finding_devices.finding AND o.device = ?)`, into.id, from.id, into.id)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	w.touched[into.id] = true
	return w.save(ctx, from)
}

func adopt[K comparable, V any](into *map[K]V, from map[K]V) {
	for k, v := range from {
		if *into == nil {
			*into = map[K]V{}
		}
		if _, ok := (*into)[k]; !ok {
			(*into)[k] = v
		}
	}
}

// settle fills in the open findings of a record, when they changed.
func (w *writer) settle(ctx context.Context, s *saved) error {
	if !w.touched[s.id] {
		return nil
	}
	open, err := openOf(ctx, w.tx, s.id)
	s.rec.Open = open
	return err
}

func (w *writer) event(device string, at time.Time, kind EventKind, attr, before, after, note string) {
	w.events = append(w.events, Event{Device: device, Time: at, Kind: kind, Attr: attr, Old: before, New: after, By: w.person, Note: note})
}

// end writes the events and tells the outbox.
func (w *writer) end(ctx context.Context) error {
	changed := make([]string, 0, min(100, len(w.saved)))
	for id := range w.saved {
		if len(changed) == cap(changed) {
			break
		}
		changed = append(changed, id)
	}
	n := len(w.saved)
	if err := w.flush(ctx); err != nil {
		return err
	}
	b := w.tx.Bulk(`INSERT INTO inventory_events (id, site, device, at, kind, attr, old, new, person, note) VALUES`, 10, "")
	for _, e := range w.events {
		err := b.Add(ctx, store.NewID(w.now), w.r.Site, e.Device, store.Micros(e.Time), string(e.Kind), e.Attr, e.Old, e.New, e.By, e.Note)
		if err != nil {
			return err
		}
	}
	if err := b.Close(ctx); err != nil {
		return err
	}
	for _, id := range w.opened[:min(len(w.opened), 100)] {
		if err := w.tx.Emit("finding.opened", id, nil); err != nil {
			return err
		}
	}
	if n == 0 {
		return nil
	}
	slices.Sort(changed)
	return w.tx.Emit("devices.changed", "", Changed{Devices: changed, Count: n, New: w.fresh})
}

// Changed is the payload of the outbox topic "devices.changed".
type Changed struct {
	Devices []string `json:"devices"` // register ids, at most 100
	Count   int      `json:"count"`
	New     int      `json:"new"`
}
