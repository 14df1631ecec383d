package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// column is one column that the Devices table can show. Its key chooses its width and its place on
// a phone.
type column struct {
	key, label string
	sort       string // key of inventory.SortKeys; empty when it cannot sort
	usual      bool   // shown unless others are chosen
	num        bool
	cell       func(inventory.Row, time.Time) page.Cell
}

func text(f func(inventory.Row) string) func(inventory.Row, time.Time) page.Cell {
	return func(r inventory.Row, _ time.Time) page.Cell { return page.Cell{Text: f(r)} }
}

func quiet(f func(inventory.Row) string) func(inventory.Row, time.Time) page.Cell {
	return func(r inventory.Row, _ time.Time) page.Cell { return page.Cell{Text: f(r), Show: page.AsQuiet} }
}

func code(f func(inventory.Row) string) func(inventory.Row, time.Time) page.Cell {
	return func(r inventory.Row, _ time.Time) page.Cell {
		if s := f(r); s != "" {
			return page.Cell{Text: s, Show: page.AsCode}
		}
		return page.Cell{}
	}
}

// columns are all columns, in the order in which they stand.
func columns() []column {
	return []column{
		{"st", "Status", "status", true, false, func(r inventory.Row, _ time.Time) page.Cell {
			return page.Cell{Text: page.StatusWord(r.Status), Level: page.StatusLevel(r.Status), Show: page.AsStatus}
		}},
		{"name", "Device", "title", true, false, text(func(r inventory.Row) string { return r.Title })},
		{"type", "Type", "type", true, false, func(r inventory.Row, _ time.Time) page.Cell {
			return page.Cell{Text: lang.Type(r.Type), Sub: r.Zone}
		}},
		{"make", "Manufacturer", "manufacturer", true, false, text(func(r inventory.Row) string { return r.Manufacturer })},
		{"model", "Model", "model", true, false, text(func(r inventory.Row) string { return r.Model })},
		{"zone", "Zone", "zone", true, false, text(func(r inventory.Row) string { return r.Zone })},
		{"os", "OS", "os", true, false, text(func(r inventory.Row) string { return r.OS })},
		{"firmware", "Firmware", "firmware", false, false, text(func(r inventory.Row) string { return r.Firmware })},
		{"serial", "Serial", "serial", false, false, text(func(r inventory.Row) string { return r.Serial })},
		{"ip", "Address", "ip", true, false, code(func(r inventory.Row) string { return first(r.IPs) })},
		{"mac", "Hardware address", "", false, false, code(func(r inventory.Row) string { return first(r.MACs) })},
		{"vlan", "VLAN", "", false, true, quiet(vlan)},
		{"protocols", "Protocols", "", false, false, quiet(protocols)},
		{"owner", "Owner", "owner", false, false, quiet(func(r inventory.Row) string { return r.Owner })},
		{"place", "Place", "place", false, false, quiet(func(r inventory.Row) string { return r.Place })},
		{"tag", "Asset tag", "", false, false, quiet(func(r inventory.Row) string { return r.AssetTag })},
		{"findings", "Open", "findings", false, true, quiet(func(r inventory.Row) string { return lang.Int(r.Findings) })},
		{"conf", "Confidence", "confidence", true, false, func(r inventory.Row, _ time.Time) page.Cell {
			return page.Cell{Value: r.Confidence, Show: page.AsConfidence, Href: page.DeviceHref(r.ID) + "/why/type"}
		}},
		{"first", "First heard", "first", false, true, func(r inventory.Row, now time.Time) page.Cell {
			return page.Cell{Text: lang.When(r.First, now), Show: page.AsQuiet}
		}},
		{"seen", "Heard", "last", true, true, func(r inventory.Row, now time.Time) page.Cell {
			return page.Cell{Text: lang.Heard(r.Last, now), Show: page.AsQuiet}
		}},
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func vlan(r inventory.Row) string {
	out := make([]string, 0, len(r.VLANs))
	for _, v := range r.VLANs {
		out = append(out, strconv.Itoa(int(v)))
	}
	return strings.Join(out, ", ")
}

func protocols(r inventory.Row) string {
	out := make([]string, 0, len(r.Protocols))
	for _, p := range r.Protocols {
		out = append(out, lang.Protocol(p))
	}
	return strings.Join(out, ", ")
}

// choose gives the columns that an address asks for; status and name always stay.
func choose(wanted []string) []column {
	var out []column
	for _, c := range columns() {
		on := c.usual
		if len(wanted) > 0 {
			on = c.key == "st" || c.key == "name"
			for _, w := range wanted {
				on = on || w == c.key
			}
		}
		if on {
			out = append(out, c)
		}
	}
	return out
}
