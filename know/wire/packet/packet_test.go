package packet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
	"github.com/wardkeeper/wardkeeper/ward"
)

var alice, bob = wiretest.HostN(1), wiretest.HostN(2)

// parse reads one frame and describes every packet in it.
func parse(p *packet.Parser, link uint16, frame []byte) (out []string) {
	var infos [packet.MaxInfos]packet.Info
	n := p.Parse(link, frame, uint32(len(frame)), 1e18, 1, 0, infos[:])
	for _, in := range infos[:n] {
		kind := [...]string{"undecoded", "frame", "network", "icmp6", "udp", "tcp", "fragment"}[in.Kind]
		s := fmt.Sprintf("%s %s>%s vlan %d type %04x %s:%d>%s:%d hops %d %q", kind, in.SrcMAC, in.DstMAC, in.VLAN,
			in.EtherType, in.Src, in.SrcPort, in.Dst, in.DstPort, in.Hops, in.Payload)
		if in.Outer != packet.NoTunnel {
			s = kind + " wraps " + in.Outer.String()
		}
		if in.Via != packet.NoTunnel {
			s += " via " + in.Via.String()
		}
		out = append(out, s)
	}
	return out
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

var (
	ip4  = wiretest.IPv4(alice.IP, bob.IP, 17, 61, 1, 0, wiretest.UDPHeader(1000, 2000, []byte("hi")))
	ip6  = join([]byte{0x60, 0, 0, 0, 0, 10, 17, 255}, addr6(1), addr6(2), wiretest.UDPHeader(1000, 2000, []byte("hi")))
	eth4 = wiretest.Ethernet(bob.MAC, alice.MAC, 0x0800, ip4)
)

const (
	macs  = "02:aa:00:00:00:01>02:aa:00:00:00:02"
	udp4  = "10.0.0.1:1000>10.0.0.2:2000 hops 3 \"hi\""
	udp6  = "fd00::1:1000>fd00::2:2000 hops 0 \"hi\""
	plain = "udp " + macs + " vlan 0 type 0800 " + udp4
	bare  = "udp > vlan 0 type 0800 " + udp4
	bare6 = "udp > vlan 0 type 86dd " + udp6
)

func addr6(n byte) []byte { return []byte{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n} }

func ethernet(etherType uint16, payload ...[]byte) []byte {
	return wiretest.Ethernet(bob.MAC, alice.MAC, etherType, join(payload...))
}

func outer(proto byte, payload ...[]byte) []byte {
	return wiretest.Ethernet(bob.MAC, alice.MAC, 0x0800, wiretest.IPv4(alice.IP, bob.IP, proto, 64, 1, 0, join(payload...)))
}

func outerUDP(port uint16, payload ...[]byte) []byte {
	return wiretest.UDP(alice, bob, 40000, port, join(payload...))
}

func TestLinkLayers(t *testing.T) {
	ext := func(next byte, rest ...byte) []byte { return append([]byte{next, 0, 0, 0, 0, 0, 0, 0}, rest...) }
	ip6ext := join([]byte{0x60, 0, 0, 0, 0, 26, 0, 255}, addr6(1), addr6(2), ext(60), ext(17), wiretest.UDPHeader(1000, 2000, []byte("hi")))
	snap := join([]byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, ip4)
	wifi := func(flags byte, a1, a2, a3 [6]byte, rest ...[]byte) []byte {
		return join([]byte{0x08, flags, 0, 0}, a1[:], a2[:], a3[:], []byte{0, 0}, join(rest...))
	}
	ap := [6]byte{0, 1, 2, 3, 4, 5}
	radiotap := append([]byte{0, 0, 9, 0, 2, 0, 0, 0, 0x10}, append(wifi(1, ap, alice.MAC, bob.MAC, snap), 1, 2, 3, 4)...)
	for _, c := range []struct {
		name string
		link uint16
		in   []byte
		want string
	}{
		{"ethernet", 1, eth4, plain},
		{"padding is cut", 1, join(eth4, make([]byte, 18)), plain},
		{"vlan", 1, ethernet(0x8100, []byte{0x60, 7, 8, 0}, ip4), "udp " + macs + " vlan 7 type 0800 " + udp4},
		{"priority tag is no vlan", 1, ethernet(0x8100, []byte{0x60, 0, 8, 0}, ip4), plain},
		{"two tags: the inner counts", 1, ethernet(0x88a8, []byte{0, 5, 0x81, 0, 0, 6, 8, 0}, ip4), "udp " + macs + " vlan 6 type 0800 " + udp4},
		{"five tags", 1, ethernet(0x8100, bytes.Repeat([]byte{0, 5, 0x81, 0}, 5), ip4), "undecoded " + macs + " vlan 5 type 0000 :0>:0 hops 255 \"\""},
		{"ipv6", 1, ethernet(0x86dd, ip6), "udp " + macs + " vlan 0 type 86dd " + udp6},
		{"ipv6 extensions", 1, ethernet(0x86dd, ip6ext), "udp " + macs + " vlan 0 type 86dd " + udp6},
		{"mpls", 1, ethernet(0x8847, []byte{0, 1, 0, 64, 0, 2, 1, 64}, ip4), plain},
		{"pppoe", 1, ethernet(0x8864, []byte{0x11, 0, 0, 1, 0, byte(len(ip4) + 2), 0, 0x21}, ip4), plain + " via pppoes"},
		{"pppoe control", 1, ethernet(0x8864, []byte{0x11, 0, 0, 1, 0, 4, 0xc0, 0x21, 1, 1}), "frame " + macs + " vlan 0 type 8864 :0>:0 hops 255 \"\\x11\\x00\\x00\\x01\\x00\\x04\\xc0!\\x01\\x01\" via pppoes"},
		{"snap", 1, ethernet(uint16(len(snap)), snap), plain},
		{"cdp", 1, ethernet(9, []byte{0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2}), fmt.Sprintf("frame %s vlan 0 type %04x :0>:0 hops 255 \"\\x02\"", macs, decode.LLCCisco)},
		{"spanning tree", 1, ethernet(4, []byte{0x42, 0x42, 3, 9}), fmt.Sprintf("frame %s vlan 0 type %04x :0>:0 hops 255 \"\\t\"", macs, decode.LLCSpanningTree)},
		{"arp", 1, ethernet(0x0806, []byte("x")), "frame " + macs + " vlan 0 type 0806 :0>:0 hops 255 \"x\""},
		{"raw", packet.LinkRaw, ip4, bare},
		{"raw ipv6", packet.LinkRaw, ip6, bare6},
		{"null", packet.LinkNull, join([]byte{2, 0, 0, 0}, ip4), bare},
		{"null, other byte order", packet.LinkNull, join([]byte{0, 0, 0, 30}, ip6), bare6},
		{"loop", packet.LinkLoop, join([]byte{0, 0, 0, 2}, ip4), bare},
		{"cooked", packet.LinkSLL, join([]byte{0, 0, 0, 1, 0, 6}, alice.MAC[:], []byte{0, 0, 8, 0}, ip4), "udp 02:aa:00:00:00:01> vlan 0 type 0800 " + udp4},
		{"cooked, no Ethernet", packet.LinkSLL, join([]byte{0, 0, 3, 4, 0, 6}, alice.MAC[:], []byte{0, 0, 8, 0}, ip4), bare},
		{"cooked v2", packet.LinkSLL2, join([]byte{8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6}, alice.MAC[:], []byte{0, 0}, ip4), "udp 02:aa:00:00:00:01> vlan 0 type 0800 " + udp4},
		{"ppp", packet.LinkPPP, join([]byte{0xff, 3, 0, 0x21}, ip4), bare},
		{"ppp, compressed", packet.LinkPPP, join([]byte{0x57}, ip6), bare6},
		{"802.11 to the network", packet.LinkWiFi, wifi(1, ap, alice.MAC, bob.MAC, snap), plain},
		{"802.11 from the network", packet.LinkWiFi, wifi(2, bob.MAC, ap, alice.MAC, snap), plain},
		{"802.11 encrypted", packet.LinkWiFi, wifi(0x41, ap, alice.MAC, bob.MAC, snap), fmt.Sprintf("frame %s vlan 0 type %04x :0>:0 hops 255 \"\"", macs, packet.LinkWiFi802)},
		{"radiotap with check sequence", packet.LinkRadiotap, radiotap, plain},
		{"unknown link type", 147, eth4, "undecoded > vlan 0 type 0000 :0>:0 hops 255 \"\""},
		{"too short", 1, eth4[:13], "undecoded > vlan 0 type 0000 :0>:0 hops 255 \"\""},
		{"lengths that lie", 1, ethernet(0x0800, []byte{0x4f}, ip4[1:20]), "undecoded " + macs + " vlan 0 type 0000 :0>:0 hops 255 \"\""},
		{"a group is no sender", 1, wiretest.Ethernet(bob.MAC, [6]byte{1, 0, 0x5e, 0, 0, 1}, 0x0800, ip4), "udp >02:aa:00:00:00:02 vlan 0 type 0800 " + udp4},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parse(&packet.Parser{Key: packet.NewKey()}, c.link, c.in)
			if len(got) != 1 || got[0] != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestTunnels(t *testing.T) {
	snap := join([]byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, ip4)
	ap := []byte{0, 1, 2, 3, 4, 5}
	wifi := join([]byte{0x08, 1, 0, 0}, ap, alice.MAC[:], bob.MAC[:], []byte{0, 0}, snap)
	swapped := append([]byte{1, 0x08}, wifi[2:]...)
	vlan9 := "udp " + macs + " vlan 9 type 0800 " + udp4
	for _, c := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"gre", outer(47, []byte{0, 0, 8, 0}, ip4), []string{"network wraps gre", bare}},
		{"gre with key and sequence", outer(47, []byte{0x30, 0, 0x65, 0x58, 0, 0, 0, 1, 0, 0, 0, 1}, eth4), []string{"network wraps gre", plain}},
		{"erspan I", outer(47, []byte{0, 0, 0x88, 0xbe}, eth4), []string{"network wraps erspan", plain}},
		{"erspan II", outer(47, []byte{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 9, 0, 0, 0, 0, 0, 0}, eth4), []string{"network wraps erspan", vlan9}},
		{"erspan III", outer(47, []byte{0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, make([]byte, 8), eth4), []string{"network wraps erspan", vlan9}},
		{"vxlan", outerUDP(4789, []byte{8, 0, 0, 0, 0, 0, 1, 0}, eth4), []string{"udp wraps vxlan", plain}},
		{"geneve", outerUDP(6081, []byte{1, 0, 0x65, 0x58, 0, 0, 1, 0, 0, 0, 0, 0}, eth4), []string{"udp wraps geneve", plain}},
		{"capwap with 802.11", outerUDP(5247, []byte{0, 0x10, 3, 0, 0, 0, 0, 0}, wifi), []string{"udp wraps capwap", plain}},
		{"capwap with the bytes swapped", outerUDP(5247, []byte{0, 0x10, 3, 0, 0, 0, 0, 0}, swapped), []string{"udp wraps capwap", plain}},
		{"capwap with 802.3", outerUDP(5247, []byte{0, 0x10, 2, 0, 0, 0, 0, 0}, eth4), []string{"udp wraps capwap", plain}},
		{"ip in ip", outer(4, ip4), []string{"network wraps ipip", bare}},
		// Neither lifetime was touched: the end of the tunnel itself sent what is inside.
		{"6in4", outer(41, ip6), []string{"network wraps ipip", strings.Replace(bare6, "udp >", "udp "+ward.MAC(alice.MAC).String()+">", 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parse(&packet.Parser{Key: packet.NewKey()}, 1, c.in)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
	deep := ip4
	for range 20 {
		deep = wiretest.IPv4(alice.IP, bob.IP, 4, 64, 1, 0, deep)
	}
	if got := parse(&packet.Parser{}, packet.LinkRaw, deep); len(got) != packet.MaxInfos {
		t.Errorf("twenty tunnels gave %d packets", len(got))
	}
}

// TestCapturedTunnels: the public capture of an ERSPAN mirror shows what was mirrored.
func TestCapturedTunnels(t *testing.T) {
	for _, file := range sharedCaptures(t) {
		if !bytes.HasSuffix([]byte(file), []byte("gre-erspan.pcap")) {
			continue
		}
		p := packet.Parser{}
		n := 0
		eachPacket(t, file, func(rec *capture.Record) {
			var infos [packet.MaxInfos]packet.Info
			if p.Parse(rec.Link, rec.Data, rec.Wire, rec.Time, 1, 0, infos[:]) != 2 || infos[0].Outer != packet.ERSPAN {
				t.Errorf("packet %d: %+v", n, infos[0])
			}
			if n < 2 && infos[1].EtherType != decode.LLCCisco || n >= 2 && infos[1].Src != ward.IP4([]byte{23, 0, 0, byte(2 + n%2)}) {
				t.Errorf("packet %d carries %+v", n, infos[1])
			}
			n++
		})
		return
	}
	t.Skip("SKIPPED: the capture is not there")
}

func TestFragments(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 100)
	whole := wiretest.UDPHeader(1000, 2000, text)
	piece := func(from, to int, data []byte) []byte {
		frag := uint16(from / 8)
		if to < len(whole) {
			frag |= 0x2000
		}
		return wiretest.Ethernet(bob.MAC, alice.MAC, 0x0800, wiretest.IPv4(alice.IP, bob.IP, 17, 64, 77, frag, data))
	}
	cut := func(from, to int) []byte { return piece(from, to, whole[from:to]) }
	end := len(whole)
	for name, frames := range map[string][][]byte{
		"in order":  {cut(0, 800), cut(800, 1200), cut(1200, end)},
		"backwards": {cut(1200, end), cut(800, 1200), cut(0, 800)},
		"overlap":   {cut(0, 800), piece(400, 1200, append(bytes.Repeat([]byte{0}, 400), whole[800:1200]...)), cut(1200, end)},
		"twice":     {cut(0, 800), cut(0, 800), cut(800, 1200), cut(1200, end)},
		"filled in": {cut(0, 400), cut(1200, end), cut(800, 1000), cut(400, 1200)},
	} {
		p := packet.Parser{Key: packet.NewKey(), Frags: packet.NewFragments()}
		var infos [packet.MaxInfos]packet.Info
		n := 0
		for i, f := range frames {
			n = p.Parse(1, f, uint32(len(f)), 1e18, uint64(i), 0, infos[:])
			if (n > 0) != (i == len(frames)-1) {
				t.Errorf("%s: frame %d gave %d packets", name, i, n)
			}
		}
		in := infos[0]
		if n != 1 || in.Kind != packet.UDP || !bytes.Equal(in.Payload, text) || int(in.Frames) != len(frames) || in.SrcPort != 1000 {
			t.Errorf("%s: %d packets, %+v", name, n, in)
		}
		p.Frags.Close()
		if p.Frags.Dropped != 0 {
			t.Errorf("%s: dropped %d", name, p.Frags.Dropped)
		}
	}
}

// TestFragmentFlood: first pieces of datagrams that never become whole are counted, and what they
// hold stays bounded.
func TestFragmentFlood(t *testing.T) {
	p := packet.Parser{Frags: packet.NewFragments()}
	var infos [packet.MaxInfos]packet.Info
	const n = 20_000
	for i := range n {
		f := wiretest.Ethernet(bob.MAC, alice.MAC, 0x0800, wiretest.IPv4(alice.IP, bob.IP, 17, 64, uint16(i), 0x2000|uint16(i>>16), make([]byte, 1400)))
		p.Parse(1, f, uint32(len(f)), 1e18, uint64(i), 0, infos[:])
	}
	if held := p.Frags.Held(); held > 9<<20 {
		t.Errorf("%d bytes held", held)
	}
	p.Frags.Close()
	if p.Frags.Dropped != n {
		t.Errorf("%d of %d counted", p.Frags.Dropped, n)
	}
}

func TestHashIsSymmetric(t *testing.T) {
	var infos [2][packet.MaxInfos]packet.Info
	p := packet.Parser{Key: packet.NewKey()}
	p.Parse(1, wiretest.UDP(alice, bob, 1, 2, []byte("x")), 60, 1, 1, 0, infos[0][:])
	p.Parse(1, wiretest.UDP(bob, alice, 2, 1, []byte("x")), 60, 1, 1, 0, infos[1][:])
	if infos[0][0].Hash != infos[1][0].Hash || infos[0][0].Hash == 0 {
		t.Errorf("%x and %x", infos[0][0].Hash, infos[1][0].Hash)
	}
}

func FuzzParse(f *testing.F) {
	for _, b := range [][]byte{eth4, ethernet(0x86dd, ip6), outer(47, []byte{0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 9, 0, 0, 0, 0, 0, 0}, eth4), outerUDP(4789, []byte{8, 0, 0, 0, 0, 0, 1, 0}, eth4)} {
		f.Add(uint16(1), b)
	}
	for _, link := range []uint16{0, 9, 101, 105, 113, 127, 276} {
		f.Add(link, join([]byte{0, 0, 9, 0, 2, 0, 0, 0, 0x10}, ip4))
	}
	p := packet.Parser{Key: packet.NewKey(), Frags: packet.NewFragments()}
	f.Fuzz(func(t *testing.T, link uint16, frame []byte) {
		var infos [packet.MaxInfos]packet.Info
		n := p.Parse(link, frame, uint32(len(frame)), 1e18, 1, 0, infos[:])
		for _, in := range infos[:n] {
			if in.SrcMAC.IsGroup() && in.Kind != packet.Undecoded {
				t.Errorf("a group sends: %+v", in)
			}
			if len(in.Payload) > 1<<16 && len(in.Payload) > len(frame) {
				t.Errorf("payload of %d bytes in a frame of %d", len(in.Payload), len(frame))
			}
		}
	})
}
