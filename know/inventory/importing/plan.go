package importing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Preview is what would happen.
type Preview struct {
	Mapping   Mapping    `json:"mapping"`
	Matches   []Match    `json:"matches"`
	Conflicts []Conflict `json:"conflicts"`
	New       []Match    `json:"new"` // not heard yet: enters as registered, silent
	Rejects   []Reject   `json:"rejects"`
	Same      int        `json:"same"` // matched and nothing would change
}

// Match is a line and the device it belongs to.
type Match struct {
	Line   int                 `json:"line"`
	Device inventory.DeviceRef `json:"device"`
	By     string              `json:"by"` // "serial", "hardware address", "asset tag", "address"
	Title  string              `json:"title"`
	Sets   map[Target]string   `json:"sets"` // what would be written
}

// Conflict is a line that says something else than the network.
type Conflict struct {
	Line    int                 `json:"line"`
	Device  inventory.DeviceRef `json:"device"`
	Target  Target              `json:"target"`
	Theirs  string              `json:"theirs"`
	Ours    string              `json:"ours"`
	Certain float64             `json:"confidence"` // ours
}

// Result is what an import did.
type Result struct {
	Updated, Added, Same int
	Rejects              []Reject
}

// candidate is a row on its way in.
type candidate struct {
	line      int
	says      map[Target]string
	macs, ips []string
	id, by    string
	ref       inventory.DeviceRef
	conflicts []Conflict
	same      bool
}

// Preview compares the table with the register and writes nothing.
func (i *Importer) Preview(ctx context.Context, t *Table, m Mapping) (*Preview, error) {
	p, _, err := i.plan(ctx, i.Register.Store, t, m)
	return p, err
}

// Apply writes. With strict, one reject or conflict keeps everything out. Twice the same file is
// the same as once. Inside Do.
func (i *Importer) Apply(ctx context.Context, tx store.Tx, t *Table, m Mapping, strict bool) (*Result, error) {
	p, rows, err := i.plan(ctx, tx, t, m)
	if err != nil {
		return nil, err
	}
	if strict && len(p.Rejects)+len(p.Conflicts) > 0 {
		return nil, &ward.Error{Kind: ward.Conflict, Op: "importing.Apply",
			Msg: fmt.Sprintf("Nothing was imported: %d lines are rejected and %d values conflict, and you asked for all or nothing.", len(p.Rejects), len(p.Conflicts))}
	}
	res := &Result{Same: p.Same, Rejects: p.Rejects}
	var list []inventory.Listed
	for _, c := range rows {
		if c.same {
			continue
		}
		l := inventory.Listed{ID: c.id, Source: t.Name, Line: c.line, Says: map[string]string{}, Conflicts: map[string]bool{}, MACs: c.macs, IPs: c.ips}
		for k, v := range c.says {
			l.Says[string(k)] = v
		}
		for _, x := range c.conflicts {
			l.Conflicts[string(x.Target)] = true
		}
		if c.id == "" {
			res.Added++
		} else {
			res.Updated++
		}
		list = append(list, l)
	}
	return res, i.Register.List(ctx, tx, list)
}

// plan reads every row by the mapping, finds its device and compares. Reads go through from.
func (i *Importer) plan(ctx context.Context, from store.Reader, t *Table, m Mapping) (*Preview, []*candidate, error) {
	if err := check(t, m); err != nil {
		return nil, nil, err
	}
	p := &Preview{Mapping: m, Rejects: slices.Clone(t.Rejects)}
	var rows []*candidate
	var ids []string
	err := i.Register.Locate(ctx, func(l *inventory.Locator) error {
		seen := map[string]int{}
		for _, row := range t.Rows {
			c, err := read(row, m)
			if err == nil {
				c.find(l)
				err = c.once(seen)
			}
			if err != nil {
				p.Rejects = append(p.Rejects, Reject{row.Number, sentence(err.Error())})
				continue
			}
			rows = append(rows, c)
			if c.id != "" {
				ids = append(ids, c.id)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	recs, err := i.Register.Records(ctx, from, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range rows {
		match := Match{Line: c.line, Device: c.ref, By: c.by, Sets: c.says, Title: c.ref.Title}
		rec := recs[c.id]
		switch {
		case rec == nil:
			match.Title = c.title()
			p.New = append(p.New, match)
			continue
		case c.compare(rec):
			p.Same++
		default:
			p.Matches = append(p.Matches, match)
		}
		p.Conflicts = append(p.Conflicts, c.conflicts...)
	}
	slices.SortStableFunc(p.Rejects, func(a, b Reject) int { return a.Line - b.Line })
	return p, rows, nil
}

// identifiers are the targets by which a device can be told.
var identifiers = []Target{Target(ward.Serial), MAC, Target(inventory.AssetTag), IP}

func check(t *Table, m Mapping) error {
	bad := func(msg string) error { return &ward.Error{Kind: ward.Invalid, Op: "importing", Msg: msg} }
	if len(m) != len(t.Header) {
		return bad("The columns of the file and of the form differ. Send the file again.")
	}
	seen := map[Target]bool{}
	known := Targets()
	for _, target := range m {
		switch {
		case !slices.Contains(known, target):
			return bad("A column cannot mean " + string(target) + ".")
		case target != Ignore && target != MAC && target != IP && seen[target]:
			return bad("Two columns mean " + string(target) + ". Choose one of them.")
		}
		seen[target] = true
	}
	if !slices.ContainsFunc(identifiers, func(target Target) bool { return seen[target] }) {
		return bad("Say which column holds the serial number, the hardware address, the asset tag or the address. Without one no device can be recognised.")
	}
	return nil
}

// read cleans the cells of a row.
func read(row Line, m Mapping) (*candidate, error) {
	c := &candidate{line: row.Number, says: map[Target]string{}}
	for i, target := range m {
		if target == Ignore || isAbsent(row.Cells[i]) {
			continue
		}
		if target == MAC || target == IP {
			for _, one := range strings.FieldsFunc(row.Cells[i], func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '/' }) {
				v, err := clean(target, one)
				if err != nil {
					return nil, err
				}
				if target == MAC {
					c.macs = append(c.macs, v)
				} else {
					c.ips = append(c.ips, v)
				}
			}
			continue
		}
		v, err := clean(target, row.Cells[i])
		if err != nil {
			return nil, err
		}
		if target == Target(ward.Type) {
			if known := typeOf(v); known != "" {
				v = known
			} else {
				target = "type as listed" // kept and shown, but it is no word of ours
			}
		}
		c.says[target] = v
	}
	if len(c.macs)+len(c.ips) == 0 && c.says[Target(ward.Serial)] == "" && c.says[Target(inventory.AssetTag)] == "" {
		return nil, fmt.Errorf("it has no serial number, hardware address, asset tag or address")
	}
	return c, nil
}

// find looks for the device of a row: by serial number, hardware address, asset tag and address, in
// this order.
func (c *candidate) find(l *inventory.Locator) {
	take := func(id, by string) {
		if id != "" && c.id == "" {
			c.id, c.by = id, by
		}
	}
	if s := c.says[Target(ward.Serial)]; s != "" {
		if ids := l.Serial(s); len(ids) == 1 {
			take(ids[0], "serial")
		}
	}
	for _, m := range c.macs {
		take(l.MAC(m), "hardware address")
	}
	if tag := c.says[Target(inventory.AssetTag)]; tag != "" {
		take(l.Tag(tag), "asset tag")
	}
	for _, ip := range c.ips {
		take(l.IP(ip), "address")
	}
	if c.id != "" {
		c.ref = l.Ref(c.id)
		c.id = c.ref.ID
	}
}

// once refuses a second line about the same device.
func (c *candidate) once(seen map[string]int) error {
	keys := append([]string{}, c.macs...)
	if c.id != "" {
		keys = append(keys, c.id)
	}
	if s := c.says[Target(ward.Serial)]; s != "" {
		keys = append(keys, "s "+entry.BareID(s)+" "+strings.ToLower(c.says[Target(ward.Manufacturer)]))
	}
	if tag := c.says[Target(inventory.AssetTag)]; tag != "" {
		keys = append(keys, "t "+strings.ToLower(tag))
	}
	if len(keys) == 0 {
		keys = c.ips
	}
	for _, k := range keys {
		if line, ok := seen[k]; ok {
			return fmt.Errorf("it is the same device as line %d", line)
		}
	}
	for _, k := range keys {
		seen[k] = c.line
	}
	return nil
}

// compare finds what the line says otherwise than we do, and reports whether it says nothing new.
func (c *candidate) compare(rec *entry.Record) bool {
	c.same = true
	for _, target := range sortedKeys(c.says) {
		theirs := c.says[target]
		ours, certain := "", 0.0
		if claim, ok := rec.Device.Claims[ward.Attr(target)]; ok {
			ours, certain = claim.Value, claim.Confidence
		} else if v := rec.Fields[inventory.Field(target)]; v != "" {
			ours, certain = v, 1
		}
		conflict := ours != "" && !agree(target, theirs, ours)
		if conflict {
			c.conflicts = append(c.conflicts, Conflict{c.line, c.ref, target, theirs, ours, certain})
		}
		if old := rec.Register[string(target)]; old.Value != theirs || old.Conflict != conflict {
			c.same = false
		}
	}
	if len(c.macs) > 0 && len(rec.Device.MACs) > 0 && !slices.ContainsFunc(c.macs, func(m string) bool { return slices.Contains(rec.Device.MACs, m) }) {
		c.conflicts = append(c.conflicts, Conflict{c.line, c.ref, MAC, strings.Join(c.macs, " "), strings.Join(rec.Device.MACs, " "), 1})
	}
	return c.same
}

// agree reports whether two values mean the same: identifiers without regard to punctuation, and a
// maker's or model's name with or without an addition ("Halden", "Halden Medical GmbH").
func agree(target Target, a, b string) bool {
	a, b = entry.BareID(a), entry.BareID(b)
	if a == b {
		return true
	}
	switch target {
	case Target(ward.Manufacturer), Target(ward.Model), Target(ward.OS), Target(ward.Hostname):
		return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
	}
	return false
}

func (c *candidate) title() string {
	for _, words := range [][]string{
		{c.says[Target(ward.Manufacturer)], c.says[Target(ward.Model)]}, {c.says[Target(ward.Hostname)]}, {c.says[Target(inventory.AssetTag)]},
		{c.says[Target(ward.Serial)]},
	} {
		if t := strings.TrimSpace(strings.Join(words, " ")); t != "" {
			return t
		}
	}
	return strings.Join(append(slices.Clone(c.macs), c.ips...), " ")
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
