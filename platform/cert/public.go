package cert

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"

	"github.com/wardkeeper/wardkeeper/ward"
)

// PublicPrefix is where Public answers.
const PublicPrefix = "/pki/"

func crlAddress(base string, by *x509.Certificate) string {
	return strings.TrimSuffix(base, "/") + PublicPrefix + keyID(by) + ".crl"
}

func caAddress(base string, by *x509.Certificate) string {
	return strings.TrimSuffix(base, "/") + PublicPrefix + keyID(by) + ".cer"
}

func ocspAddress(base string) string { return strings.TrimSuffix(base, "/") + PublicPrefix + "ocsp" }

// maxOCSP bounds a question about a certificate, in bytes.
const maxOCSP = 8 << 10

// Public publishes, over plain HTTP, what everybody may know and what carries its own signature:
// revocation lists (PREFIX/KEYID.crl), the authorities' certificates (PREFIX/KEYID.cer, DER) and
// OCSP (RFC 6960; POST, and GET as in its appendix A.1). Nobody signs in for it: it must answer
// those who cannot trust a TLS certificate yet.
//
// It is not for http.ServeMux, which rewrites the double slashes that base64 may hold in a GET.
func (a *Authority) Public() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		path, ok := strings.CutPrefix(r.URL.EscapedPath(), PublicPrefix)
		if !ok {
			http.NotFound(w, r)
			return
		}
		if rest, ok := strings.CutPrefix(path, "ocsp"); ok && (rest == "" || rest[0] == '/') {
			a.serveOCSP(w, r, strings.TrimPrefix(rest, "/"))
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET is answered here.", http.StatusMethodNotAllowed)
			return
		}
		a.serveFile(w, r, path)
	})
}

func (a *Authority) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	var body []byte
	var err error
	kind := "application/pkix-cert"
	if ski, ok := strings.CutSuffix(path, ".crl"); ok {
		kind = "application/pkix-crl"
		body, err = a.CRL(r.Context(), ski)
	} else if ski, ok := strings.CutSuffix(path, ".cer"); ok {
		body, err = a.authority(r.Context(), ski)
	} else {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		a.complain(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Write(body) //nolint:errcheck // the client is gone
}

// authority gives the certificate (DER) of the authority with that subject key identifier.
func (a *Authority) authority(ctx context.Context, ski string) ([]byte, error) {
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	for i := range all {
		for _, c := range all[i].chain {
			if keyID(c) == ski {
				return c.Raw, nil
			}
		}
	}
	return nil, &ward.Error{Kind: ward.NotFound, Op: "cert.authority", Msg: "There is no such authority."}
}

// complain answers with an error as plain text.
func (a *Authority) complain(w http.ResponseWriter, r *http.Request, err error) {
	kind := ward.KindOf(err)
	if kind == ward.Internal || kind == ward.Unavailable {
		a.log().ErrorContext(r.Context(), "certificates: a request failed", "path", r.URL.Path, "err", err)
	}
	http.Error(w, ward.Message(err), kind.HTTPStatus())
}

func (a *Authority) serveOCSP(w http.ResponseWriter, r *http.Request, inPath string) {
	var question []byte
	var err error
	switch {
	case r.Method == http.MethodPost && inPath == "":
		question, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxOCSP))
	case r.Method == http.MethodGet && inPath != "" && len(inPath) < 2*maxOCSP:
		var text string
		if text, err = url.PathUnescape(inPath); err == nil {
			question, err = base64.StdEncoding.DecodeString(text)
		}
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "Ask with POST, or with GET and the question in the path.", http.StatusMethodNotAllowed)
		return
	}
	answer := ocsp.MalformedRequestErrorResponse
	if err == nil {
		if answer, err = a.OCSP(r.Context(), question); err != nil {
			a.log().ErrorContext(r.Context(), "certificates: an OCSP question was not answered", "err", err)
			answer = ocsp.TryLaterErrorResponse
		}
	}
	w.Header().Set("Content-Type", "application/ocsp-response")
	w.Write(answer) //nolint:errcheck // the client is gone
}

// OCSP answers a question (DER) about the first certificate it names. What is wrong with the
// question is said in the answer; the error is ours.
func (a *Authority) OCSP(ctx context.Context, question []byte) ([]byte, error) {
	q, err := ocsp.ParseRequest(question)
	if err != nil || !q.HashAlgorithm.Available() {
		return ocsp.MalformedRequestErrorResponse, nil //nolint:nilerr // said in the answer
	}
	all, err := issuers(ctx, a.Store)
	if err != nil {
		return nil, err
	}
	for n := range all {
		i := &all[n]
		if len(i.chain) == 0 || !asksAbout(q, i.cert()) {
			continue
		}
		return a.statement(ctx, i, q.SerialNumber, q.HashAlgorithm)
	}
	return ocsp.UnauthorizedErrorResponse, nil
}

// statement signs how a certificate of an authority stands now.
func (a *Authority) statement(ctx context.Context, i *issuer, serial *big.Int, h crypto.Hash) ([]byte, error) {
	known, revoked, why, err := a.status(ctx, i, serial)
	if err != nil {
		return nil, err
	}
	now := a.now()
	t := ocsp.Response{Status: ocsp.Good, SerialNumber: serial, IssuerHash: h, ThisUpdate: now.Add(-5 * time.Minute), NextUpdate: now.Add(OCSPLife)}
	switch {
	case !known:
		t.Status = ocsp.Unknown
	case !revoked.IsZero():
		t.Status, t.RevokedAt, t.RevocationReason = ocsp.Revoked, revoked, int(why)
	}
	key, err := a.signer(ctx, i)
	if err != nil {
		return nil, err
	}
	return ocsp.CreateResponse(i.cert(), i.cert(), t, key)
}

// asksAbout reports whether a question is about certificates of an authority.
func asksAbout(q *ocsp.Request, by *x509.Certificate) bool {
	key, err := publicKeyBits(by.RawSubjectPublicKeyInfo)
	return err == nil && string(sum(q.HashAlgorithm, by.RawSubject)) == string(q.IssuerNameHash) &&
		string(sum(q.HashAlgorithm, key)) == string(q.IssuerKeyHash)
}

func sum(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b) //nolint:errcheck // a hash takes everything
	return w.Sum(nil)
}

// publicKeyBits is the key itself within its wrapping, over which OCSP hashes.
func publicKeyBits(spki []byte) ([]byte, error) {
	in := cryptobyte.String(spki)
	var body, algorithm cryptobyte.String
	var bits []byte
	if !in.ReadASN1(&body, casn1.SEQUENCE) || !body.ReadASN1(&algorithm, casn1.SEQUENCE) || !body.ReadASN1BitStringAsBytes(&bits) {
		return nil, errors.New("a public key that cannot be read")
	}
	return bits, nil
}
