package identity

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// titles say a finding in plain words; %s is the protocol. No title holds a value from the wire:
// a device may call itself whatever it likes.
var titles = map[ward.FindingKind]string{
	ward.PHIInClear:            "Patient data in clear over %s",
	ward.ClearTextPassword:     "Clear-text password over %s",
	ward.DefaultCredential:     "Default credential over %s",
	ward.DefaultSNMPCommunity:  "Default SNMP community",
	ward.SMBv1:                 "SMBv1 in use",
	ward.ExpiredCertificate:    "Expired certificate",
	ward.SelfSignedCertificate: "Self-signed certificate",
	ward.ClearTextProtocol:     "Insecure protocol: %s",
	ward.AnonymousLogin:        "Anonymous log-in over %s",
}

// Findings judges what is known now: what decoders flagged, and what follows from the picture. It
// costs in proportion to what there is to find.
func (e *Engine) Findings() []ward.Finding {
	e.resolve()
	found := e.flagged()
	found = append(found, e.swapped()...)
	found = append(found, e.conflicts()...)
	for d := range e.suspects {
		found = append(found, d.found...)
	}
	slices.SortFunc(found, func(a, b ward.Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Devices, b.Devices), cmp.Compare(a.Title, b.Title))
	})
	return found
}

// flagged gathers the sightings that are findings themselves: one finding for each kind, protocol
// and pair of devices, however often it was seen.
func (e *Engine) flagged() []ward.Finding {
	type groupKey struct {
		kind     ward.FindingKind
		protocol string
		a, b     string
	}
	groups := map[groupKey]*ward.Finding{}
	for _, st := range e.flaggers {
		for i := range st.facts {
			f := &st.facts[i]
			if f.finding == "" {
				continue
			}
			k := groupKey{f.finding, f.field.Protocol, e.nameOf(st.subject), ""}
			if f.peer != (ward.Subject{}) {
				k.b = e.nameOf(f.peer)
			}
			if k.b != "" && k.b < k.a { // both ends see the same finding
				k.a, k.b = k.b, k.a
			}
			g := groups[k]
			if g == nil {
				g = &ward.Finding{Kind: f.finding, Title: title(f.finding, f.field.Protocol), Devices: []string{k.a}}
				if k.b != "" && k.b != k.a {
					g.Devices = append(g.Devices, k.b)
				}
				groups[k] = g
			}
			g.Evidence = append(g.Evidence, f.evidence(st.subject.String()))
		}
	}
	out := make([]ward.Finding, 0, len(groups))
	for _, g := range groups {
		sortEvidence(g.Evidence)
		g.Evidence = g.Evidence[:min(len(g.Evidence), maxShown)]
		out = append(out, *g)
	}
	return out
}

func title(k ward.FindingKind, protocol string) string {
	t, ok := titles[k]
	switch {
	case !ok:
		return strings.ToUpper(string(k[:1])) + string(k[1:])
	case strings.Contains(t, "%s"):
		return fmt.Sprintf(t, strings.ToUpper(protocol))
	}
	return t
}

func sortEvidence(list []ward.Evidence) {
	slices.SortFunc(list, func(a, b ward.Evidence) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Frame, b.Frame), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Value, b.Value))
	})
}

// judged are the findings about one device that follow from its claims.
func (e *Engine) judged(d *device) []ward.Finding {
	var out []ward.Finding
	doc := &d.doc
	if os, ok := doc.Claims[ward.OS]; ok && os.Confidence >= 0.8 && selfStated(&os) {
		if end, ok := registry.EndOfLife(os.Value, doc.Value(ward.Firmware)); ok && end.Before(e.opt.Now()) {
			out = append(out, ward.Finding{
				Kind: ward.LegacyOS, Title: os.Value + ", end of life: without support since " + end.Format("January 2006"),
				Devices: []string{doc.ID}, Evidence: os.Evidence,
			})
		}
	}
	if d.part != "" {
		return out
	}
	if contested := contradiction(doc); contested != nil {
		out = append(out, *contested)
	}
	if doc.Scope == ward.Local && !strings.Contains(strings.ToLower(doc.Zone), "guest") && doc.Last.Sub(doc.First) >= e.opt.UnknownAfter && doc.Packets >= 8 && !identified(doc) {
		out = append(out, ward.Finding{
			Kind: ward.UnknownDevice, Title: "Unknown device on the network", Devices: []string{doc.ID},
			Evidence: e.presence(d),
		})
	}
	return out
}

// selfStated reports whether a claim rests on a field whose purpose is to state it; a User-Agent
// or a name is too easily set to raise an alarm on.
func selfStated(c *ward.Claim) bool {
	return slices.ContainsFunc(c.Evidence, func(v ward.Evidence) bool {
		switch v.Protocol {
		case "smb", "cdp", "lldp", "niagara fox", "ads", "snmp", "telnet", "ssh":
			return true
		}
		return false
	})
}

// contradiction is a finding when two strong witnesses name different devices.
func contradiction(doc *ward.Device) *ward.Finding {
	for _, a := range []ward.Attr{ward.Serial, ward.Model, ward.OS, ward.Manufacturer} {
		c, ok := doc.Claims[a]
		if !ok {
			continue
		}
		for _, o := range c.Contradictions {
			if o.Confidence < 0.3 || len(o.Evidence) == 0 || o.Evidence[0].Protocol == ouiField.Protocol {
				continue
			}
			return &ward.Finding{
				Kind: ward.IdentityContradiction, Title: "Identity contradiction: evidence disagrees on " + string(a), Devices: []string{doc.ID},
				Evidence: append(slices.Clone(c.Evidence[:min(len(c.Evidence), 4)]), o.Evidence[:min(len(o.Evidence), 4)]...),
			}
		}
	}
	return nil
}

// presence is the evidence that a device is there: its first frames.
func (e *Engine) presence(d *device) []ward.Evidence {
	var heard []*station
	for _, u := range d.units {
		u.each(func(st *station) {
			if st.heard {
				heard = append(heard, st)
			}
		})
	}
	slices.SortFunc(heard, func(a, b *station) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.frame, b.frame), bytes.Compare(a.subject.MAC[:], b.subject.MAC[:]))
	})
	out := []ward.Evidence{}
	for _, st := range heard[:min(len(heard), maxShown)] {
		out = append(out, ward.Evidence{
			Protocol: "ethernet", Field: "source address", Value: st.subject.MAC.String(), Sender: st.subject.String(),
			First: when(st.first), Last: when(st.last), Count: st.packets, Source: st.source, Frame: st.frame,
		})
	}
	sortEvidence(out)
	return out
}
