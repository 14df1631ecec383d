package identity

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

func kinds(p *Picture) []ward.FindingKind {
	var list []ward.FindingKind
	for _, f := range p.Findings {
		list = append(list, f.Kind)
	}
	return list
}

func TestASwapIsFound(t *testing.T) {
	const old, other = "00:1b:1b:23:eb:3b", "00:1b:1b:23:eb:77"
	s := new(scene).hear(old, "10.0.4.7", 0).hear(other, "10.0.4.7", 0).
		say(old, "10.0.4.7", fAE, "PUMP4W", 1, 10).say(old, "10.0.4.7", fSerial, "SN100234", 1, 10).
		say(other, "10.0.4.7", fAE, "PUMP4W", 20, 30).say(other, "10.0.4.7", fSerial, "SN100777", 20, 30)
	p := s.picture()
	i := slices.Index(kinds(p), ward.DeviceSwapped)
	if i < 0 {
		t.Fatalf("findings %v", kinds(p))
	}
	f := p.Findings[i]
	values := ""
	for _, v := range f.Evidence {
		values += v.Value + " "
	}
	if !strings.Contains(values, "SN100234") || !strings.Contains(values, "SN100777") || len(f.Devices) != 2 {
		t.Errorf("%+v", f)
	}
	// Another name at the same address is just another device with that lease.
	s = new(scene).hear(old, "10.0.4.7", 0).hear(other, "10.0.4.7", 0).
		say(old, "10.0.4.7", fAE, "PUMP4W", 1, 10).say(old, "10.0.4.7", fSerial, "SN100234", 1, 10).
		say(other, "10.0.4.7", fAE, "PUMP5W", 20, 30).say(other, "10.0.4.7", fSerial, "SN100777", 20, 30)
	if k := kinds(s.picture()); slices.Contains(k, ward.DeviceSwapped) {
		t.Error("a lease that moved was called a swap", k)
	}
}

func TestAddressConflict(t *testing.T) {
	const other = "18:66:da:00:00:01"
	both := func(firstA, lastA, firstB, lastB int64, how string) []ward.FindingKind {
		return kinds(new(scene).hear(dell, "10.0.0.5", 0).hear(other, "10.0.0.5", 0).
			bind(dell, "10.0.0.5", how, firstA, lastA, 5).bind(other, "10.0.0.5", how, firstB, lastB, 5).picture())
	}
	if k := both(0, 50, 10, 40, "arp"); !slices.Contains(k, ward.AddressConflict) {
		t.Error("not found", k)
	}
	if k := both(0, 10, 20, 40, "arp"); slices.Contains(k, ward.AddressConflict) {
		t.Error("an address that moved is no conflict", k)
	}
	p := new(scene).hear("00:00:5e:00:01:07", "10.0.0.5", 0).hear(dell, "10.0.0.5", 0).
		bind("00:00:5e:00:01:07", "10.0.0.5", "arp", 0, 50, 5).bind(dell, "10.0.0.5", "arp", 10, 40, 5).picture()
	if k := kinds(p); slices.Contains(k, ward.AddressConflict) {
		t.Error("a router pair is no conflict", k)
	}
}

func TestUnknownDevice(t *testing.T) {
	s := new(scene).hear("00:0c:29:38:bd:5a", "10.2.2.2", 0).hear(dell, "10.2.2.3", 0).hear(random, "10.66.0.4", 0).hear(cisco, "10.9.9.9", 3)
	for i := range s.o.Stations {
		s.o.Stations[i].Last = 3600e9
	}
	e := New(Options{Zones: func(_ uint16, a netip.Addr, _ ward.MAC) string {
		if a.IsValid() && a.As4()[1] == 66 {
			return "Guest Wi-Fi"
		}
		return ""
	}})
	e.Observe(&s.o)
	p := e.Picture()
	if k := kinds(p); len(k) != 1 || k[0] != ward.UnknownDevice || p.Findings[0].Devices[0] != "d-000c2938bd5a" || len(p.Findings[0].Evidence) == 0 {
		t.Errorf("%+v", p.Findings)
	}
}

func TestLegacyOSNeedsTheHostsOwnWord(t *testing.T) {
	p := new(scene).hear(dell, "10.0.0.1", 0).say(dell, "10.0.0.1", fOS, "Windows Server 2008 R2 Standard 7601 Service Pack 1", 1, 1).picture()
	if k := kinds(p); !slices.Contains(k, ward.LegacyOS) {
		t.Error(k)
	}
	p = new(scene).hear(dell, "10.0.0.1", 0).say(dell, "10.0.0.1", fAgent, "Mozilla/5.0 (Windows NT 5.1)", 1, 1).picture()
	if k := kinds(p); slices.Contains(k, ward.LegacyOS) {
		t.Error("a User-Agent raised an alarm", k)
	}
}

func TestFlagsOfBothEndsAreOneFinding(t *testing.T) {
	field := &ward.Field{Protocol: "http", Name: "authorization"}
	s := new(scene).hear(dell, "10.0.0.1", 0).hear(siemens, "10.0.0.2", 0)
	for range 3 {
		s.frame++
		s.o.Sightings = append(s.o.Sightings, ward.Sighting{
			Subject: subject(dell, "10.0.0.1"), Peer: subject(siemens, "10.0.0.2"), Field: field, Value: "basic, 8 characters",
			Finding: ward.ClearTextPassword, Count: 1, Frame: s.frame,
		})
	}
	p := s.picture()
	if len(p.Findings) != 1 || len(p.Findings[0].Devices) != 2 || p.Findings[0].Evidence[0].Count != 3 {
		t.Errorf("%+v", p.Findings)
	}
}

// A title must not be read as another kind of finding, whatever the protocol is called.
func TestTitlesNameOneKind(t *testing.T) {
	words := map[ward.FindingKind][]string{
		ward.ClearTextPassword: {"password"}, ward.DefaultCredential: {"credential"}, ward.DefaultSNMPCommunity: {"community"}, ward.SMBv1: {"smbv1"},
		ward.ExpiredCertificate: {"expired"}, ward.SelfSignedCertificate: {"signed"}, ward.AnonymousLogin: {"anonymous"}, ward.LegacyOS: {"life"},
	}
	for kind := range titles {
		text := strings.ToLower(title(kind, "http"))
		for other, list := range words {
			for _, w := range list {
				if kind != other && strings.Contains(text, w) {
					t.Errorf("the title of %s speaks of %s: %q", kind, other, text)
				}
			}
		}
	}
}
