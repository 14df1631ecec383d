package cert

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
)

// ServerOptions say how a device-facing listener is reached and whom it lets in.
type ServerOptions struct {
	// Names are the DNS names and addresses under which devices reach the listener. Its certificate
	// is issued here for them, kept in memory only, and renewed without a restart.
	Names []string
	// Certificate takes the place of that: the hospital's own.
	Certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	// Optional lets clients in that prove nothing; the handler asks Identify and decides. Without
	// it, the handshake fails for all but devices that are proven, those in grace included.
	Optional bool
}

// aead are the cipher suites of TLS 1.2 that authenticate what they encrypt. TLS 1.3 has no others.
var aead = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// ServerTLS is the TLS configuration of every device-facing listener: TLS 1.2 with AEAD and 1.3,
// hybrid post-quantum key exchange where the client has it (the library's own choice of groups),
// and a client certificate that is judged by Identify. The library's own check of client
// certificates stays off, since it would refuse those that expired.
func (a *Authority) ServerTLS(o ServerOptions) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: aead, ClientAuth: tls.RequestClientCert, GetCertificate: o.Certificate,
		SessionTicketsDisabled: true} // a ticket would carry a client's certificate along for a week
	if c.GetCertificate == nil {
		c.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.server.get(hello.Context(), a, o.Names)
		}
	}
	if !o.Optional {
		c.ClientAuth = tls.RequireAnyClientCert
		c.VerifyConnection = func(s tls.ConnectionState) error {
			_, err := a.Identify(s.PeerCertificates)
			return err
		}
	}
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		t, err := a.trusted()
		if err != nil {
			return nil, err
		}
		own := c.Clone()
		own.ClientCAs = t.hints // tells the client which of its certificates to show
		return own, nil
	}
	return c
}

// serverCertificate is the certificate of our own listeners. Its key never leaves memory.
type serverCertificate struct {
	mu    sync.Mutex
	held  map[string]*tls.Certificate // by names
	tried time.Time

	stapled map[string]time.Time // when the statement that goes with each was made
}

// get gives the certificate for names, a new one from half of its life on. When no new one can be
// made, the old one stays in use to its end and beyond: devices that look at it complain, and the
// others go on.
func (s *serverCertificate) get(ctx context.Context, a *Authority, names []string) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := ""
	for _, n := range names {
		key += n + "\x00"
	}
	now := a.now()
	old := s.held[key]
	if old != nil {
		half := old.Leaf.NotBefore.Add(old.Leaf.NotAfter.Sub(old.Leaf.NotBefore) / 2)
		inTime := now.After(old.Leaf.NotBefore) && now.Before(half) // before it: our clock was put right
		if inTime || now.Sub(s.tried).Abs() < time.Minute {
			return s.staple(ctx, a, key), nil
		}
	}
	s.tried = now
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // others wait for it
	defer cancel()
	made, err := a.issueServer(bounded, names)
	if err != nil {
		if old != nil {
			a.log().ErrorContext(ctx, "the certificate of the device listeners could not be renewed", "err", err)
			return old, nil
		}
		return nil, err
	}
	if s.held == nil {
		s.held = map[string]*tls.Certificate{}
	}
	s.held[key] = made
	delete(s.stapled, key)
	return s.staple(ctx, a, key), nil
}

// staple puts a fresh OCSP statement beside the certificate, so that devices need not fetch one.
func (s *serverCertificate) staple(ctx context.Context, a *Authority, key string) *tls.Certificate {
	c, now := s.held[key], a.now()
	if a.URL == "" || now.Sub(s.stapled[key]).Abs() < OCSPLife/4 {
		return c
	}
	if s.stapled == nil {
		s.stapled = map[string]time.Time{}
	}
	s.stapled[key] = now // also when it fails: the certificate serves without it
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	answer, err := a.aboutOwn(ctx, c.Leaf)
	if err != nil {
		a.log().WarnContext(ctx, "the OCSP statement of the device listeners could not be renewed", "err", err)
	}
	with := *c // handshakes may hold the old one
	with.OCSPStaple = answer
	s.held[key] = &with
	return &with
}

// aboutOwn is the OCSP statement about a certificate that was issued here.
func (a *Authority) aboutOwn(ctx context.Context, leaf *x509.Certificate) ([]byte, error) {
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	for n := range all {
		if i := &all[n]; len(i.chain) > 0 && bytes.Equal(i.cert().SubjectKeyId, leaf.AuthorityKeyId) {
			return a.statement(ctx, i, leaf.SerialNumber, crypto.SHA1) // names the issuer only; what clients compare with
		}
	}
	return nil, errors.New("its authority is gone")
}

// issueServer makes a certificate for names, with a new key.
func (a *Authority) issueServer(ctx context.Context, names []string) (*tls.Certificate, error) {
	if len(names) == 0 {
		return nil, invalid("cert.issueServer", "Say under which names devices reach this listener.", nil)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	var made *tls.Certificate
	err = a.Door.Do(system(ctx), access.Action{Verb: "cert.issue-server", Object: "server", Summary: "A certificate for Wardkeeper's own device listeners was issued."},
		func(tx store.Tx) error {
			c, by, err := a.issue(ctx, tx, order{how: byServer, key: key.Public(), names: names})
			if err != nil {
				return err
			}
			leaf, err := x509.ParseCertificate(c.DER)
			if err != nil {
				return err
			}
			made = &tls.Certificate{PrivateKey: key, Leaf: leaf, Certificate: [][]byte{leaf.Raw}}
			for _, c := range by.chain[:len(by.chain)-1] {
				made.Certificate = append(made.Certificate, c.Raw)
			}
			return nil
		})
	return made, err
}
