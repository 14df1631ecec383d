package packet_test

import (
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
)

var frame = wiretest.TCP(alice, bob, 40000, 443, 1, 1, wiretest.ACK, make([]byte, 100))

// BenchmarkParse parses one TCP segment over Ethernet.
func BenchmarkParse(b *testing.B) {
	p := packet.Parser{Key: packet.NewKey(), Frags: packet.NewFragments()}
	var infos [packet.MaxInfos]packet.Info
	b.ReportAllocs()
	for b.Loop() {
		p.Parse(1, frame, 154, 1e18, 1, 0, infos[:])
	}
}

// BenchmarkParseGopacket is the same with gopacket's eager decoder.
func BenchmarkParseGopacket(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		gopacket.NewPacket(frame, layers.LinkTypeEthernet, gopacket.DecodeOptions{NoCopy: true})
	}
}
