package web

import (
	"context"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/lang"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// device is the page of one device.
func (s *Server) device(q *request) error {
	d, err := s.detail(q)
	if err != nil {
		return err
	}
	return q.show(page.DevicePage(s.frame(q, d.Title, "/devices"), *d))
}

// detail gathers what the page of a device shows.
func (s *Server) detail(q *request) (*page.Device, error) {
	id := q.PathValue("id")
	full, err := s.Register.Device(q.Context(), id)
	if err != nil {
		return nil, err
	}
	d := &page.Device{Detail: full, Now: q.now, Change: q.may(access.DevicesChange), Said: saidIn(q.URL.Query())}
	d.Span, d.Since = span(q.URL.Query().Get("span"), full.Row.First, q.now)
	if d.Events, err = s.Register.Timeline(q.Context(), full.ID, time.Time{}, 200); err != nil {
		return nil, err
	}
	if d.Addresses, err = s.Register.Addresses(q.Context(), full.ID); err != nil {
		return nil, err
	}
	if d.Peers, err = s.Register.Peers(q.Context(), full.ID, q.now.Add(-30*24*time.Hour)); err != nil {
		return nil, err
	}
	for i := range full.Open {
		if full.Open[i].Kind == ward.DeviceSwapped {
			d.Swap = &full.Open[i]
		}
	}
	return d, s.otherOf(q, d)
}

// otherOf finds the second device of a swap, to stand beside the first.
func (s *Server) otherOf(q *request, d *page.Device) error {
	if d.Swap == nil {
		return nil
	}
	for _, ref := range d.Swap.Devices {
		if ref.ID == d.ID {
			continue
		}
		other, err := s.Register.Device(q.Context(), ref.ID)
		if err != nil && ward.KindOf(err) != ward.NotFound {
			return err
		}
		if err == nil && other.ID != d.ID {
			d.Other = other
			return nil
		}
	}
	return nil
}

// span chooses the stretch of time shown: what was asked for, else the shortest that holds the
// device's life, so that a device of one minute is not a dot at the end of a day.
func span(wanted string, born, now time.Time) (string, time.Time) {
	for _, x := range page.Spans {
		if x.Key == wanted {
			return x.Key, now.Add(-x.Length)
		}
	}
	for _, x := range page.Spans[:3] {
		if wanted == "" && now.Sub(born) < x.Length {
			return x.Key, now.Add(-x.Length)
		}
	}
	return "24h", now.Add(-24 * time.Hour)
}

// saidIn is the one sentence that follows a change; it names the change by key, never by free text
// out of the address.
func saidIn(v url.Values) string {
	return map[string]string{
		"override":  "Said. Your word wins; the evidence stays beside it.",
		"withdrawn": "Withdrawn. What the network says counts again.",
		"fields":    "The register fields are saved.",
		"label":     "Labelled. The evidence stays beside what you said.",
		"closed":    "Closed, with your reason. It opens again when new evidence comes.",
		"zone":      "The zone is saved.",
	}[v.Get("said")]
}

// why is the page of a device with the evidence drawer open.
func (s *Server) why(q *request) error {
	d, err := s.drawer(q)
	if err != nil {
		return err
	}
	d.Why.Form = q.URL.Query().Get("say") == "otherwise"
	return q.show(page.DevicePage(s.frame(q, d.Title+": why?", "/devices"), *d))
}

func (s *Server) drawer(q *request) (*page.Device, error) {
	d, err := s.detail(q)
	if err != nil {
		return nil, err
	}
	a := ward.Attr(q.PathValue("attr"))
	if !known(d, a) {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "web.why", Msg: "Nothing is claimed under that name."}
	}
	e, claim := d.Effective[a], d.Device.Claims[a]
	w := &page.Why{Attr: a, Value: e.Value, Conf: e.Confidence, By: e.By, Evidence: claim.Evidence, Against: claim.Contradictions}
	if o, ok := d.Overrides[a]; ok {
		w.Override, w.Wire = &o, claim.Value
	}
	if r, ok := d.Register[string(a)]; ok {
		w.Register = &r
	}
	if a == ward.Type {
		w.Types = types()
	}
	if a == ward.Serial && d.Swap != nil {
		other := d.SwapAgainst(w.Value)
		w.Against, w.Swapped = append(w.Against, other...), len(other) > 0
	}
	d.Why = w
	return d, nil
}

func known(d *page.Device, a ward.Attr) bool {
	_, effective := d.Effective[a]
	return effective || slices.Contains(ward.IdentityAttrs, a)
}

func types() []string {
	out := make([]string, 0, len(ward.Types))
	for t := range ward.Types {
		out = append(out, t)
	}
	sort.Strings(out)
	return out
}

// override records a person's word on one attribute, or withdraws it.
func (s *Server) override(q *request) error {
	d, err := s.drawer(q)
	if err != nil {
		return err
	}
	a, value, reason := d.Why.Attr, q.word("value"), q.word("reason")
	said := "override"
	if q.word("withdraw") != "" {
		value, said = "", "withdrawn"
		reason = "withdrawn"
	} else if problem := overrideProblem(a, value, reason); problem != "" {
		d.Why.Error = problem
		return q.showAs(400, page.DevicePage(s.frame(q, d.Title, "/devices"), *d))
	}
	summary := "said the " + string(a) + " is " + value
	if value == "" {
		summary = "withdrew what was said about the " + string(a)
	}
	err = q.change(d.ID, summary, func(ctx context.Context, tx store.Tx) error {
		return s.Register.Override(ctx, tx, d.ID, a, value, reason)
	})
	if err != nil {
		return err
	}
	return q.to(page.DeviceHref(d.ID) + "/why/" + url.PathEscape(string(a)) + "?said=" + said)
}

func overrideProblem(a ward.Attr, value, reason string) string {
	switch {
	case value == "":
		return "Say what it is."
	case reason == "":
		return "Say how you know: the next person will ask."
	case a == ward.Type && ward.Types[strings.ToLower(value)] == "":
		return "That type is not in the list. Choose one of the suggestions."
	}
	return ""
}

// fields saves the register fields and tags of one device.
func (s *Server) fields(q *request) error {
	id := q.PathValue("id")
	d, err := s.Register.Device(q.Context(), id)
	if err != nil {
		return err
	}
	set := map[inventory.Field]string{}
	var names []string
	for _, f := range inventory.Fields {
		if v := q.word(string(f)); v != d.Fields[f] {
			set[f] = v
			names = append(names, string(f))
		}
	}
	tags := words(q.word("tags"))
	if slices.Equal(tags, d.Tags) {
		tags = nil
	} else {
		names = append(names, "tags")
	}
	if len(names) == 0 {
		return q.to(page.DeviceHref(d.ID) + "#register")
	}
	err = q.change(d.ID, "changed "+lang.List(names), func(ctx context.Context, tx store.Tx) error {
		if len(set) > 0 {
			if err := s.Register.SetFields(ctx, tx, []string{d.ID}, set); err != nil {
				return err
			}
		}
		if tags != nil {
			return s.Register.SetTags(ctx, tx, []string{d.ID}, tags)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.to(page.DeviceHref(d.ID) + "?said=fields")
}

// words splits what a person wrote with commas.
func words(s string) []string {
	out := []string{}
	for _, w := range strings.Split(s, ",") {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// maxLabel bounds how many devices one form labels.
const maxLabel = 1000

func (s *Server) alike(q *request) error {
	groups, err := s.Register.Alike(q.Context())
	if err != nil {
		return err
	}
	return q.show(page.AlikePage(s.frame(q, "Unknown, by likeness", "/devices"), page.Alike{Groups: groups, Now: q.now}))
}

// labelForm asks what several devices are: those chosen in the table, or a group of alike ones.
func (s *Server) labelForm(q *request) error {
	ids := q.URL.Query()["device"]
	if key := q.URL.Query().Get("group"); key != "" {
		groups, err := s.Register.Alike(q.Context())
		if err != nil {
			return err
		}
		for _, g := range groups {
			if g.Key == key {
				ids = g.Devices
			}
		}
	}
	return s.showLabel(q, 200, ids, "", map[string]string{})
}

func (s *Server) showLabel(q *request, status int, ids []string, problem string, values map[string]string) error {
	if len(ids) == 0 {
		return &ward.Error{Kind: ward.Invalid, Op: "web.label", Msg: "Choose devices first: tick them in the Devices table."}
	}
	ids = ids[:min(len(ids), maxLabel)]
	l := page.Label{IDs: ids, Error: problem, Types: types(), Values: values, Now: q.now}
	for _, id := range ids[:min(12, len(ids))] {
		d, err := s.Register.Device(q.Context(), id)
		if err != nil {
			return err
		}
		l.Devices = append(l.Devices, d.Row)
	}
	l.More = len(ids) - len(l.Devices)
	return q.showAs(status, page.LabelPage(s.frame(q, "Label", "/devices"), l))
}

func (s *Server) label(q *request) error {
	if err := q.ParseForm(); err != nil {
		return &ward.Error{Kind: ward.Invalid, Op: "web.label", Msg: "The form could not be read.", Err: err}
	}
	ids := q.PostForm["device"]
	ids = ids[:min(len(ids), maxLabel)]
	say, set, values := map[ward.Attr]string{}, map[inventory.Field]string{}, map[string]string{"reason": q.word("reason")}
	for _, a := range []ward.Attr{ward.Type, ward.Manufacturer, ward.Model} {
		if v := q.word(string(a)); v != "" {
			say[a], values[string(a)] = v, v
		}
	}
	for _, f := range []inventory.Field{inventory.Owner, inventory.Place} {
		if v := q.word(string(f)); v != "" {
			set[f], values[string(f)] = v, v
		}
	}
	problem := ""
	switch {
	case len(say)+len(set) == 0:
		problem = "Fill in at least one box."
	case values["reason"] == "":
		problem = "Say how you know: the next person will ask."
	case say[ward.Type] != "":
		problem = overrideProblem(ward.Type, say[ward.Type], values["reason"])
	}
	if problem != "" {
		return s.showLabel(q, 400, ids, problem, values)
	}
	err := q.change(first(ids), "labelled "+lang.N(len(ids), "device", "devices"), func(ctx context.Context, tx store.Tx) error {
		if len(say) > 0 {
			if err := s.Register.Label(ctx, tx, ids, say, values["reason"]); err != nil {
				return err
			}
		}
		if len(set) > 0 {
			return s.Register.SetFields(ctx, tx, ids, set)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(ids) == 1 {
		return q.to(page.DeviceHref(ids[0]) + "?said=label")
	}
	return q.to("/devices/alike")
}
