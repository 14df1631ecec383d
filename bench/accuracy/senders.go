package main

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"os"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// sendersOf lists every address that sent a frame of a capture, read with another library than the
// program under test: hardware and network source addresses, tunnels included, ARP senders and
// clients of DHCP relays.
func sendersOf(path string) (map[string]bool, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var source interface {
		gopacket.PacketDataSource
		LinkType() layers.LinkType
	}
	if r, err := pcapgo.NewReader(bytes.NewReader(raw)); err == nil {
		source = r
	} else if r, err := pcapgo.NewNgReader(bytes.NewReader(raw), pcapgo.DefaultNgReaderOptions); err == nil {
		source = r
	} else {
		return nil, err
	}
	senders := map[string]bool{}
	for {
		data, _, err := source.ReadPacketData()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err != nil {
			return senders, nil // a torn capture holds what came before the tear
		}
		var first gopacket.Decoder = source.LinkType()
		if t := source.LinkType(); (t == 101 || t == 12 || t == 14 || t == 228 || t == 229) && len(data) > 0 { // raw IP
			first = layers.LayerTypeIPv4
			if data[0]>>4 == 6 {
				first = layers.LayerTypeIPv6
			}
		}
		collect(senders, gopacket.NewPacket(data, first, gopacket.NoCopy))
	}
}

func collect(senders map[string]bool, p gopacket.Packet) {
	for _, l := range p.Layers() {
		switch l := l.(type) {
		case *layers.Ethernet:
			senders[l.SrcMAC.String()] = true
		case *layers.Dot11:
			senders[l.Address2.String()] = true
			senders[l.Address3.String()] = true
		case *layers.LinuxSLL:
			senders[l.Addr.String()] = true
		case *layers.IPv4:
			senders[text(l.SrcIP)] = true
		case *layers.IPv6:
			senders[text(l.SrcIP)] = true
		case *layers.ARP:
			senders[text(l.SourceProtAddress)] = true
		case *layers.DHCPv4:
			if l.Operation == layers.DHCPOpRequest {
				senders[l.ClientHWAddr.String()] = true
			}
		case *layers.UDP:
			if l.DstPort == 5246 || l.DstPort == 5247 || l.SrcPort == 5247 {
				carried(senders, l.Payload)
			}
		}
	}
}

// carried reads the 802.11 frame inside a CAPWAP data datagram (RFC 5415), whose first byte is the
// version and whose second begins with the length of the header in words.
func carried(senders map[string]bool, b []byte) {
	if len(b) < 8 || b[0] != 0 {
		return
	}
	n := int(b[1]>>3) * 4
	if len(b) < n+24 {
		return
	}
	collect(senders, gopacket.NewPacket(b[n:], layers.LayerTypeDot11, gopacket.NoCopy))
	for _, at := range []int{n + 10, n + 16} { // transmitter, and the source beyond it
		var m [6]byte
		copy(m[:], b[at:])
		senders[hex(m)] = true
	}
}

func hex(m [6]byte) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 17)
	for i, c := range m {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func text(ip []byte) string {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap().String()
}
