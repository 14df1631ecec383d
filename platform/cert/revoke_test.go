package cert_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

// public is a house whose certificates say where their revocation lists are.
func public(t *testing.T, s *store.Store) *house {
	t.Helper()
	h := empty(t, s)
	h.URL = "http://" + serve(t, &http.Server{Handler: h.Public()}) //nolint:gosec // loopback
	var err error
	if h.root, err = cert.NewRoot("Example Hospital Device Root", h.Now()); err != nil {
		t.Fatal(err)
	}
	h.install(t)
	write(t, h.file("root.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.root.Cert.Raw}))
	return h
}

func TestRevocationAsOpenSSLSeesIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := public(t, s)
		url := h.est(t)
		c := h.enrol(t, url, pump)
		h.enrol(t, url, "other")
		issuing := parse(t, read(t, h.file("issuing.pem")))
		if len(c.CRLDistributionPoints) != 1 || len(c.OCSPServer) != 1 || len(issuing.CRLDistributionPoints) != 1 {
			t.Fatal(c.CRLDistributionPoints, c.OCSPServer, issuing.CRLDistributionPoints)
		}
		fetch := func(address, name string) {
			t.Helper()
			h.run(t, "curl", "-sSf", address, "-o", name+".der")
			h.run(t, "openssl", "crl", "-inform", "DER", "-in", name+".der", "-out", name+".pem")
		}
		check := func(name string) (string, error) {
			fetch(c.CRLDistributionPoints[0], "crl")
			fetch(issuing.CRLDistributionPoints[0], "rootcrl")
			return h.try(t, "openssl", "verify", "-crl_check_all", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "crl.pem", "-CRLfile", "rootcrl.pem", name+".pem")
		}
		ask := func(digest string) string {
			out, _ := h.try(t, "openssl", "ocsp", "-issuer", "issuing.pem", digest, "-cert", pump+".pem", "-url", c.OCSPServer[0],
				"-CAfile", "root.pem", "-verify_other", "issuing.pem", "-no_nonce")
			return out
		}
		if out, err := check(pump); err != nil {
			t.Fatal(out)
		}
		if out := ask("-sha1"); !strings.Contains(out, "Response verify OK") || !strings.Contains(out, ": good") {
			t.Fatal(out)
		}
		if out := ask("-sha256"); !strings.Contains(out, ": good") {
			t.Fatal(out)
		}
		if err := h.Revoke(h.ctx, c.SerialNumber.Text(16), cert.KeyCompromise); err != nil {
			t.Fatal(err)
		}
		if out, err := check(pump); err == nil || !strings.Contains(out, "certificate revoked") {
			t.Fatal(out)
		}
		if out, err := check("other"); err != nil {
			t.Fatal(out)
		}
		if out := ask("-sha1"); !strings.Contains(out, ": revoked") || !strings.Contains(out, "keyCompromise") || !strings.Contains(out, "Response verify OK") {
			t.Fatal(out)
		}
		if err := h.Revoke(h.ctx, c.SerialNumber.Text(16), cert.KeyCompromise); ward.KindOf(err) != ward.Conflict {
			t.Error("revoking twice gave", err)
		}
		if err := h.Revoke(h.ctx, "00FF", cert.Unspecified); ward.KindOf(err) != ward.NotFound {
			t.Error("revoking what was never issued gave", err)
		}

		// Our own listener brings the statement along; curl checks it, names and times included.
		if status, body := h.curl(t, "--cert-status", url+"cacerts"); status != "200" {
			t.Error(status, body)
		}
		// A serial number that was never issued is unknown, not good.
		out, _ := h.try(t, "openssl", "ocsp", "-issuer", "issuing.pem", "-serial", "0x1234", "-url", c.OCSPServer[0], "-CAfile", "root.pem", "-verify_other", "issuing.pem", "-no_nonce")
		if !strings.Contains(out, "0x1234: unknown") {
			t.Error(out)
		}
		// The same question by GET, as RFC 6960, appendix A.1 has it.
		h.run(t, "openssl", "ocsp", "-issuer", "issuing.pem", "-cert", "other.pem", "-reqout", "q.der", "-no_nonce")
		q := base64.StdEncoding.EncodeToString(read(t, h.file("q.der")))
		h.run(t, "curl", "-sSf", "-o", "a.der", c.OCSPServer[0]+"/"+strings.NewReplacer("+", "%2B", "=", "%3D").Replace(q))
		if out := h.run(t, "openssl", "ocsp", "-respin", "a.der", "-issuer", "issuing.pem", "-cert", "other.pem", "-CAfile", "root.pem", "-verify_other", "issuing.pem"); !strings.Contains(out, ": good") {
			t.Error(out)
		}
		if n := h.list(t, "crl.der", "-crlnumber"); n == "" {
			t.Error("the list has no number")
		}
	}, stages()...)
}

func (h *house) list(t *testing.T, file, what string) string {
	t.Helper()
	return strings.TrimSpace(h.run(t, "openssl", "crl", "-inform", "DER", "-in", file, "-noout", what))
}

func TestListsAreRenewedAndNumbersGrow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ski := strings.ToLower(hexOf(parse(t, read(t, h.file("issuing.pem"))).SubjectKeyId))
		get := func() []byte {
			t.Helper()
			der, err := h.CRL(t.Context(), ski)
			if err != nil {
				t.Fatal(err)
			}
			return der
		}
		first := get()
		if !bytes.Equal(first, get()) {
			t.Fatal("a fresh list was made again")
		}
		h.move(cert.CRLFresh + time.Minute)
		if err := h.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		second := get()
		write(t, h.file("a.der"), first)
		write(t, h.file("b.der"), second)
		if a, b := h.list(t, "a.der", "-crlnumber"), h.list(t, "b.der", "-crlnumber"); a == b {
			t.Fatal(a, b)
		}
		if bytes.Equal(first, second) || !strings.Contains(h.verbs(t), "system:certificates cert.publish-list") {
			t.Fatal("the list was not renewed through the door")
		}
		h.move(cert.CRLFresh + time.Minute)
		h.Sealer = nil // the key cannot be opened any more, but it is open
		get()
		if _, err := h.CRL(t.Context(), "00"); ward.KindOf(err) != ward.NotFound {
			t.Fatal(err)
		}
	})
}

func TestPublicRefusesWhatIsNotThere(t *testing.T) {
	h := one(t)
	base := "http://" + serve(t, &http.Server{Handler: h.Public()}) //nolint:gosec // loopback
	for path, want := range map[string]string{
		"/": "404", "/pki/": "404", "/pki/x": "404", "/pki/00.crl": "404", "/pki/..%2fx.cer": "404", "/pki/ocspx": "404", "/pki/ocsp": "405", "/pki/ocsp/%ff": "200",
	} {
		if got := h.run(t, "curl", "-sS", "-o", "body", "-w", "%{http_code}", base+path); got != want {
			t.Errorf("%s gave %s", path, got)
		}
	}
	if got := h.run(t, "curl", "-sS", "-o", "body", "-w", "%{http_code}", "--data-binary", "nonsense", base+"/pki/ocsp"); got != "200" {
		t.Error(got)
	}
	if out, _ := h.try(t, "openssl", "ocsp", "-respin", "body", "-noverify", "-text"); !strings.Contains(out, "malformedrequest") {
		t.Error(out)
	}
	// A question about another authority's certificate.
	h.run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "x.key", "-out", "x.pem", "-subj", "/CN=x")
	if out, _ := h.try(t, "openssl", "ocsp", "-issuer", "x.pem", "-serial", "1", "-url", base+"/pki/ocsp", "-noverify"); !strings.Contains(out, "unauthorized") {
		t.Error(out)
	}
}
