package page

import (
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

func devices(n int) Devices {
	d := Devices{
		Title: "Devices", Question: "Which devices are here, and what do we know about each?", Coverage: CoverageOf(coverage()), Now: now,
		Page: &inventory.Page{Rows: rowsOf(min(n, 50)), Matches: n, Total: n, Start: 1}, Sorted: "Sorted: worst first", CSV: "/devices.csv", AddHref: "/devices?add=1", Clear: "/devices",
	}
	d.Grid = Grid{ID: "rows", Live: "devices", Label: "Devices", Pick: "pick", Cols: []Col{
		{"st", "Status", "/devices?sort=status", "descending", false}, {"name", "Device", "/d", "", false}, {"type", "Type", "/d", "", false}, {"make", "Manufacturer", "/d", "", false},
		{"model", "Model", "/d", "", false}, {"zone", "Zone", "/d", "", false}, {"os", "OS", "/d", "", false}, {"ip", "Address", "/d", "", false}, {"conf", "Confidence", "/d", "", false}, {"seen", "Heard", "/d", "", true},
	}}
	for _, r := range d.Page.Rows {
		h := DeviceHref(r.ID)
		d.Grid.Rows = append(d.Grid.Rows, Row{ID: r.ID, Name: r.Title, Href: h, Why: h + "/why/type", Cells: []Cell{
			{Text: StatusWord(r.Status), Level: StatusLevel(r.Status), Show: AsStatus}, {Text: r.Title}, {Text: lang.Type(r.Type), Sub: r.Zone}, {Text: r.Manufacturer}, {Text: r.Model},
			{Text: r.Zone}, {Text: r.OS}, {Text: firstOf(r.IPs), Show: AsCode}, {Value: r.Confidence, Show: AsConfidence, Href: h}, {Text: lang.Heard(r.Last, now)},
		}})
	}
	if n > 10 {
		d.Next = "/devices?cursor=x"
		d.Chips = []Chip{{"zone", "7 chosen", "/devices"}, {"heard", "past hour", "/devices"}, {"kind", "not office IT", "/devices"}}
		d.Page.Undecided = &inventory.Undecided{Count: 14, Reasons: []inventory.Reason{{Why: "sent only ARP and DHCP", Count: 9}, {Why: "are behind a gateway", Count: 3}, {Why: "speak only TLS", Count: 2}}, Tell: []string{"A mirror port that shows VLAN 240."}}
	}
	for _, c := range []string{"Status", "Device", "Type", "Manufacturer"} {
		d.Columns = append(d.Columns, Column{Key: c, Label: c, On: true})
	}
	return d
}

func device(n int) Device {
	r := row(0)
	r.Title, r.Firmware = "Pump, bed 12", "3.1.4"
	d := Device{Now: now, Change: true, Since: now.Add(-24 * time.Hour), Span: "24h", Detail: &inventory.Detail{Row: r, Device: ward.Device{Claims: map[ward.Attr]ward.Claim{}}, Effective: map[ward.Attr]inventory.Effective{}}}
	if n == 0 {
		d.Row.Type, d.Row.Title, d.Protocols, d.Row.Status = "", "Unnamed ..:9e:41", nil, inventory.StatusUnknown
		return d
	}
	d.Open = findings(2)
	d.Fields = map[inventory.Field]string{inventory.Owner: "Biomed, infusion", inventory.Place: "4 West bed 12", inventory.AssetTag: "A-10412"}
	d.Device.Names = []ward.Name{{Value: "PUMP-4W-12", Source: "dhcp option 12"}, {Value: "pump412.hospital.example", Source: "dns"}}
	for i, c := range []struct {
		a ward.Attr
		v string
	}{{ward.Manufacturer, "Halden"}, {ward.Model, "Volumat H3"}, {ward.Serial, "HX-21977"}, {ward.Type, "infusion pump"}, {ward.Firmware, "3.1.4"}, {ward.OS, "Halden RTOS 3"}, {ward.Place, "4 West bed 12"}} {
		cl := ward.Claim{Value: c.v, Confidence: .99 - float64(i)*.02, Evidence: evidenceOf(i%3 + 2)}
		if c.a == ward.Serial {
			old := evidenceOf(1)
			old[0].Value, old[0].Last = "HX-20418^Halden", now.Add(-6*time.Hour-7*time.Minute)
			cl.Contradictions = []ward.Contradiction{{Value: "HX-20418", Confidence: .31, Evidence: old}}
		}
		d.Device.Claims[c.a] = cl
		d.Effective[c.a] = inventory.Effective{Value: c.v, Confidence: cl.Confidence, By: "evidence", Against: len(cl.Contradictions)}
	}
	d.Swap = &findings(1)[0]
	for i := range min(n, 12) {
		p := inventory.Peer{Device: fmt.Sprint("d", i), Title: fmt.Sprintf("Pump server %d", i), Service: "tcp/11443", Protocol: "tls", Bytes: uint64(41_000_000 >> i), Last: now, First: d.Since}
		if i == 1 {
			p.Title, p.Clear, p.Service, p.Protocol = "Drug library", true, "tcp/8080", "http"
		}
		d.Peers = append(d.Peers, p)
	}
	d.Addresses = []inventory.Address{{MAC: "02:00:5e:21:97:70", IP: "10.11.4.112", First: now.Add(-6 * time.Hour), Last: now, Now: true}, {MAC: "02:00:5e:21:97:11", IP: "10.11.4.112", First: now.Add(-90 * time.Hour), Last: now.Add(-6*time.Hour - 7*time.Minute)}}
	d.Events = []inventory.Event{{Time: now.Add(-20 * time.Minute), Kind: inventory.FieldChanged, Attr: "owner", New: "Biomed, infusion", By: "R. Example"}, {Time: now.Add(-6 * time.Hour), Kind: inventory.Swapped, Attr: "serial", Old: "HX-20418", New: "HX-21977"}, {Time: now.Add(-14 * time.Hour), Kind: inventory.ClaimChanged, Attr: "firmware", Old: "3.2.0", New: "3.2.1"}}
	d.Row.First = now.Add(-90 * time.Hour)
	c := d.Device.Claims[ward.Serial]
	d.Why = &Why{Attr: ward.Serial, Value: c.Value, Conf: c.Confidence, By: "evidence", Evidence: c.Evidence, Against: c.Contradictions}
	return d
}
