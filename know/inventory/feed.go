package inventory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Batch is what identity and the wire hand over at once. Device ids in it are the engine's; Upsert
// maps them to the register's.
type Batch struct {
	Sensor     string
	Devices    []ward.Device
	Gone       []string // engine ids of devices that turned out to be another one
	Findings   []ward.Finding
	Interfaces []ward.Interface
	Coverage   *ward.Coverage // nil: nothing new
	Until      time.Time      // capture time of the last packet; zero means now
}

// Upsert brings the register up to date with a batch, and returns the register id of each engine
// id in it. It is of the batch path: one transaction, journalled as events, not audited. Devices of
// which nothing changed but that they were heard cost no write; see Register.Fresh.
func (r *Register) Upsert(ctx context.Context, b Batch) (map[string]string, error) {
	r.feed.Lock()
	defer r.feed.Unlock()
	if b.Until.IsZero() {
		b.Until = r.now()
	}
	var ids map[string]string
	write := func(tx store.Tx) error {
		w, err := r.begin(ctx, tx)
		if err != nil {
			return err
		}
		w.person = "" // the wire told, whoever fed it
		var changed []placed
		if ids, changed, err = r.plan(ctx, &b); err != nil {
			return err
		}
		if err := w.findings(ctx, &b, ids); err != nil {
			return err
		}
		if err := w.devices(ctx, changed, ids); err != nil {
			return err
		}
		if err := w.gone(ctx, b.Gone); err != nil {
			return err
		}
		if err := w.interfaces(ctx, &b, ids); err != nil {
			return err
		}
		if err := w.coverage(ctx, &b); err != nil {
			return err
		}
		return w.end(ctx)
	}
	if quiet, known, err := r.quiet(ctx, &b); err != nil || quiet {
		return known, err
	}
	if err := r.Store.Write(ctx, write); err != nil {
		return nil, err
	}
	return ids, r.with(ctx, func(*view) error { return nil })
}

// quiet reports whether a batch only says that known devices were heard, and notes that.
func (r *Register) quiet(ctx context.Context, b *Batch) (bool, map[string]string, error) {
	if len(b.Gone)+len(b.Findings)+len(b.Interfaces) > 0 || b.Coverage != nil {
		return false, nil, nil
	}
	ids, changed, err := r.plan(ctx, b)
	return len(changed) == 0, ids, err
}

// plan finds the place of every device of a batch, notes those that were only heard again, and
// gives the others.
func (r *Register) plan(ctx context.Context, b *Batch) (ids map[string]string, changed []placed, err error) {
	zones, err := r.zoneTable(ctx)
	if err != nil {
		return nil, nil, err
	}
	fresh := r.Fresh
	if fresh == 0 {
		fresh = time.Minute
	}
	ids = make(map[string]string, len(b.Devices))
	taken := make(map[string]bool, len(b.Devices))
	err = r.with(ctx, func(v *view) error {
		for i := range b.Devices {
			d := &b.Devices[i]
			if d.Zone == "" {
				d.Zone = zones.Of(d)
			}
			p := v.place(d, taken)
			if p.id == "" {
				p.id = store.NewID(r.now())
			}
			ids[d.ID], taken[p.id] = p.id, true
			p.sum = entry.Fingerprint(d)
			if k := p.known; k != nil && k.sum == p.sum && k.engine == d.ID && len(p.merge) == 0 && d.Last.Sub(k.stored) < fresh {
				v.heard(k, d.Last)
				continue
			}
			changed = append(changed, p)
		}
		for _, id := range b.Gone {
			if known := v.byEngine[id]; known != "" && ids[id] == "" {
				ids[id] = known
			}
		}
		for i := range b.Findings { // devices that did not change but are spoken of
			for _, d := range b.Findings[i].Devices {
				if ids[d] == "" && v.byEngine[d] != "" {
					ids[d] = v.byEngine[d]
				}
			}
		}
		for i := range b.Interfaces {
			for _, d := range []string{b.Interfaces[i].From, b.Interfaces[i].To} {
				if ids[d] == "" && v.byEngine[d] != "" {
					ids[d] = v.byEngine[d]
				}
			}
		}
		return nil
	})
	return ids, changed, err
}

// devices writes the devices that changed, and those whose open findings did.
func (w *writer) devices(ctx context.Context, changed []placed, ids map[string]string) error {
	want := maps.Clone(w.touched)
	for i := range changed {
		if changed[i].known != nil {
			want[changed[i].id] = true
		}
		for _, m := range changed[i].merge {
			want[m] = true
		}
	}
	stored, err := w.load(ctx, slices.Sorted(maps.Keys(want)))
	if err != nil {
		return err
	}
	for i := range changed {
		p := &changed[i]
		old := stored[p.id]
		rec := &saved{id: p.id}
		if old != nil {
			*rec = *old
		}
		for _, m := range p.merge {
			if err := w.merge(ctx, rec, stored[m]); err != nil {
				return err
			}
			delete(stored, m)
		}
		rec.take(p, ids)
		if err := w.settle(ctx, rec); err != nil {
			return err
		}
		var was *ward.Device
		if old != nil {
			was = &old.rec.Device
		} else {
			w.fresh++
		}
		w.events = append(w.events, entry.Changes(was, &rec.rec.Device, rec.rec.Row().Title)...)
		if err := w.save(ctx, rec); err != nil {
			return err
		}
		delete(stored, p.id)
	}
	for _, id := range slices.Sorted(maps.Keys(stored)) { // only their findings changed
		if !w.touched[id] {
			continue
		}
		rec := stored[id]
		if err := w.settle(ctx, rec); err != nil {
			return err
		}
		if err := w.save(ctx, rec); err != nil {
			return err
		}
	}
	return w.swaps(ctx, changed)
}

// take puts what identity says into the record.
func (s *saved) take(p *placed, ids map[string]string) {
	d := *p.device
	first, last := s.rec.Device.First, s.rec.Device.Last
	d.ID = p.id
	if !first.IsZero() && first.Before(d.First) {
		d.First = first
	}
	if last.After(d.Last) {
		d.Last = last
	}
	speaks := make([]string, 0, len(d.SpeaksFor))
	for _, id := range d.SpeaksFor {
		if known, ok := ids[id]; ok {
			id = known
		}
		speaks = append(speaks, id)
	}
	d.SpeaksFor = speaks
	s.rec.Device, s.keys, s.engine, s.sum = d, p.keys, p.device.ID, p.sum
}

// gone merges the records of engine devices that ceased to exist into the record that has their
// addresses now; one whose addresses nobody has stays as it is.
func (w *writer) gone(ctx context.Context, engines []string) error {
	var pairs [][2]string
	err := w.r.with(ctx, func(v *view) error {
		for _, e := range engines {
			k := v.known[v.byEngine[e]]
			if k == nil || w.saved[k.id] {
				continue
			}
			for _, ip := range k.ips {
				if into := w.byIP[ip]; into != "" && into != k.id {
					pairs = append(pairs, [2]string{k.id, into})
					break
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range pairs {
		recs, err := w.load(ctx, p[:])
		if err != nil {
			return err
		}
		if recs[p[0]] == nil || recs[p[1]] == nil {
			continue
		}
		if err := w.merge(ctx, recs[p[1]], recs[p[0]]); err != nil {
			return err
		}
		if err := w.settle(ctx, recs[p[1]]); err != nil {
			return err
		}
		if err := w.save(ctx, recs[p[1]]); err != nil {
			return err
		}
	}
	return nil
}
