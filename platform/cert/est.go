package cert

import (
	"context"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/wardkeeper/wardkeeper/proto/est"
	"github.com/wardkeeper/wardkeeper/ward"
)

// EST answers RFC 7030 (with RFC 8951) below /.well-known/est/: cacerts, csrattrs, simpleenroll
// with a one-time password (HTTP Basic: the device's id and the password) or a manufacturer's
// certificate, and simplereenroll with the certificate to be renewed. It belongs behind
// ServerTLS with Optional set, and refuses to work without TLS.
func (a *Authority) EST() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+est.Prefix+est.CACerts, a.serveCACerts)
	mux.HandleFunc("GET "+est.Prefix+est.CSRAttrs, a.serveAttrs)
	mux.HandleFunc("POST "+est.Prefix+est.Enrol, a.serveEnrol)
	mux.HandleFunc("POST "+est.Prefix+est.Reenrol, a.serveRenew)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if r.TLS == nil {
			http.Error(w, "Enrolment needs TLS.", http.StatusForbidden)
			return
		}
		w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		r.Body = http.MaxBytesReader(w, r.Body, est.MaxBody)
		mux.ServeHTTP(w, r)
	})
}

// serveCACerts gives the chain of the issuing authority, and those of earlier ones, so that a
// device can check both old and new certificates (RFC 7030, section 4.1).
func (a *Authority) serveCACerts(w http.ResponseWriter, r *http.Request) {
	chain, err := a.CACerts(r.Context())
	if err != nil {
		a.complain(w, r, err)
		return
	}
	a.sendCerts(w, r, chain...)
}

// CACerts gives the certificates (DER) that devices need to check ours: issuing authorities and
// roots, the ones in use first.
func (a *Authority) CACerts(ctx context.Context) ([][]byte, error) {
	now, err := a.active(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	seen := map[string]bool{}
	for _, i := range append([]issuer{*now}, all...) {
		for _, c := range i.chain {
			if !seen[string(c.Raw)] && c.NotAfter.After(a.now()) && !revokedByRoot(&i) {
				seen[string(c.Raw)] = true
				out = append(out, c.Raw)
			}
		}
	}
	return out, nil
}

// serveAttrs says what a request should look like: a P-256 key, signed with SHA-256.
func (a *Authority) serveAttrs(w http.ResponseWriter, r *http.Request) {
	der, err := est.EncodeAttrs(
		est.Attr{ID: est.OIDECPublicKey, Values: []asn1.ObjectIdentifier{est.OIDP256}},
		est.Attr{ID: est.OIDECDSAWithSHA256})
	if err != nil {
		a.complain(w, r, err)
		return
	}
	a.send(w, est.TypeAttrs, der)
}

func (a *Authority) serveEnrol(w http.ResponseWriter, r *http.Request) {
	who, err := a.Identify(r.TLS.PeerCertificates) // what a client shows beside a password does not harm it
	byMaker := err == nil && who.Level == Manufactured && who.Scope == ScopeEnrol
	device, word, basic := r.BasicAuth()
	if !basic && !byMaker {
		askPassword(w, "Enrolment needs a one-time password: the device's id as user name.")
		return
	}
	csr, ok := readRequest(w, r)
	if !ok {
		return
	}
	var c *Certificate
	if basic {
		c, err = a.Enrol(r.Context(), device, word, csr)
	} else {
		c, err = a.EnrolKnown(r.Context(), who, csr)
	}
	a.answer(w, r, c, err)
}

func (a *Authority) serveRenew(w http.ResponseWriter, r *http.Request) {
	if len(r.TLS.PeerCertificates) == 0 {
		http.Error(w, "Renewal needs the certificate that is to be renewed, shown in the TLS handshake.", http.StatusForbidden)
		return
	}
	csr, ok := readRequest(w, r)
	if !ok {
		return
	}
	c, err := a.Renew(r.Context(), r.TLS.PeerCertificates, csr)
	a.answer(w, r, c, err)
}

// askPassword is the answer to a password that is missing or does not hold (RFC 7617).
func askPassword(w http.ResponseWriter, msg string) {
	w.Header().Set("WWW-Authenticate", `Basic realm="Wardkeeper device enrolment", charset="UTF-8"`)
	http.Error(w, msg, http.StatusUnauthorized)
}

// readRequest reads the certificate request of a body, or answers what is wrong with it. Clients
// such as curl say that they send a form when nobody tells them otherwise; the body decides.
func readRequest(w http.ResponseWriter, r *http.Request) (*x509.CertificateRequest, bool) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Header.Get("Content-Type") == "":
	case err != nil, kind != est.TypeRequest && kind != "application/x-www-form-urlencoded" && kind != "application/octet-stream":
		http.Error(w, "The body is to be "+est.TypeRequest+".", http.StatusUnsupportedMediaType)
		return nil, false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		status, msg := http.StatusBadRequest, "The body could not be read."
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status, msg = http.StatusRequestEntityTooLarge, "The request is larger than 32 kB."
		}
		http.Error(w, msg, status)
		return nil, false
	}
	der, err := est.DecodeBody(body)
	if err == nil {
		var csr *x509.CertificateRequest
		if csr, err = est.ParseRequest(der); err == nil {
			return csr, true
		}
	}
	http.Error(w, "This is not a certificate request that can be used: "+strings.TrimPrefix(err.Error(), "est: ")+".", http.StatusBadRequest)
	return nil, false
}

// answer sends the certificate or the error, as RFC 7030, section 4.2.3 says it: plain text for people.
func (a *Authority) answer(w http.ResponseWriter, r *http.Request, c *Certificate, err error) {
	switch {
	case err == nil:
		a.sendCerts(w, r, c.DER)
	case errors.Is(err, errPassword):
		a.log().WarnContext(r.Context(), "an enrolment was refused", "from", r.RemoteAddr)
		askPassword(w, ward.Message(err))
	case errors.Is(err, errTooMany):
		w.Header().Set("Retry-After", "86400")
		http.Error(w, ward.Message(err), http.StatusTooManyRequests)
	default:
		if ward.KindOf(err) == ward.Unavailable {
			w.Header().Set("Retry-After", "60")
		}
		a.complain(w, r, err)
	}
}

func (a *Authority) sendCerts(w http.ResponseWriter, r *http.Request, certs ...[]byte) {
	der, err := est.CertsOnly(certs...)
	if err != nil {
		a.complain(w, r, err)
		return
	}
	a.send(w, est.TypeCertsAll, der)
}

// send writes a body in base64. RFC 8951 lets receivers ignore the encoding's header; clients from
// before it look for it.
func (a *Authority) send(w http.ResponseWriter, kind string, der []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Transfer-Encoding", "base64")
	w.Write(est.EncodeBody(der)) //nolint:errcheck // the client is gone
}
