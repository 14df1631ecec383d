package identity

import (
	"math"
	"slices"

	"github.com/wardkeeper/wardkeeper/know/identity/registry"
	"github.com/wardkeeper/wardkeeper/ward"
)

// candidate is one reason to claim a value.
type candidate struct {
	attr  ward.Attr
	value string
	trust ward.Trust
	odds  float64 // its own weight; 0 means that of its trust
	class string  // reasons of one class are not independent of each other
	facts []*fact // what it rests on
	from  string  // who sent that
}

// share is the weight of evidence: how often evidence of a kind is right when it stands alone. The
// numbers are the middle of the Wilson interval, (right+2)/(all+4), over the labelled captures as
// `make accuracy` lists them, rounded down: registries 78 of 78, roles 30 of 30, banners 26 of 26,
// stated fields 90 of 90. Kinds with fewer than twenty cases there (hints, weak names, owners of
// address blocks that are not known to build devices) are set well below what was seen. The same
// captures were looked at while the rules were written, so held-out captures will do worse; that
// is why nothing is rounded up.
var share = map[ward.Trust]float64{
	ward.TrustHint: 0.30, ward.TrustWeak: 0.70, ward.TrustRegistry: 0.95, ward.TrustRole: 0.94,
	ward.TrustBanner: 0.93, ward.TrustStated: 0.97, ward.TrustProven: 0.99,
}

// unknownOwner is the share for the owner of an address block that is not known to build devices.
const unknownOwner = 0.80

const (
	prior    = 0.05
	ceiling  = 0.99 // nothing heard on a wire is surer
	asserted = 0.5  // a claim less likely than this is not made
	certain  = 0.8  // and a serial number, which people act upon, not below this
	outranks = 0.05 // what is left of the odds of a value that stronger evidence speaks against
	maxShown = 8    // pieces of evidence shown for one value
)

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// rank sorts kinds of evidence: a device's own structured word outranks a banner and what its role
// implies, these outrank a registry, and that outranks a guess.
func rank(t ward.Trust) int {
	switch {
	case t >= ward.TrustStated:
		return 3
	case t == ward.TrustBanner || t == ward.TrustRole:
		return 2
	case t == ward.TrustRegistry:
		return 1
	}
	return 0
}

// hypothesis is one possible value and what speaks for it.
type hypothesis struct {
	value   string
	best    ward.Trust
	reasons []*candidate
	odds    float64
	p       float64
}

// fuse weighs the candidates of one attribute. It returns false when nothing can be claimed; the
// contradictions that prevented it are returned all the same.
func fuse(attr ward.Attr, all []*candidate) (ward.Claim, bool) {
	if len(all) == 1 {
		return alone(attr, all[0])
	}
	hyps := hypotheses(attr, all)
	if attr == ward.OS {
		hyps = withFamilies(hyps)
	}
	for i := range hyps {
		hyps[i].odds = math.Exp(weigh(attr, &hyps[i], hyps))
	}
	for i := range hyps {
		h := &hyps[i]
		total := 1 + h.odds
		for j := range hyps {
			o := &hyps[j]
			if i == j || relate(attr, h.value, o.value) != differs {
				continue
			}
			switch {
			case rank(h.best) > rank(o.best):
				total += o.odds * outranks
			case rank(h.best) < rank(o.best):
				total += o.odds / outranks
			default:
				total += o.odds
			}
		}
		h.p = math.Min(h.odds/total, ceiling)
	}
	best := pick(attr, hyps)
	claim := ward.Claim{Evidence: []ward.Evidence{}, Contradictions: []ward.Contradiction{}}
	if best == nil {
		return claim, false
	}
	claim.Value, claim.Confidence = best.value, round(best.p)
	claim.Evidence = evidence(attr, best, hyps)
	for i := range hyps {
		h := &hyps[i]
		if relate(attr, best.value, h.value) == differs {
			claim.Contradictions = append(claim.Contradictions, ward.Contradiction{
				Value: h.value, Confidence: round(h.p), Evidence: evidence(attr, h, nil),
			})
		}
	}
	return claim, best.p >= floor(attr)
}

// alone is fuse for a single candidate, as most devices have.
func alone(attr ward.Attr, c *candidate) (ward.Claim, bool) {
	p := math.Min(c.share(), ceiling)
	claim := ward.Claim{Value: c.value, Confidence: round(p), Contradictions: []ward.Contradiction{}, Evidence: make([]ward.Evidence, 0, len(c.facts))}
	for _, f := range c.facts[:min(len(c.facts), maxShown)] {
		claim.Evidence = append(claim.Evidence, f.evidence(c.from))
	}
	return claim, p >= floor(attr)
}

// floor is how likely a value must be to be claimed.
func floor(attr ward.Attr) float64 {
	if attr == ward.Serial {
		return certain
	}
	return asserted
}

func round(p float64) float64 { return math.Round(p*100) / 100 }

// hypotheses groups candidates by value.
func hypotheses(attr ward.Attr, all []*candidate) []hypothesis {
	hyps := make([]hypothesis, 0, len(all))
next:
	for _, c := range all {
		for i := range hyps {
			h := &hyps[i]
			if h.value != c.value && relate(attr, h.value, c.value) != same {
				continue
			}
			h.reasons = append(h.reasons, c)
			if c.trust > h.best { // the most trusted source also decides the spelling
				h.best, h.value = c.trust, c.value
			}
			continue next
		}
		hyps = append(hyps, hypothesis{value: c.value, best: c.trust, reasons: []*candidate{c}})
	}
	return hyps
}

// withFamilies adds, where versions of one system contradict each other, the system without a
// version: a host that says "Windows 7" here and "Windows 10" there runs Windows.
func withFamilies(hyps []hypothesis) []hypothesis {
	for i := range hyps {
		name, _ := registry.System(hyps[i].value)
		family := ""
		for j := range hyps {
			other, _ := registry.System(hyps[j].value)
			if i != j && name == other && relateOS(hyps[i].value, hyps[j].value) == differs {
				family = familyNames[name]
			}
		}
		if family == "" || slices.ContainsFunc(hyps, func(h hypothesis) bool { return h.value == family }) {
			continue
		}
		f := hypothesis{value: family}
		for _, h := range hyps {
			if n, _ := registry.System(h.value); n == name {
				f.reasons = append(f.reasons, h.reasons...)
				f.best = max(f.best, h.best)
			}
		}
		return append(hyps, f)
	}
	return hyps
}

// familyNames are the usual names of systems of which several versions may be heard.
var familyNames = map[string]string{
	"windows": "Windows", "windows server": "Windows Server", "android": "Android", "ios": "iOS", "macos": "macOS", "linux": "Linux",
	"ubuntu": "Ubuntu", "debian": "Debian", "cisco ios": "Cisco IOS", "freebsd": "FreeBSD",
}

// weigh adds up, in log-odds, the strongest reason of each class: several headers of one server are
// one witness. Whoever says "Ubuntu" has also said "Linux"; whoever says "Linux" has said a little
// for "Ubuntu".
func weigh(attr ward.Attr, h *hypothesis, hyps []hypothesis) float64 {
	var classes [16]string
	var weights [16]float64
	n := 0
	count := func(c *candidate, part float64) {
		w := (logit(c.share()) - logit(prior)) * part
		for i := range n {
			if classes[i] == c.class {
				weights[i] = math.Max(weights[i], w)
				return
			}
		}
		if n < len(classes) {
			classes[n], weights[n] = c.class, w
			n++
		}
	}
	for _, c := range h.reasons {
		count(c, 1)
	}
	for i := range hyps {
		o := &hyps[i]
		if o.value == h.value {
			continue
		}
		switch relate(attr, h.value, o.value) {
		case general:
			for _, c := range o.reasons {
				count(c, 1)
			}
		case specific, beside:
			for _, c := range o.reasons {
				count(c, 0.3)
			}
		}
	}
	sum := logit(prior)
	for _, w := range weights[:n] {
		sum += w
	}
	return math.Min(sum, logit(ceiling))
}

func (c *candidate) share() float64 {
	if c.odds != 0 {
		return c.odds
	}
	return share[c.trust]
}

// pick chooses the hypothesis to claim: the likeliest, then the most particular that goes with it
// and is nearly as likely.
func pick(attr ward.Attr, hyps []hypothesis) *hypothesis {
	var best *hypothesis
	for i := range hyps {
		h := &hyps[i]
		if best == nil || better(h, best) {
			best = h
		}
	}
	for again := best != nil; again; {
		again = false
		for i := range hyps {
			h := &hyps[i]
			if h != best && h.p >= 0.6 && relate(attr, best.value, h.value) == general {
				best, again = h, true
				break
			}
		}
	}
	return best
}

// better orders hypotheses: likelier first; when that does not part them, the more trusted, then
// the one with more reasons, then by name so that the order of arrival does not matter.
func better(a, b *hypothesis) bool {
	if rank(a.best) != rank(b.best) && a.p >= asserted && b.p >= asserted {
		return a.best > b.best
	}
	if math.Abs(a.p-b.p) > 0.005 {
		return a.p > b.p
	}
	if a.best != b.best {
		return a.best > b.best
	}
	if len(a.reasons) != len(b.reasons) {
		return len(a.reasons) > len(b.reasons)
	}
	return a.value < b.value
}

// evidence lists what a hypothesis rests on, then what supports it in other words.
func evidence(attr ward.Attr, h *hypothesis, hyps []hypothesis) []ward.Evidence {
	out := make([]ward.Evidence, 0, len(h.reasons))
	var seen []*fact
	add := func(reasons []*candidate) {
		for _, c := range reasons {
			for _, f := range c.facts {
				if len(out) < maxShown && !slices.Contains(seen, f) {
					seen = append(seen, f)
					out = append(out, f.evidence(c.from))
				}
			}
		}
	}
	add(h.reasons)
	for i := range hyps {
		if o := &hyps[i]; o.value != h.value && relate(attr, h.value, o.value) != differs {
			add(o.reasons)
		}
	}
	return out
}

func (f *fact) evidence(sender string) ward.Evidence {
	return ward.Evidence{
		Protocol: f.field.Protocol, Field: f.field.Name, Value: f.value, Sender: sender,
		First: when(f.first), Last: when(f.last), Count: f.count, Source: f.source, Frame: f.frame,
	}
}
