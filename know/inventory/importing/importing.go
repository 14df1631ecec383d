// Package importing brings another register, such as a CMMS export, into ours: it reads the file,
// proposes which column means what, shows matches, conflicts and rejects, and only then writes.
//
// What an import says stands beside what the network says and never replaces it. It owns no table.
package importing

import (
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Importer imports registers.
type Importer struct{ Register *inventory.Register }

// Table is a file as it was read: header and rows, each with its line number.
type Table struct {
	Name      string   `json:"name"`
	Format    string   `json:"format"`    // "csv" or "json"
	Encoding  string   `json:"encoding"`  // "utf-8", "utf-16", "latin-1"
	Delimiter string   `json:"delimiter"` // of CSV
	Header    []string `json:"header"`
	Rows      []Line   `json:"rows"`
	Rejects   []Reject `json:"rejects"` // lines that could not be read
}

// Line is one row and where it stood: the line of a CSV file, the number of an item in JSON.
type Line struct {
	Number int      `json:"line"`
	Cells  []string `json:"cells"`
}

// Reject is a line that cannot go in, and why.
type Reject struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// Target is what a column can mean: "" ignores it; "serial", "mac", "ip", "name", "manufacturer",
// "model", "type", "os", "firmware", "udi", or one of inventory.Fields.
type Target string

// The targets that are not attributes or fields.
const (
	Ignore Target = ""
	MAC    Target = "mac"
	IP     Target = "ip"
)

// Mapping says what each column means, in the order of the header.
type Mapping []Target

// Targets are all that a column can mean, in the order in which a form offers them.
func Targets() []Target {
	out := []Target{Ignore, Target(ward.Serial), MAC, Target(inventory.AssetTag), IP, Target(ward.Hostname), Target(ward.Manufacturer),
		Target(ward.Model), Target(ward.Type), Target(ward.OS), Target(ward.Firmware), Target(ward.UDI)}
	for _, f := range inventory.Fields {
		if f != inventory.AssetTag {
			out = append(out, Target(f))
		}
	}
	return out
}

// headers are the words by which registers head their columns, in lower case without punctuation,
// the most telling first.
var headers = []struct {
	target Target
	words  []string
}{
	{Target(ward.Serial), []string{"serial number", "serial no", "serialno", "serialnumber", "serial", "sn", "seriennummer", "s n"}},
	{MAC, []string{"mac address", "mac", "macaddress", "hardware address", "ethernet address", "physical address"}},
	{Target(inventory.AssetTag), []string{"asset tag", "asset number", "asset no", "asset id", "assettag", "asset", "equipment id", "equipment number",
		"control number", "tag number", "inventory number", "inventory no", "inventarnummer", "inventar nr", "cmms id"}},
	{IP, []string{"ip address", "ip", "ipaddress", "ipv4", "ip adresse", "network address"}},
	{Target(ward.Hostname), []string{"hostname", "host name", "device name", "computer name", "name", "host", "dns name"}},
	{Target(ward.Manufacturer), []string{"manufacturer", "make", "vendor", "oem", "brand", "hersteller", "manufacturer name", "mfr"}},
	{Target(ward.Model), []string{"model", "model number", "model no", "model name", "product", "modell", "typ bezeichnung"}},
	{Target(ward.Type), []string{"device type", "type", "category", "equipment type", "device category", "geräteart", "class", "description", "nomenclature"}},
	{Target(ward.OS), []string{"operating system", "os", "os version", "betriebssystem"}},
	{Target(ward.Firmware), []string{"firmware", "firmware version", "software version", "sw version", "fw version", "version", "software"}},
	{Target(ward.UDI), []string{"udi", "udi di", "device identifier", "gtin"}},
	{Target(inventory.Owner), []string{"owner", "asset owner", "responsible", "custodian", "owned by", "verantwortlich"}},
	{Target(inventory.Department), []string{"department", "dept", "cost center", "cost centre", "abteilung", "kostenstelle", "service line"}},
	{Target(inventory.Place), []string{"location", "place", "room", "site", "building", "standort", "raum", "ward", "bed"}},
	{Target(inventory.Criticality), []string{"criticality", "risk class", "priority", "risk", "kritikalität"}},
	{Target(inventory.Contact), []string{"contact", "phone", "email", "e mail", "telephone"}},
	{Target(inventory.State), []string{"life cycle state", "lifecycle state", "lifecycle", "status", "state"}},
	{Target(inventory.Purchased), []string{"purchased", "purchase date", "acquired", "acquisition date", "kaufdatum", "in service date", "install date"}},
	{Target(inventory.Warranty), []string{"warranty until", "warranty", "warranty end", "warranty expiry", "warranty expiration", "garantie bis"}},
	{Target(inventory.NextService), []string{"next service", "next pm", "next pm date", "pm due", "next maintenance", "next calibration", "nächste wartung"}},
	{Target(inventory.Notes), []string{"notes", "note", "comment", "comments", "remarks", "bemerkung"}},
}

// looked is how many rows are looked at to guess a column by its content.
const looked = 200

// Propose guesses what each column means, by its header and by what stands in it. A target is
// proposed once, addresses as often as there are columns of them.
func (i *Importer) Propose(t *Table) Mapping {
	m := make(Mapping, len(t.Header))
	taken := map[Target]bool{}
	for _, h := range headers {
		for _, word := range h.words {
			for c, head := range t.Header {
				if m[c] == Ignore && !taken[h.target] && plainHeader(head) == word && fits(h.target, t, c) {
					m[c], taken[h.target] = h.target, true
				}
			}
		}
	}
	for c := range t.Header {
		if m[c] != Ignore {
			continue
		}
		switch {
		case share(t, c, isMAC) > 0.6:
			m[c] = MAC
		case share(t, c, isIP) > 0.6:
			m[c] = IP
		case !taken[Target(ward.Type)] && share(t, c, func(s string) bool { return typeOf(s) != "" }) > 0.5:
			m[c], taken[Target(ward.Type)] = Target(ward.Type), true
		}
	}
	return m
}

// fits keeps a header from being believed against what stands under it.
func fits(target Target, t *Table, column int) bool {
	switch target {
	case MAC:
		return share(t, column, isMAC) > 0.3
	case IP:
		return share(t, column, isIP) > 0.3
	case Target(inventory.Criticality):
		return share(t, column, func(s string) bool { return slices.Contains(inventory.Criticalities, strings.ToLower(s)) }) > 0.3
	case Target(inventory.State):
		return share(t, column, func(s string) bool { return slices.Contains(inventory.States, strings.ToLower(s)) }) > 0.3
	case Target(inventory.Purchased), Target(inventory.Warranty), Target(inventory.NextService):
		return share(t, column, func(s string) bool { _, err := date(s); return err == nil }) > 0.3
	}
	return true
}

// share is the share of the filled cells of a column for which is holds.
func share(t *Table, column int, is func(string) bool) float64 {
	n, yes := 0, 0
	for _, row := range t.Rows[:min(len(t.Rows), looked)] {
		if v := strings.TrimSpace(row.Cells[column]); v != "" {
			n++
			if is(v) {
				yes++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(yes) / float64(n)
}

func plainHeader(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" \t_-./:#()°", r) }), " ")
}
