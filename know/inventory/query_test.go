package inventory_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// crowd makes n devices of mixed kinds: every fourth runs Windows 7, every fifth has no OS, every
// seventh is not named at all.
func crowd(n int, at time.Time) []ward.Device {
	types := []string{"infusion pump", "imaging modality", "imaging workstation", "patient monitor", "ip camera"}
	makers := []string{"Halden", "Corvane", "Meridian", "Brightgate"}
	out := make([]ward.Device, 0, n)
	for i := range n {
		mac := ward.MAC{0, 0x22, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
		d := ward.Device{
			ID: "d-" + mac.String(), MACs: []string{mac.String()}, IPs: []string{fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)},
			Names: []ward.Name{{Value: fmt.Sprintf("host-%06d", i), Source: "dhcp option 12"}}, Protocols: []string{"arp", "dhcp"},
			Scope: ward.Local, VLANs: []uint16{uint16(100 + i%12)}, Claims: map[ward.Attr]ward.Claim{},
			First: at.Add(-time.Duration(i) * time.Minute), Last: at.Add(-time.Duration(i%600) * time.Second),
		}
		if i%7 != 0 {
			d.Claims[ward.Type] = claim(types[i%len(types)], 0.9)
			d.Claims[ward.Manufacturer] = claim(makers[i%len(makers)], 0.9)
			d.Claims[ward.Serial] = claim(fmt.Sprintf("SN-%06d", i), 0.95)
			d.Category = ward.CategoryOf(types[i%len(types)])
			d.Protocols = append(d.Protocols, "http")
		}
		switch {
		case i%5 == 0:
		case i%4 == 0:
			d.Claims[ward.OS] = claim("Windows 7", 0.8)
		default:
			d.Claims[ward.OS] = claim("Linux 5.10", 0.8)
		}
		out = append(out, d)
	}
	return out
}

func TestPagesGiveEveryDeviceOnceInOrderBothWays(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.upsert(inventory.Batch{Devices: crowd(230, b.at)})
		for _, sort := range inventory.SortKeys {
			for _, desc := range []bool{false, true} {
				var ids, back []string
				q := inventory.Query{Sort: sort, Desc: desc, Limit: 40, Filters: map[string][]string{"scope": {"local"}}}
				var last *inventory.Page
				for {
					p := b.find(q)
					if p.Start != len(ids)+1 || p.Matches != 230 {
						t.Fatalf("%s: page starts at %d after %d", sort, p.Start, len(ids))
					}
					for _, r := range p.Rows {
						ids = append(ids, r.ID)
					}
					last = p
					if q.Cursor = p.Next; q.Cursor == "" {
						break
					}
				}
				if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != 230 || len(ids) != 230 {
					t.Fatalf("%s: %d rows, %d distinct", sort, len(ids), n)
				}
				back = ids[len(ids)-len(last.Rows):]
				for q.Cursor = last.Prev; q.Cursor != ""; {
					p := b.find(q)
					var page []string
					for _, r := range p.Rows {
						page = append(page, r.ID)
					}
					back = append(page, back...)
					q.Cursor = p.Prev
				}
				if !slices.Equal(back, ids) {
					t.Fatalf("%s desc=%v: the way back gives %d rows, or another order", sort, desc, len(back))
				}
			}
		}
	})
}

func TestFreeTextSaysForHowManyItCannotTell(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.upsert(inventory.Batch{Devices: crowd(420, b.at)})
		p := b.find(inventory.Query{Text: "windows 7 imaging", Limit: 1000, Facets: []string{"os", "type"}})
		if p.Matches == 0 || p.Undecided == nil {
			t.Fatalf("%+v", p)
		}
		for _, r := range p.Rows {
			if r.OS != "Windows 7" || !strings.HasPrefix(r.Type, "imaging") {
				t.Fatalf("%+v does not fit", r)
			}
		}
		sum := 0
		for _, r := range p.Undecided.Reasons {
			sum += r.Count
		}
		open := b.find(inventory.Query{Text: "windows 7 imaging", Filters: p.Undecided.Filters, Limit: 1000})
		if sum != p.Undecided.Count || open.Matches != sum || len(p.Undecided.Tell) == 0 {
			t.Fatalf("%+v, shown %d", p.Undecided, open.Matches)
		}
		for _, r := range open.Rows { // each lacks one of the two and does not contradict the other
			if r.OS != "" && r.Type != "" || r.OS != "" && r.OS != "Windows 7" || r.Type != "" && !strings.HasPrefix(r.Type, "imaging") {
				t.Fatalf("%+v is decided", r)
			}
		}
		if f := p.Facets["os"]; len(f) != 1 || f[0].Count != p.Matches {
			t.Fatalf("%+v", p.Facets)
		}
		known := b.find(inventory.Query{Filters: map[string][]string{"os": {"Windows 7"}, "type": {"imaging modality"}}})
		none := b.find(inventory.Query{Filters: map[string][]string{"os": {"unknown"}}})
		if known.Undecided == nil || none.Undecided != nil || none.Matches != 84 {
			t.Fatalf("%+v %+v", known.Undecided, none)
		}
		if not := b.find(inventory.Query{Filters: map[string][]string{"os": {"!Windows 7", "!Linux 5.10"}}}); not.Matches != 84 {
			t.Fatalf("%d without either", not.Matches)
		}
	})
}

func TestUnknownFilterIsRefused(t *testing.T) {
	b := newBench(t, storetest.SQLite(t, stages()...))
	for _, q := range []inventory.Query{{Sort: "colour"}, {Filters: map[string][]string{"colour": {"red"}}}, {Cursor: "???"}, {Facets: []string{"x"}}} {
		if _, err := b.Devices(b.ctx, q); ward.KindOf(err) != ward.Invalid {
			t.Errorf("%+v gave %v", q, err)
		}
	}
}

func TestExportIsSafeForASpreadsheet(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		evil := b.pump(1, "type", "infusion pump", "model", "=HYPERLINK(\"http://x\")", "name", "@SUM(A1)")
		b.upsert(inventory.Batch{Devices: []ward.Device{evil, b.pump(2, "model", "+1", "firmware", "-2")}})
		var buf bytes.Buffer
		if err := b.WriteDevicesCSV(b.ctx, &buf, inventory.Query{}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&buf).ReadAll()
		if err != nil || len(rows) != 3 || len(rows[0]) != len(rows[1]) {
			t.Fatal(rows, err)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
			}
		}
	})
}

func TestGuestsAreCountedThenForgotten(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.must(func(tx store.Tx) error {
			return b.SetZone(b.ctx, tx, inventory.Zone{Name: "Guests", Kind: "guest", VLANs: []uint16{110}})
		})
		staff := b.pump(2)
		staff.VLANs = []uint16{200}
		ids := b.upsert(inventory.Batch{Devices: []ward.Device{b.pump(1), staff}})
		b.at = b.at.Add(23 * time.Hour)
		if n, err := b.Forget(b.ctx); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		b.at = b.at.Add(2 * time.Hour)
		if n, err := b.Forget(b.ctx); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		guest := ids[b.pump(1).ID]
		if _, err := b.Device(b.ctx, guest); ward.KindOf(err) != ward.NotFound {
			t.Fatalf("still there: %v", err)
		}
		if p := b.find(inventory.Query{}); p.Total != 1 {
			t.Fatalf("%d devices", p.Total)
		}
		if g, err := b.Guests(b.ctx, b.at.Add(-24*time.Hour)); err != nil || g["Guests"] != 1 {
			t.Fatal(g, err)
		}
	})
}

func TestOverviewZonesAndCoverage(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.upsert(inventory.Batch{Sensor: "one", Devices: crowd(120, b.at), Coverage: &ward.Coverage{Subnets: []ward.Subnet{
			{CIDR: "10.0.0.0/24", VLAN: 100, Quality: ward.SeenWell},
		}}})
		b.must(func(tx store.Tx) error {
			return b.SetZone(b.ctx, tx, inventory.Zone{Name: "4 West beds", Kind: "clinical", VLANs: []uint16{100}})
		})
		b.must(func(tx store.Tx) error {
			return b.SetZone(b.ctx, tx, inventory.Zone{Name: "Pharmacy", Kind: "clinical", VLANs: []uint16{240}, Switch: "core switch 2, port Gi1/0/24"})
		})
		o, err := b.Overview(b.ctx, b.at.Add(-30*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		if o.Total != 120 || o.Unknown != 18 || o.New != 31 || len(o.Newest) != 20 || o.Coverage.NotSeen != 1 || o.Coverage.Well != 1 {
			t.Fatalf("%+v", o)
		}
		if a := strings.Join(o.Coverage.Advice, "\n"); a != "Mirror core switch 2, port Gi1/0/24 to the sensor, and VLAN 240 appears." {
			t.Fatal(a)
		}
		if p := b.find(inventory.Query{Filters: map[string][]string{"zone": {"4 West beds"}}}); p.Matches != 10 {
			t.Fatalf("%d in the zone", p.Matches)
		}
		b.must(func(tx store.Tx) error { return b.RemoveZone(b.ctx, tx, "4 West beds") })
		if p := b.find(inventory.Query{Filters: map[string][]string{"zone": {"VLAN 100"}}}); p.Matches != 10 {
			t.Fatalf("%d fell back to their VLAN", p.Matches)
		}
	})
}

// BenchmarkDevices measures a filtered, sorted page with facets: the cost over 100,000 devices is
// to be at most twice that over 1,000.
func BenchmarkDevices(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		s := storetest.SQLite(b, stages()...)
		r := &inventory.Register{Store: s, Site: "main", Now: func() time.Time { return at }}
		for part := range slices.Chunk(crowd(n, at), 10_000) {
			if _, err := r.Upsert(b.Context(), inventory.Batch{Devices: part}); err != nil {
				b.Fatal(err)
			}
		}
		for name, q := range map[string]inventory.Query{
			"filtered": {Filters: map[string][]string{"type": {"patient monitor"}, "os": {"Windows 7"}}, Sort: "title"},
			"words":    {Text: "windows 7 imaging", Sort: "last", Desc: true},
			"facets":   {Filters: map[string][]string{"category": {"medical"}}, Sort: "manufacturer", Facets: []string{"zone", "type", "os", "status"}},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				if _, err := r.Devices(b.Context(), q); err != nil { // an order is made once, then kept
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := r.Devices(b.Context(), q); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
