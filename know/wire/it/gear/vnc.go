package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/rfb"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	vncServer   = ward.Field{Protocol: "vnc", Name: "serves", Proves: ward.Role, Trust: ward.TrustRole}
	vncVersion  = ward.Field{Protocol: "vnc", Name: "version"}
	vncSecurity = ward.Field{Protocol: "vnc", Name: "security"}
)

// screens reads the opening of VNC: version and offered security. What is on the screen is not
// looked at.
func screens() decode.Decoder {
	return decode.Decoder{
		Name: "vnc", TCPPorts: []uint16{5900}, Limit: 64,
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			version, more := rfb.Version(first)
			switch {
			case version != nil:
				return decode.Yes
			case more:
				return decode.More
			}
			return decode.No
		},
		Open: func() decode.Session { return &vncSession{} },
	}
}

type vncSession struct{ greeted bool }

func (s *vncSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if dir == decode.Client {
		return decode.Done
	}
	if !s.greeted {
		version, more := rfb.Version(data)
		if more {
			return 0
		}
		s.greeted = true
		out.Say(&vncVersion, version)
		out.SayString(&vncServer, "vnc server")
		if version == nil || string(version) < "003.007" { // the server alone decides
			return decode.Done
		}
		return rfb.VersionLength
	}
	n := int(data[0])
	if n == 0 || n > 16 {
		return decode.Done
	}
	if len(data) < 1+n {
		return 0
	}
	for _, t := range data[1 : 1+n] {
		out.SayString(&vncSecurity, rfb.SecurityName(t))
	}
	return decode.Done
}
