package cert

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/wardkeeper/wardkeeper/proto/est"
)

// Lives of the two upper tiers and of the root's revocation list.
const (
	RootLife    = 20 * 365 * 24 * time.Hour
	IssuingLife = 5 * 365 * 24 * time.Hour
	RootCRLLife = 366 * 24 * time.Hour // the root comes out of its safe once a year
)

// Root is the root of trust. It works without a store, on a machine without a network.
type Root struct {
	Cert *x509.Certificate
	key  crypto.Signer
	work int // scrypt work factor of Seal, as a power of two; 0 means the library's
}

// NewRoot makes a root with a P-384 key.
func NewRoot(name string, now time.Time) (*Root, error) {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > 64 {
		return nil, invalid("cert.NewRoot", "The root needs a name of 1 to 64 characters, as: Example Hospital Device Root.", nil)
	}
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: newSerial(), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(RootLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLen: 1,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	r := &Root{key: key}
	r.Cert, err = x509.ParseCertificate(der)
	return r, err
}

// newSerial makes a random serial number of 126 bits or more (RFC 5280 asks for at most 20 octets,
// the CA/Browser Forum for at least 64 random bits).
func newSerial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b) //nolint:errcheck // never fails since Go 1.24
	b[0] = b[0]&0x7f | 0x40
	return new(big.Int).SetBytes(b)
}

const minPassphrase = 12 // characters

// maxRootFile bounds what OpenRoot reads.
const maxRootFile = 64 << 10

// Seal writes the root, key and certificate, encrypted with a passphrase: an armoured age file
// (scrypt, ChaCha20-Poly1305) holding two PEM blocks, so `age --decrypt` reads it without us.
func (r *Root) Seal(w io.Writer, passphrase string) error {
	if utf8.RuneCountInString(passphrase) < minPassphrase {
		return invalid("cert.Seal", fmt.Sprintf("A passphrase needs at least %d characters. A few words in a row are easy to remember.", minPassphrase), nil)
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return err
	}
	if r.work > 0 {
		to.SetWorkFactor(r.work)
	}
	key, err := x509.MarshalPKCS8PrivateKey(r.key)
	if err != nil {
		return err
	}
	defer clear(key)
	a := armor.NewWriter(w)
	sealed, err := age.Encrypt(a, to)
	if err != nil {
		return err
	}
	return errors.Join(
		pem.Encode(sealed, &pem.Block{Type: "CERTIFICATE", Bytes: r.Cert.Raw}),
		pem.Encode(sealed, &pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		sealed.Close(), a.Close())
}

// OpenRoot reads what Seal wrote.
func OpenRoot(in io.Reader, passphrase string) (*Root, error) {
	bad := func(msg string, err error) (*Root, error) { return nil, invalid("cert.OpenRoot", msg, err) }
	who, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return bad("The root is protected by a passphrase, which is missing.", nil)
	}
	who.SetMaxWorkFactor(20) // a forged file may not cost more than 1 GB
	plain, err := age.Decrypt(armor.NewReader(io.LimitReader(in, maxRootFile)), who)
	if err != nil {
		var wrong *age.NoIdentityMatchError
		if errors.As(err, &wrong) {
			return bad("The passphrase does not open this file.", nil)
		}
		return bad("This is not a root's file.", err)
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxRootFile))
	if err != nil {
		return bad("The root's file is damaged.", err)
	}
	defer clear(text)
	r := &Root{}
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch block.Type {
		case "CERTIFICATE":
			r.Cert, err = x509.ParseCertificate(block.Bytes)
		case "PRIVATE KEY":
			var key any
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
			r.key, _ = key.(crypto.Signer)
		}
		if err != nil {
			return bad("The root's file is damaged.", nil) // the cause could quote the key
		}
	}
	if r.Cert == nil || r.key == nil || !samePublicKey(r.Cert.PublicKey, r.key.Public()) {
		return bad("The root's file lacks its certificate or the key that belongs to it.", nil)
	}
	return r, nil
}

func samePublicKey(a, b any) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// SignIssuing certifies the key of an issuing authority, for five years. The bundle (PEM) holds the
// authority's certificate, the root's, and the root's revocation list; it is no secret. The address
// is that of Authority.URL, under which the root's list is published; empty leaves it out.
//
// The authority can certify clients and servers but no further authority. It has no name
// constraints: Go's verifier refuses a URN below any (RFC 5280 knows only URIs with a host), so
// every listener written in Go would turn our devices away.
func (r *Root) SignIssuing(csr []byte, address string, now time.Time) (bundle []byte, err error) {
	if block, _ := pem.Decode(csr); block != nil {
		csr = block.Bytes
	}
	req, err := est.ParseRequest(csr)
	if err != nil {
		return nil, invalid("cert.SignIssuing", "This is not the request of an issuing authority.", err)
	}
	t := &x509.Certificate{
		SerialNumber: newSerial(), Subject: req.Subject, PublicKey: req.PublicKey,
		NotBefore: later(now.Add(-backdate), r.Cert.NotBefore), NotAfter: earlier(now.Add(IssuingLife), r.Cert.NotAfter),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature, // the last for OCSP
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	if address != "" {
		t.CRLDistributionPoints = []string{crlAddress(address, r.Cert)}
		t.IssuingCertificateURL = []string{caAddress(address, r.Cert)}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, r.Cert, req.PublicKey, r.key)
	if err != nil {
		return nil, err
	}
	list, err := r.CRL(nil, now)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = errors.Join(
		pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: r.Cert.Raw}),
		pem.Encode(&b, &pem.Block{Type: "X509 CRL", Bytes: list}))
	return b.Bytes(), err
}

// CRL makes the root's revocation list (DER), naming the issuing authorities that are not to be
// trusted any more. Its number is the time, since the root keeps no count.
func (r *Root) CRL(revoked []*x509.Certificate, now time.Time) ([]byte, error) {
	t := &x509.RevocationList{
		Number: big.NewInt(now.Unix()), ThisUpdate: later(now.Add(-backdate), r.Cert.NotBefore), NextUpdate: now.Add(RootCRLLife),
	}
	for _, c := range revoked {
		if c.CheckSignatureFrom(r.Cert) != nil {
			return nil, invalid("cert.CRL", "This root did not sign the certificate of "+c.Subject.CommonName+".", nil)
		}
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: c.SerialNumber, RevocationTime: now, ReasonCode: int(CACompromise),
		})
	}
	return x509.CreateRevocationList(rand.Reader, t, r.Cert, r.key)
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// ReadAuthorities reads the first certificate of each file (PEM).
func ReadAuthorities(files ...string) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for _, f := range files {
		text, err := os.ReadFile(f) //nolint:gosec // the operator names the file
		if err != nil {
			return nil, invalid("cert.ReadAuthorities", "The certificate could not be read.", err)
		}
		list, err := parseCertificates(text)
		if err != nil || len(list) == 0 {
			return nil, invalid("cert.ReadAuthorities", "There is no certificate (PEM) in "+f+".", err)
		}
		out = append(out, list[0])
	}
	return out, nil
}
