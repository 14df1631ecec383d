package identity

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	fBanner = &ward.Field{Protocol: "ftp", Name: "banner"}
	fStated = &ward.Field{Protocol: "lldp", Name: "model name"}
)

func reason(a ward.Attr, v string, t ward.Trust, class string, f *ward.Field, first, last int64) *candidate {
	return &candidate{attr: a, value: v, trust: t, class: class, facts: []*fact{{field: f, value: v, first: first, last: last}}}
}

func TestFuse(t *testing.T) {
	r := func(v string, trust ward.Trust, class string) func(ward.Attr) *candidate {
		return func(a ward.Attr) *candidate { return reason(a, v, trust, class, fBanner, 1, 1) }
	}
	for name, c := range map[string]struct {
		attr    ward.Attr
		reasons []func(ward.Attr) *candidate
		want    string // empty when nothing may be claimed
		low     float64
		high    float64
	}{
		"one hint decides nothing":              {ward.Type, []func(ward.Attr) *candidate{r("nas", ward.TrustHint, "a")}, "", 0, 0},
		"two independent hints do":              {ward.Type, []func(ward.Attr) *candidate{r("nas", ward.TrustHint, "a"), r("nas", ward.TrustHint, "b")}, "nas", .6, .9},
		"repetition in one class adds nothing":  {ward.Type, []func(ward.Attr) *candidate{r("nas", ward.TrustHint, "a"), r("nas", ward.TrustHint, "a")}, "", 0, 0},
		"own word outranks the card's maker":    {ward.Manufacturer, []func(ward.Attr) *candidate{r("Cisco", ward.TrustRegistry, "oui"), r("Johnson Controls", ward.TrustStated, "bacnet")}, "Johnson Controls", .9, 1},
		"equal witnesses that differ":           {ward.Manufacturer, []func(ward.Attr) *candidate{r("Acme", ward.TrustStated, "a"), r("Zenith", ward.TrustStated, "b")}, "", 0, 0},
		"ubuntu is linux":                       {ward.OS, []func(ward.Attr) *candidate{r("Linux", ward.TrustBanner, "a"), r("Ubuntu 14.04", ward.TrustBanner, "b")}, "Ubuntu 14.04", .93, 1},
		"android is linux":                      {ward.OS, []func(ward.Attr) *candidate{r("Linux 3.4", ward.TrustWeak, "a"), r("Android 4.4.2", ward.TrustStated, "b")}, "Android 4.4.2", .9, 1},
		"versions that differ leave the family": {ward.OS, []func(ward.Attr) *candidate{r("Windows 7", ward.TrustBanner, "a"), r("Windows 10", ward.TrustBanner, "a")}, "Windows", .9, 1},
		"windows is not macos":                  {ward.OS, []func(ward.Attr) *candidate{r("macOS", ward.TrustWeak, "a"), r("Windows", ward.TrustStated, "b")}, "Windows", .9, 1},
		"a pacs is a server":                    {ward.Type, []func(ward.Attr) *candidate{r("server", ward.TrustRole, "a"), r("pacs", ward.TrustRole, "b")}, "pacs", .9, 1},
		"a phone is no pacs":                    {ward.Type, []func(ward.Attr) *candidate{r("phone", ward.TrustRole, "a"), r("pacs", ward.TrustRole, "b")}, "", 0, 0},
		"a banner is no serial":                 {ward.Serial, []func(ward.Attr) *candidate{r("A1234567", ward.TrustWeak, "a")}, "", 0, 0},
		"two serials":                           {ward.Serial, []func(ward.Attr) *candidate{r("A1234567", ward.TrustStated, "a"), r("B7654321", ward.TrustStated, "b")}, "", 0, 0},
		"one serial in two spellings":           {ward.Serial, []func(ward.Attr) *candidate{r("0x00524d8e", ward.TrustStated, "a"), r("00524D8E", ward.TrustStated, "b")}, "0x00524d8e", .97, 1},
		"versions of two parts":                 {ward.Firmware, []func(ward.Attr) *candidate{r("0124", ward.TrustWeak, "a"), r("2.22", ward.TrustProven, "b")}, "2.22", .97, 1},
	} {
		var all []*candidate
		for _, f := range c.reasons {
			all = append(all, f(c.attr))
		}
		claim, ok := fuse(c.attr, all)
		if !ok {
			claim.Value = ""
		}
		if claim.Value != c.want || c.want != "" && (claim.Confidence < c.low || claim.Confidence > c.high) {
			t.Errorf("%s: %q %.2f, want %q in %.2f to %.2f", name, claim.Value, claim.Confidence, c.want, c.low, c.high)
		}
	}
}

func TestFuseKeepsWhatSpeaksAgainst(t *testing.T) {
	claim, ok := fuse(ward.OS, []*candidate{
		reason(ward.OS, "macOS", ward.TrustWeak, "device", fBanner, 1, 1), reason(ward.OS, "Windows", ward.TrustStated, "dhcp", fStated, 1, 1),
	})
	if !ok || len(claim.Contradictions) != 1 || claim.Contradictions[0].Value != "macOS" || len(claim.Contradictions[0].Evidence) != 1 {
		t.Errorf("%+v", claim)
	}
}

func TestAnUpdateIsNoContradiction(t *testing.T) {
	group := []*candidate{
		reason(ward.Firmware, "1.0", ward.TrustStated, "lldp", fStated, 1, 5), reason(ward.Firmware, "2.0", ward.TrustStated, "lldp", fStated, 6, 9),
	}
	claim, ok := fuse(ward.Firmware, superseded(group))
	if !ok || claim.Value != "2.0" || len(claim.Contradictions) != 0 {
		t.Errorf("%+v", claim)
	}
}
