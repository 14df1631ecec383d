package it

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
	"github.com/wardkeeper/wardkeeper/ward"
)

// neighbour runs the decoder of neighbour discovery on one message and returns what was bound and
// how much was said.
func neighbour(t *testing.T, ttl uint8, src ward.IP, msg []byte) (bindings []ward.Binding, said int) {
	t.Helper()
	d := nd()
	out := benchOut()
	p := &decode.Packet{SrcMAC: decodetest.ClientMAC, Src: src, Transport: 58, TTL: ttl, Payload: msg}
	d.ICMPv6(p, out)
	s, b, _ := out.Notes.Flush()
	return b, len(s)
}

func TestNeighbourDiscovery(t *testing.T) {
	host := ward.IP{0: 0xfe, 1: 0x80, 15: 7}
	option := func(kind byte) []byte { return []byte{kind, 1, 2, 0, 0, 0, 0, 9} }
	solicitation := append(make([]byte, 24), option(1)...)
	solicitation[0] = 135
	if b, _ := neighbour(t, 255, host, solicitation); len(b) != 1 || b[0].IP != host || b[0].MAC != (ward.MAC{2, 0, 0, 0, 0, 9}) {
		t.Errorf("solicitation: %+v", b)
	}
	if b, _ := neighbour(t, 64, host, solicitation); len(b) != 0 {
		t.Errorf("forwarded by a router: %+v", b)
	}
	if b, _ := neighbour(t, 255, ward.IP{}, solicitation[:24]); len(b) != 0 {
		t.Errorf("duplicate detection: %+v", b)
	}
	advertisement := append(make([]byte, 24), option(2)...)
	advertisement[0], advertisement[8], advertisement[23] = 136, 0x20, 5
	if b, _ := neighbour(t, 255, host, advertisement); len(b) != 1 || b[0].IP != (ward.IP{0: 0x20, 15: 5}) {
		t.Errorf("advertisement: %+v", b)
	}
	router := append(make([]byte, 16), option(1)...)
	router[0] = 134
	if _, said := neighbour(t, 255, host, router); said != 0 {
		t.Error("a lifetime of zero makes no router")
	}
	router[7] = 30
	if b, said := neighbour(t, 255, host, router); said != 1 || len(b) != 1 {
		t.Errorf("router: %+v, %d", b, said)
	}
}

func TestLLMNRAnswersForItself(t *testing.T) {
	d := llmnr()
	answer := func(ip []byte) []byte {
		b := dns.AppendQuestion(dns.AppendHeader(nil, 1, 0x8000, 1, 1, 0, 0), "bed-4", dns.A, dns.IN)
		return dns.AppendRecord(b, "bed-4", dns.A, dns.IN, 30, ip)
	}
	check(t, decodetest.Datagram(&d, server, 5355, answer(decodetest.ServerIP[12:])), "server: llmnr name = bed-4")
	check(t, decodetest.Datagram(&d, server, 5355, answer([]byte{6, 6, 6, 6})), "-server: llmnr name")
	q := dns.AppendQuestion(dns.AppendHeader(nil, 1, 0, 1, 0, 0, 0), "printer", dns.A, dns.IN)
	if r := decodetest.Datagram(&d, client, 5355, q); !r.OK || len(r.Lines) != 0 {
		t.Errorf("question: %+v", r)
	}
}

func TestDHCP6Client(t *testing.T) {
	d := dhcpV6()
	solicit := []byte{
		1, 1, 2, 3,
		0, 1, 0, 10, 0, 3, 0, 1, 2, 0, 0, 0, 0, 9,
		0, 16, 0, 10, 0, 0, 1, 55, 0, 4, 'T', 'E', 'S', 'T',
		0, 39, 0, 6, 0, 4, 'p', 'u', 'm', 'p',
		0, 6, 0, 4, 0, 23, 0, 24,
	}
	check(t, decodetest.Datagram(&d, client, 547, solicit), "client: dhcpv6 client id = 00030001020000000009",
		"client: dhcpv6 client id hardware address = 02:00:00:00:00:09", "client: dhcpv6 option 16 = TEST",
		"client: dhcpv6 option 16 enterprise = 311", "client: dhcpv6 option 39 = pump", "client: dhcpv6 option 6 = 23,24")
}

func TestWebDiscovery(t *testing.T) {
	d := webDiscovery()
	camera := wsd.Message{Action: wsd.Hello, MessageID: "urn:uuid:1", Endpoints: []wsd.Endpoint{{
		Address: "urn:uuid:6f1a2b3c-0000-4000-8000-00000000beef",
		Types:   []wsd.QName{{Space: "http://www.onvif.org/ver10/network/wsdl", Local: "NetworkVideoTransmitter"}},
		Scopes:  []string{"onvif://www.onvif.org/hardware/IC-3115W", "onvif://www.onvif.org/name/Door%20Cam"},
	}}}
	check(t, decodetest.Datagram(&d, client, 3702, wsd.Append(nil, camera)),
		"client: ws-discovery onvif video transmitter = ip camera", "client: ws-discovery onvif hardware = IC-3115W",
		"client: ws-discovery onvif name = Door Cam", "client: ws-discovery endpoint = 6f1a2b3c-0000-4000-8000-00000000beef")
	camera.Action = wsd.Probe
	if r := decodetest.Datagram(&d, client, 3702, wsd.Append(nil, camera)); !r.OK || len(r.Lines) != 0 {
		t.Errorf("a probe: %+v", r)
	}
}
