package cert

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"embed"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of certificates. They come after those of access.
func Migrations() store.Migrations { return store.FromEmbed("cert", files) }

// Lives of what is issued and published.
const (
	DeviceLife   = 90 * 24 * time.Hour
	PasswordLife = 3 * 24 * time.Hour  // of a one-time password, unless asked otherwise
	CRLLife      = 7 * 24 * time.Hour  // until the next update that a list names
	CRLFresh     = 24 * time.Hour      // after which a new list is made although nothing changed
	OCSPLife     = time.Hour           // until the next update that an answer names
	RenewGrace   = 30 * 24 * time.Hour // after expiry, in which a certificate can still renew itself
	backdate     = time.Hour           // devices' clocks run behind
)

// Sealer keeps the private keys of issuing authorities unreadable at rest, in the column key of
// cert_authorities. The name is the row's id and is bound to what is sealed: it cannot be opened
// under another one. A vault's Sealer of that column is one.
type Sealer interface {
	Seal(ctx context.Context, name string, plain []byte) ([]byte, error)
	Open(ctx context.Context, name string, sealed []byte) ([]byte, error)
}

// Authority is the certificate authority of a site. The zero value of every optional field works.
type Authority struct {
	Store  *store.Store
	Door   *access.Door
	Sealer Sealer
	Site   string
	URL    string           // where devices reach Public over plain HTTP: "http://wardkeeper.example:8082"; empty leaves revocation addresses out
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means slog.Default

	// Known refuses an id that no device of the register has; nil takes every id.
	Known func(ctx context.Context, device string) error
	// Find gives the id of the one device that a manufacturer and a serial number name, for
	// enrolment with a manufacturer's certificate; nil allows none.
	Find func(ctx context.Context, maker, serial string) (device string, err error)

	mu    sync.Mutex
	keys  map[string]crypto.Signer // opened issuing keys by authority
	trust atomic.Pointer[trust]
	turn  atomic.Uint64 // counts changes of what trust is made of
	load  sync.Mutex    // held by who reloads trust
	lists sync.Mutex    // held by who renews a revocation list because somebody asked for it

	server serverCertificate
}

func (a *Authority) now() time.Time {
	if a.Now != nil {
		return a.Now().UTC()
	}
	return time.Now().UTC()
}

func (a *Authority) log() *slog.Logger {
	if a.Log != nil {
		return a.Log
	}
	return slog.Default()
}

// system makes this package the acting person.
func system(ctx context.Context) context.Context { return access.AsSystem(ctx, "certificates") }

// Prefix of the name that a device's certificate carries as its one URI (RFC 8141).
const Prefix = "urn:wardkeeper:device:"

// URN is the name of a device in its certificate.
func URN(device string) string { return Prefix + device }

// checkDevice refuses ids that could mean something else in a name, an address or a log. A dot
// would let a subject pass for a host name.
func checkDevice(device string) error {
	ok := len(device) > 0 && len(device) <= 64
	for _, c := range []byte(device) {
		ok = ok && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_')
	}
	if !ok {
		return invalid("cert.device", "A device's id has 1 to 64 letters, digits, dashes and underscores.", nil)
	}
	return nil
}

// The states of an authority's key.
const (
	stateWaiting = "waiting" // for the root to sign it
	stateActive  = "active"
	stateRetired = "retired" // issues no more; its certificates and lists hold
)

// issuer is an issuing authority as it stands in the store.
type issuer struct {
	id      string
	name    string
	state   string
	sealed  []byte
	chain   []*x509.Certificate // itself first, its root last; empty while waiting
	rootCRL []byte
	crl     []byte
	number  int64 // of crl
	made    time.Time
	created time.Time
}

func (i *issuer) cert() *x509.Certificate { return i.chain[0] }
func (i *issuer) root() *x509.Certificate { return i.chain[len(i.chain)-1] }

// keyID is the subject key identifier as addresses carry it.
func keyID(c *x509.Certificate) string { return hex.EncodeToString(c.SubjectKeyId) }

// keyIdentifier makes a subject key identifier (RFC 7093, section 2, method 1).
func keyIdentifier(spki []byte) []byte {
	h := sha256.Sum256(spki)
	return h[:20]
}

// signer opens the key of an issuer, once a run.
func (a *Authority) signer(ctx context.Context, i *issuer) (crypto.Signer, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if k := a.keys[i.id]; k != nil {
		return k, nil
	}
	fail := func(err error) (crypto.Signer, error) {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "cert.signer", Msg: "The key of the issuing authority cannot be opened.", Err: err}
	}
	if a.Sealer == nil {
		return fail(errors.New("no key store is configured"))
	}
	plain, err := a.Sealer.Open(ctx, i.id, i.sealed)
	if err != nil {
		return fail(err)
	}
	defer clear(plain)
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return fail(errors.New("it is not a private key"))
	}
	k, ok := key.(crypto.Signer)
	if !ok {
		return fail(errors.New("it does not sign"))
	}
	if a.keys == nil {
		a.keys = map[string]crypto.Signer{}
	}
	a.keys[i.id] = k
	return k, nil
}

// active gives the authority that issues now.
func (a *Authority) active(ctx context.Context, r store.Reader) (*issuer, error) {
	all, err := issuers(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].state == stateActive && !revokedByRoot(&all[i]) {
			return &all[i], nil
		}
	}
	return nil, &ward.Error{Kind: ward.Unavailable, Op: "cert.active",
		Msg: "There is no issuing authority yet: make one with `wardkeeper cert issuing sign`."}
}

func invalid(op, msg string, err error) error {
	return &ward.Error{Kind: ward.Invalid, Op: op, Msg: msg, Err: err}
}

func forbidden(op, msg string) error {
	return &ward.Error{Kind: ward.Forbidden, Op: op, Msg: msg}
}

// serialText is a serial number as people and tables have it: hex, as OpenSSL prints it.
func serialText(c *x509.Certificate) string {
	return strings.ToUpper(hex.EncodeToString(c.SerialNumber.Bytes()))
}
