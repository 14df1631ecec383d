package entry

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Record is all that the register keeps of one device, in one column: what identity says, what
// people say and what imported registers say.
type Record struct {
	Device    ward.Device
	Overrides map[ward.Attr]Override   `json:",omitempty"`
	Fields    map[Field]string         `json:",omitempty"`
	Register  map[string]RegisterClaim `json:",omitempty"` // by attribute or field
	Tags      []string                 `json:",omitempty"`
	Open      []OpenFinding            `json:",omitempty"`
}

// OpenFinding is what a row needs of an open finding.
type OpenFinding struct {
	ID       string
	Kind     ward.FindingKind
	Severity ward.Severity
}

// Effective is the value that counts for an attribute: a person's word, else the claim, else an
// imported register's.
func (r *Record) Effective(a ward.Attr) Effective {
	claim, claimed := r.Device.Claims[a]
	listed, isListed := r.Register[string(a)]
	if o, ok := r.Overrides[a]; ok {
		e := Effective{Value: o.Value, Confidence: 1, By: "person"}
		if claimed && !strings.EqualFold(claim.Value, o.Value) {
			e.Against++
		}
		if isListed && !strings.EqualFold(listed.Value, o.Value) {
			e.Against++
		}
		return e
	}
	if claimed {
		e := Effective{Value: claim.Value, Confidence: claim.Confidence, By: "evidence", Against: len(claim.Contradictions)}
		if isListed && listed.Conflict {
			e.Against++
		}
		return e
	}
	if isListed {
		return Effective{Value: listed.Value, Confidence: registerTrust, By: "register"}
	}
	return Effective{}
}

// registerTrust is how sure an imported register's word on an attribute is, when nothing was heard.
const registerTrust = 0.7

// Attrs are all attributes that anything says something about, in a fixed order.
func (r *Record) Attrs() []ward.Attr {
	seen := map[ward.Attr]bool{}
	for a := range r.Device.Claims {
		seen[a] = true
	}
	for a := range r.Overrides {
		seen[a] = true
	}
	for k := range r.Register {
		if !slices.Contains(Fields, Field(k)) || Field(k) == Place {
			seen[ward.Attr(k)] = true
		}
	}
	out := make([]ward.Attr, 0, len(seen))
	for a := range seen {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b ward.Attr) int { return cmp.Or(cmp.Compare(attrRank(a), attrRank(b)), cmp.Compare(a, b)) })
	return out
}

func attrRank(a ward.Attr) int {
	if i := slices.Index(ward.IdentityAttrs, a); i >= 0 {
		return i
	}
	return len(ward.IdentityAttrs)
}

// Field gives a register field: what people wrote, else what an imported register says.
func (r *Record) Field(f Field) string {
	if v := r.Fields[f]; v != "" {
		return v
	}
	return r.Register[string(f)].Value
}

// Row gives the line of the Devices table that follows from the record.
func (r *Record) Row() Row {
	d := &r.Device
	typ, model, maker := r.Effective(ward.Type), r.Effective(ward.Model), r.Effective(ward.Manufacturer)
	row := Row{
		ID: d.ID, Category: d.Category, Scope: d.Scope, Zone: d.Zone,
		Manufacturer: maker.Value, Model: model.Value, Type: typ.Value, OS: r.Effective(ward.OS).Value,
		Firmware: r.Effective(ward.Firmware).Value, Serial: r.Effective(ward.Serial).Value, Role: r.Effective(ward.Role).Value,
		IPs: d.IPs, MACs: d.MACs, VLANs: d.VLANs, Protocols: d.Protocols, Tags: r.Tags,
		Owner: r.Field(Owner), Department: r.Field(Department), AssetTag: r.Field(AssetTag), Criticality: r.Field(Criticality),
		Place: cmp.Or(r.Field(Place), r.Effective(ward.Place).Value), Findings: len(r.Open), Random: d.Random,
		Registered: len(r.Register) > 0 || len(r.Fields) > 0 || len(r.Overrides) > 0, First: d.First, Last: d.Last,
	}
	for _, e := range []Effective{typ, model, maker} {
		if e.Value != "" {
			row.Confidence = e.Confidence
			break
		}
	}
	if typ.Value != "" {
		if c := ward.CategoryOf(typ.Value); c != ward.Unknown {
			row.Category = c
		}
	}
	if row.Category == "" {
		row.Category = ward.Unknown
	}
	if len(d.Names) > 0 {
		row.Name = d.Names[0].Value
	}
	row.Title = r.title(&row)
	row.Status = r.status(&row)
	return row
}

func (r *Record) title(row *Row) string {
	if o, ok := r.Overrides[ward.Hostname]; ok {
		return o.Value
	}
	switch {
	case row.Model != "" && telling(row.Name, row.Model): // forty pumps of one model: the name tells them apart
		return row.Model + " " + row.Name
	case row.Model != "":
		if row.Manufacturer != "" && !strings.HasPrefix(strings.ToLower(row.Model), strings.ToLower(row.Manufacturer)) {
			return row.Manufacturer + " " + row.Model
		}
		return row.Model
	case row.Name != "":
		return row.Name
	case row.Type != "" && row.Manufacturer != "":
		return row.Manufacturer + " " + row.Type
	case row.Type != "":
		return row.Type
	case len(row.IPs) > 0:
		return row.IPs[0]
	case len(row.MACs) > 0:
		return row.MACs[0]
	case row.AssetTag != "":
		return row.AssetTag
	}
	return row.ID
}

// telling reports whether a name is one that people use: short, one word, and no second form of the
// model.
func telling(name, model string) bool {
	if name == "" || len(name) > 20 || strings.ContainsAny(name, " :…*") {
		return false
	}
	n, m := strings.ToLower(name), strings.ToLower(model)
	return !strings.Contains(n, m) && !strings.Contains(m, n)
}

func (r *Record) status(row *Row) Status {
	worst := ward.Info
	for _, f := range r.Open {
		worst = min(worst, f.Severity)
	}
	switch {
	case len(r.Open) > 0 && worst <= ward.Attention:
		return statusOf(worst)
	case row.Type == "" && row.Model == "":
		return StatusUnknown
	}
	return StatusOK
}

func statusOf(s ward.Severity) Status {
	return [...]Status{StatusCritical, StatusHigh, StatusAttention, StatusOK}[s]
}

// KeysOf gives the strong keys of a device, strongest first: what makes it the same device wherever and whenever
// it is heard again.
func KeysOf(d *ward.Device) []string {
	var keys []string
	maker := strings.ToLower(d.Value(ward.Manufacturer))
	for _, k := range []struct {
		attr ward.Attr
		name string
	}{{ward.UDI, "udi"}, {ward.UUID, "uuid"}, {ward.Serial, "serial"}} {
		c, ok := d.Claims[k.attr]
		if !ok || c.Confidence < SureEnough {
			continue
		}
		key := k.name + ":" + BareID(c.Value)
		if k.attr == ward.Serial {
			key = k.name + ":" + maker + ":" + BareID(c.Value) // two makers may give the same number
		}
		keys = append(keys, key)
	}
	for _, m := range d.MACs {
		keys = append(keys, "mac:"+m)
	}
	if len(d.MACs) == 0 && strings.Contains(d.ID, "/") { // a part that a gateway speaks for
		keys = append(keys, "part:"+d.ID)
	}
	return keys
}

// SureEnough is the confidence from which on an identifier decides which device it is.
const SureEnough = 0.8

// BareID is an identifier as it is compared: lower case, without spaces and dashes.
func BareID(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", ".", "", ":", "").Replace(s))
}

// Fingerprint sums up everything people look at in what identity says of a device, apart from when
// and how often it was heard.
func Fingerprint(d *ward.Device) int64 {
	h := fnv.New64a()
	put := func(words ...string) {
		for _, w := range words {
			io.WriteString(h, w) //nolint:errcheck // a hash takes everything
			h.Write([]byte{0})   //nolint:errcheck // a hash takes everything
		}
		h.Write([]byte{1}) //nolint:errcheck // a hash takes everything
	}
	put(string(d.Category), string(d.Scope), d.Zone, strconv.FormatBool(d.Random))
	for _, list := range [][]string{d.IPs, d.MACs, d.Protocols, d.SpeaksFor} {
		put(list...)
	}
	for _, n := range d.Names {
		put(n.Value, n.Source)
	}
	put(fmt.Sprint(d.VLANs))
	for _, a := range slices.Sorted(maps.Keys(d.Claims)) {
		c := d.Claims[a]
		put(string(a), c.Value, strconv.Itoa(int(c.Confidence*100)), strconv.Itoa(len(c.Evidence)))
		for _, o := range c.Contradictions {
			put(o.Value)
		}
	}
	return int64(h.Sum64()) //nolint:gosec // only its bits matter
}
