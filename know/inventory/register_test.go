package inventory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// bench is a register on one engine, with a door and a clock.
type bench struct {
	*inventory.Register
	t    *testing.T
	ctx  context.Context
	door *access.Door
	at   time.Time
}

func stages() []store.Migrations {
	return []store.Migrations{audit.Migrations(), access.Migrations(), evidence.Migrations(), inventory.Migrations()}
}

func each(t *testing.T, test func(*testing.T, *bench)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newBench(t, s)) }, stages()...)
}

func newBench(t *testing.T, s *store.Store) *bench {
	t.Helper()
	b := &bench{t: t, at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	b.ctx = access.With(t.Context(), access.Person{ID: "p1", Name: "Ada", Roles: []access.Role{access.Administrator}})
	b.door = &access.Door{Store: s, Audit: &audit.Log{Store: s}, Now: func() time.Time { return b.at }, Site: "main"}
	b.Register = b.open(s)
	return b
}

func (b *bench) open(s *store.Store) *inventory.Register {
	now := func() time.Time { return b.at }
	return &inventory.Register{Store: s, Evidence: &evidence.Journal{Store: s, Site: "main", Now: now}, Site: "main", Now: now}
}

func (b *bench) upsert(batch inventory.Batch) map[string]string {
	b.t.Helper()
	ids, err := b.Upsert(b.ctx, batch)
	if err != nil {
		b.t.Fatal(err)
	}
	return ids
}

func (b *bench) do(f func(store.Tx) error) error {
	return b.door.Do(b.ctx, access.Action{Verb: "test.change", Permission: access.DevicesChange}, f)
}

func (b *bench) must(f func(store.Tx) error) {
	b.t.Helper()
	if err := b.do(f); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) device(id string) *inventory.Detail {
	b.t.Helper()
	d, err := b.Device(b.ctx, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *bench) find(q inventory.Query) *inventory.Page {
	b.t.Helper()
	p, err := b.Devices(b.ctx, q)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) events(id string) string {
	b.t.Helper()
	events, err := b.Timeline(b.ctx, id, time.Time{}, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s>%s %s", e.Kind, e.Attr, e.Old, e.New, e.By)))
	}
	return strings.Join(out, "\n")
}

// claim is a claim with one piece of evidence.
func claim(value string, confidence float64) ward.Claim {
	return ward.Claim{Value: value, Confidence: confidence, Evidence: []ward.Evidence{{Protocol: "test", Field: "f", Value: value, Count: 1, Frame: 1}}}
}

// pump is a local device as identity gives it: id, last MAC byte, last IP byte and claims by pairs.
func (b *bench) pump(n int, claims ...string) ward.Device {
	mac := fmt.Sprintf("00:11:22:33:44:%02x", n)
	d := ward.Device{
		ID: "d-" + strings.ReplaceAll(mac, ":", ""), MACs: []string{mac}, IPs: []string{fmt.Sprintf("10.11.4.%d", n)}, Names: []ward.Name{},
		Protocols: []string{"arp", "hl7"}, Category: ward.Medical, Scope: ward.Local, VLANs: []uint16{110}, Claims: map[ward.Attr]ward.Claim{},
		First: b.at.Add(-time.Hour), Last: b.at,
	}
	for i := 0; i+1 < len(claims); i += 2 {
		if claims[i] == "name" {
			d.Names = append(d.Names, ward.Name{Value: claims[i+1], Source: "dhcp option 12"})
			continue
		}
		d.Claims[ward.Attr(claims[i])] = claim(claims[i+1], 0.95)
	}
	return d
}

func TestDeviceKeepsItsIDOverRestartNewAddressAndNewCard(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.pump(1, "manufacturer", "Halden", "serial", "HX-1")
		id := b.upsert(inventory.Batch{Devices: []ward.Device{d}})[d.ID]
		b.Register = b.open(b.Store) // a restart

		moved := b.pump(1, "manufacturer", "Halden", "serial", "HX-1")
		moved.IPs = []string{"10.11.9.9"}
		if got := b.upsert(inventory.Batch{Devices: []ward.Device{moved}})[d.ID]; got != id {
			t.Fatal("another address made another device")
		}
		card := b.pump(7, "manufacturer", "Halden", "serial", "hx 1")
		if got := b.upsert(inventory.Batch{Devices: []ward.Device{card}})[card.ID]; got != id {
			t.Fatal("another card made another device, in spite of the serial number")
		}
		other := b.pump(8, "manufacturer", "Oresund", "serial", "HX-1")
		if got := b.upsert(inventory.Batch{Devices: []ward.Device{other}})[other.ID]; got == id {
			t.Fatal("two makers' devices with one serial number became one")
		}
		if e := b.events(id); !strings.Contains(e, "address changed ip 10.11.4.1>10.11.9.9") || strings.Count(e, "first seen") != 1 {
			t.Fatal(e)
		}
	})
}

func TestAddressAloneIsADeviceOnlyForAWeek(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		routed := func() ward.Device {
			return ward.Device{
				ID: "d-10.9.9.9", IPs: []string{"10.9.9.9"}, Scope: ward.Routed, Claims: map[ward.Attr]ward.Claim{}, First: b.at, Last: b.at,
			}
		}
		first := b.upsert(inventory.Batch{Devices: []ward.Device{routed()}})["d-10.9.9.9"]
		b.Register = b.open(b.Store)
		b.at = b.at.Add(24 * time.Hour)
		if got := b.upsert(inventory.Batch{Devices: []ward.Device{routed()}})["d-10.9.9.9"]; got != first {
			t.Fatal("a day later the address was another device")
		}
		local := b.pump(9)
		local.IPs = []string{"10.9.9.9"}
		if got := b.upsert(inventory.Batch{Devices: []ward.Device{local}})[local.ID]; got == first {
			t.Fatal("a card heard directly was taken for a device behind a router")
		}
	})
}

func TestRecordsOfOneDeviceMerge(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		a := b.pump(1, "manufacturer", "Halden", "serial", "HX-1")
		c := b.pump(2)
		ids := b.upsert(inventory.Batch{Devices: []ward.Device{a, c}})
		b.must(func(tx store.Tx) error {
			return b.SetFields(b.ctx, tx, []string{ids[c.ID]}, map[inventory.Field]string{inventory.Owner: "Biomed"})
		})
		both := b.pump(1, "manufacturer", "Halden", "serial", "HX-1")
		both.MACs = append(both.MACs, c.MACs[0])
		b.upsert(inventory.Batch{Devices: []ward.Device{both}, Gone: []string{c.ID}})
		d := b.device(ids[c.ID])
		if d.ID != ids[a.ID] || d.Owner != "Biomed" || len(d.MACs) != 2 {
			t.Fatalf("%+v", d.Row)
		}
		if p := b.find(inventory.Query{}); p.Total != 1 {
			t.Fatalf("%d devices", p.Total)
		}
	})
}

func TestSwapIsFoundAcrossARestart(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		old := b.pump(1, "manufacturer", "Halden", "serial", "HX-20418", "name", "PUMP-4W-12")
		before := b.upsert(inventory.Batch{Devices: []ward.Device{old}})[old.ID]
		b.Register = b.open(b.Store)
		b.at = b.at.Add(time.Hour)
		now := b.pump(2, "manufacturer", "Halden", "serial", "HX-21977", "name", "pump-4w-12", "type", "infusion pump")
		now.IPs = old.IPs
		after := b.upsert(inventory.Batch{Devices: []ward.Device{now}})[now.ID]
		if before == after {
			t.Fatal("one device with two serial numbers")
		}
		found, err := b.Findings(b.ctx, inventory.FindingQuery{Kinds: []ward.FindingKind{ward.DeviceSwapped}})
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		f := found[0]
		if f.Old != "HX-20418" || f.New != "HX-21977" || len(f.Devices) != 2 || f.Devices[0].ID != before || f.Owner != "biomed" || f.Severity != ward.Critical {
			t.Fatalf("%+v", f)
		}
		if d := b.device(after); d.Status != inventory.StatusCritical || len(d.Open) != 1 {
			t.Fatalf("%+v", d.Row)
		}
		if e := b.events(before); !strings.Contains(e, "swapped device swapped HX-20418>HX-21977") {
			t.Fatal(e)
		}
		b.upsert(inventory.Batch{Devices: []ward.Device{now}})
		if found, _ = b.Findings(b.ctx, inventory.FindingQuery{}); len(found) != 1 {
			t.Fatalf("seen again it became %d findings", len(found))
		}
	})
}

func TestQuietDevicesCostNoWriteAndAreStillFresh(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.pump(1, "type", "infusion pump")
		id := b.upsert(inventory.Batch{Devices: []ward.Device{d}})[d.ID]
		head, err := b.Store.Head(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		b.at = b.at.Add(30 * time.Second)
		d = b.pump(1, "type", "infusion pump")
		b.upsert(inventory.Batch{Devices: []ward.Device{d}})
		if now, _ := b.Store.Head(b.ctx); now != head {
			t.Fatal("hearing a known device wrote to the database")
		}
		if got := b.device(id).Last; !got.Equal(b.at) {
			t.Fatalf("last heard %v, want %v", got, b.at)
		}
		if p := b.find(inventory.Query{Sort: "last", Desc: true}); !p.Rows[0].Last.Equal(b.at) {
			t.Fatal("the table shows an old time")
		}
		b.at = b.at.Add(25 * time.Hour)
		if d := b.device(id); d.Status != inventory.StatusSilent {
			t.Fatalf("after a day of silence it is %q", d.Status)
		}
		if p := b.find(inventory.Query{Filters: map[string][]string{"status": {"not live"}}}); p.Matches != 1 {
			t.Fatal("the filter does not know that it is silent")
		}
		d = b.pump(1, "type", "infusion pump")
		b.upsert(inventory.Batch{Devices: []ward.Device{d}})
		if e := b.events(id); !strings.HasSuffix(e, "reappeared  >") {
			t.Fatalf("%q", e)
		}
	})
}

func TestOverrideWinsAndEvidenceStays(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.pump(1, "type", "patient monitor", "manufacturer", "Halden")
		id := b.upsert(inventory.Batch{Devices: []ward.Device{d}})[d.ID]
		b.must(func(tx store.Tx) error {
			return b.Override(b.ctx, tx, id, ward.Type, "infusion pump", "I stood before it.")
		})
		b.at = b.at.Add(time.Hour)
		b.upsert(inventory.Batch{Devices: []ward.Device{b.pump(1, "type", "patient monitor", "manufacturer", "Halden")}})
		got := b.device(id)
		if e := got.Effective[ward.Type]; got.Type != "infusion pump" || e.By != "person" || e.Against != 1 || got.Confidence != 1 {
			t.Fatalf("%+v %+v", got.Row, e)
		}
		if got.Device.Claims[ward.Type].Value != "patient monitor" || len(got.Device.Claims[ward.Type].Evidence) == 0 {
			t.Fatal("the evidence is gone")
		}
		if o := got.Overrides[ward.Type]; o.By != "Ada" || o.Reason != "I stood before it." {
			t.Fatalf("%+v", o)
		}
		b.must(func(tx store.Tx) error { return b.Override(b.ctx, tx, id, ward.Type, "", "") })
		if got = b.device(id); got.Type != "patient monitor" {
			t.Fatal("a withdrawn override still counts")
		}
		for _, bad := range []string{"flux compensator", "a\nb"} {
			if err := b.do(func(tx store.Tx) error { return b.Override(b.ctx, tx, id, ward.Type, bad, "") }); ward.KindOf(err) != ward.Invalid {
				t.Fatalf("%q gave %v", bad, err)
			}
		}
		if _, err := b.door.Audit.Verify(b.ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestUnknownsAreGroupedAndLabelledOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		var batch inventory.Batch
		for n := 1; n <= 4; n++ {
			batch.Devices = append(batch.Devices, b.pump(n))
		}
		batch.Devices = append(batch.Devices, b.pump(5, "type", "infusion pump"))
		odd := b.pump(6)
		odd.Protocols = []string{"arp", "mqtt"}
		batch.Devices = append(batch.Devices, odd)
		for _, d := range batch.Devices[:4] {
			batch.Findings = append(batch.Findings, ward.Finding{Kind: ward.UnknownDevice, Title: "Unknown device", Devices: []string{d.ID}})
		}
		b.upsert(batch)
		groups, err := b.Alike(b.ctx)
		if err != nil || len(groups) != 2 || groups[0].Count != 4 {
			t.Fatalf("%+v %v", groups, err)
		}
		b.must(func(tx store.Tx) error {
			return b.Label(b.ctx, tx, groups[0].Devices, map[ward.Attr]string{ward.Type: "infusion pump", ward.Manufacturer: "Halden"}, "Looked at one.")
		})
		if p := b.find(inventory.Query{Filters: map[string][]string{"type": {"infusion pump"}}}); p.Matches != 5 {
			t.Fatalf("%d pumps", p.Matches)
		}
		if open, _ := b.Findings(b.ctx, inventory.FindingQuery{}); len(open) != 0 {
			t.Fatalf("still open: %+v", open)
		}
		if p := b.find(inventory.Query{Filters: map[string][]string{"finding": {"unknown device"}}}); p.Matches != 0 {
			t.Fatal("rows still carry the closed finding")
		}
	})
}
