package inventory

import (
	"context"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// swaps finds devices that took the place of another since the register last looked: same name and
// address, other serial number. Identity sees a swap within its own memory; this one also spans a
// restart and another hardware address.
func (w *writer) swaps(ctx context.Context, changed []placed) error {
	var found []ward.Finding
	ids := map[string]string{}
	err := w.r.with(ctx, func(v *view) error {
		for i := range changed {
			p := &changed[i]
			serial, names := p.device.Value(ward.Serial), namesOf(p.device)
			if p.known != nil || serial == "" || p.device.Claims[ward.Serial].Confidence < entry.SureEnough || len(names) == 0 {
				continue
			}
			for _, ip := range p.device.IPs {
				k := v.known[v.byIP[ip]]
				if k == nil || k.id == p.id || k.serial == "" || entry.BareID(k.serial) == entry.BareID(serial) || !slices.Contains(names, strings.ToLower(k.name)) {
					continue
				}
				found = append(found, ward.Finding{
					Kind: ward.DeviceSwapped, Devices: []string{k.id, p.id},
					Evidence: append([]ward.Evidence{{
						Protocol: "register", Field: "serial", Value: k.serial, Sender: ip, First: k.first, Last: k.last, Count: 1,
					}}, firstEvidence(p.device.Claims[ward.Serial])...),
				})
				ids[k.id], ids[p.id] = k.id, p.id
				break
			}
		}
		return nil
	})
	if err != nil || len(found) == 0 {
		return err
	}
	before := len(w.touched)
	if err := w.findings(ctx, &Batch{Findings: found}, ids); err != nil || len(w.touched) == before {
		return err
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	for _, f := range found {
		recs, err := w.load(ctx, f.Devices)
		if err != nil {
			return err
		}
		for _, s := range recs {
			if err := w.settle(ctx, s); err != nil {
				return err
			}
			if err := w.save(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func namesOf(d *ward.Device) []string {
	var out []string
	for _, n := range d.Names {
		out = append(out, strings.ToLower(n.Value))
	}
	if ae := d.Value(ward.AETitle); ae != "" {
		out = append(out, strings.ToLower(ae))
	}
	return out
}

func firstEvidence(c ward.Claim) []ward.Evidence {
	return c.Evidence[:min(1, len(c.Evidence))]
}
