package it

import (
	"crypto/x509"
	"errors"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/tls"
	"github.com/wardkeeper/wardkeeper/proto/x509lite"
	"github.com/wardkeeper/wardkeeper/ward"
)

// tlsFields are the fields of TLS and DTLS.
type tlsFields struct {
	serverName, ja3, ja4, alpn, version, serves    ward.Field
	commonName, organization, unit, serial, issuer ward.Field
	subject, san, notAfter, clientName             ward.Field
}

func newTLSFields(protocol string) tlsFields {
	f := func(name string) ward.Field { return ward.Field{Protocol: protocol, Name: name} }
	t := tlsFields{
		serverName: f("server name"), ja3: f("ja3"), ja4: f("ja4"), alpn: f("alpn"), version: f("version"), serves: f("serves"),
		commonName: f("certificate subject CN"), organization: f("certificate subject O"), unit: f("certificate subject OU"),
		serial: f("certificate subject serialNumber"), issuer: f("certificate issuer"), subject: f("certificate subject"),
		san: f("certificate SAN"), notAfter: f("certificate"), clientName: f("client certificate subject CN"),
	}
	t.serves.Proves, t.serves.Trust = ward.Role, ward.TrustRole
	t.clientName.Personal = true
	return t
}

var (
	fieldsTLS  = newTLSFields("tls")
	fieldsDTLS = newTLSFields("dtls")
)

// tlsStream reads the handshake that goes over in clear: what the client offers, and the
// certificate up to TLS 1.2.
func tlsStream() decode.Decoder {
	held := &budget{}
	return decode.Decoder{
		Name: "tls", TCPPorts: []uint16{443, 8443, 993, 636, 8883, 2762, 2575, 11112},
		Match: matchTLS, Open: func() decode.Session { return &tlsSession{budget: held} },
		Limit: 48 << 10, Encrypted: true,
	}
}

func matchTLS(dir decode.Dir, first []byte, _ uint16) decode.Match {
	yes, more := tls.Looks(first)
	switch {
	case more:
		return decode.More
	case yes && (first[5] == tls.TypeClientHello) == (dir == decode.Client):
		return decode.Yes
	}
	return decode.No
}

type tlsSession struct {
	side   [2]tls.Handshakes
	held   [2]int // bytes counted in the budget
	budget *budget
}

// Read implements decode.Session.
func (s *tlsSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	used, ok := s.side[dir].Read(data, func(typ byte, body []byte) bool {
		return sayHandshake(&fieldsTLS, typ, body, dir == decode.Server, out)
	})
	if more := s.side[dir].Held() - s.held[dir]; ok && more > 0 {
		if ok = s.budget.take(more, out); ok {
			s.held[dir] += more
		}
	}
	if !ok || s.side[dir].Held() == 0 {
		s.release(dir)
	}
	if !ok {
		return decode.Done
	}
	return used
}

// release lets go of what was held of a message.
func (s *tlsSession) release(dir decode.Dir) {
	if s.held[dir] > 0 {
		s.budget.give(s.held[dir])
		s.held[dir], s.side[dir] = 0, tls.Handshakes{}
	}
}

// End implements decode.Ender.
func (s *tlsSession) End(*decode.Out) {
	s.release(decode.Client)
	s.release(decode.Server)
}

// sayHandshake reads one handshake message and reports whether more of interest may follow from
// the same side.
func sayHandshake(f *tlsFields, typ byte, body []byte, fromServer bool, out *decode.Out) bool {
	switch typ {
	case tls.TypeClientHello:
		var h tls.ClientHello
		if fromServer || !tls.ParseClientHello(body, f == &fieldsDTLS, &h) {
			return false
		}
		sayClientHello(f, &h, out)
	case tls.TypeServerHello:
		var h tls.ServerHello
		if !fromServer || !tls.ParseServerHello(body, &h) {
			return false
		}
		out.SayString(&f.version, tls.VersionName(h.Version))
		if out.Sender.IP != out.Peer.IP {
			out.SayString(&f.serves, f.serves.Protocol+" server")
		}
		return h.Version != tls.TLS13 // what follows is encrypted
	case tls.TypeCertificate:
		sayChain(f, tls.CertificateList(body), fromServer, out)
		return false
	}
	return true
}

func sayClientHello(f *tlsFields, h *tls.ClientHello, out *decode.Out) {
	if !h.Encrypted { // else the name is a cover
		out.Say(&f.serverName, h.ServerName)
	}
	out.Say(&f.alpn, h.ALPN)
	transport := byte('t')
	if f == &fieldsDTLS {
		transport = 'd'
	}
	var buf [64]byte
	out.Say(&f.ja3, tls.AppendJA3(buf[:0], h))
	out.Say(&f.ja4, tls.AppendJA4(buf[:0], transport, h))
}

// maxSAN bounds the names taken from one certificate: those of large sites hold hundreds.
const maxSAN = 8

// sayChain reads the leaf of a certificate chain.
func sayChain(f *tlsFields, list []byte, fromServer bool, out *decode.Out) {
	leaf, rest := tls.NextCertificate(list)
	if leaf == nil {
		return
	}
	var c x509lite.Certificate
	if !x509lite.Parse(leaf, &c) {
		return
	}
	var buf [512]byte
	if fromServer || f == &fieldsDTLS {
		out.Say(&f.commonName, c.Subject.Get(x509lite.CommonName))
		out.Say(&f.subject, c.Subject.AppendText(buf[:0]))
	} else {
		out.Say(&f.clientName, c.Subject.Get(x509lite.CommonName)) // may be a person's
	}
	out.Say(&f.organization, c.Subject.Get(x509lite.Organization))
	out.Say(&f.unit, c.Subject.Get(x509lite.Unit))
	out.Say(&f.serial, c.Subject.Get(x509lite.SerialNumber))
	out.Say(&f.issuer, c.Issuer.AppendText(buf[:0]))
	name, after := c.NextDNSName(nil)
	for n := 0; name != nil && n < maxSAN; n++ {
		out.Say(&f.san, name)
		name, after = c.NextDNSName(after)
	}
	if !fromServer || f == &fieldsDTLS {
		return // clients and media streams make certificates for themselves as a matter of course
	}
	if extra, _ := tls.NextCertificate(rest); extra == nil && c.SelfIssued() && signedItself(leaf) {
		out.FlagOf(out.Sender, ward.SelfSignedCertificate, &f.notAfter, "issued by its own subject")
		return // nobody trusts it by its dates
	}
	if !c.NotAfter.IsZero() && c.NotAfter.UnixNano() < out.Time {
		out.FlagOf(out.Sender, ward.ExpiredCertificate, &f.notAfter, "valid until "+c.NotAfter.Format(time.DateOnly))
	}
}

// signedItself reports whether a certificate whose issuer is its subject bears its own signature.
// A signature that cannot be checked (old algorithms, odd encoding) does not speak against it.
func signedItself(der []byte) bool {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return true
	}
	err = c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	var insecure x509.InsecureAlgorithmError
	return err == nil || errors.As(err, &insecure) || errors.Is(err, x509.ErrUnsupportedAlgorithm)
}
