package cert

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Reason says why a certificate was revoked, in the numbers of RFC 5280, section 5.3.1.
type Reason int

// The reasons that people can give; CACompromise is for the root's list.
const (
	Unspecified   Reason = 0
	KeyCompromise Reason = 1
	CACompromise  Reason = 2
	Superseded    Reason = 4 // the device has a newer one
	Ceased        Reason = 5 // the device is out of service
)

// Reasons names the reasons that people can give.
var Reasons = map[string]Reason{"unspecified": Unspecified, "key-compromise": KeyCompromise, "superseded": Superseded, "out-of-service": Ceased}

// Revoke ends a certificate by its serial number (hex): from now on it proves nothing, not even in
// grace. The next revocation list, made at once, names it.
func (a *Authority) Revoke(ctx context.Context, serial string, why Reason) error {
	serial = strings.ToUpper(strings.ReplaceAll(serial, ":", ""))
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return err
	}
	found, err := certificates(ctx, a.Store, `serial = ?`, serial)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return &ward.Error{Kind: ward.NotFound, Op: "cert.Revoke", Msg: "No certificate with that serial number was issued here."}
	}
	c := &found[0]
	object := c.Device
	if object == "" {
		object = serial
	}
	err = a.Door.Do(ctx, access.Action{Verb: "cert.revoke", Permission: access.CertsChange, Object: object,
		Summary: "The certificate " + serial + " was revoked."}, func(tx store.Tx) error {
		n, err := setRevoked(ctx, tx, serial, a.now(), why)
		if err != nil {
			return err
		}
		if n == 0 {
			return &ward.Error{Kind: ward.Conflict, Op: "cert.Revoke", Msg: "That certificate was revoked before."}
		}
		for i := range all {
			if all[i].id == c.Authority {
				return a.makeCRL(ctx, tx, &all[i])
			}
		}
		return errors.New("the authority of the certificate is gone")
	})
	a.forget()
	return err
}

// makeCRL makes the next revocation list of an authority in the caller's transaction.
func (a *Authority) makeCRL(ctx context.Context, tx store.Tx, i *issuer) error {
	key, err := a.signer(ctx, i)
	if err != nil {
		return err
	}
	now := a.now()
	// A certificate stays listed until a list later than its end has appeared (RFC 5280, section 3.3).
	revoked, err := certificates(ctx, tx, `authority = ? AND revoked > 0 AND not_after > ? ORDER BY revoked, serial`,
		i.id, store.Micros(now.Add(-CRLLife)))
	if err != nil {
		return err
	}
	n, err := nextCRLNumber(ctx, tx, i.id)
	if err != nil {
		return err
	}
	t := &x509.RevocationList{Number: big.NewInt(n), ThisUpdate: later(now.Add(-backdate), i.cert().NotBefore), NextUpdate: now.Add(CRLLife)}
	for _, c := range revoked {
		serial, ok := new(big.Int).SetString(c.Serial, 16)
		if !ok {
			return errors.New("a serial number in the store is damaged")
		}
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: serial, RevocationTime: c.Revoked, ReasonCode: int(c.Reason)})
	}
	if i.crl, err = x509.CreateRevocationList(rand.Reader, t, i.cert(), key); err != nil {
		return err
	}
	i.number, i.made = n, now
	return setCRL(ctx, tx, i.id, i.crl, now)
}

// CRL gives the revocation list (DER) of the authority with that subject key identifier (hex): of
// an issuing one, made anew once a day, or of a root.
func (a *Authority) CRL(ctx context.Context, ski string) ([]byte, error) {
	i, list, err := a.findList(ctx, ski)
	if err != nil || i == nil || a.fresh(i) {
		return list, err
	}
	a.lists.Lock()
	defer a.lists.Unlock()
	if i, list, err = a.findList(ctx, ski); err != nil || i == nil || a.fresh(i) { // somebody was quicker
		return list, err
	}
	if err := a.renewCRL(ctx, i); err != nil {
		if len(list) > 0 && a.now().Sub(i.made) < CRLLife { // the old one still holds
			a.log().WarnContext(ctx, "the revocation list could not be renewed", "err", err)
			return list, nil
		}
		return nil, err
	}
	return i.crl, nil
}

// fresh reports whether a list need not be renewed. One from the future was made by a wrong clock.
func (a *Authority) fresh(i *issuer) bool {
	return len(i.crl) > 0 && a.now().Sub(i.made).Abs() < CRLFresh
}

// findList gives the revocation list as it stands, and its authority unless that is a root.
func (a *Authority) findList(ctx context.Context, ski string) (*issuer, []byte, error) {
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, nil, err
	}
	for n := range all {
		i := &all[n]
		switch {
		case len(i.chain) == 0:
		case keyID(i.cert()) == ski:
			return i, i.crl, nil
		case keyID(i.chain[1]) == ski && len(i.rootCRL) > 0:
			return nil, i.rootCRL, nil
		}
	}
	return nil, nil, &ward.Error{Kind: ward.NotFound, Op: "cert.CRL", Msg: "There is no such revocation list."}
}

func (a *Authority) renewCRL(ctx context.Context, i *issuer) error {
	return a.Door.Do(system(ctx), access.Action{Verb: "cert.publish-list", Object: i.id, Summary: "The revocation list was renewed."},
		func(tx store.Tx) error { return a.makeCRL(ctx, tx, i) })
}

// Refresh renews the revocation lists that are a day old. It is a job's work: listeners that check
// lists refuse everybody once a list is past its next update.
func (a *Authority) Refresh(ctx context.Context) error {
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return err
	}
	for n := range all {
		i := &all[n]
		if len(i.chain) == 0 || a.fresh(i) || i.cert().NotAfter.Add(CRLLife).Before(a.now()) {
			continue
		}
		if err := a.renewCRL(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// status is how a certificate stands, for OCSP.
func (a *Authority) status(ctx context.Context, by *issuer, serial *big.Int) (known bool, revoked time.Time, why Reason, err error) {
	text := strings.ToUpper(serial.Text(16))
	if len(text)%2 == 1 {
		text = "0" + text
	}
	found, err := certificates(ctx, a.Store, `serial = ? AND authority = ?`, text, by.id)
	if err != nil || len(found) == 0 {
		return false, time.Time{}, 0, err
	}
	return true, found[0].Revoked, found[0].Reason, nil
}
