package entry

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

// TestTitle wants a title by which a person can tell one device from its forty siblings.
func TestTitle(t *testing.T) {
	for _, c := range []struct{ maker, model, typ, name, want string }{
		{"Halden", "Volaris H3", "infusion pump", "HX-4W-12", "Volaris H3 HX-4W-12"},
		{"Halden", "Volaris H3", "infusion pump", "", "Halden Volaris H3"},
		{"D-Link", "DCS-935L", "ip camera", "DCS-935L-B0C554255B0E", "D-Link DCS-935L"},
		{"Apple", "iPhone", "phone", "L…-iPhone", "Apple iPhone"},
		{"Dell", "", "workstation", "PC-008", "PC-008"},
		{"Dell", "", "workstation", "", "Dell workstation"},
	} {
		d := ward.Device{ID: "x", Claims: map[ward.Attr]ward.Claim{}}
		for a, v := range map[ward.Attr]string{ward.Manufacturer: c.maker, ward.Model: c.model, ward.Type: c.typ} {
			if v != "" {
				d.Claims[a] = ward.Claim{Value: v, Confidence: 0.97}
			}
		}
		if c.name != "" {
			d.Names = []ward.Name{{Value: c.name, Source: "dhcp option 12"}}
		}
		r := Record{Device: d}
		if got := r.Row().Title; got != c.want {
			t.Errorf("%+v: title %q, want %q", c, got, c.want)
		}
	}
}
