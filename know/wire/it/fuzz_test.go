package it

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/proto/netbios"
	"github.com/wardkeeper/wardkeeper/proto/smb"
	"github.com/wardkeeper/wardkeeper/proto/ssdp"
	"github.com/wardkeeper/wardkeeper/proto/tls"
)

// FuzzDecoders gives every decoder of the package the same bytes: as a frame, as a datagram in both
// directions and as a connection that arrives in pieces.
func FuzzDecoders(f *testing.F) {
	f.Add([]byte("POST /login HTTP/1.1\r\nContent-Length: 10\r\nContent-Type: application/json\r\n\r\n{\"a\":\"b\"}"), uint16(80))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<a>\r\n0\r\n\r\n"), uint16(80))
	f.Add(tls.AppendRecord(nil, tls.Handshake, tls.TLS12, tls.AppendHandshake(nil, tls.TypeClientHello, tls.AppendClientHello(nil, [32]byte{}, []uint16{1}, "a", "b"))), uint16(443))
	f.Add(smb.AppendFrame(nil, smb.AppendSessionSetup1(nil, 0, []byte("NTLMSSP\x00"), "a", "b")), uint16(445))
	f.Add(dhcp.Append(nil, &dhcp.Message{Op: 1, HType: 1, Type: dhcp.Discover, HostName: []byte("h")}), uint16(67))
	f.Add(announce([]byte{10, 0, 0, 1}, "md=x"), uint16(5353))
	f.Add(dns.AppendQuestion(dns.AppendHeader(nil, 1, 0, 1, 0, 0, 0), "a.b", 1, 1), uint16(53))
	f.Add(netbios.AppendAnnouncement(nil, [4]byte{}, "W", &netbios.Announcement{Server: []byte("S")}), uint16(138))
	f.Add(ssdp.AppendNotify(nil, "a", "b", "c", "d"), uint16(1900))
	for _, s := range decodetest.Seeds(f, 6) {
		f.Add(s.Payload, s.Port)
	}
	all := namesAndFiles()
	f.Fuzz(func(t *testing.T, b []byte, port uint16) {
		for i := range all {
			d := &all[i]
			if d.Frame != nil {
				decodetest.Frame(d, d.EtherTypes[0], b)
			}
			if d.Datagram != nil {
				decodetest.Datagram(d, client, port, b)
				decodetest.Datagram(d, server, port, b)
			}
			if d.Match != nil {
				half := b[:len(b)/2]
				decodetest.Stream(d, port, 7, decodetest.Turn{Dir: client, Data: b}, decodetest.Turn{Dir: server, Data: b})
				decodetest.Stream(d, port, 0, decodetest.Turn{Dir: server, Data: half}, decodetest.Turn{Dir: client, Data: b})
			}
		}
	})
}
