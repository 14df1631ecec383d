package cert

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/est"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Level is how well a device's identity is proven: the identity ladder.
type Level uint8

// The rungs of the ladder. This package proves Issued and Manufactured; the lower three follow from
// what is heard and confirmed about a device.
const (
	Address      Level = iota // L0: a hardware address, which anybody can take on
	Observed                  // L1: the address, and a fingerprint and place on the network that fit
	Confirmed                 // L2: the serial number or the maker's own interface confirmed it
	Issued                    // L3: it holds the key of a certificate issued here
	Manufactured              // L4: it holds the key its manufacturer gave it (IDevID, IEEE 802.1AR), or a TPM attested its key
)

// String writes the rung: "L3".
func (l Level) String() string {
	if l > Manufactured {
		return "L?"
	}
	return "L" + string('0'+rune(l))
}

// Meaning says in words what proves the rung.
func (l Level) Meaning() string {
	if l > Manufactured {
		return "unknown"
	}
	return [...]string{"hardware address only", "address and behaviour fit", "serial number confirmed", "certificate issued here", "manufacturer's certificate"}[l]
}

// Identity is who a connection's other end has proven to be.
type Identity struct {
	Level  Level
	Device string // id in the register; empty when only the manufacturer is proven
	Serial string // of the certificate, hex
	Until  time.Time

	// Grace says that the certificate is outside its time. The device keeps what it needs for its
	// patient, and there is a finding; nothing that wants a proven device may rely on it.
	Grace   bool
	Expired bool // it is past its end
	Early   bool // it has not begun: a clock is wrong, theirs or ours

	Maker        string // of the trust anchor, for Manufactured
	DeviceSerial string // serial number that the manufacturer's certificate states
	Scope        Scope
}

// What Identify says no to.
var (
	ErrRevoked = &ward.Error{Kind: ward.Forbidden, Op: "cert.Identify", Msg: "The certificate was revoked."}
	ErrUnknown = &ward.Error{Kind: ward.Forbidden, Op: "cert.Identify", Msg: "The certificate is of no authority that is trusted here."}
)

// trust is what Identify judges by, as it stood at a moment.
type trust struct {
	at      time.Time
	turn    uint64 // of Authority.turn, when reading began
	roots   *x509.CertPool
	between []*x509.Certificate // issuing authorities, and what stands between them and the roots
	makers  *x509.CertPool
	anchors []Anchor
	revoked map[string]bool // by serialText
	hints   *x509.CertPool  // whose certificates a client may show
}

// trustFresh is for how long what was read is believed: a revocation by another program is seen
// after that. One by this program is seen at once.
const trustFresh = 15 * time.Second

// forget makes the next Identify read the store again.
func (a *Authority) forget() { a.turn.Add(1) }

// trusted gives what to judge by. While the store does not answer, what was known before holds:
// devices do not lose their names because a disk is full.
func (a *Authority) trusted() (*trust, error) {
	old, turn, now := a.trust.Load(), a.turn.Load(), a.now()
	changed := old == nil || old.turn != turn
	if !changed && now.Sub(old.at).Abs() < trustFresh {
		return old, nil
	}
	if changed {
		a.load.Lock()
	} else if !a.load.TryLock() {
		return old, nil // somebody reads already
	}
	defer a.load.Unlock()
	if t := a.trust.Load(); t != nil && t != old && t.turn == a.turn.Load() {
		return t, nil
	}
	turn = a.turn.Load()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	t, err := a.readTrust(ctx)
	if err != nil {
		if old == nil {
			return nil, err
		}
		a.log().ErrorContext(ctx, "trust could not be read again; what was known holds", "err", err)
		held := *old
		t = &held
	}
	t.at, t.turn = now, turn
	a.trust.Store(t)
	return t, nil
}

func (a *Authority) readTrust(ctx context.Context) (*trust, error) {
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	t := &trust{roots: x509.NewCertPool(), makers: x509.NewCertPool(), hints: x509.NewCertPool(), revoked: map[string]bool{}}
	for i := range all {
		if len(all[i].chain) == 0 || revokedByRoot(&all[i]) {
			continue
		}
		t.roots.AddCert(all[i].root())
		t.hints.AddCert(all[i].root())
		t.between = append(t.between, all[i].chain[:len(all[i].chain)-1]...)
	}
	for _, c := range t.between {
		t.hints.AddCert(c)
	}
	if t.anchors, err = anchors(ctx, a.Store); err != nil {
		return nil, err
	}
	for i := range t.anchors {
		t.makers.AddCert(t.anchors[i].cert)
		t.hints.AddCert(t.anchors[i].cert)
	}
	gone, err := certificates(ctx, a.Store, `revoked > 0`)
	if err != nil {
		return nil, err
	}
	for i := range gone {
		t.revoked[gone[i].Serial] = true
	}
	return t, nil
}

// revokedByRoot reports whether the root's list names an issuing authority.
func revokedByRoot(i *issuer) bool {
	list, err := x509.ParseRevocationList(i.rootCRL)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(list.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool {
		return e.SerialNumber.Cmp(i.cert().SerialNumber) == 0
	})
}

// Identify says who has proven to hold the key of chain[0], the certificates that a TLS client
// sent. That it holds the key, the handshake has shown. A certificate outside its time gives an
// Identity in grace and no error. The errors are ErrRevoked and ErrUnknown.
func (a *Authority) Identify(chain []*x509.Certificate) (Identity, error) {
	if len(chain) == 0 {
		return Identity{}, ErrUnknown
	}
	t, err := a.trusted()
	if err != nil {
		return Identity{}, err
	}
	leaf := chain[0]
	who := Identity{Serial: serialText(leaf), Until: leaf.NotAfter}
	now := a.now()
	who.Expired, who.Early = now.After(leaf.NotAfter), now.Before(leaf.NotBefore)
	if _, inTime, err := verify(leaf, t.roots, append(slices.Clone(t.between), chain[1:]...), x509.ExtKeyUsageClientAuth, now); err == nil {
		device, ok := deviceOf(leaf)
		switch {
		case !ok:
			return Identity{}, ErrUnknown
		case t.revoked[who.Serial]:
			return Identity{}, ErrRevoked
		}
		who.Level, who.Device, who.Grace = Issued, device, !inTime
		return who, nil
	}
	found, inTime, err := verify(leaf, t.makers, chain[1:], x509.ExtKeyUsageAny, now)
	if err != nil || !isIDevID(leaf) {
		return Identity{}, ErrUnknown
	}
	for i := range t.anchors {
		if found.Equal(t.anchors[i].cert) {
			who.Maker, who.Scope = t.anchors[i].Maker, t.anchors[i].Scope
		}
	}
	who.Level, who.DeviceSerial, who.Grace = Manufactured, est.SerialNumber(leaf.Subject), !inTime
	return who, nil
}

// verify gives the anchor to which a certificate leads, and whether everything on the way is within
// its time. What is not is judged as of a time when the certificate held.
func verify(leaf *x509.Certificate, roots *x509.CertPool, between []*x509.Certificate, use x509.ExtKeyUsage, now time.Time) (*x509.Certificate, bool, error) {
	if len(between) > maxChain {
		between = between[:maxChain]
	}
	pool := x509.NewCertPool()
	for _, c := range between {
		pool.AddCert(c)
	}
	o := x509.VerifyOptions{Roots: roots, Intermediates: pool, KeyUsages: []x509.ExtKeyUsage{use}}
	leaf = withoutAltName(leaf)
	var failure error
	for n, at := range []time.Time{now, leaf.NotAfter, leaf.NotBefore} {
		o.CurrentTime = at
		chains, err := leaf.Verify(o)
		if err == nil {
			chain := chains[0]
			return chain[len(chain)-1], n == 0, nil
		}
		failure = err
		var why x509.CertificateInvalidError
		if !errors.As(err, &why) || why.Reason != x509.Expired {
			var unknown x509.UnknownAuthorityError
			if !errors.As(err, &unknown) { // an expired authority makes the chain look unknown
				break
			}
		}
	}
	return nil, false, failure
}

// maxChain bounds how many certificates a client can make us look at.
const maxChain = 64

// withoutAltName takes a critical alternative name off the list of what nobody understood. Those of
// manufacturers hold the hardware module's name (RFC 4108) and no name that the library knows; who
// the device is, we read from the subject.
func withoutAltName(c *x509.Certificate) *x509.Certificate {
	if len(c.UnhandledCriticalExtensions) == 0 {
		return c
	}
	out := *c
	out.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(c.UnhandledCriticalExtensions), func(id asn1.ObjectIdentifier) bool {
		return id.Equal(est.OIDSubjectAltName)
	})
	return &out
}

// deviceOf is the id in the one URI of a certificate.
func deviceOf(c *x509.Certificate) (string, bool) {
	if len(c.URIs) != 1 {
		return "", false
	}
	id, ok := strings.CutPrefix(c.URIs[0].String(), Prefix)
	return id, ok && checkDevice(id) == nil
}

// isIDevID reports whether a certificate can be a device's first identity by IEEE 802.1AR: it
// belongs to one device, whose serial number it states, and is not one of a server on the web.
func isIDevID(c *x509.Certificate) bool {
	forClients := len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
	return !c.IsCA && forClients && est.SerialNumber(c.Subject) != ""
}

// fingerprint identifies a certificate by its bytes.
func fingerprint(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
