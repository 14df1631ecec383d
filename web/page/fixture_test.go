package page

import (
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// A pretend register of a pretend hospital, in three sizes: nothing, ten devices, many.

var now = time.Date(2026, 11, 24, 20, 14, 8, 0, time.UTC)

var kinds = []struct {
	typ, make, model, os, zone string
	cat                        ward.Category
	protocols                  []string
}{
	{"infusion pump", "Halden", "Volumat H3", "Halden RTOS 3", "4 West beds", ward.Medical, []string{"http", "tls", "dhcp", "ntp"}},
	{"patient monitor", "Meridian Vital", "MV 700", "Linux 5.10", "ICU", ward.Medical, []string{"hl7", "dhcp"}},
	{"imaging modality", "Corvane", "Helix 64", "Windows 7", "Imaging", ward.Medical, []string{"dicom", "smb", "rdp"}},
	{"hvac controller", "Kelvara", "AHU C8", "", "Building", ward.Building, []string{"bacnet"}},
	{"ip camera", "Tessaly", "Eye 3", "Linux 4.9", "Badge, video", ward.IoT, []string{"rtsp", "http"}},
	{"workstation", "", "", "Windows 11", "Office", ward.IT, []string{"tls", "smb", "kerberos"}},
	{"switch", "Northrack", "NR 48", "NROS 12", "Network", ward.Network, []string{"lldp", "snmp"}},
	{"", "", "", "", "4 West beds", ward.Unknown, []string{"arp", "dhcp"}},
}

var statuses = []inventory.Status{
	inventory.StatusCritical, inventory.StatusHigh, inventory.StatusAttention, inventory.StatusOK, inventory.StatusOK,
	inventory.StatusOK, inventory.StatusSilent,
}

func row(i int) inventory.Row {
	k := kinds[i%len(kinds)]
	r := inventory.Row{
		ID: fmt.Sprintf("018f-%04d", i), Title: fmt.Sprintf("%s %s %d", k.make, k.model, i), Category: k.cat, Scope: ward.Local,
		Zone: k.zone, Manufacturer: k.make, Model: k.model, Type: k.typ, OS: k.os, Serial: fmt.Sprintf("HX-%05d", 20000+i),
		Confidence: .98 - float64(i%7)*.05, IPs: []string{fmt.Sprintf("10.11.%d.%d", i/250, i%250+1)},
		MACs: []string{fmt.Sprintf("02:00:5e:21:%02x:%02x", i/256%256, i%256)}, VLANs: []uint16{uint16(110 + i%9)}, Protocols: k.protocols,
		First: now.Add(-time.Duration(i*7+3) * time.Minute), Last: now.Add(-time.Duration(i%90) * time.Second),
		Status: statuses[min(i/3, len(statuses)-1)],
	}
	if k.typ == "" {
		r.Title, r.Status, r.Confidence, r.Serial, r.Random = "Unnamed ..:9e:41", inventory.StatusUnknown, 0, "", true
	}
	if k.model == "" && k.typ != "" {
		r.Title = "ws-" + fmt.Sprint(i) + ".hospital.example"
	}
	if i == 2 {
		r.Title = `<script>alert("CT")</script> =cmd|' /C calc'!A0`
	}
	return r
}

func rowsOf(n int) []inventory.Row {
	out := make([]inventory.Row, n)
	for i := range out {
		out[i] = row(i)
	}
	return out
}

func ref(i int) inventory.DeviceRef {
	r := row(i)
	return inventory.DeviceRef{ID: r.ID, Title: r.Title, Zone: r.Zone}
}

func findings(n int) []inventory.Finding {
	all := []inventory.Finding{
		{Kind: ward.DeviceSwapped, Title: "Pump swapped, 4 West bed 12", Severity: ward.Critical, Owner: "biomed", Next: "Same name and address, other serial: HX-20418 became HX-21977 at 14:09.", Old: "HX-20418", New: "HX-21977", First: now.Add(-6 * time.Hour), Devices: []inventory.DeviceRef{ref(0)}},
		{Kind: ward.PHIInClear, Title: "Patient data in clear text, CT 2 to archive", Severity: ward.Critical, Owner: "network engineer", Next: "DICOM without TLS on tcp/104: 214 studies today. 5 more interfaces do the same.", First: now.Add(-72 * time.Hour), Devices: []inventory.DeviceRef{ref(2), ref(10)}},
		{Kind: ward.LegacyOS, Title: "Windows 7 on 3 imaging workstations", Severity: ward.High, Owner: "analyst", Next: "Ended January 2020. One of them reaches the internet.", First: now.Add(-9 * 24 * time.Hour), Devices: []inventory.DeviceRef{ref(2), ref(10), ref(18)}},
		{Kind: ward.DefaultCredential, Title: "Default password on a badge controller", Severity: ward.High, Owner: "analyst", Next: "Telnet sign-in with the maker’s published account, from VLAN 200.", First: now.Add(-24 * time.Hour), Devices: []inventory.DeviceRef{ref(4)}},
		{Kind: ward.UnknownDevice, Title: "Unknown device on 4 West beds", Severity: ward.Attention, Owner: "analyst", Next: "Randomised address, speaks only TLS to one outside site.", First: now.Add(-3 * time.Hour), Devices: []inventory.DeviceRef{ref(7)}},
		{Kind: ward.SMBv1, Title: "SMBv1 on CT 1 console", Severity: ward.Attention, Owner: "analyst", Next: "Switch the first version of file sharing off.", First: now.Add(-30 * time.Minute), Devices: []inventory.DeviceRef{ref(10)}},
	}
	for i := range all {
		all[i].ID, all[i].Last = fmt.Sprintf("f%d", i), now
		all[i].Evidence = evidenceOf(2)
	}
	return all[:min(n, len(all))]
}

func evidenceOf(n int) []ward.Evidence {
	out := make([]ward.Evidence, n)
	for i := range out {
		out[i] = ward.Evidence{
			Protocol: "hl7", Field: "OBX-18 equipment instance", Value: "HX-21977^Halden", Sender: "10.11.4.112", Count: 142,
			First: now.Add(-6 * time.Hour), Last: now.Add(-26 * time.Minute), Frame: uint64(88214 + i),
		}
	}
	return out
}

func coverage() inventory.Coverage {
	c := inventory.Coverage{Well: 9, NotSeen: 2, Advice: []string{"Mirror core switch 2, port Gi1/0/24 to this sensor, and both appear."}, Config: "monitor session 1 source vlan 240 , 250\nmonitor session 1 destination interface Gi1/0/24"}
	names := []string{"4 West beds", "4 East beds", "ICU", "Imaging", "Laboratory", "Theatres", "Building", "Badge, video", "Office", "Pharmacy", "Nurse call"}
	for i, n := range names {
		s := inventory.CoveredSubnet{Subnet: ward.Subnet{CIDR: fmt.Sprintf("10.11.%d.0/24", i), VLAN: uint16(110 + 10*i), Quality: ward.SeenWell, Reason: "both directions of most conversations are heard"}, Zone: n, Devices: 12 * i}
		if i > 8 {
			s.Quality, s.Reason, s.Devices = ward.NotSeen, "expected, and nothing heard", 0
			s.Advice = "Mirror core switch 2, port Gi1/0/24"
		}
		c.Subnets = append(c.Subnets, s)
	}
	return c
}

func overview(n int) Overview {
	o := Overview{Now: now, Overview: &inventory.Overview{Total: n, Named: n * 9 / 10, Unknown: n / 10, New: n / 4, Since: now.Add(-40 * time.Hour)}}
	if n == 0 {
		return o
	}
	o.Coverage, o.Problems, o.Open, o.Newest = coverage(), findings(n), 27, rowsOf(min(n, 6))
	o.Interfaces, o.Sensors = 38, 3
	for i, c := range []ward.Category{ward.Medical, ward.Building, ward.IoT, ward.IT, ward.Network, ward.Unknown} {
		k := inventory.KindCount{Category: c, Devices: n / (i + 2), Named: n / (i + 2) * 9 / 10, New: i}
		if c == ward.Unknown {
			k.Named = 0
		}
		o.Kinds = append(o.Kinds, k)
	}
	for i, s := range coverage().Subnets {
		z := inventory.ZoneCount{Zone: s.Zone, Devices: s.Devices, Named: s.Devices * 9 / 10, Seen: s.Quality, Worst: statuses[i%len(statuses)], Open: i % 4}
		o.Zones = append(o.Zones, z)
	}
	o.Next = []Step{
		{"Analyst", "Settle the five problems above, worst first.", Link{"All 27 open", "/findings"}},
		{"Biomed", "Bring your register in and see what the network knows better.", Link{"Import a register", "/import"}},
		{"Network engineer", "See who talks to whom, and which networks no sensor sees.", Link{"Open the map", "/map"}},
	}
	return o
}

func frame(title, place string) Frame {
	return Frame{
		Title: title, Place: place, Static: "static", Person: "R. Example", Site: "Synthetic Hospital, main site", Version: "test", Synthetic: true, Heard: "1 s ago", Sensing: OK, Printed: "24 Nov 2026, 20:14",
		Rail: []Group{{"Know", []RailLink{{"Overview", "/", ""}, {"Devices", "/devices", "1,412"}, {"Map", "/map", ""}, {"Interfaces", "/interfaces", "38"}, {"Sensors", "/sensors", "3"}}}, {"Judge", []RailLink{{"Findings", "/findings", "27"}}}},
	}
}
