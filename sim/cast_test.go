package sim_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
	"github.com/wardkeeper/wardkeeper/sim"
	"github.com/wardkeeper/wardkeeper/ward"
)

var start = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

// picture is what Wardkeeper makes of the first minutes of the hospital.
func picture(t *testing.T, length time.Duration) *identity.Picture {
	t.Helper()
	w := wire.New(wire.Options{Decoders: decoders.All(), Workers: 2, Mask: identity.Mask})
	if _, err := w.Read(context.Background(), bytes.NewReader(record(t, 1, length)), "hospital"); err != nil {
		t.Fatal(err)
	}
	e := identity.New(identity.Options{
		UnknownAfter: 20 * time.Second, Now: func() time.Time { return start },
		Zones: func(vlan uint16, _ netip.Addr, _ ward.MAC) string {
			zone, _ := sim.ZoneOf(vlan)
			return zone.Name
		},
	})
	e.Observe(w.Close())
	return e.Picture()
}

// score counts, for one attribute, how many devices of the cast are claimed right, wrong and not at
// all.
type score struct {
	right, wrong, missing int
	misses                []string
}

func (s *score) judge(d *sim.Device, want, got string, accept func(want, got string) bool) {
	switch {
	case want == "":
		if got != "" && d.Kind == "unknown" {
			s.wrong++
			s.misses = append(s.misses, fmt.Sprintf("%s %s: claims %q of a device nobody knows", d.Kind, d.IP, got))
		}
	case got == "":
		s.missing++
		s.misses = append(s.misses, fmt.Sprintf("%s: nothing, want %q", d.Kind, want))
	case accept(want, got):
		s.right++
	default:
		s.wrong++
		s.misses = append(s.misses, fmt.Sprintf("%s: %q, want %q", d.Kind, got, want))
	}
}

// table lists the misses, equal ones once, with their number.
func (s *score) table() (lines []string) {
	count := map[string]int{}
	for _, m := range s.misses {
		count[m]++
	}
	for m, n := range count {
		lines = append(lines, fmt.Sprintf("%3d x %s", n, m))
	}
	slices.Sort(lines)
	return lines
}

func (s *score) precision() float64 { return float64(s.right) / float64(max(1, s.right+s.wrong)) }
func (s *score) recall() float64 {
	return float64(s.right) / float64(max(1, s.right+s.wrong+s.missing))
}

func TestCastIsRecognised(t *testing.T) {
	p := picture(t, 2*time.Minute)
	byMAC := map[string]*ward.Device{}
	for i := range p.Devices {
		for _, m := range p.Devices[i].MACs {
			byMAC[m] = &p.Devices[i]
		}
	}
	scores := map[ward.Attr]*score{}
	for _, a := range ward.IdentityAttrs {
		scores[a] = &score{}
	}
	cast := sim.NewHospital(1).Devices
	heard := 0
	for _, d := range cast {
		found := byMAC[d.MAC.String()]
		if found == nil {
			t.Errorf("%s %s was not heard", d.Kind, d.Host)
			continue
		}
		heard++
		if !slices.Equal(found.VLANs, []uint16{d.VLAN}) {
			t.Errorf("%s %s stands in VLANs %v, want %d", d.Kind, d.Host, found.VLANs, d.VLAN)
		}
		scores[ward.Type].judge(d, d.Type, found.Value(ward.Type), same)
		scores[ward.Manufacturer].judge(d, d.Maker, found.Value(ward.Manufacturer), same)
		scores[ward.Model].judge(d, d.Model, found.Value(ward.Model), contains)
		scores[ward.Serial].judge(d, d.Serial, found.Value(ward.Serial), same)
		scores[ward.Firmware].judge(d, d.Firmware, found.Value(ward.Firmware), contains)
		scores[ward.OS].judge(d, d.OS, found.Value(ward.OS), related)
	}
	for a, least := range map[ward.Attr][2]float64{ // precision, recall
		ward.Type: {0.99, 0.97}, ward.Manufacturer: {0.99, 0.97}, ward.Model: {0.99, 0.97}, ward.Serial: {1, 0.97},
		ward.Firmware: {0.97, 0.85}, ward.OS: {0.97, 0.85},
	} {
		s := scores[a]
		t.Logf("%-12s right %3d wrong %3d missing %3d  precision %.3f recall %.3f", a, s.right, s.wrong, s.missing, s.precision(), s.recall())
		if s.precision() < least[0] || s.recall() < least[1] {
			t.Errorf("%s: precision %.3f, recall %.3f, want at least %.2f and %.2f", a, s.precision(), s.recall(), least[0], least[1])
		}
		for _, m := range s.table() {
			t.Log("   ", m)
		}
	}
	if len(cast) != 693 || heard != len(cast) {
		t.Errorf("heard %d of %d devices, want all 693", heard, len(cast))
	}
}

func same(want, got string) bool { return strings.EqualFold(want, got) }
func contains(want, got string) bool {
	return strings.Contains(got, want) || strings.Contains(want, got)
}

// related accepts a system that is said less or more exactly than the cast has it.
func related(want, got string) bool {
	want, got = strings.ReplaceAll(want, "Cisco IOS XE", "IOS-XE"), strings.ReplaceAll(got, "Cisco IOS XE", "IOS-XE")
	return strings.HasPrefix(got, want) || strings.HasPrefix(want, got) && got != "Windows" || want == "Linux" && strings.HasPrefix(got, "Ubuntu") ||
		strings.HasSuffix(got, "or "+strings.TrimPrefix(want, "Windows ")) // client and server of one build are not told apart
}

func TestOnlyHonestProblems(t *testing.T) {
	p := picture(t, 2*time.Minute)
	hospital := sim.NewHospital(1)
	name := map[string]string{}
	for _, d := range p.Devices {
		for _, c := range hospital.Devices {
			if slices.Contains(d.MACs, c.MAC.String()) {
				name[d.ID] = c.Kind
			}
		}
	}
	got := map[string]int{}
	for _, f := range p.Findings {
		kinds := make([]string, 0, 2)
		for _, id := range f.Devices {
			if name[id] != "" {
				kinds = append(kinds, name[id])
			}
		}
		slices.Sort(kinds)
		got[string(f.Kind)+": "+strings.Join(kinds, ", ")]++
	}
	want := map[string]int{
		"device swapped: infusion pump":                         1,
		"phi in clear: ct, pacs":                                2,
		"phi in clear: health record, interface engine":         1,
		"phi in clear: interface engine, wearables gateway":     2,
		"legacy os: imaging workstation old":                    3,
		"smbv1: domain controller, imaging workstation old":     3,
		"default credential: badge reader, office workstation":  1,
		"clear-text password: badge reader, office workstation": 1,
		"unknown device: unknown":                               1,
	}
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%d findings %q, want %d", got[k], k, n)
		}
	}
	for k, n := range got {
		if want[k] == 0 {
			t.Errorf("%d findings %q, which nobody planned", n, k)
		}
	}
}

func TestSwapNamesBothPumps(t *testing.T) {
	p := picture(t, 30*time.Second)
	for _, f := range p.Findings {
		if f.Kind != ward.DeviceSwapped {
			continue
		}
		var serials []string
		for _, d := range p.Devices {
			if slices.Contains(f.Devices, d.ID) {
				serials = append(serials, d.Value(ward.Serial))
			}
		}
		slices.Sort(serials)
		if want := []string{"HX-20418", "HX-21977"}; !slices.Equal(serials, want) {
			t.Errorf("the swap concerns the pumps %q, want %q", serials, want)
		}
		return
	}
	t.Error("the swap was not found")
}

func TestCoverageNamesWhatIsNotSeen(t *testing.T) {
	for _, s := range picture(t, time.Minute).Coverage.Subnets {
		if s.Quality != ward.SeenWell {
			t.Errorf("VLAN %d %s is seen %s: %s", s.VLAN, s.CIDR, s.Quality, s.Reason)
		}
	}
}
