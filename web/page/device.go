package page

import (
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// Device is the page of one device: is this the device we think it is?
type Device struct {
	*inventory.Detail
	Events    []inventory.Event
	Addresses []inventory.Address
	Peers     []inventory.Peer
	Since     time.Time // from when peers and the timeline are
	Span      string    // the stretch shown: one of Spans
	Swap      *inventory.Finding
	Other     *inventory.Detail // the other device of the swap, where the register keeps both
	Why       *Why              // the open drawer
	Said      string
	Change    bool // this person may overrule and fill in
	Now       time.Time
}

// Spans are the stretches of time a device's page can show, shortest first.
var Spans = []struct {
	Key, Title, Short string
	Length            time.Duration
}{
	{"10m", "Last ten minutes", "10 minutes", 10 * time.Minute}, {"1h", "Last hour", "1 hour", time.Hour}, {"24h", "Last 24 hours", "24 hours", 24 * time.Hour},
	{"7d", "Last 7 days", "7 days", 7 * 24 * time.Hour}, {"30d", "Last 30 days", "30 days", 30 * 24 * time.Hour},
}

// Why is the evidence drawer of one attribute.
type Why struct {
	Attr     ward.Attr
	Value    string // what counts now
	Conf     float64
	By       string
	Evidence []ward.Evidence
	Against  []ward.Contradiction
	Override *inventory.Override
	Register *inventory.RegisterClaim
	Wire     string // what the network says, where a person says otherwise
	Form     bool   // the form "Say otherwise" is open
	Error    string
	Types    []string
	Swapped  bool // what speaks against it is the other device of a swap
}

// ClaimRow is one line of the identity table.
type ClaimRow struct {
	Attr    ward.Attr
	Value   string
	Conf    float64
	Said    string
	Against int
}

// claims lists what is claimed, identity first, then what else something said.
func (d Device) claims() []ClaimRow {
	order := slices.Clone(ward.IdentityAttrs)
	var more []string
	for a := range d.Effective {
		if !slices.Contains(order, a) {
			more = append(more, string(a))
		}
	}
	sort.Strings(more)
	for _, a := range more {
		order = append(order, ward.Attr(a))
	}
	rows := make([]ClaimRow, 0, len(order))
	for _, a := range order {
		e, ok := d.Effective[a]
		if !ok && a == ward.Role {
			continue
		}
		r := ClaimRow{Attr: a, Value: e.Value, Conf: e.Confidence, Against: e.Against}
		switch n := len(d.Device.Claims[a].Evidence); {
		case e.By == "person":
			r.Said = d.Overrides[a].By
		case e.By == "register":
			r.Said = "register"
		case n > 0:
			r.Said = lang.N(n, "piece", "pieces")
		}
		rows = append(rows, r)
	}
	return rows
}

func (d Device) summary() string {
	claims, pieces, against := 0, 0, 0
	for _, c := range d.Device.Claims {
		claims++
		pieces += len(c.Evidence)
		against += len(c.Contradictions)
	}
	s := lang.N(claims, "claim", "claims") + ", " + lang.N(pieces, "piece of evidence", "pieces of evidence")
	if against > 0 {
		s += ", " + lang.Int(against) + " against"
	}
	return s
}

// why is the address of the drawer of an attribute, and of its form.
func (d Device) why(a ward.Attr) string {
	return DeviceHref(d.ID) + "/why/" + url.PathEscape(string(a))
}

// tags are the first words under the title: how it stands.
func (d Device) live() (Level, string) {
	if d.Row.Status == inventory.StatusSilent || d.Now.Sub(d.Row.Last) > 24*time.Hour {
		return NotLive, "Not live, heard " + lang.Ago(d.Row.Last, d.Now)
	}
	return OK, "Heard " + lang.Ago(d.Row.Last, d.Now)
}

func (d Device) statusTag() string {
	if len(d.Open) > 0 && d.Row.Status != inventory.StatusUnknown {
		return StatusWord(d.Row.Status) + ": " + lang.Finding(d.Open[0].Kind)
	}
	return StatusWord(d.Row.Status)
}

func (d Device) question() string {
	if d.Row.Type == "" {
		return "What is this device?"
	}
	return "Is this the " + lang.Lower(lang.Type(d.Row.Type)) + " we think it is?"
}

// where is the network place in one phrase.
func (d Device) where() string {
	var p []string
	if len(d.VLANs) > 0 {
		v := make([]string, 0, len(d.VLANs))
		for _, n := range d.VLANs {
			v = append(v, lang.Int(uint32(n)))
		}
		p = append(p, "VLAN "+strings.Join(v[:min(3, len(v))], ", "))
	}
	p = append(p, d.IPs[:min(2, len(d.IPs))]...)
	return strings.Join(p, ", ")
}

// decided says in a sentence how the claim came to be.
func (w Why) decided() string {
	switch {
	case w.By == "person":
		return "A person said so, and a person's word wins. What the network says stays here beside it."
	case w.By == "register":
		return "Nothing on the network states it; the imported register does."
	case w.Value == "":
		return "Nothing heard so far states it, so nothing is claimed. A guess would be worth less than this empty line."
	case w.Swapped:
		return "The serial is a strong identity and wins over name and address. Both serials are real, each in its own frames, one after the other. So this is another device, not a wrong reading."
	case len(w.Against) > 0:
		return "The strongest kind of evidence wins: a field whose purpose is to state this beats a banner, and a banner beats a look-up by address. What speaks against it is weaker or older, and lowers the confidence."
	case len(w.Evidence) > 1:
		return "Several independent fields say the same, and nothing speaks against it. Only what the device itself sent counts."
	}
	return "One field says so, and nothing speaks against it. More evidence would make it surer."
}

// measure says what the number means.
func (w Why) measure() string {
	switch {
	case w.By == "person":
		return "Said by a person, not measured."
	case w.Conf >= .995:
		return "Of a hundred claims said this surely, about all are right."
	}
	return "Of a hundred claims said this surely, about " + lang.Int(int(w.Conf*100+.5)) + " are right."
}

// fieldLabel is the label of a register field.
func fieldLabel(f inventory.Field) string { return lang.Title(string(f)) }

// fieldHelp says what belongs into a register field.
func fieldHelp(f inventory.Field) string {
	switch f {
	case inventory.Criticality:
		return "life-sustaining, therapeutic, diagnostic or support"
	case inventory.Purchased, inventory.Warranty, inventory.NextService:
		return "Year-month-day: 2027-03-31"
	case inventory.State:
		return "ordered, in use, stored or disposed"
	}
	return ""
}

// eventText says what happened.
func eventText(e inventory.Event) string {
	attr := lang.Attr(ward.Attr(e.Attr))
	switch e.Kind {
	case inventory.FirstSeen:
		return "First heard"
	case inventory.ClaimChanged:
		return change(attr, e.Old, e.New)
	case inventory.AddressChanged:
		return change("address", e.Old, e.New)
	case inventory.Swapped:
		return "Swapped: " + change("serial", e.Old, e.New)
	case inventory.Overridden:
		if e.New == "" {
			return "Word on " + attr + " withdrawn"
		}
		return lang.Title(attr) + " said to be " + e.New
	case inventory.FieldChanged:
		return change(attr, e.Old, e.New)
	case inventory.FindingOpened, inventory.FindingClosed:
		return lang.Title(string(e.Kind)) + ": " + e.Note
	}
	if e.Note != "" {
		return lang.Title(string(e.Kind)) + ": " + e.Note
	}
	return lang.Title(string(e.Kind))
}

func change(what, from, to string) string {
	switch {
	case from == "":
		return lang.Title(what) + ": " + to
	case to == "":
		return lang.Title(what) + " " + from + " no longer said"
	}
	return lang.Title(what) + " " + from + " became " + to
}
