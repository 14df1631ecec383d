package inventory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Locator finds devices by what other registers know them by. It is valid only during Locate.
type Locator struct {
	v       *view
	serials map[string][]string
}

// Locate runs f with a Locator over the register as it stands.
func (r *Register) Locate(ctx context.Context, f func(*Locator) error) error {
	return r.with(ctx, func(v *view) error {
		l := &Locator{v: v, serials: map[string][]string{}}
		for id, k := range v.known {
			if k.serial != "" && k.merged == "" {
				s := entry.BareID(k.serial)
				l.serials[s] = append(l.serials[s], id)
			}
		}
		return f(l)
	})
}

// Serial gives the devices with a serial number, as a rule one.
func (l *Locator) Serial(serial string) []string { return l.serials[entry.BareID(serial)] }

// MAC gives the device with a hardware address, written as ward.MAC writes it.
func (l *Locator) MAC(mac string) string { return l.v.byKey["mac:"+mac] }

// Tag gives the device with an asset tag.
func (l *Locator) Tag(tag string) string { return l.v.byTag[strings.ToLower(tag)] }

// IP gives the device that has an address now.
func (l *Locator) IP(ip string) string { return l.v.byIP[ip] }

// Ref names a device.
func (l *Locator) Ref(id string) DeviceRef { return l.v.At(id) }

// Records reads what is kept of devices, by id.
func (r *Register) Records(ctx context.Context, from store.Reader, ids []string) (map[string]*entry.Record, error) {
	all, err := readSaved(ctx, from, ids)
	out := make(map[string]*entry.Record, len(all))
	for id, s := range all {
		out[id] = &s.rec
	}
	return out, err
}

// Listed is what another register says about one device.
type Listed struct {
	ID        string            // register id; empty for a device that was not heard yet
	Source    string            // file
	Line      int               // where in it
	Says      map[string]string // by attribute or field
	Conflicts map[string]bool   // of these, what the network says otherwise
	MACs, IPs []string          // of a device that was not heard yet
}

// List writes what other registers say beside what is known, which it never replaces. Inside Do.
func (r *Register) List(ctx context.Context, tx store.Tx, list []Listed) error {
	return r.change(ctx, tx, func(w *writer) error {
		for chunk := range slices.Chunk(list, loadAtOnce) {
			var ids []string
			for i := range chunk {
				if chunk[i].ID != "" {
					ids = append(ids, chunk[i].ID)
				}
			}
			recs, err := w.load(ctx, ids)
			if err != nil {
				return err
			}
			for i := range chunk {
				l := &chunk[i]
				s := recs[l.ID]
				if s == nil {
					s = w.listed(l)
				}
				w.takeListed(s, l)
				if err := w.save(ctx, s); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// listed makes the record of a device that was not heard yet, with the keys by which it will be
// recognised when it is.
func (w *writer) listed(l *Listed) *saved {
	s := &saved{id: store.NewID(w.now)}
	s.rec.Device = ward.Device{ID: s.id, MACs: l.MACs, IPs: l.IPs, Names: []ward.Name{}, Protocols: []string{}, Category: ward.Unknown,
		Claims: map[ward.Attr]ward.Claim{}, Zone: ZoneNone}
	for _, m := range l.MACs {
		s.keys = append(s.keys, "mac:"+m)
	}
	if v := l.Says[string(ward.Serial)]; v != "" {
		s.keys = append(s.keys, "serial::"+entry.BareID(v))
	}
	w.fresh++
	return s
}

func (w *writer) takeListed(s *saved, l *Listed) {
	if s.rec.Register == nil {
		s.rec.Register = map[string]RegisterClaim{}
	}
	n := 0
	for key, v := range l.Says {
		old := s.rec.Register[key]
		if old.Value == v && old.Conflict == l.Conflicts[key] {
			continue
		}
		s.rec.Register[key] = RegisterClaim{Value: v, Source: l.Source, Line: l.Line, At: w.now, Conflict: l.Conflicts[key]}
		n++
	}
	w.event(s.id, w.now, Imported, "", "", "", fmt.Sprintf("%s, line %d: %d values", l.Source, l.Line, n))
}
