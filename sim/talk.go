package sim

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/tls"
	"github.com/wardkeeper/wardkeeper/ward"
)

// This file holds what devices of every kind do alike: get an address, find each other, open
// connections.

const (
	etherARP = 0x0806
	domain   = "hospital.example"
)

var everyone = ward.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// lease is how a kind of device asks for its address.
type lease struct {
	class  string // option 60
	params []byte // option 55
	host   string // option 12; empty for none
	fqdn   string // option 81
}

// join gets an address from the router by DHCP and makes it known by ARP.
func (s *stage) join(d *Device, l lease) {
	router := s.gateway[d.VLAN]
	m := dhcp.Message{
		Op: 1, XID: binary.BigEndian.Uint32(d.MAC[2:]) ^ 0x5eed0000, Hardware: d.MAC, Type: dhcp.Discover,
		HostName: []byte(l.host), VendorClass: []byte(l.class), ParameterList: l.params, FQDN: []byte(l.fqdn),
		ClientID: append([]byte{1}, d.MAC[:]...), Requested: d.IP[12:],
	}
	nobody := d.Port
	nobody.IP = ward.IP4([]byte{0, 0, 0, 0})
	all := Port{IP: ward.IP4([]byte{255, 255, 255, 255}), VLAN: d.VLAN}
	s.tape.UDP(nobody, all, 68, 67, dhcp.Append(nil, &m))
	answer := dhcp.Message{
		Op: 2, XID: m.XID, Hardware: d.MAC, Your: [4]byte(d.IP[12:]), Type: dhcp.Offer,
		ServerID: router.IP[12:], Routers: router.IP[12:],
	}
	s.tape.UDP(router.Port, d.Port, 67, 68, dhcp.Append(nil, &answer))
	m.Type, m.ServerID = dhcp.Request, router.IP[12:]
	s.tape.UDP(nobody, all, 68, 67, dhcp.Append(nil, &m))
	answer.Type = dhcp.Ack
	s.tape.UDP(router.Port, d.Port, 67, 68, dhcp.Append(nil, &answer))
	s.arrive(d)
}

// arrive makes a device with a fixed address known, and looks for the router.
func (s *stage) arrive(d *Device) {
	s.arp(1, d.Port, ward.MAC{}, d.IP, everyone)
	if router := s.gateway[d.VLAN]; router != d {
		s.meet(d, router)
		s.every(40*time.Second, 90*time.Second, func() { s.meet(d, router) })
	}
}

// meet asks for the hardware address of another device of the VLAN, and is answered.
func (s *stage) meet(d, other *Device) {
	s.arp(1, d.Port, ward.MAC{}, other.IP, everyone)
	s.arp(2, other.Port, d.MAC, d.IP, d.MAC)
}

func (s *stage) arp(op byte, from Port, targetMAC ward.MAC, target ward.IP, to ward.MAC) {
	b := []byte{0, 1, 8, 0, 6, 4, 0, op}
	b = append(append(b, from.MAC[:]...), from.IP[12:]...)
	b = append(append(b, targetMAC[:]...), target[12:]...)
	s.tape.Ethernet(from, to, etherARP, append(b, make([]byte, 18)...))
}

// ephemeral is the next port of who opens a connection.
func (s *stage) ephemeral() uint16 {
	if s.port++; s.port < 49152 {
		s.port = 49152
	}
	return s.port
}

// dial opens a TCP connection.
func (s *stage) dial(from, to Port, port uint16) *Conn {
	return s.tape.Dial(from, to, s.ephemeral(), port)
}

// ask sends a datagram and gets one back.
func (s *stage) ask(from, to Port, port uint16, question, answer []byte) {
	p := s.ephemeral()
	s.tape.UDP(from, to, p, port, question)
	if answer != nil {
		s.tape.UDP(to, from, port, p, answer)
	}
}

// group sends a datagram to a multicast group from a port.
func (s *stage) group(from Port, a, b, c, d byte, sport, port uint16, payload []byte) {
	s.tape.UDP(from, Port{IP: ward.IP4([]byte{a, b, c, d}), VLAN: from.VLAN}, sport, port, payload)
}

// broadcast sends a datagram to everyone in the subnet.
func (s *stage) broadcast(from Port, sport, port uint16, payload []byte) {
	to := Port{IP: from.IP, VLAN: from.VLAN, MAC: everyone}
	to.IP[15] = 255
	s.tape.UDP(from, to, sport, port, payload)
}

// lookUp asks a domain controller for an address.
func (s *stage) lookUp(from Port, name string, to Port) {
	id := s.ephemeral()
	q := dns.AppendQuestion(dns.AppendHeader(nil, id, 0x0100, 1, 0, 0, 0), name, 1, 1)
	a := dns.AppendQuestion(dns.AppendHeader(nil, id, 0x8180, 1, 1, 0, 0), name, 1, 1)
	a = dns.AppendRecord(a, name, 1, 1, 3600, to.IP[12:])
	s.ask(from, s.one("domain controller").Port, 53, q, a)
}

// web plays a request and its answer in clear, on a connection of their own.
func (s *stage) web(from, to Port, port uint16, request, answer []byte) {
	c := s.dial(from, to, port)
	c.Send(request).Answer(answer).Close()
}

// request writes an HTTP request; headers come as "Name: value".
func request(method, path, host string, body []byte, headers ...string) []byte {
	b := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, host)
	return message(b, body, headers)
}

// answer writes an HTTP response.
func answer(status string, body []byte, headers ...string) []byte {
	return message(fmt.Appendf(nil, "HTTP/1.1 %s\r\n", status), body, headers)
}

func message(b, body []byte, headers []string) []byte {
	for _, h := range headers {
		b = append(append(b, h...), "\r\n"...)
	}
	b = fmt.Appendf(b, "Content-Length: %d\r\n\r\n", len(body))
	return append(b, body...)
}

// secure plays a TLS 1.2 session: the handshake in clear, then bytes that look like noise. The
// server shows a certificate for its name; without a name it shows none that can be read (TLS 1.3
// would encrypt it).
func (s *stage) secure(from, to Port, port uint16, name string, ciphers []uint16, sent, received int) {
	c := s.dial(from, to, port)
	hello := tls.AppendClientHello(nil, s.noise32(), ciphers, name, "")
	c.Send(tls.AppendRecord(nil, 22, 0x0301, tls.AppendHandshake(nil, tls.TypeClientHello, hello)))
	flight := tls.AppendHandshake(nil, tls.TypeServerHello, tls.AppendServerHello(nil, s.noise32(), ciphers[0]))
	flight = tls.AppendHandshake(flight, tls.TypeCertificate, tls.AppendCertificate(nil, s.certs.of(name)))
	flight = tls.AppendHandshake(flight, 12, s.keyExchange())
	flight = tls.AppendHandshake(flight, 14, nil)
	c.Answer(tls.AppendRecord(nil, 22, tls.TLS12, flight))
	key := tls.AppendHandshake(nil, 16, append([]byte{32}, s.noise(32)...))
	finish := tls.AppendRecord(nil, 22, tls.TLS12, key)
	finish = tls.AppendRecord(finish, 20, tls.TLS12, []byte{1})
	c.Send(tls.AppendRecord(finish, 22, tls.TLS12, s.noise(40)))
	c.Answer(tls.AppendRecord(tls.AppendRecord(nil, 20, tls.TLS12, []byte{1}), 22, tls.TLS12, s.noise(40)))
	c.Send(tls.AppendRecord(nil, 23, tls.TLS12, s.noise(sent)))
	c.Answer(tls.AppendRecord(nil, 23, tls.TLS12, s.noise(received)))
	c.Close()
}

// keyExchange is the body of a ServerKeyExchange for X25519 with an Ed25519 signature.
func (s *stage) keyExchange() []byte {
	b := append([]byte{3, 0, 29, 32}, s.noise(32)...)
	return append(append(b, 8, 7, 0, 64), s.noise(64)...)
}

func (s *stage) noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.random.Uint32()) //nolint:gosec // a byte of it
	}
	return b
}

func (s *stage) noise32() [32]byte { return [32]byte(s.noise(32)) }
