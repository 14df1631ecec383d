package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// claimFields are the pseudo fields under which claims already made can be read by fingerprints:
// a model names its maker, an operating system the kind of machine.
var claimFields = map[ward.Attr]*ward.Field{
	ward.Manufacturer: {Protocol: "claim", Name: "manufacturer"},
	ward.Model:        {Protocol: "claim", Name: "model"},
	ward.Type:         {Protocol: "claim", Name: "type"},
	ward.OS:           {Protocol: "claim", Name: "os"},
	ward.Role:         {Protocol: "claim", Name: "role"},
}

// nameField is the pseudo field of every name a device goes by, whichever protocol said it.
var nameField = &ward.Field{Protocol: "device", Name: "name"}

// inferredClass holds what follows from other claims.
const inferredClass = "inferred"

// bench is what the making of one device's claims needs; it is reused from device to device.
type bench struct {
	facts []held
	cands []*candidate
	group []*candidate
	pool  []candidate
	extra []fact
	scope ward.Scope // "device scope" in conditions
}

// held is a fact and who sent it.
type held struct {
	fact *fact
	from *station
}

func (b *bench) reset() {
	b.facts, b.cands, b.pool, b.extra = b.facts[:0], b.cands[:0], b.pool[:0], b.extra[:0]
}

func (b *bench) add(c candidate) {
	if len(b.pool) == cap(b.pool) { // pointers into the old array stay good, it is only left behind
		b.pool = make([]candidate, 0, max(64, 2*cap(b.pool)))
	}
	b.pool = append(b.pool, c)
	b.cands = append(b.cands, &b.pool[len(b.pool)-1])
}

// claims makes the claims of a device from the facts on the bench.
func (e *Engine) claims(b *bench, mute bool) map[ward.Attr]ward.Claim {
	for _, h := range b.facts {
		f := h.fact
		if f.finding != "" || f.field == &decode.Speaks || mute && f.field != &ouiField {
			continue
		}
		from := ""
		if h.from != nil {
			from = h.from.subject.String()
		} else {
			from = f.peer.MAC.String()
		}
		if b.scope == ward.External && f.field.Protocol == "http" && f.field.Name == "title" {
			continue // the title of a page on the internet is about anything
		}
		e.stated(b, f, from)
		e.printed(b, f.field, f.value, []*fact{f}, from)
	}
	claims := map[ward.Attr]ward.Claim{}
	e.fuseAll(b, claims)
	if mute || len(claims) == 0 {
		return claims
	}
	// Claims lead to claims: twice, so that a model can name a maker and the maker a type.
	for range 2 {
		if !e.inferred(b, claims) {
			break
		}
		e.fuseAll(b, claims)
	}
	if m, ok := claims[ward.Manufacturer]; ok && registry.NetworkOnly(m.Value) && registry.EndDevice(claims[ward.Type].Value, claims[ward.OS].Value) && onlyOUI(&m) {
		// The card of a router that hides behind an untouched lifetime: what stands behind it is no
		// product of the router's maker.
		b.cands = slices.DeleteFunc(b.cands, func(c *candidate) bool {
			return c.attr == ward.Manufacturer && len(c.facts) > 0 && c.facts[0].field == &ouiField
		})
		e.fuseAll(b, claims)
	}
	return claims
}

// onlyOUI reports whether a claim rests on the owner of a hardware address alone.
func onlyOUI(c *ward.Claim) bool {
	return !slices.ContainsFunc(c.Evidence, func(v ward.Evidence) bool { return v.Protocol != ouiField.Protocol })
}

// stated adds what a field states directly.
func (e *Engine) stated(b *bench, f *fact, from string) {
	if f.field.Proves == "" || f.field.Trust == ward.TrustNone || f.field.Proves == ward.Hostname {
		return
	}
	c := candidate{attr: f.field.Proves, value: f.value, trust: f.field.Trust, class: prints.Class(f.field), facts: []*fact{f}, from: from}
	switch c.attr {
	case ward.Manufacturer:
		if f.field == &ouiField {
			o := e.owners[f.value]
			c.value, c.odds = o.Maker, unknownOwner
			if c.value == "" {
				c.value = o.Gateways
			}
			if o.Known {
				c.odds = share[ward.TrustRegistry]
			}
		} else {
			c.value = registry.Canonical(c.value)
		}
		if f.field.Protocol == "upnp" && registry.ProgramMaker(c.value) {
			return // the maker of a program that runs on the device
		}
	case ward.Type:
		c.value = strings.ToLower(c.value)
		if _, ok := ward.Types[c.value]; !ok {
			return
		}
	case ward.Model:
		if registry.IsProgram(c.value) {
			c.attr = ward.Component
		}
	case ward.Serial:
		if !registry.Plausible(c.value) || len(c.value) < 4 {
			return
		}
	}
	if registry.SaysNothing(c.value) {
		return
	}
	b.add(c)
}

// printed adds what fingerprints read from a value.
func (e *Engine) printed(b *bench, field *ward.Field, value string, facts []*fact, from string) {
	for _, c := range e.match(field, value) {
		if c.If != nil && !b.holds(c.If) {
			continue
		}
		class := prints.Class(field)
		if field.Protocol == "claim" {
			class = inferredClass
		}
		v := c.Value
		switch c.Attr {
		case ward.Manufacturer:
			v = registry.Canonical(v)
		case ward.Type:
			if _, ok := ward.Types[v]; !ok {
				continue
			}
		}
		b.add(candidate{attr: c.Attr, value: v, trust: c.Trust, class: class, facts: facts, from: from})
	}
	if field.Proves == ward.Hostname && field != nameField {
		e.printed(b, nameField, value, facts, from)
	}
}

// holds reports whether another fact of the device satisfies a print's condition.
func (b *bench) holds(c *prints.Condition) bool {
	if c.Field == "device scope" {
		return c.Holds(string(b.scope))
	}
	for _, h := range b.facts {
		if h.fact.finding == "" && (key(h.fact.field) == c.Field || h.fact.field.Proves == ward.Hostname && c.Field == "device name") && c.Holds(h.fact.value) {
			return true
		}
	}
	for i := range b.extra {
		if key(b.extra[i].field) == c.Field && c.Holds(b.extra[i].value) {
			return true
		}
	}
	return false
}

func key(f *ward.Field) string { return f.Protocol + " " + f.Name }

// inferred adds what follows from the claims made so far, in place of what followed before.
func (e *Engine) inferred(b *bench, claims map[ward.Attr]ward.Claim) bool {
	type basis struct {
		field *ward.Field
		value string
		facts []*fact
		from  string
	}
	var all []basis
	b.extra = b.extra[:0]
	for _, a := range ward.IdentityAttrs {
		claim, ok := claims[a]
		if !ok || claimFields[a] == nil {
			continue
		}
		b.extra = append(b.extra, fact{field: claimFields[a], value: claim.Value})
		if len(e.match(claimFields[a], claim.Value)) == 0 {
			continue
		}
		ground := basis{field: claimFields[a], value: claim.Value}
		for _, c := range b.cands {
			if c.attr == a && relate(a, c.value, claim.Value) != differs {
				ground.facts, ground.from = append(ground.facts, c.facts...), c.from
			}
		}
		all = append(all, ground)
	}
	b.cands = slices.DeleteFunc(b.cands, func(c *candidate) bool { return c.class == inferredClass })
	for _, g := range all {
		e.printed(b, g.field, g.value, g.facts, g.from)
	}
	return len(all) > 0
}

// match runs the fingerprints of a field on a value, once per distinct value.
func (e *Engine) match(field *ward.Field, value string) []prints.Claim {
	reader, ok := e.reads[field]
	if !ok {
		reader = e.prints.Reader(key(field))
		e.reads[field] = reader
	}
	if !reader.May(value) {
		return nil
	}
	k := memoKey{field, value}
	claims, ok := e.memo[k]
	if !ok {
		if len(e.memo) >= maxMemo {
			clear(e.memo)
		}
		claims = reader.Match(value)
		e.memo[k] = claims
	}
	return claims
}

// fuseAll fuses the candidates of every attribute.
func (e *Engine) fuseAll(b *bench, claims map[ward.Attr]ward.Claim) {
	clear(claims)
	var done [16]ward.Attr
	n := 0
	for i, c := range b.cands {
		if slices.Contains(done[:n], c.attr) {
			continue
		}
		if n < len(done) {
			done[n] = c.attr
			n++
		}
		group := b.group[:0]
		for _, o := range b.cands[i:] {
			if o.attr == c.attr {
				group = append(group, o)
			}
		}
		b.group = group
		if claim, ok := fuse(c.attr, superseded(group)); ok {
			claims[c.attr] = claim
		}
	}
}

// superseded leaves out values that the same field of the same sender replaced later: an update
// changes a version, which is no contradiction.
func superseded(group []*candidate) []*candidate {
	if a := group[0].attr; len(group) < 2 || a != ward.Firmware && a != ward.OS && a != ward.Place {
		return group
	}
	kept := make([]*candidate, 0, len(group))
	for _, c := range group {
		if !slices.ContainsFunc(group, c.replacedBy) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (c *candidate) replacedBy(o *candidate) bool {
	return len(c.facts) == 1 && len(o.facts) == 1 && c.from == o.from && c.facts[0].field == o.facts[0].field && c.facts[0].last < o.facts[0].first
}

func when(ns int64) time.Time { return time.Unix(0, ns).UTC() }
