package cert

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/proto/est"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What EST has to tell apart.
var (
	errPassword = errors.New("the one-time password does not hold")
	errTooMany  = errors.New("too many certificates in a day")
)

// MakePassword makes a one-time password with which the device can enrol once until it expires; 0
// means PasswordLife. It is shown this once; those made earlier for the device end.
func (a *Authority) MakePassword(ctx context.Context, device string, life time.Duration) (string, time.Time, error) {
	if life == 0 {
		life = PasswordLife
	}
	if err := checkDevice(device); err != nil {
		return "", time.Time{}, err
	}
	if life < time.Minute || life > 31*24*time.Hour {
		return "", time.Time{}, invalid("cert.MakePassword", "A one-time password lives between a minute and 31 days.", nil)
	}
	if a.Known != nil {
		if err := a.Known(ctx, device); err != nil {
			return "", time.Time{}, err
		}
	}
	now := a.now()
	expires := now.Add(life)
	text := rand.Text()[:20] // 100 bits, in letters and digits that nobody confuses
	word := text[:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:]
	err := a.Door.Do(ctx, access.Action{Verb: "cert.make-password", Permission: access.CertsChange, Object: device,
		Summary: "A one-time password for the device's certificate was made; it holds until " + expires.UTC().Format(time.RFC3339) + "."},
		func(tx store.Tx) error {
			return insertPassword(ctx, tx, a.Site, device, hashPassword(word), now, expires)
		})
	if err != nil {
		return "", time.Time{}, err
	}
	return word, expires, nil
}

// hashPassword is under which a one-time password is stored. It is made of 100 random bits, so a
// fast hash gives nothing away. Case and dashes do not count: people type it on small keypads.
func hashPassword(word string) string {
	h := sha256.Sum256([]byte("wardkeeper est " + strings.ToUpper(strings.ReplaceAll(word, "-", ""))))
	return hex.EncodeToString(h[:])
}

// asDevice makes the device the acting person. What it may do is what the callers here do for it.
func (a *Authority) asDevice(ctx context.Context, device string) context.Context {
	return access.With(ctx, access.Person{ID: URN(device), Name: "device " + device, Site: a.Site, System: true})
}

// Enrol gives a device its certificate for a one-time password, which is used up if and only if
// the certificate is issued.
func (a *Authority) Enrol(ctx context.Context, device, word string, r *x509.CertificateRequest) (*Certificate, error) {
	refused := &ward.Error{Kind: ward.Forbidden, Op: "cert.Enrol",
		Msg: "The one-time password is wrong, used or too old. Make a new one.", Err: errPassword}
	if checkDevice(device) != nil || word == "" || len(word) > 128 {
		return nil, refused
	}
	hash := hashPassword(word)
	expires, used, err := password(ctx, a.Store, device, hash)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (!used.IsZero() || !expires.After(a.now())) {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return a.enrol(ctx, order{device: device, how: byPassword, key: r.PublicKey}, r, func(tx store.Tx) error {
		n, err := usePassword(ctx, tx, device, hash, a.now())
		if err == nil && n != 1 { // somebody was quicker
			return refused
		}
		return err
	})
}

// EnrolKnown gives a device that its manufacturer's certificate proved (Identity.Level is
// Manufactured) a certificate of ours, when the trust anchor allows it and Find knows the device.
func (a *Authority) EnrolKnown(ctx context.Context, who Identity, r *x509.CertificateRequest) (*Certificate, error) {
	if who.Level != Manufactured || who.Scope != ScopeEnrol || a.Find == nil || who.Grace {
		return nil, forbidden("cert.EnrolKnown", "This manufacturer's certificate does not allow enrolment. Use a one-time password.")
	}
	device, err := a.Find(ctx, who.Maker, who.DeviceSerial)
	if err != nil {
		return nil, err
	}
	if err := checkDevice(device); err != nil {
		return nil, forbidden("cert.EnrolKnown", "No single device of the register has this manufacturer and serial number.")
	}
	return a.enrol(ctx, order{device: device, how: byManufacturer, key: r.PublicKey}, r, func(store.Tx) error { return nil })
}

func (a *Authority) enrol(ctx context.Context, o order, r *x509.CertificateRequest, first func(store.Tx) error) (*Certificate, error) {
	for _, u := range r.URIs {
		if strings.HasPrefix(strings.ToLower(u.String()), Prefix) && u.String() != URN(o.device) {
			return nil, forbidden("cert.Enrol", "The request names another device than the one it is made for.")
		}
	}
	var c *Certificate
	err := a.Door.Do(a.asDevice(ctx, o.device), access.Action{Verb: "cert.enrol", Object: o.device,
		Summary: "The device was given its certificate (" + o.how + ")."}, func(tx store.Tx) (err error) {
		if err = first(tx); err != nil {
			return err
		}
		c, _, err = a.issue(ctx, tx, o)
		return err
	})
	return c, err
}

// Renew gives a device that shows a certificate of ours the next one, when the request has the same
// subject and the same alternative names (RFC 7030, section 4.2.2). The key may be a new one. A
// certificate that expired can renew itself for RenewGrace more; a revoked one can not.
func (a *Authority) Renew(ctx context.Context, chain []*x509.Certificate, r *x509.CertificateRequest) (*Certificate, error) {
	who, err := a.Identify(chain)
	if err != nil {
		return nil, err
	}
	if who.Level != Issued {
		return nil, forbidden("cert.Renew", "Only a certificate that was issued here can be renewed here.")
	}
	if who.Expired && a.now().After(who.Until.Add(RenewGrace)) {
		return nil, forbidden("cert.Renew", "The certificate expired too long ago to renew itself. Use a one-time password.")
	}
	if !est.SameName(r.RawSubject, chain[0].RawSubject) {
		return nil, forbidden("cert.Renew", "The subject of the request differs from that of the certificate.")
	}
	if !sameAltNames(r, chain[0]) {
		return nil, forbidden("cert.Renew", "The alternative names of the request differ from those of the certificate.")
	}
	var c *Certificate
	err = a.Door.Do(a.asDevice(ctx, who.Device), access.Action{Verb: "cert.renew", Object: who.Device,
		Summary: "The device renewed its certificate " + who.Serial + "."}, func(tx store.Tx) (err error) {
		c, _, err = a.issue(ctx, tx, order{device: who.Device, how: byRenewal, key: r.PublicKey})
		return err
	})
	return c, err
}

// sameAltNames compares the names of a request with those of the certificate. A request without
// any asks for the same: small clients cannot write the extension.
func sameAltNames(r *x509.CertificateRequest, c *x509.Certificate) bool {
	if len(r.DNSNames)+len(r.EmailAddresses)+len(r.IPAddresses)+len(r.URIs) == 0 {
		return true
	}
	return len(r.DNSNames)+len(r.EmailAddresses)+len(r.IPAddresses) == 0 &&
		slices.EqualFunc(r.URIs, c.URIs, func(x, y *url.URL) bool { return x.String() == y.String() })
}
