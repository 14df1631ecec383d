package it

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/tls"
	"github.com/wardkeeper/wardkeeper/ward"
)

func benchOut() *decode.Out {
	c, s := ward.Subject{MAC: decodetest.ClientMAC, IP: decodetest.ClientIP}, ward.Subject{MAC: decodetest.ServerMAC, IP: decodetest.ServerIP}
	return &decode.Out{Notes: decode.NewNotebook(nil), Sender: c, Client: c, Peer: s, Server: s}
}

// BenchmarkDecoders measures one message of each common kind, said again and again; the noise is a
// datagram that belongs to none and is offered to every decoder that is not bound to its port.
func BenchmarkDecoders(b *testing.B) {
	datagram := func(d decode.Decoder, port uint16, payload []byte) func(*testing.B) {
		return func(b *testing.B) {
			out := benchOut()
			p := &decode.Packet{SrcMAC: decodetest.ClientMAC, Src: decodetest.ClientIP, Dst: decodetest.ServerIP, SrcPort: 50000, DstPort: port, Transport: 17, Payload: payload}
			b.ReportAllocs()
			for b.Loop() {
				d.Datagram(p, out)
			}
		}
	}
	stream := func(d decode.Decoder, dir decode.Dir, data []byte) func(*testing.B) {
		return func(b *testing.B) {
			out := benchOut()
			b.ReportAllocs()
			for b.Loop() {
				d.Match(dir, data, 80)
				d.Open().Read(dir, data, out)
			}
		}
	}
	query := dns.AppendQuestion(dns.AppendHeader(nil, 1, 0x100, 1, 0, 0, 0), "weave-logsink.nest.com", dns.A, dns.IN)
	answer := dns.AppendRecord(dns.AppendQuestion(dns.AppendHeader(nil, 1, 0x8180, 1, 1, 0, 0), "weave-logsink.nest.com", dns.A, dns.IN), "weave-logsink.nest.com", dns.A, dns.IN, 60, []byte{1, 2, 3, 4})
	discover := dhcp.Append(nil, &dhcp.Message{Op: 1, HType: 1, Hardware: decodetest.ClientMAC, Type: dhcp.Discover, HostName: []byte("pump"), VendorClass: []byte("MSFT 5.0"), ParameterList: []byte{1, 3, 6, 15, 31, 33}})
	get := []byte("GET /cgi-bin/status.xml?model=X HTTP/1.1\r\nHost: cam.example\r\nUser-Agent: Scale/1\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n")
	hello := tls.AppendRecord(nil, tls.Handshake, tls.TLS10, tls.AppendHandshake(nil, tls.TypeClientHello,
		tls.AppendClientHello(nil, [32]byte{}, []uint16{0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014}, "gateway.icloud.com", "h2")))
	b.Run("dns query", datagram(dnsUDPTCP(), 53, query))
	b.Run("dns answer", datagram(dnsUDPTCP(), 53, answer))
	b.Run("mdns", datagram(mdns(), 5353, announce(decodetest.ClientIP[12:], "md=BSB002", "fn=Bed 4")))
	b.Run("dhcp", datagram(dhcpV4(), 67, discover))
	b.Run("http", stream(httpOne(), client, get))
	b.Run("tls", stream(tlsStream(), client, hello))
	b.Run("noise", func(b *testing.B) {
		out := benchOut()
		p := &decode.Packet{SrcPort: 50000, DstPort: 40000, Transport: 17, Payload: make([]byte, 1200)}
		p.Payload[0] = 0x80
		all := namesAndFiles()
		b.ReportAllocs()
		for b.Loop() {
			for i := range all {
				if d := &all[i]; d.Datagram != nil && !d.Strict && d.Datagram(p, out) {
					b.Fatal(d.Name)
				}
			}
		}
	})
}
