package cert

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"net/url"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The ways in which a certificate came to be, as Certificate.How.
const (
	byPassword     = "password"
	byRenewal      = "renewal"
	byManufacturer = "manufacturer"
	byServer       = "server"
)

// maxADay bounds what one device is given in a day, so that one gone wild fills no table.
const maxADay = 16

// order is what is to be certified.
type order struct {
	device string // empty for a server of our own
	how    string
	key    crypto.PublicKey
	names  []string // of a server: DNS names and addresses
}

// issue signs a certificate and writes it down, in the transaction of the caller.
func (a *Authority) issue(ctx context.Context, tx store.Tx, o order) (*Certificate, *issuer, error) {
	by, err := a.active(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	now := a.now()
	if o.device != "" {
		n, err := issuedTo(ctx, tx, o.device, now.Add(-24*time.Hour))
		if err != nil {
			return nil, nil, err
		}
		if n >= maxADay {
			return nil, nil, &ward.Error{Kind: ward.Conflict, Op: "cert.issue",
				Msg: "This device was given too many certificates today. Look at what it does, then try again tomorrow.", Err: errTooMany}
		}
	}
	key, err := a.signer(ctx, by)
	if err != nil {
		return nil, nil, err
	}
	t, err := a.template(o, by, now)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, t, by.cert(), o.key, key)
	if err != nil {
		return nil, nil, invalid("cert.issue", "The key cannot be certified.", err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	c := &Certificate{Serial: serialText(made), Authority: by.id, Device: o.device, How: o.how,
		NotBefore: made.NotBefore, NotAfter: made.NotAfter, Created: now, DER: der}
	return c, by, insertCertificate(ctx, tx, a.Site, c)
}

// template is the profile of what we certify. A device proves with it who it is, as a client, and
// can do nothing else. What the request asked for beside its key plays no part.
func (a *Authority) template(o order, by *issuer, now time.Time) (*x509.Certificate, error) {
	spki, err := x509.MarshalPKIXPublicKey(o.key)
	if err != nil {
		return nil, invalid("cert.issue", "The key cannot be certified.", err)
	}
	t := &x509.Certificate{
		SerialNumber: newSerial(), SubjectKeyId: keyIdentifier(spki),
		NotBefore: later(now.Add(-backdate), by.cert().NotBefore).Truncate(time.Second),
		NotAfter:  earlier(now.Add(DeviceLife), by.cert().NotAfter).Truncate(time.Second),
		KeyUsage:  x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	if a.URL != "" {
		t.CRLDistributionPoints = []string{crlAddress(a.URL, by.cert())}
		t.OCSPServer = []string{ocspAddress(a.URL)}
		t.IssuingCertificateURL = []string{caAddress(a.URL, by.cert())}
	}
	if o.device != "" {
		t.Subject = subject(a.Site, o.device)
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		t.URIs = []*url.URL{{Scheme: "urn", Opaque: URN(o.device)[len("urn:"):]}}
		return t, nil
	}
	t.Subject = subject(a.Site, "Wardkeeper")
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, n := range o.names {
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	return t, nil
}

func subject(site, name string) pkix.Name {
	n := pkix.Name{CommonName: name}
	if site != "" {
		n.Organization = []string{site}
	}
	return n
}

// List gives issued certificates, newest first; device narrows them when set.
func (a *Authority) List(ctx context.Context, device string, limit int) ([]Certificate, error) {
	return certificates(ctx, a.Store, `(? = '' OR device = ?) ORDER BY created DESC, serial LIMIT ?`, device, device, limit)
}

// State says in a word or two how a certificate stands.
func (c *Certificate) State(now time.Time) string {
	switch {
	case !c.Revoked.IsZero():
		return "revoked"
	case now.After(c.NotAfter):
		return "expired"
	case now.After(c.Overdue()):
		return "renewal overdue"
	case now.After(c.RenewFrom()):
		return "renewal due"
	}
	return "valid"
}
