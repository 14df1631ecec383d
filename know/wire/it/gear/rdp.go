package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/rdp"
	"github.com/wardkeeper/wardkeeper/proto/tls"
	"github.com/wardkeeper/wardkeeper/proto/x509lite"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	rdpServer   = ward.Field{Protocol: "rdp", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	rdpSecurity = ward.Field{Protocol: "rdp", Name: "security"}
	rdpCookie   = ward.Field{Protocol: "rdp", Name: "mstshash"}
	rdpSubject  = ward.Field{Protocol: "rdp", Name: "certificate subject", Proves: ward.Hostname, Trust: ward.TrustWeak}
)

// desktops reads the opening of Remote Desktop: who serves it, how it is secured, and the name in
// the certificate, which is the computer's unless somebody changed it.
func desktops() decode.Decoder {
	return decode.Decoder{
		Name: "rdp", TCPPorts: []uint16{3389}, Match: matchRDP, Encrypted: true,
		Open: func() decode.Session { return &rdpSession{} },
	}
}

func matchRDP(dir decode.Dir, first []byte, _ uint16) decode.Match {
	h, _, need, ok := rdp.Read(first)
	switch {
	case ok && h.Confirm == (dir == decode.Server):
		return decode.Yes
	case need:
		return decode.More
	}
	return decode.No
}

type rdpSession struct {
	opened  [2]bool
	records tls.Handshakes
}

func (s *rdpSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if !s.opened[dir] {
		h, size, need, ok := rdp.Read(data)
		if need {
			return 0
		}
		if !ok {
			return decode.Done
		}
		s.opened[dir] = true
		if dir == decode.Client {
			if h.Cookie != nil {
				out.SayString(&rdpCookie, "present") // it is the start of a user name
			}
			return decode.Done
		}
		out.SayString(&rdpServer, "rdp server")
		if h.Failed || h.Protocols == rdp.Standard {
			out.SayString(&rdpSecurity, "none beyond RDP's own")
			return decode.Done
		}
		if h.Protocols&(rdp.NLA|rdp.NLAEx) != 0 {
			out.SayString(&rdpSecurity, "network level authentication")
		} else {
			out.SayString(&rdpSecurity, "TLS")
		}
		return size
	}
	used, ok := s.records.Read(data, func(typ byte, body []byte) bool {
		if typ != tls.TypeCertificate {
			return true
		}
		der, _ := tls.NextCertificate(tls.CertificateList(body))
		var c x509lite.Certificate
		if der != nil && x509lite.Parse(der, &c) {
			out.Say(&rdpSubject, c.Subject.Get(x509lite.CommonName))
		}
		return false
	})
	if !ok {
		return decode.Done
	}
	return used
}
