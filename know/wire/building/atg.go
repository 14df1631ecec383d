package building

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/atg"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What tank gauges show. The maker follows from the command set, which others emulate.
var (
	atgType     = ward.Field{Protocol: "atg", Name: "answers with a tank inventory", Proves: ward.Type, Trust: ward.TrustRole}
	atgMaker    = ward.Field{Protocol: "atg", Name: "command set", Proves: ward.Manufacturer, Trust: ward.TrustRole}
	atgSoftware = ward.Field{Protocol: "atg", Name: "software revision", Proves: ward.Firmware, Trust: ward.TrustStated}
)

func atgDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "atg",
		TCPPorts: []uint16{10001},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			switch atg.Starts(first) {
			case 1:
				return decode.Yes
			case 0:
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return atgSession{} },
	}
}

// maxReport is how much of an answer is waited for before it is let go unread.
const maxReport = 4 << 10

type atgSession struct{}

// Read tells reports from questions by their words: the gauge's port is a high one.
func (atgSession) Read(_ decode.Dir, data []byte, out *decode.Out) int {
	r, done, ok := atg.Parse(data)
	if ok && r.Tanks {
		out.SayString(&atgType, "tank gauge")
		out.SayString(&atgMaker, "Veeder-Root")
	}
	if ok {
		out.Say(&atgSoftware, r.Software)
	}
	if done || ok && (r.Tanks || len(r.Software) > 0) || len(data) > maxReport {
		return len(data)
	}
	return 0
}
