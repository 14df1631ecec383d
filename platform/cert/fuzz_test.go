package cert_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/wardkeeper/wardkeeper/proto/est"
)

const hour = time.Hour

func (h *house) csr(t testing.TB) *x509.CertificateRequest {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := est.ParseRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever a client sends to a door that is open to the network, it gets an answer and no
// certificate.
func FuzzServers(f *testing.F) {
	h := one(f)
	f.Add([]byte("MIIBAAAA"), "Basic cHVtcDpwdW1w", "application/pkcs10", []byte{})
	f.Add(est.EncodeBody(h.csr(f).Raw), "", "", h.root.Cert.Raw)
	q, err := ocsp.CreateRequest(h.root.Cert, h.root.Cert, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(q, "Basic", "text/html; x", q)
	f.Fuzz(func(t *testing.T, body []byte, authorization, kind string, shown []byte) {
		state := &tls.ConnectionState{}
		if c, err := x509.ParseCertificate(shown); err == nil {
			state.PeerCertificates = []*x509.Certificate{c}
			if who, err := h.Identify(state.PeerCertificates); err == nil {
				t.Fatalf("%+v", who)
			}
		}
		for _, op := range []string{est.Enrol, est.Reenrol} {
			r := httptest.NewRequest(http.MethodPost, est.Prefix+op, bytes.NewReader(body))
			r.TLS = state
			r.Header.Set("Authorization", authorization)
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			h.EST().ServeHTTP(w, r)
			if w.Code < 400 || w.Code >= 500 {
				t.Fatalf("%s: %d %s", op, w.Code, w.Body)
			}
		}
		if answer, err := h.OCSP(t.Context(), body); err != nil || len(answer) == 0 {
			t.Fatal(err)
		}
	})
}
