package identity

import (
	"encoding/json"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Fields as decoders declare them.
var (
	fModel  = &ward.Field{Protocol: "bacnet", Name: "model-name", Proves: ward.Model, Trust: ward.TrustStated}
	fSerial = &ward.Field{Protocol: "lldp", Name: "serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	fMaker  = &ward.Field{Protocol: "lldp", Name: "manufacturer name", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	fName   = &ward.Field{Protocol: "dhcp", Name: "option 12", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	fClass  = &ward.Field{Protocol: "dhcp", Name: "option 60"}
	fAgent  = &ward.Field{Protocol: "http", Name: "user-agent"}
	fFirm   = &ward.Field{Protocol: "lldp", Name: "software revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	fAE     = &ward.Field{Protocol: "dicom", Name: "calling AE title", Proves: ward.AETitle, Trust: ward.TrustStated}
	fOS     = &ward.Field{Protocol: "smb", Name: "server native os"}
	fRole   = &ward.Field{Protocol: "kerberos", Name: "answers as KDC", Proves: ward.Type, Trust: ward.TrustRole}
)

func mac(s string) ward.MAC {
	m, err := ward.ParseMAC(s)
	if err != nil {
		panic(err)
	}
	return m
}

func ip(s string) ward.IP { return ward.IPFrom(netip.MustParseAddr(s)) }

func subject(m, a string) ward.Subject {
	var s ward.Subject
	if m != "" {
		s.MAC = mac(m)
	}
	if a != "" {
		s.IP = ip(a)
	}
	return s
}

// scene builds observations for tests; times are seconds.
type scene struct {
	o     ward.Observation
	frame uint64
}

func (s *scene) hear(m, a string, hops uint8) *scene {
	s.frame++
	x := subject(m, a)
	s.o.Stations = append(s.o.Stations, ward.Station{MAC: x.MAC, IP: x.IP, Hops: hops, Packets: 10, Bytes: 1000, First: 0, Last: 60e9, Frame: s.frame})
	return s
}

func (s *scene) say(m, a string, f *ward.Field, v string, first, last int64) *scene {
	s.frame++
	s.o.Sightings = append(s.o.Sightings, ward.Sighting{Subject: subject(m, a), Field: f, Value: v, First: first * 1e9, Last: last * 1e9, Count: 1, Frame: s.frame})
	return s
}

func (s *scene) bind(m, a, how string, first, last int64, count uint64) *scene {
	x := subject(m, a)
	s.o.Bindings = append(s.o.Bindings, ward.Binding{MAC: x.MAC, IP: x.IP, How: how, First: first * 1e9, Last: last * 1e9, Count: count, Frame: 1})
	return s
}

func (s *scene) picture() *Picture { return pictureOf(&s.o) }

func pictureOf(parts ...*ward.Observation) *Picture {
	e := New(Options{Now: func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }})
	for _, o := range parts {
		e.Observe(o)
	}
	return e.Picture()
}

func at(p *Picture, address string) *ward.Device {
	for i := range p.Devices {
		if slices.Contains(p.Devices[i].MACs, address) || slices.Contains(p.Devices[i].IPs, address) {
			return &p.Devices[i]
		}
	}
	return nil
}

const (
	cisco   = "00:19:07:24:3c:ca"
	siemens = "00:1b:1b:23:eb:3b"
	dell    = "00:24:e8:d7:e3:09"
	foxconn = "d4:6a:6a:56:98:17"
	random  = "8a:3c:d6:e1:4d:c4"
)

func TestARouterOwnsNothingItCarries(t *testing.T) {
	p := new(scene).hear(cisco, "10.1.1.1", 0).bind(cisco, "10.1.1.1", "arp", 0, 60, 3).
		hear(cisco, "10.2.0.7", 2).hear(cisco, "10.2.0.8", 1).hear(cisco, "93.184.216.34", 9).
		say(cisco, "10.2.0.7", fModel, "NAE45", 1, 1).picture()
	router, behind, outside := at(p, cisco), at(p, "10.2.0.7"), at(p, "93.184.216.34")
	if router == nil || !slices.Equal(router.IPs, []string{"10.1.1.1"}) || router.Value(ward.Manufacturer) != "Cisco" || router.Value(ward.Model) != "" {
		t.Errorf("router: %+v", router)
	}
	if behind == nil || len(behind.MACs) != 0 || behind.Scope != ward.Routed || behind.Value(ward.Model) != "NAE45" || behind.Value(ward.Manufacturer) == "Cisco" {
		t.Errorf("behind: %+v", behind)
	}
	if outside == nil || outside.Scope != ward.External {
		t.Errorf("outside: %+v", outside)
	}
}

func TestDevicesBehindOneCardAreParted(t *testing.T) {
	p := new(scene).hear(foxconn, "172.20.32.100", 0).hear(foxconn, "172.20.32.101", 0).
		bind(foxconn, "172.20.32.100", "arp", 0, 9, 3).bind(foxconn, "172.20.32.101", "arp", 0, 9, 3).
		say(foxconn, "172.20.32.100", fModel, "GHU-026", 1, 1).say(foxconn, "172.20.32.101", fModel, "HVY-869", 1, 1).picture()
	a, b := at(p, "172.20.32.100"), at(p, "172.20.32.101")
	if a == nil || b == nil || a.ID == b.ID || a.Value(ward.Model) != "GHU-026" || b.Value(ward.Model) != "HVY-869" {
		t.Errorf("%+v %+v", a, b)
	}
	if a.Value(ward.Manufacturer) != "" {
		t.Errorf("the card's maker was taken for the device's: %s", a.Value(ward.Manufacturer))
	}
}

func TestTwoCardsOfOneSerialAreOneDevice(t *testing.T) {
	s := new(scene).hear(dell, "10.0.0.1", 0).hear("84:2b:2b:70:0d:d3", "10.0.0.2", 0)
	for _, m := range []string{dell, "84:2b:2b:70:0d:d3"} {
		s.say(m, "", fSerial, "CN7792162", 1, 1).say(m, "", fMaker, "Dell Inc.", 1, 1)
	}
	p := s.picture()
	if len(p.Devices) != 1 || len(p.Devices[0].MACs) != 2 || len(p.Devices[0].IPs) != 2 {
		t.Errorf("%d devices: %+v", len(p.Devices), p.Devices)
	}
	// A factory default is nobody's id.
	s = new(scene).hear(dell, "", 255).hear(siemens, "", 255).say(dell, "", fSerial, "00000000", 1, 1).say(siemens, "", fSerial, "00000000", 1, 1)
	if p := s.picture(); len(p.Devices) != 2 {
		t.Errorf("devices were joined by a default serial number: %+v", p.Devices)
	}
}

func TestOnlySendersAreDevices(t *testing.T) {
	s := new(scene).hear(dell, "10.0.0.1", 0).bind(dell, "10.0.0.1", "arp", 0, 9, 2)
	s.o.Conversations = append(s.o.Conversations, ward.Conversation{From: subject(dell, "10.0.0.1"), To: subject("", "10.0.0.99"), Service: ward.Service{Transport: 6, Port: 80}, Packets: 1})
	s.say("", "10.0.0.98", fModel, "heard about", 1, 1)
	s.hear("01:00:5e:00:00:01", "224.0.0.1", 0).hear("", "", 255)
	p := s.picture()
	if len(p.Devices) != 1 {
		t.Errorf("%+v", p.Devices)
	}
	if p.Flows[0].To != "10.0.0.99" {
		t.Errorf("flow to %q", p.Flows[0].To)
	}
}

func TestARelayedClientIsADevice(t *testing.T) {
	s := new(scene).hear("00:0a:28:00:fa:41", "", 255)
	s.o.Sightings = append(s.o.Sightings, ward.Sighting{
		Subject: subject("00:0b:82:01:fc:42", ""), Peer: subject("00:0a:28:00:fa:41", ""), Field: fName, Value: "test0000", Count: 1, Frame: 1,
	})
	d := at(s.picture(), "00:0b:82:01:fc:42")
	if d == nil || d.Value(ward.Manufacturer) != "Grandstream" {
		t.Errorf("%+v", d)
	}
}

func TestACardMakersGatewayIsItsOwn(t *testing.T) {
	const tplink = "50:c7:bf:00:fc:a3"
	if d := at(new(scene).hear(tplink, "10.0.0.7", 0).picture(), tplink); d.Value(ward.Manufacturer) != "" {
		t.Errorf("a network card was taken for the host: %+v", d)
	}
	p := new(scene).hear(tplink, "10.0.0.1", 0).hear(tplink, "93.184.216.34", 9).hear(tplink, "93.184.216.35", 9).picture()
	if d := at(p, tplink); d.Value(ward.Manufacturer) != "TP-Link" {
		t.Errorf("%+v", d)
	}
}

func TestARoutersCardIsNotTheComputersMaker(t *testing.T) {
	p := new(scene).hear(cisco, "10.0.0.2", 0).say(cisco, "10.0.0.2", fAgent, "Mozilla/5.0 (Windows NT 5.1)", 1, 1).picture()
	if d := at(p, cisco); d.Value(ward.OS) != "Windows XP" || d.Value(ward.Manufacturer) != "" {
		t.Errorf("%+v", d)
	}
}

func TestRandomAddressesHaveNoMaker(t *testing.T) {
	d := at(new(scene).hear(random, "10.0.2.7", 0).picture(), random)
	if d == nil || !d.Random || len(d.Claims) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestAHostThatTalksToItselfClaimsNothing(t *testing.T) {
	s := new(scene).hear(dell, "10.4.14.102", 0).say(dell, "10.4.14.102", fModel, "AAAAAAAA", 1, 1)
	self := subject(dell, "10.4.14.102")
	s.o.Conversations = append(s.o.Conversations, ward.Conversation{From: self, To: self, Packets: 10})
	d := at(s.picture(), dell)
	if d == nil || d.Value(ward.Model) != "" || d.Value(ward.Manufacturer) != "Dell" {
		t.Errorf("%+v", d)
	}
}

func TestPartsAreDevicesOfTheirOwn(t *testing.T) {
	s := new(scene).hear(siemens, "10.0.0.5", 0)
	part := subject(siemens, "10.0.0.5")
	part.Part = "bacnet 12/0a"
	s.o.Sightings = append(s.o.Sightings, ward.Sighting{Subject: part, Field: fModel, Value: "PXC36", Count: 1, Frame: 1})
	part.Part = "bacnet 12/0b"
	s.o.Sightings = append(s.o.Sightings, ward.Sighting{Subject: part, Field: fName, Value: "x", Count: 1, Frame: 2})
	p := s.picture()
	d := at(p, siemens)
	if d == nil || len(p.Devices) != 2 || d.Value(ward.Model) != "" || len(d.SpeaksFor) != 2 || p.Devices[1].Value(ward.Model) != "PXC36" || d.SpeaksFor[0] != p.Devices[1].ID {
		t.Errorf("%+v", p.Devices)
	}
}

// crowd is a mixed scene for the tests of order.
func crowd() *scene {
	s := new(scene).hear(cisco, "10.1.1.1", 0).bind(cisco, "10.1.1.1", "arp", 0, 60, 3).hear(cisco, "10.2.0.7", 2).hear(cisco, "10.2.0.8", 1)
	s.say(cisco, "10.2.0.7", fModel, "NAE45", 1, 1).hear(dell, "10.1.1.5", 0).say(dell, "", fClass, "MSFT 5.0", 1, 1)
	s.say(dell, "10.1.1.5", fAgent, "Mozilla/5.0 (Windows NT 6.1; WOW64)", 2, 3).say(dell, "10.1.1.5", fName, "LAPTOP-7BNKQ3FA", 1, 1)
	s.hear(siemens, "10.1.1.9", 0).say(siemens, "", fSerial, "S C-C6TW748", 1, 1).say(dell, "10.1.1.5", fRole, "server", 1, 1)
	s.hear(foxconn, "172.20.32.100", 0).hear(foxconn, "172.20.32.101", 0)
	s.say(foxconn, "172.20.32.100", fModel, "GHU-026", 1, 1).say(foxconn, "172.20.32.101", fModel, "HVY-869", 1, 1)
	s.hear("84:2b:2b:70:0d:d3", "10.0.0.2", 0).say("84:2b:2b:70:0d:d3", "", fSerial, "S C-C6TW748", 1, 1)
	return s
}

func asJSON(t *testing.T, p *Picture) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOrderAndCutsDoNotMatter(t *testing.T) {
	want := asJSON(t, crowd().picture())
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := crowd().o
		r.Shuffle(len(o.Stations), func(i, j int) { o.Stations[i], o.Stations[j] = o.Stations[j], o.Stations[i] })
		r.Shuffle(len(o.Sightings), func(i, j int) { o.Sightings[i], o.Sightings[j] = o.Sightings[j], o.Sightings[i] })
		e := New(Options{Now: func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }})
		e.Observe(&ward.Observation{Bindings: o.Bindings})
		for i := range o.Stations {
			e.Observe(&ward.Observation{Stations: o.Stations[i : i+1]})
			if r.IntN(2) == 0 {
				e.Changes()
			}
		}
		for i := range o.Sightings {
			e.Observe(&ward.Observation{Sightings: o.Sightings[i : i+1]})
			if r.IntN(2) == 0 {
				e.Changes()
			}
		}
		if got := asJSON(t, e.Picture()); got != want {
			t.Fatalf("seed %d:\n%s\nwant\n%s", seed, got, want)
		}
	}
}

func TestChangesTellOnlyWhatChanged(t *testing.T) {
	e := New(Options{})
	e.Observe(&crowd().o)
	if n := len(e.Changes()); n < 5 {
		t.Fatalf("%d devices", n)
	}
	if c := e.Changes(); len(c) != 0 {
		t.Errorf("nothing was observed, yet %d devices changed", len(c))
	}
	e.Observe(&new(scene).say(dell, "10.1.1.5", fAgent, "Mozilla/5.0 (Windows NT 10.0)", 9, 9).o)
	if c := e.Changes(); len(c) != 1 || c[0].MACs[0] != dell {
		t.Errorf("%+v", c)
	}
	// A lease makes an address that stood alone somebody's.
	e.Observe(&new(scene).bind(siemens, "10.2.0.8", "arp", 1, 2, 2).o)
	e.Changes()
	if gone := e.Gone(); !slices.Equal(gone, []string{"d-10.2.0.8"}) {
		t.Errorf("gone %v", gone)
	}
}

func TestAFloodIsCountedNotKept(t *testing.T) {
	o := many(70_000)
	for i := range o.Stations {
		if i%2 == 1 {
			o.Stations[i].Packets = 1
			o.Conversations[i].Packets, o.Conversations[i].Answered = 1, false
		}
	}
	o.Sightings = nil
	p := pictureOf(o)
	if len(p.Devices) != 35_000 || len(p.Flows) != 35_000 || p.Dropped["senders of a single packet in a crowd"] != 35_000 {
		t.Errorf("%d devices, %d flows, dropped %v", len(p.Devices), len(p.Flows), p.Dropped)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	e := New(Options{})
	for i := range 2 * maxValues {
		e.Observe(&new(scene).hear(dell, "", 255).say(dell, "", fName, "name-"+strings.Repeat("x", i), 1, 1).o)
	}
	st := e.stations[subject(dell, "")]
	if len(st.facts) != maxValues || e.Dropped()["values"] != maxValues {
		t.Errorf("%d facts, dropped %v", len(st.facts), e.Dropped())
	}
}

// FuzzEngine throws observations at an Engine that no wire would make.
func FuzzEngine(f *testing.F) {
	f.Add([]byte("\x00\x19\x07\x24\x3c\xca\x0a\x01\x01\x05\x00some text"), uint8(3))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, uint8(9))
	fields := []*ward.Field{fModel, fSerial, fMaker, fName, fClass, fAgent, fFirm, fAE, fOS, fRole, {Proves: "none", Trust: 200}}
	f.Fuzz(func(t *testing.T, b []byte, n uint8) {
		e := New(Options{})
		for round := range int(n%4) + 1 {
			o := &ward.Observation{}
			for i := 0; i+11 < len(b); i += 7 {
				s := ward.Subject{MAC: ward.MAC(b[i : i+6]), IP: ward.IP4(b[i+6 : i+10]), VLAN: uint16(b[i]), Part: strings.Repeat("p", int(b[i+1]%2))}
				kind := ward.FindingKind("")
				if b[i+2]%8 == 0 {
					kind = ward.SMBv1
				}
				o.Stations = append(o.Stations, ward.Station{MAC: s.MAC, IP: s.IP, Hops: b[i+10], Packets: uint64(b[i]), First: int64(b[i+3]), Last: int64(b[i+4])})
				o.Bindings = append(o.Bindings, ward.Binding{MAC: s.MAC, IP: s.IP, How: "arp", Count: 2, Last: int64(b[i+5])})
				o.Sightings = append(o.Sightings, ward.Sighting{Subject: s, Peer: ward.Subject{IP: s.IP}, Field: fields[(int(b[i])+round)%len(fields)], Value: string(b[i:]), Finding: kind})
				o.Conversations = append(o.Conversations, ward.Conversation{From: s, To: ward.Subject{IP: ward.IP4(b[i+2 : i+6])}, Answered: i%2 == 0})
				o.Exchanges = append(o.Exchanges, ward.Exchange{Protocol: "hl7", From: s, To: s, What: []string{string(b[i:])}})
			}
			e.Observe(o)
			e.Changes()
			e.Gone()
		}
		p := e.Picture()
		for i := range p.Devices {
			if p.Devices[i].ID == "" || p.Devices[i].Claims == nil {
				t.Fatalf("%+v", p.Devices[i])
			}
		}
	})
}

func TestForget(t *testing.T) {
	e := New(Options{})
	e.Observe(&crowd().o)
	late := new(scene).hear("84:2b:2b:70:0d:d3", "10.0.0.2", 0).say(dell, "10.1.1.5", fAgent, "Mozilla/5.0 (Windows NT 6.1)", 500, 600)
	late.o.Stations[0].Last = 900e9
	e.Observe(&late.o)
	e.Changes()
	e.Gone()
	e.Forget(time.Unix(300, 0))
	p := e.Picture()
	if len(p.Devices) != 2 || at(p, "84:2b:2b:70:0d:d3") == nil || at(p, dell).Value(ward.OS) != "Windows 7" {
		t.Errorf("%d devices left: %+v", len(p.Devices), p.Devices)
	}
	if c := e.Changes(); len(c) != 0 {
		t.Errorf("what remains is told as news: %+v", c)
	}
	if gone := e.Gone(); !slices.Contains(gone, "d-001907243cca") || !slices.Contains(gone, "d-10.2.0.7") || slices.Contains(gone, "d-0024e8d7e309") {
		t.Errorf("gone %v", gone)
	}
}
