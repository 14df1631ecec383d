package cert

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// RequestIssuing makes the key of a new issuing authority, sealed in the store, and gives the
// request (PEM) that a root is to sign. The authority in use goes on until Install.
func (a *Authority) RequestIssuing(ctx context.Context, name string) (csr []byte, err error) {
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > 64 {
		return nil, invalid("cert.RequestIssuing", "The issuing authority needs a name of 1 to 64 characters.", nil)
	}
	if a.Sealer == nil {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "cert.RequestIssuing", Msg: "No key store is configured to keep the key in."}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}, key)
	if err != nil {
		return nil, err
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	i := &issuer{id: store.NewID(a.now()), name: name, state: stateWaiting, created: a.now()}
	if i.sealed, err = a.Sealer.Seal(ctx, i.id, plain); err != nil {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "cert.RequestIssuing", Msg: "The key could not be sealed.", Err: err}
	}
	err = a.Door.Do(ctx, access.Action{Verb: "cert.request-issuing", Permission: access.CertsChange, Object: i.id,
		Summary: "A key for an issuing authority was made."}, func(tx store.Tx) error {
		return insertIssuer(ctx, tx, a.Site, i)
	})
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}), err
}

// Install takes the bundle that a root gave back: the issuing certificate first, then its chain up
// to the root, and the root's revocation list if there is one. The authority issues from then on;
// the one before it is retired. A bundle with only a newer list of a known root replaces that list.
func (a *Authority) Install(ctx context.Context, bundle []byte) (*x509.Certificate, error) {
	chain, list, err := parseBundle(bundle)
	if err != nil {
		return nil, err
	}
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	if len(chain) == 0 {
		return nil, a.installList(ctx, all, list)
	}
	if err := a.checkChain(chain, list); err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].state != stateWaiting {
			continue
		}
		key, err := a.signer(ctx, &all[i])
		if err != nil {
			return nil, err
		}
		if !samePublicKey(chain[0].PublicKey, key.Public()) {
			continue
		}
		all[i].chain = chain
		if list != nil {
			all[i].rootCRL = list.Raw
		}
		err = a.Door.Do(ctx, access.Action{Verb: "cert.install-issuing", Permission: access.CertsChange, Object: all[i].id,
			Summary: "The issuing authority was certified and issues from now on, until " + chain[0].NotAfter.UTC().Format(time.DateOnly) + "."},
			func(tx store.Tx) error {
				if err := activate(ctx, tx, &all[i]); err != nil {
					return err
				}
				return a.makeCRL(ctx, tx, &all[i])
			})
		a.forget()
		return chain[0], err
	}
	return nil, &ward.Error{Kind: ward.NotFound, Op: "cert.Install",
		Msg: "No key in this store waits for that certificate. Was it requested here?"}
}

func parseBundle(bundle []byte) (chain []*x509.Certificate, list *x509.RevocationList, err error) {
	if chain, err = parseCertificates(bundle); err == nil {
		for block, rest := pem.Decode(bundle); block != nil && err == nil; block, rest = pem.Decode(rest) {
			if block.Type == "X509 CRL" {
				list, err = x509.ParseRevocationList(block.Bytes)
			}
		}
	}
	if err == nil && len(chain) == 0 && list == nil {
		err = errors.New("it holds neither a certificate nor a revocation list")
	}
	if err != nil {
		return nil, nil, invalid("cert.Install", "The file is not what a root gives back (PEM).", err)
	}
	return chain, list, nil
}

// checkChain makes sure that a chain leads from an issuing authority to a root that signed itself.
func (a *Authority) checkChain(chain []*x509.Certificate, list *x509.RevocationList) error {
	bad := func(msg string, err error) error { return invalid("cert.Install", msg, err) }
	first, last := chain[0], chain[len(chain)-1]
	if len(chain) < 2 {
		return bad("The root's certificate is missing: append it to the file.", nil)
	}
	if !first.IsCA || first.KeyUsage&(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != x509.KeyUsageCertSign|x509.KeyUsageCRLSign {
		return bad("The first certificate may not sign certificates and revocation lists.", nil)
	}
	for i := range chain[1:] {
		if err := chain[i].CheckSignatureFrom(chain[i+1]); err != nil {
			return bad("The chain is broken: "+chain[i+1].Subject.String()+" did not sign "+chain[i].Subject.String()+".", err)
		}
	}
	if !bytes.Equal(last.RawSubject, last.RawIssuer) || last.CheckSignatureFrom(last) != nil {
		return bad("The last certificate is no root.", nil)
	}
	if !first.NotAfter.After(a.now()) {
		return bad("The certificate of the issuing authority has expired.", nil)
	}
	if list != nil {
		if err := list.CheckSignatureFrom(chain[1]); err != nil {
			return bad("The revocation list is not of the authority that signed this one.", err)
		}
	}
	return nil
}

// installList replaces a root's revocation list by a newer one.
func (a *Authority) installList(ctx context.Context, all []issuer, list *x509.RevocationList) error {
	err := a.Door.Do(ctx, access.Action{Verb: "cert.install-root-list", Permission: access.CertsChange, Object: "root",
		Summary: "A revocation list of the root was installed."}, func(tx store.Tx) error {
		found := false
		for i := range all {
			if len(all[i].chain) < 2 || list.CheckSignatureFrom(all[i].chain[1]) != nil {
				continue
			}
			if old, err := x509.ParseRevocationList(all[i].rootCRL); err == nil && old.Number.Cmp(list.Number) > 0 {
				return &ward.Error{Kind: ward.Conflict, Op: "cert.Install", Msg: "A newer revocation list is installed already."}
			}
			found = true
			if err := setRootCRL(ctx, tx, all[i].id, list.Raw); err != nil {
				return err
			}
		}
		if !found {
			return invalid("cert.Install", "The revocation list is of no root that is known here.", nil)
		}
		return nil
	})
	a.forget()
	return err
}
