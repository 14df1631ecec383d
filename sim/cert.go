package sim

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

// authority is the hospital's own certificate authority. Its keys come from a fixed seed, so that a
// performance is the same each time; nothing is protected by them.
type authority struct {
	root   *x509.Certificate
	key    ed25519.PrivateKey
	from   time.Time
	leaves map[string][]byte
	failed error
}

func newAuthority(now time.Time) (*authority, error) {
	a := &authority{key: ed25519.NewKeyFromSeed(make([]byte, 32)), from: now.AddDate(-1, 0, 0).UTC().Truncate(24 * time.Hour), leaves: map[string][]byte{}}
	a.root = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Synthetic Hospital Device CA", Organization: []string{"Synthetic Hospital"}},
		NotBefore: a.from, NotAfter: a.from.AddDate(20, 0, 0), IsCA: true, BasicConstraintsValid: true,
	}
	if a.of("pumpserver1."+domain) == nil {
		return nil, fmt.Errorf("sim: certificates: %w", a.failed)
	}
	return a, nil
}

// of is the certificate of a server, made on first use; nil when it cannot be made.
func (a *authority) of(name string) []byte {
	if der, ok := a.leaves[name]; ok {
		return der
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(a.leaves) + 2)), Subject: pkix.Name{CommonName: name, Organization: []string{"Synthetic Hospital"}},
		NotBefore: a.from, NotAfter: a.from.AddDate(5, 0, 0), DNSNames: []string{name},
	}
	seed := [32]byte{31: byte(len(a.leaves) + 1)}
	public := ed25519.NewKeyFromSeed(seed[:]).Public()
	der, err := x509.CreateCertificate(nil, leaf, a.root, public, a.key)
	if err != nil {
		a.failed = err
	}
	a.leaves[name] = der
	return der
}
