package building

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/bacnet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// foreign are the beginnings of what passes by most: DNS, TLS, HTTP, RTP, QUIC, zeros.
var foreign = [][]byte{
	unhex("1a2b0100000100000000000003777777076578616d706c6503636f6d0000010001"),
	unhex("160301020001000003030a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"),
	[]byte("GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: x\r\n\r\n"),
	unhex("8000123400000001deadbeef000102030405060708090a0b0c0d0e0f1011121314"),
	unhex("c300000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11aa"),
	make([]byte, 64),
}

// TestForeignBytesCostNothing checks that other protocols are turned away, and without allocating.
func TestForeignBytesCostNothing(t *testing.T) {
	out := &decode.Out{Notes: decode.NewNotebook(nil)}
	list := Decoders()
	p := &decode.Packet{SrcPort: 50000, DstPort: 40000}
	n := testing.AllocsPerRun(10, func() {
		for i := range list {
			d := &list[i]
			for _, b := range foreign {
				p.Payload = b
				if d.Datagram != nil && !d.Strict && d.Datagram(p, out) {
					t.Errorf("%s took %x", d.Name, b)
				}
				if d.Match != nil && d.Match(decode.Client, b, 40000) == decode.Yes {
					t.Errorf("%s took %x", d.Name, b)
				}
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestPollingDoesNotAllocate checks the traffic that building networks are full of.
func TestPollingDoesNotAllocate(t *testing.T) {
	out := &decode.Out{Notes: decode.NewNotebook(nil), Sender: ward.Subject{IP: ward.IP4([]byte{192, 0, 2, 2})}}
	value := bacnet.AppendReadPropertyAck(nil, 1, bacnet.NewObject(0, 1), bacnet.PresentValue, bacnet.AppendReal(nil, 21.5))
	for name, b := range map[string][]byte{
		"present value": value, "model name again": bacnet.AppendReadPropertyAck(nil, 1, device, bacnet.ModelName, bacnet.AppendText(nil, "AHU-7")),
		"I-Am again": bacnet.AppendIAm(nil, bacnet.IAm{Device: device, MaxAPDU: 1476, Segmentation: 3, Vendor: 99999}),
	} {
		p := &decode.Packet{Payload: b}
		if n := testing.AllocsPerRun(100, func() { bacnetDatagram(p, out) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func BenchmarkForeign(b *testing.B) {
	out := &decode.Out{Notes: decode.NewNotebook(nil)}
	list := Decoders()
	p := &decode.Packet{SrcPort: 50000, DstPort: 40000}
	for i := 0; b.Loop(); i++ {
		p.Payload = foreign[i%len(foreign)]
		for j := range list {
			if d := &list[j]; d.Datagram != nil && !d.Strict {
				d.Datagram(p, out)
			}
		}
	}
}

func BenchmarkPresentValue(b *testing.B) {
	out := &decode.Out{Notes: decode.NewNotebook(nil), Sender: ward.Subject{IP: ward.IP4([]byte{192, 0, 2, 2})}}
	p := &decode.Packet{Payload: bacnet.AppendReadPropertyAck(nil, 1, bacnet.NewObject(0, 1), bacnet.PresentValue, bacnet.AppendReal(nil, 21.5))}
	b.ReportAllocs()
	for b.Loop() {
		bacnetDatagram(p, out)
	}
}
