package importing_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

const register = `Asset No.;Serial Number;Vendor;Model;Equipment Type;MAC;Department;Next PM;Comment
A-1;HX-1;Halden Medical GmbH;Volumat H3;Pump, Infusion;00-11-22-33-44-01;Ward 4;2027-03-31;ok
A-2;n/a;Meridian;Vital MV 500;Physiologic Monitor;0011.2233.4402;Ward 4;31.03.2027;
A-3;NEW-3;Oresund;Aero 12;Ventilator;00:11:22:33:44:99;ICU;;not heard yet
A-4;;;;;not a mac;;;bad address
A-5;HX-1;;;;;;;the same as line 2
A-6;OTHER;Corvane;;;00:11:22:33:44:05;;;conflict

A-7;Z7;;;;;;3/4/2027;two meanings
`

type bench struct {
	*importing.Importer
	ctx  context.Context
	door *access.Door
	at   time.Time
}

func each(t *testing.T, test func(*testing.T, *bench)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := &bench{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
		now := func() time.Time { return b.at }
		b.ctx = access.With(t.Context(), access.Person{ID: "p", Name: "Ada", Roles: []access.Role{access.Biomed}})
		b.door = &access.Door{Store: s, Audit: &audit.Log{Store: s}, Site: "main", Now: now}
		b.Importer = &importing.Importer{Register: &inventory.Register{Store: s, Site: "main", Now: now}}
		b.hear(t, device(1, "HX-1", "Halden", b.at), device(2, "", "", b.at), device(5, "REAL-5", "Tessaly", b.at))
		test(t, b)
	}, audit.Migrations(), access.Migrations(), inventory.Migrations())
}

func device(n byte, serial, maker string, at time.Time) ward.Device {
	mac := ward.MAC{0, 0x11, 0x22, 0x33, 0x44, n}.String()
	d := ward.Device{ID: "d-" + mac, MACs: []string{mac}, IPs: []string{ward.IP4([]byte{10, 0, 0, n}).String()}, Scope: ward.Local,
		Claims: map[ward.Attr]ward.Claim{}, First: at, Last: at}
	for a, v := range map[ward.Attr]string{ward.Serial: serial, ward.Manufacturer: maker} {
		if v != "" {
			d.Claims[a] = ward.Claim{Value: v, Confidence: 0.95}
		}
	}
	return d
}

func (b *bench) hear(t *testing.T, d ...ward.Device) map[string]string {
	t.Helper()
	ids, err := b.Register.Upsert(b.ctx, inventory.Batch{Devices: d})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (b *bench) read(t *testing.T, text string) *importing.Table {
	t.Helper()
	table, err := b.Read("cmms.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func (b *bench) apply(table *importing.Table, m importing.Mapping, strict bool) (res *importing.Result, err error) {
	err = b.door.Do(b.ctx, access.Action{Verb: "register.import", Permission: access.RegisterImport}, func(tx store.Tx) (err error) {
		res, err = b.Apply(b.ctx, tx, table, m, strict)
		return err
	})
	return res, err
}

func TestProposePreviewApplyAndAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		table := b.read(t, register)
		m := b.Propose(table)
		want := importing.Mapping{"asset tag", "serial", "manufacturer", "model", "type", "mac", "department", "next service", "notes"}
		if !slices.Equal(m, want) {
			t.Fatalf("proposed %q", m)
		}
		p, err := b.Preview(b.ctx, table, m)
		if err != nil {
			t.Fatal(err)
		}
		var by, rejected []string
		for _, x := range p.Matches {
			by = append(by, x.By)
		}
		for _, r := range p.Rejects {
			rejected = append(rejected, r.Why)
		}
		if strings.Join(by, ", ") != "serial, hardware address, hardware address" || len(p.New) != 1 || p.New[0].Title != "Oresund Aero 12" {
			t.Fatalf("matches by %v, new %+v", by, p.New)
		}
		if len(p.Rejects) != 3 || p.Rejects[0].Line != 5 || p.Rejects[1].Line != 6 || p.Rejects[2].Line != 9 || !strings.Contains(rejected[1], "line 2") {
			t.Fatalf("%+v", p.Rejects)
		}
		if len(p.Conflicts) != 2 || p.Conflicts[0].Ours != "Tessaly" || p.Conflicts[1].Theirs != "OTHER" || p.Conflicts[1].Certain != 0.95 {
			t.Fatalf("%+v", p.Conflicts)
		}
		if page, _ := b.Register.Devices(b.ctx, inventory.Query{}); page.Total != 3 {
			t.Fatal("the preview wrote something")
		}
		if _, err := b.apply(table, m, true); ward.KindOf(err) != ward.Conflict {
			t.Fatalf("all or nothing gave %v", err)
		}
		res, err := b.apply(table, m, false)
		if err != nil || res.Added != 1 || res.Updated != 3 || len(res.Rejects) != 3 {
			t.Fatalf("%+v %v", res, err)
		}
		res, err = b.apply(b.read(t, register), m, false)
		if err != nil || res.Added != 0 || res.Updated != 0 || res.Same != 4 {
			t.Fatalf("a second time: %+v %v", res, err)
		}
	})
}

func TestWhatWasImportedStandsBesideTheEvidence(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		table := b.read(t, register)
		if _, err := b.apply(table, b.Propose(table), false); err != nil {
			t.Fatal(err)
		}
		page, err := b.Register.Devices(b.ctx, inventory.Query{Text: "A-1"})
		if err != nil || len(page.Rows) != 1 {
			t.Fatalf("%+v %v", page, err)
		}
		row := page.Rows[0]
		if row.Manufacturer != "Halden" || row.Model != "Volumat H3" || row.Type != "infusion pump" || row.Department != "Ward 4" || !row.Registered {
			t.Fatalf("%+v", row)
		}
		page, _ = b.Register.Devices(b.ctx, inventory.Query{Text: "A-6"})
		d, err := b.Register.Device(b.ctx, page.Rows[0].ID)
		if err != nil || d.Serial != "REAL-5" || d.Register["serial"].Value != "OTHER" || !d.Register["serial"].Conflict || d.Effective[ward.Serial].Against != 1 {
			t.Fatalf("%+v %v", d, err)
		}
	})
}

func TestRegisteredDeviceIsRecognisedWhenItIsHeard(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		table := b.read(t, register)
		if _, err := b.apply(table, b.Propose(table), false); err != nil {
			t.Fatal(err)
		}
		silent, err := b.Register.Devices(b.ctx, inventory.Query{Text: "NEW-3"})
		if err != nil || len(silent.Rows) != 1 || silent.Rows[0].Status != inventory.StatusSilent {
			t.Fatalf("%+v %v", silent, err)
		}
		heard := device(0x77, "new 3", "Oresund Respiratory", b.at) // another card, the maker spelt otherwise
		if id := b.hear(t, heard)[heard.ID]; id != silent.Rows[0].ID {
			t.Fatal("it became a second device")
		}
		if d, _ := b.Register.Device(b.ctx, silent.Rows[0].ID); d.AssetTag != "A-3" || d.Last.IsZero() {
			t.Fatalf("%+v", d.Row)
		}
	})
}

func TestReadsTheFormsRegistersComeIn(t *testing.T) {
	i := &importing.Importer{}
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("Serial\tOwner\r\nS1\tMüller\r\n")) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	for name, c := range map[string]struct{ text, encoding, delimiter string }{
		"latin-1":  {"Serial;Owner\nS1;M\xfcller\n", "latin-1", ";"},
		"bom":      {"\xef\xbb\xbfSerial,Owner\n\"S1\",\"Müller\"\n", "utf-8", ","},
		"utf-16":   {string(utf16le), "utf-16", "\t"},
		"json":     {`{"count":1,"items":[{"Serial":"S1","Owner":"Müller","x":null}]}`, "utf-8", ""},
		"ndjson":   {"{\"Serial\":\"S1\"}\n{\"Serial\":\"S2\",\"Owner\":\"Müller\"}", "utf-8", ""},
		"pipes":    {"Serial|Owner\nS1|Müller", "utf-8", "|"},
		"in lines": {"Serial,Owner\nS1,\"Müller\nand others\"\n", "utf-8", ","},
	} {
		table, err := i.Read(name, strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := ""
		for _, r := range table.Rows {
			all += strings.Join(r.Cells, " ")
		}
		if table.Encoding != c.encoding || table.Delimiter != c.delimiter || !strings.Contains(all, "S1") || !strings.Contains(all, "Müller") {
			t.Errorf("%s: %+v", name, table)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "only a header": "a,b\n", "spreadsheet": "PK\x03\x04zip", "torn json": `[{"a":`, "binary": "a,b\n\x00\x00\n",
	} {
		if _, err := i.Read(name, strings.NewReader(text)); ward.KindOf(err) != ward.Invalid {
			t.Errorf("%s gave %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(register))
	f.Add([]byte(`[{"a":1,"b":{"c":["x","y"]}},3]`))
	f.Add([]byte("a;b\n\"x;y\n"))
	f.Add([]byte("\xff\xfea\x00"))
	i := &importing.Importer{}
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := i.Read("f", strings.NewReader(string(b)))
		if err != nil {
			return
		}
		for _, r := range table.Rows {
			if len(r.Cells) != len(table.Header) {
				t.Fatalf("line %d has %d cells, the header %d", r.Number, len(r.Cells), len(table.Header))
			}
		}
		if len(i.Propose(table)) != len(table.Header) {
			t.Fatal("the mapping does not fit the header")
		}
	})
}
