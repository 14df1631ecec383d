package inventory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory/traffic"
	"github.com/wardkeeper/wardkeeper/ward"
)

// At names the device with an id, or at a network or hardware address. What is none stands for itself.
func (v *view) At(id string) DeviceRef {
	for range 8 {
		k := v.known[id]
		switch {
		case k == nil:
			known := cmp.Or(v.byIP[id], v.byKey["mac:"+id])
			if known == "" || known == id {
				return DeviceRef{Title: id}
			}
			id = known
		case k.merged != "":
			id = k.merged
		default:
			return DeviceRef{ID: k.id, Title: k.title, Zone: k.zone}
		}
	}
	return DeviceRef{Title: id}
}

// Outside reports whether a device is on the internet.
func (v *view) Outside(id string) bool {
	k := v.known[id]
	return k != nil && k.scope == ward.External
}

func (r *Register) talks(ctx context.Context, q evidence.TalkQuery) ([]evidence.Talk, error) {
	if r.Evidence == nil {
		return nil, nil
	}
	q.Limit = traffic.MaxTalks
	return r.Evidence.Talks(ctx, q)
}

// Matrix gives who talks to whom, zone by zone, since a time, most bytes first.
func (r *Register) Matrix(ctx context.Context, since time.Time) (cells []Cell, err error) {
	talks, err := r.talks(ctx, evidence.TalkQuery{Since: since})
	if err != nil {
		return nil, err
	}
	err = r.with(ctx, func(v *view) error { cells = traffic.Matrix(talks, v); return nil })
	return cells, err
}

// Links gives the traffic of one zone, device by device, most bytes first, at most limit (0: 500).
// With to set, only what runs between the two zones, in either direction.
func (r *Register) Links(ctx context.Context, zone, to string, since time.Time, limit int) (links []Link, err error) {
	talks, err := r.talks(ctx, evidence.TalkQuery{Since: since})
	if err != nil {
		return nil, err
	}
	err = r.with(ctx, func(v *view) error { links = traffic.Links(talks, v, zone, to, limit); return nil })
	return links, err
}

// Peers gives whom a device talked to since a time, most bytes first, at most 500.
func (r *Register) Peers(ctx context.Context, id string, since time.Time) (peers []Peer, err error) {
	d, err := r.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	mine := append(slices.Clone(d.IPs), d.MACs...)
	if len(mine) == 0 {
		return nil, nil
	}
	talks, err := r.talks(ctx, evidence.TalkQuery{Addresses: mine, Since: since})
	if err != nil {
		return nil, err
	}
	err = r.with(ctx, func(v *view) error { peers = traffic.Peers(talks, v, mine); return nil })
	return peers, err
}

// Interfaces gives the interface catalogue, at most 5,000 lines.
func (r *Register) Interfaces(ctx context.Context, q InterfaceQuery) (list []Interface, err error) {
	all, err := traffic.Stored(ctx, r.Store, r.Site)
	if err != nil {
		return nil, err
	}
	err = r.with(ctx, func(v *view) error { list = q.Select(all, v); return nil })
	return list, err
}

// PatientData says where patient data travels.
func (r *Register) PatientData(ctx context.Context) (*PatientData, error) {
	all, err := r.Interfaces(ctx, InterfaceQuery{Patient: true})
	if err != nil {
		return nil, err
	}
	return traffic.WherePatientDataTravels(all), nil
}

// interfaces brings the catalogue up to date.
func (w *writer) interfaces(ctx context.Context, b *Batch, ids map[string]string) error {
	if len(b.Interfaces) == 0 {
		return nil
	}
	addresses := map[string]string{}
	for i := range b.Devices {
		addresses[b.Devices[i].ID] = addressOf(&b.Devices[i])
	}
	return traffic.Feed(ctx, w.tx, w.r.Site, b.Interfaces, ids, addresses, w.now, b.Until)
}

func addressOf(d *ward.Device) string {
	switch {
	case len(d.IPs) > 0:
		return d.IPs[0]
	case len(d.MACs) > 0:
		return d.MACs[0]
	}
	return ""
}
