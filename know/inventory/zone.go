package inventory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Zone is a part of the network with one purpose: a VLAN or a subnet, or several.
type Zone struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"` // one of ZoneKinds
	VLANs    []uint16 `json:"vlans"`
	Subnets  []string `json:"subnets"`  // CIDR
	Expected int      `json:"expected"` // devices expected; 0 when not said
	Guest    bool     `json:"guest"`    // devices are counted, then forgotten after 24 h
	Switch   string   `json:"switch"`   // where a mirror port would show it: "core switch 2, port Gi1/0/24"
	Found    bool     `json:"found"`    // made by itself from what was heard, not by a person
}

// ZoneKinds are the kinds of zone.
var ZoneKinds = []string{"clinical", "imaging", "laboratory", "building", "office", "network", "guest", "internet", "other"}

// Names of zones that nobody made.
const (
	ZoneInternet = "Internet"
	ZoneNone     = "Unassigned"
)

// zones finds the zone of a device.
type zones struct {
	all      []Zone
	byVLAN   map[uint16]string
	prefixes []zonePrefix // longest first
}

type zonePrefix struct {
	prefix netip.Prefix
	zone   string
}

func (r *Register) zoneTable(ctx context.Context) (*zones, error) {
	return readZones(ctx, r.Store, r.Site)
}

func readZones(ctx context.Context, from store.Reader, site string) (*zones, error) {
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
	z := &zones{all: all, byVLAN: map[uint16]string{}}
	for _, one := range all {
		for _, v := range one.VLANs {
			z.byVLAN[v] = one.Name
		}
		for _, s := range one.Subnets {
			if p, err := netip.ParsePrefix(s); err == nil {
				z.prefixes = append(z.prefixes, zonePrefix{p.Masked(), one.Name})
			}
		}
	}
	slices.SortStableFunc(z.prefixes, func(a, b zonePrefix) int { return cmp.Compare(b.prefix.Bits(), a.prefix.Bits()) })
	return z, nil
}

// of gives the zone of a device: by address, since a subnet says more than the VLAN a mirror port
// happened to tag, then by VLAN, else one named after either.
func (z *zones) of(d *ward.Device) string {
	var first netip.Addr
	for _, s := range d.IPs {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			continue
		}
		for _, p := range z.prefixes {
			if p.prefix.Contains(ip) {
				return p.zone
			}
		}
		if !first.IsValid() || ip.Is4() && !first.Is4() {
			first = ip
		}
	}
	for _, v := range d.VLANs {
		if name := z.byVLAN[v]; name != "" {
			return name
		}
	}
	switch {
	case d.Scope == ward.External:
		return ZoneInternet
	case len(d.VLANs) > 0 && d.VLANs[0] != 0:
		return "VLAN " + itoa(int(d.VLANs[0]))
	case first.Is4() && !first.IsLinkLocalUnicast():
		p, _ := first.Prefix(24) //nolint:errcheck // 24 fits IPv4
		return p.String()
	}
	return ZoneNone
}

// named gives a zone by its name; one that nobody made is described by what it is named after.
func (z *zones) named(name string) Zone {
	for _, one := range z.all {
		if one.Name == name {
			return one
		}
	}
	found := Zone{Name: name, Kind: "other", Found: true}
	if name == ZoneInternet {
		found.Kind = "internet"
	}
	if p, err := netip.ParsePrefix(name); err == nil {
		found.Subnets = []string{p.String()}
	}
	var vlan uint16
	if _, err := fmt.Sscanf(name, "VLAN %d", &vlan); err == nil {
		found.VLANs = []uint16{vlan}
	}
	return found
}

// Zones gives the zones that people made and those found by themselves, by name.
func (r *Register) Zones(ctx context.Context) ([]Zone, error) {
	z, err := r.zoneTable(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(z.all)
	err = r.with(ctx, func(v *view) error {
		seen := map[string]bool{}
		for _, one := range out {
			seen[one.Name] = true
		}
		for _, k := range v.known {
			if k.merged == "" && k.zone != "" && !seen[k.zone] {
				seen[k.zone] = true
				out = append(out, z.named(k.zone))
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
				s.rec.Device.Zone = z.of(&s.rec.Device)
				if err := w.save(ctx, s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *writer) moved(ctx context.Context, z *zones) ([]string, error) {
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
		if z.of(&ward.Device{IPs: row.IPs, VLANs: row.VLANs, Scope: row.Scope}) != row.Zone {
			out = append(out, row.ID)
		}
	}
	return out, rows.Err()
}
