package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/ward"
)

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		attr ward.Attr
		got  string
		want []string
		ok   bool
	}{
		{ward.Manufacturer, "Hewlett Packard", []string{"hp", "hewlett packard"}, true},
		{ward.Manufacturer, "Cisco", []string{"cisco systems"}, true},
		{ward.OS, "Windows 7 or Server 2008 R2", []string{"windows 7"}, true},
		{ward.OS, "Windows 10", []string{"windows server 2016"}, false},
		{ward.Firmware, "V3.2.6", []string{"v3.2.6", "3.2.6"}, true},
		{ward.Firmware, "3.2", []string{"3.2.6"}, false},
		{ward.Serial, "00524D8E", []string{"00524d8e"}, true},
		{ward.Model, "", []string{"x"}, false},
	} {
		if matches(c.attr, c.got, c.want) != c.ok {
			t.Errorf("%s %q %q: want %v", c.attr, c.got, c.want, c.ok)
		}
	}
}

func TestWilson(t *testing.T) { // checked against a table of the interval
	low, high := wilson(18, 20)
	if low < .698 || low > .700 || high < .971 || high > .973 {
		t.Errorf("%.4f %.4f", low, high)
	}
}

func TestBinsKeepEqualClaimsTogether(t *testing.T) {
	claims := make([]claim, 50)
	said := make([]float64, 50)
	for i := range claims {
		claims[i].right = i%2 == 0
		said[i] = 0.9
		if i < 5 {
			said[i] = 0.5
		}
	}
	if b := bins(claims, said); len(b) != 1 || b[0].n != 50 || b[0].right != 25 {
		t.Errorf("%+v", b)
	}
}

func TestIsotonicNeverFalls(t *testing.T) {
	var claims []claim
	for i := range 100 {
		claims = append(claims, claim{source: "a", confidence: float64(i%10) / 10, right: i%3 != 0})
	}
	fit := isotonic(claims, "b")
	last := 0.0
	for c := 0.0; c < 1; c += 0.05 {
		p := fit(c)
		if p < last-1e-9 && c > 0.1 {
			t.Errorf("%.2f gives %.3f after %.3f", c, p, last)
		}
		last = p
	}
}

// TestCorpus holds the claims to the floors of the project.
func TestCorpus(t *testing.T) {
	data := os.Getenv("WARDKEEPER_DATA")
	if data == "" {
		data = "../../../shared/data"
	}
	corpus := filepath.Join(data, "pcaps")
	text, err := os.ReadFile(filepath.Join(corpus, "labels.json"))
	if err != nil {
		t.Skipf("no labelled captures in %s: set WARDKEEPER_DATA to check accuracy", corpus)
	}
	var l labels
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	set, err := prints.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(&l)
	for name, c := range l.Captures {
		p, err := picture(filepath.Join(corpus, name), set)
		if err != nil {
			t.Fatal(name, err)
		}
		senders, err := sendersOf(filepath.Join(corpus, name))
		if err != nil {
			t.Fatal(name, err)
		}
		r.judge(name, &c, p, senders)
	}
	floors := map[ward.Attr]float64{ward.Manufacturer: .90, ward.Type: .90, ward.Model: .85, ward.OS: .85, ward.Firmware: .85}
	for a, floor := range floors {
		s := r.score("all devices", a)
		if p := float64(s.right) / float64(s.right+s.wrong); p < .97 {
			t.Errorf("%s: precision %.3f", a, p)
		}
		if got := float64(s.right) / float64(s.labelled); got < floor {
			t.Errorf("%s: recall %.3f, want %.2f", a, got, floor)
		}
	}
	for _, k := range []string{"wrong serials", "silent", "ghost", "never", "unraised", "false"} {
		if r.totals[k] != 0 {
			t.Errorf("%s: %d", k, r.totals[k])
		}
	}
	if t.Failed() {
		var out bytes.Buffer
		r.print(&out, true)
		t.Log(out.String())
	}
}
