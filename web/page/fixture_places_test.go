package page

import (
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/importing"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

func matrixCells(n int) []inventory.Cell {
	if n == 0 {
		return nil
	}
	var out []inventory.Cell
	zones := coverage().Subnets
	for i, a := range zones {
		for j, b := range zones {
			if (i*7+j*3)%4 != 0 {
				continue
			}
			c := inventory.Cell{From: a.Zone, To: b.Zone, Devices: i + j, Bytes: uint64(1) << (i*2 + j*2), Packets: 10, Last: now, Services: []string{"dicom tcp/104", "hl7 tcp/2575"}}
			if i%3 == 0 && j%2 == 0 {
				c.Clear = 1
			}
			out = append(out, c)
		}
	}
	return out
}

func theMap(n int) Map {
	return Map{Cells: matrixCells(n), Zones: overview(n).Zones, Coverage: CoverageOf(coverage()), Since: now.Add(-24 * time.Hour), Now: now}
}

func zoneOf(n int) Zone {
	z := Zone{Zone: inventory.Zone{Name: "Imaging", Kind: "imaging", VLANs: []uint16{120}, Subnets: []string{"10.11.3.0/24"}, Expected: 40}, Change: true, Now: now}
	if n == 0 {
		return z
	}
	z.Count = inventory.ZoneCount{Zone: "Imaging", Devices: 63, Open: 9, Worst: inventory.StatusCritical}
	for _, c := range matrixCells(n) {
		if c.From == "Imaging" || c.To == "Imaging" {
			z.Cells = append(z.Cells, c)
		}
	}
	z.Links = make([]inventory.Link, 1)
	z.Grid = Grid{ID: "links", Label: "Conversations", Cols: []Col{{"st", "Secured", "", "", false}, {"name", "From", "", "", false}, {"to", "To", "", "", false}, {"type", "On what", "", "", false}, {"seen", "Bytes", "", "", true}}}
	for i := range min(n, 40) {
		z.Grid.Rows = append(z.Grid.Rows, Row{ID: fmt.Sprint(i), Name: "CT 2", Href: "/devices/x", Cells: []Cell{{Text: "Clear text", Level: High, Show: AsStatus}, {Text: "CT 2"}, {Text: "Archive, Server room"}, {Text: "DICOM, tcp/104"}, {Text: "2.1 GB"}}})
	}
	return z
}

func lines(n int) []inventory.Interface {
	clear, tls := false, true
	var out []inventory.Interface
	for i := range min(n, 38) {
		x := inventory.Interface{ID: fmt.Sprint("i", i), Protocol: "dicom", From: ref(i % 12), To: inventory.DeviceRef{ID: "pacs", Title: "Image archive", Zone: "Server room"}, Port: 104, Secured: &clear, What: []string{"C-STORE CT Image Storage"}, Names: []string{"CT2", "PACS"}, Messages: 214, Bytes: uint64(5e9) >> i, Patient: true, Last: now}
		switch i % 4 {
		case 1:
			x.Protocol, x.To, x.Port, x.What, x.Secured = "hl7", inventory.DeviceRef{ID: "ie", Title: "Interface engine", Zone: "Server room"}, 2575, []string{"ADT^A01", "ORU^R01"}, nil
		case 2:
			x.Protocol, x.To, x.ToAddr, x.Port, x.Internet, x.Secured = "fhir", inventory.DeviceRef{}, "203.0.113.9", 443, true, &tls
		}
		out = append(out, x)
	}
	return out
}

func interfaces(n int) Interfaces {
	v := Interfaces{Total: min(n, 38), Coverage: CoverageOf(coverage()), CSV: "/interfaces.csv", Protocols: []string{"dicom", "hl7"}, Now: now, Patient: &inventory.PatientData{Interfaces: n, Clear: n / 2, Unknown: n / 4}}
	v.Grid = Grid{ID: "lines", Label: "Interfaces", Cols: []Col{{"st", "Secured", "", "", false}, {"name", "From", "/x", "", false}, {"to", "To", "", "", false}, {"type", "Protocol", "", "", false}, {"names", "Names", "", "", false}, {"what", "What", "", "", false}, {"data", "Patient", "", "", false}, {"messages", "Messages", "", "", true}, {"seen", "Bytes", "", "", true}, {"last", "Heard", "", "", true}}}
	for _, i := range lines(n) {
		l, w := Secured(i.Secured)
		to := RefTitle(i.To, i.ToAddr)
		v.Grid.Rows = append(v.Grid.Rows, Row{ID: i.ID, Name: i.From.Title, Href: "/devices/x", Cells: []Cell{{Text: w, Level: l, Show: AsStatus}, {Text: i.From.Title}, {Text: to}, {Text: lang.Protocol(i.Protocol) + ", port 104", Sub: "to " + to}, {Text: "CT2, PACS"}, {Text: lang.List(i.What)}, {Text: "yes"}, {Text: lang.Int(i.Messages)}, {Text: lang.Bytes(i.Bytes)}, {Text: "2 s"}}})
	}
	return v
}

func patients(n int) Patients {
	p := Patients{PatientData: interfaces(n).Patient, Lines: lines(n), Coverage: CoverageOf(coverage()), Now: now}
	if n > 0 {
		p.Internet, p.Outside = 3, lines(4)[2:3]
		p.Sources = []inventory.DeviceTotal{{Device: ref(2), Messages: 214, Bytes: 5e9, Clear: true}}
		p.Destinations = []inventory.DeviceTotal{{Address: "203.0.113.9", Messages: 12, Bytes: 4e6}}
	}
	return p
}

func sensors(n int) Sensors {
	s := Sensors{Drop: true, Limit: "4.0 GB", Now: now}
	if n == 0 {
		return s
	}
	s.Coverage = coverage()
	s.List = []inventory.Sensor{
		{Name: "Pretend hospital", Kind: "demo", State: "live", Packets: 1_204_112, Bytes: 812_000_000, Devices: 212, Last: now.Add(-time.Second)},
		{Name: "eth1", Kind: "interface", State: "live", Packets: 88_204_112, Bytes: 61_200_000_000, Devices: 1204, Last: now, Dropped: map[string]uint64{"kernel ring full": 1204, "table of hosts full": 2}},
		{Name: "zeek", Kind: "zeek", State: "silent", Last: now.Add(-3 * time.Hour), Detail: "conn.log has not grown for three hours"},
	}
	s.Jobs = []store.Job{{ID: "j1", State: store.JobDone, Created: now.Add(-time.Hour), Note: "monday.pcapng, 14 devices"}, {ID: "j2", State: store.JobRunning, Created: now, Note: "tuesday.pcapng"}}
	return s
}

func capture(n int) Capture {
	c := Capture{Job: store.Job{ID: "j1", State: store.JobRunning, Done: 4_000_000, Total: 9_000_000, Created: now}, Now: now}
	if n == 0 {
		return c
	}
	c.Job.State = store.JobDone
	c.Sum = &Summary{Document: &ward.Document{Sources: []ward.Source{{File: "monday.pcapng", LinkType: "ethernet", Packets: 120443, Bytes: 8e7, First: now.Add(-time.Hour), Last: now, Torn: true}}, Devices: make([]ward.Device, 1), Counts: ward.Counts{Packets: 120443, Decoded: 120001}}, JSON: "/x.json", Grid: devices(n).Grid}
	c.Sum.Grid.Pick, c.Sum.Grid.ID = "", "found"
	return c
}

func imported(n int) Import {
	v := Import{ID: "i1", Now: now, Targets: []importing.Target{"", "serial", "mac", "manufacturer", "model", "owner", "asset tag"}}
	if n == 0 {
		return v
	}
	v.Table = &importing.Table{Name: "cmms.csv", Encoding: "utf-8", Header: []string{"Asset", "Serial no.", "Vendor"}, Rows: []importing.Line{{Number: 2, Cells: []string{"A-10412", "HX-20418", "Halden"}}}}
	v.Mapping = importing.Mapping{"asset tag", "serial", "manufacturer"}
	if n > 10 {
		v.Preview = &importing.Preview{Mapping: v.Mapping, Same: 412, Conflicts: []importing.Conflict{{Line: 412, Device: ref(0), Target: "serial", Theirs: "HX-20418", Ours: "HX-21977", Certain: .97}}, Rejects: []importing.Reject{{Line: 9, Why: "The hardware address “n/a” cannot be read."}}, Matches: []importing.Match{{Line: 3, Device: ref(1), By: "serial", Sets: map[importing.Target]string{"owner": "Biomed"}}}}
	}
	return v
}
