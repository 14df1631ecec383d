package gear

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
)

// BenchmarkUnknown is what it costs to find out that nobody here knows a datagram and the first
// bytes of a connection.
func BenchmarkUnknown(b *testing.B) {
	payload := []byte("\x17\x03\x03\x02\x00 nothing that anybody here knows, long enough to be looked at \x00\x01\x02")
	p := &decode.Packet{SrcPort: 40000, DstPort: 40001, Transport: 17, Payload: payload}
	list := Decoders(nil)
	out := &decode.Out{Notes: decode.NewNotebook(nil)}
	b.ReportAllocs()
	for b.Loop() {
		for i := range list {
			if d := &list[i]; d.Datagram != nil && !d.Strict {
				d.Datagram(p, out)
			}
			if d := &list[i]; d.Match != nil {
				d.Match(decode.Client, payload, 40001)
			}
		}
	}
}
