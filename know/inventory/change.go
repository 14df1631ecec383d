package inventory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Bounds of what a person may write.
const (
	maxText    = 2000 // characters of one value
	maxDevices = 1000 // changed at once
	maxTags    = 20
)

// change runs a person's change and then brings the rows of devices up to date whose findings it touched.
func (r *Register) change(ctx context.Context, tx store.Tx, f func(*writer) error) error {
	w, err := r.begin(ctx, tx)
	if err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err
	}
	recs, err := w.load(ctx, slices.Sorted(maps.Keys(w.touched)))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(recs)) {
		if err := w.settle(ctx, recs[id]); err != nil {
			return err
		}
		if err := w.save(ctx, recs[id]); err != nil {
			return err
		}
	}
	return w.end(ctx)
}

// each runs f on the record of each device and saves it.
func (r *Register) each(ctx context.Context, tx store.Tx, ids []string, f func(*writer, *saved) error) error {
	if len(ids) > maxDevices {
		return invalid("inventory.change", "At most 1,000 devices can be changed at once.")
	}
	return r.change(ctx, tx, func(w *writer) error {
		for _, id := range ids {
			s, err := w.one(ctx, id)
			if err != nil {
				return err
			}
			if err := f(w, s); err != nil {
				return err
			}
			if err := w.save(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func invalid(op, msg string) error { return &ward.Error{Kind: ward.Invalid, Op: op, Msg: msg} }

// Override records a person's word on an attribute; an empty value withdraws it. The evidence
// stays beside it. Inside Do.
func (r *Register) Override(ctx context.Context, tx store.Tx, id string, a ward.Attr, value, reason string) error {
	return r.Label(ctx, tx, []string{id}, map[ward.Attr]string{a: value}, reason)
}

// overridable are the attributes on which a person can have the last word.
var overridable = append(slices.Clone(ward.IdentityAttrs), ward.Hostname, ward.Place, ward.Hardware, ward.UDI, ward.AETitle)

// Label says the same of several devices at once: an override for each attribute given. Inside Do.
func (r *Register) Label(ctx context.Context, tx store.Tx, ids []string, say map[ward.Attr]string, reason string) error {
	for a, v := range say {
		switch {
		case !slices.Contains(overridable, a):
			return invalid("inventory.Label", "There is no attribute "+string(a)+" to say anything about.")
		case len(v) > maxText || strings.ContainsAny(v, "\r\n\x00"):
			return invalid("inventory.Label", "The value must be one line of at most 2,000 characters.")
		case a == ward.Type && v != "" && ward.CategoryOf(v) == ward.Unknown:
			return invalid("inventory.Label", "There is no type "+v+". Choose one from the list.")
		case a == ward.Serial && v != "" && len(ids) > 1:
			return invalid("inventory.Label", "A serial number belongs to one device.")
		}
	}
	return r.each(ctx, tx, ids, func(w *writer, s *saved) error {
		for _, a := range slices.Sorted(maps.Keys(say)) {
			v := strings.TrimSpace(say[a])
			before := s.rec.Effective(a).Value
			if v == "" {
				delete(s.rec.Overrides, a)
			} else {
				if s.rec.Overrides == nil {
					s.rec.Overrides = map[ward.Attr]Override{}
				}
				s.rec.Overrides[a] = Override{Value: v, Reason: reason, By: w.person, At: w.now}
			}
			w.event(s.id, w.now, Overridden, string(a), before, v, reason)
		}
		if s.rec.Effective(ward.Type).Value != "" || s.rec.Effective(ward.Model).Value != "" {
			return w.closeUnknown(ctx, []string{s.id}, "A person said what it is.")
		}
		return nil
	})
}

// SetFields writes register fields of devices; an empty value clears a field. Inside Do.
func (r *Register) SetFields(ctx context.Context, tx store.Tx, ids []string, set map[Field]string) error {
	for f, v := range set {
		switch {
		case !slices.Contains(Fields, f):
			return invalid("inventory.SetFields", "There is no register field "+string(f)+".")
		case len(v) > maxText || f != Notes && strings.ContainsAny(v, "\r\n\x00"):
			return invalid("inventory.SetFields", "The value of "+string(f)+" must be one line of at most 2,000 characters.")
		}
		if err := entry.CheckField(f, v); err != nil {
			return err
		}
	}
	return r.each(ctx, tx, ids, func(w *writer, s *saved) error {
		for _, f := range slices.Sorted(maps.Keys(set)) {
			v := strings.TrimSpace(set[f])
			before := s.rec.Fields[f]
			if before == v {
				continue
			}
			if v == "" {
				delete(s.rec.Fields, f)
			} else {
				if s.rec.Fields == nil {
					s.rec.Fields = map[Field]string{}
				}
				s.rec.Fields[f] = v
			}
			w.event(s.id, w.now, FieldChanged, string(f), before, v, "")
		}
		return nil
	})
}

// SetTags replaces the tags of devices. Inside Do.
func (r *Register) SetTags(ctx context.Context, tx store.Tx, ids []string, tags []string) error {
	var clean []string
	for _, t := range tags {
		t = strings.ToLower(strings.TrimSpace(t))
		if len(t) > 60 || strings.ContainsAny(t, "\r\n\x00,") {
			return invalid("inventory.SetTags", "A tag is one word or a few, of at most 60 characters, without commas.")
		}
		if t != "" && !slices.Contains(clean, t) {
			clean = append(clean, t)
		}
	}
	if len(clean) > maxTags {
		return invalid("inventory.SetTags", "At most 20 tags, please.")
	}
	return r.each(ctx, tx, ids, func(w *writer, s *saved) error {
		if !slices.Equal(s.rec.Tags, clean) {
			w.event(s.id, w.now, FieldChanged, "tags", strings.Join(s.rec.Tags, ", "), strings.Join(clean, ", "), "")
			s.rec.Tags = clean
		}
		return nil
	})
}
