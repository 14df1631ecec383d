package entry

import (
	"strconv"
	"strings"
	"time"
)

// Columns are the heads of the columns that Cells fills.
var Columns = []string{
	"id", "title", "status", "category", "scope", "zone", "manufacturer", "model", "type", "os", "firmware", "serial", "role", "confidence",
	"name", "ips", "macs", "vlans", "protocols", "tags", "owner", "department", "place", "asset tag", "criticality", "open findings",
	"randomised", "registered", "first heard", "last heard",
}

// Cells are a row as it is exported, safe for a spreadsheet.
func (row *Row) Cells() []string {
	var vlans []string
	for _, v := range row.VLANs {
		vlans = append(vlans, strconv.Itoa(int(v)))
	}
	return Defuse(
		row.ID, row.Title, string(row.Status), string(row.Category), string(row.Scope), row.Zone, row.Manufacturer, row.Model, row.Type,
		row.OS, row.Firmware, row.Serial, row.Role, strconv.FormatFloat(row.Confidence, 'f', 2, 64), row.Name, strings.Join(row.IPs, " "),
		strings.Join(row.MACs, " "), strings.Join(vlans, " "), strings.Join(row.Protocols, " "), strings.Join(row.Tags, ", "), row.Owner,
		row.Department, row.Place, row.AssetTag, row.Criticality, strconv.Itoa(row.Findings), YesNo(row.Random), YesNo(row.Registered),
		Stamp(row.First), Stamp(row.Last))
}

// Defuse keeps spreadsheets from running a cell: what begins like a formula gets an apostrophe.
func Defuse(cells ...string) []string {
	for i, s := range cells {
		if s != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(s[0])) {
			cells[i] = "'" + s
		}
	}
	return cells
}

// YesNo writes a flag.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Stamp writes a time (RFC 3339, UTC), nothing for none.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
