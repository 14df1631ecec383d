package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/rtp"
)

// voice recognises telephone audio. Other media have no shape of their own in a single packet and
// stay unnamed.
func voice() decode.Decoder {
	return decode.Decoder{Name: "rtp", Datagram: func(p *decode.Packet, _ *decode.Out) bool {
		return p.SrcPort >= 1024 && p.DstPort >= 1024 && (p.SrcPort|p.DstPort)&1 == 0 && rtp.IsAudio(p.Payload)
	}}
}

// voiceReports recognises the reports that go with media.
func voiceReports() decode.Decoder {
	return decode.Decoder{Name: "rtcp", Datagram: func(p *decode.Packet, _ *decode.Out) bool {
		return p.SrcPort >= 1024 && p.DstPort >= 1024 && rtp.IsControl(p.Payload)
	}}
}
