package cert_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
	"github.com/wardkeeper/wardkeeper/ward"
)

const phrase = "staple horse battery"

func TestRootInItsFile(t *testing.T) {
	h := one(t)
	sealed, err := cert.SealCheaply(h.root, phrase)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("PRIVATE")) || !bytes.HasPrefix(sealed, []byte("-----BEGIN AGE ENCRYPTED FILE-----")) {
		t.Fatalf("%.200s", sealed)
	}
	back, err := cert.OpenRoot(bytes.NewReader(sealed), phrase)
	if err != nil || !back.Cert.Equal(h.root.Cert) {
		t.Fatal(err)
	}
	csr, err := h.RequestIssuing(h.ctx, "Second")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := back.SignIssuing(csr, "", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	write(t, h.file("second.pem"), bundle)
	if out := h.run(t, "openssl", "verify", "-CAfile", "root.pem", "second.pem"); !strings.Contains(out, "OK") {
		t.Fatal(out)
	}
	for name, text := range map[string][]byte{"cut": sealed[:len(sealed)/2], "changed": bytes.Replace(sealed, sealed[300:310], []byte("AAAAAAAAAA"), 1), "nothing": nil, "other": bundle} {
		if _, err := cert.OpenRoot(bytes.NewReader(text), phrase); ward.KindOf(err) != ward.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, wrong := range []string{"", phrase + "x"} {
		if _, err := cert.OpenRoot(bytes.NewReader(sealed), wrong); ward.KindOf(err) != ward.Invalid || strings.Contains(err.Error(), "staple") {
			t.Error(err)
		}
	}
	if _, err := cert.SealCheaply(h.root, "short"); ward.KindOf(err) != ward.Invalid {
		t.Error(err)
	}
	if _, err := back.SignIssuing([]byte("nonsense"), "", h.Now()); ward.KindOf(err) != ward.Invalid {
		t.Error(err)
	}
}

func TestWhatCannotBeInstalled(t *testing.T) {
	h := one(t)
	csr, err := h.RequestIssuing(h.ctx, "Next")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := h.root.SignIssuing(csr, "", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := cert.NewRoot("Stranger", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	strange, err := stranger.CRL(nil, h.Now())
	if err != nil {
		t.Fatal(err)
	}
	first, rest := pem.Decode(bundle)
	leafOnly := pem.EncodeToMemory(first)
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: stranger.Cert.Raw})
	list := pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: strange})
	other := one(t)
	for name, text := range map[string][]byte{
		"nothing": nil, "text": []byte("nonsense"), "no root": leafOnly, "another root": append(leafOnly, root...), "only a root": root,
		"root first": append(rest, leafOnly...), "another root's list": list, "with another's list": append(bytes.Clone(bundle[:len(bundle)-len(lastBlock(bundle))]), list...),
		"another store's": read(t, other.file("issuing.pem")),
	} {
		if _, err := h.Install(h.ctx, text); err == nil {
			t.Errorf("%s was installed", name)
		}
	}
	if _, err := h.Install(h.ctx, bundle); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Install(h.ctx, bundle); err == nil {
		t.Fatal("installed twice")
	}
}

func lastBlock(text []byte) []byte { return text[bytes.LastIndex(text, []byte("-----BEGIN")):] }

// A new issuing authority takes over; what the old one issued is believed still, and renews itself
// into the new one. Then the root says that the old one is not to be trusted.
func TestOneAuthorityFollowsAnother(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		c := h.enrol(t, url, pump)
		old := parse(t, read(t, h.file("issuing.pem")))
		h.install(t)
		next := parse(t, read(t, h.file("issuing.pem")))
		if who, err := h.Identify([]*x509.Certificate{c}); err != nil || who.Grace || who.Device != pump {
			t.Fatal(who, err)
		}
		h.request(t, "next", "/O=main/CN="+pump)
		if s, body := h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@next.csr", url+"simplereenroll"); s != "200" {
			t.Fatal(s, body)
		}
		renewed := h.unpack(t, "renewed")
		if renewed.CheckSignatureFrom(next) != nil {
			t.Fatal("the old authority still issues")
		}
		if all, err := h.CACerts(t.Context()); err != nil || len(all) != 3 || !bytes.Equal(all[0], next.Raw) {
			t.Fatal(len(all), err)
		}
		list, err := h.root.CRL([]*x509.Certificate{old}, h.Now().Add(hour))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Install(h.ctx, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list})); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Identify([]*x509.Certificate{c}); !errors.Is(err, cert.ErrUnknown) {
			t.Fatal("a device of an authority that its root revoked is believed:", err)
		}
		if who, err := h.Identify([]*x509.Certificate{renewed}); err != nil || who.Device != pump {
			t.Fatal(who, err)
		}
		if all, err := h.CACerts(t.Context()); err != nil || len(all) != 2 {
			t.Fatal(len(all), err)
		}
		older, err := h.root.CRL(nil, h.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Install(h.ctx, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: older})); ward.KindOf(err) != ward.Conflict {
			t.Fatal("an older list replaced a newer one:", err)
		}
	})
}

func TestNobodyButThoseWhoMay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.enrol(t, h.est(t), pump)
		before := h.verbs(t)
		for name, ctx := range map[string]context.Context{
			"nobody": t.Context(), "a nurse": access.With(t.Context(), access.Person{ID: "n", Roles: []access.Role{access.Nurse}}),
			"an auditor": access.With(t.Context(), access.Person{ID: "a", Roles: []access.Role{access.Auditor}}),
		} {
			_, _, password := h.MakePassword(ctx, pump, 0)
			_, request := h.RequestIssuing(ctx, "x")
			_, _, anchors := h.ImportAnchors(ctx, "x", cert.ScopeIdentity, h.root.Cert.Raw)
			for verb, err := range map[string]error{"makes a password": password, "makes an authority": request, "imports anchors": anchors,
				"revokes": h.Revoke(ctx, c.SerialNumber.Text(16), cert.Unspecified), "removes an anchor": h.RemoveAnchor(ctx, "x")} {
				if ward.KindOf(err) != ward.Forbidden {
					t.Errorf("%s %s: %v", name, verb, err)
				}
			}
		}
		if after := h.verbs(t); after != before {
			t.Errorf("what was refused left a trace of a change:\n%s", after)
		}
	})
}

// When no certificate can be issued, the one-time password is still good.
func TestAPasswordIsUsedWithItsCertificateOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := empty(t, s)
		word := h.password(t, pump)
		root, err := cert.NewRoot("Root", h.Now())
		if err != nil {
			t.Fatal(err)
		}
		h.root = root
		csr := h.csr(t)
		if _, err := h.Enrol(t.Context(), pump, word, csr); ward.KindOf(err) != ward.Unavailable {
			t.Fatal(err)
		}
		h.install(t)
		done := make(chan error, 4)
		for range 4 { // at once: one of them gets it
			go func() {
				_, err := h.Enrol(t.Context(), pump, word, csr)
				done <- err
			}()
		}
		won := 0
		for range 4 {
			if err := <-done; err == nil {
				won++
			} else if ward.KindOf(err) != ward.Forbidden {
				t.Error(err)
			}
		}
		if list, err := h.List(t.Context(), pump, 10); won != 1 || err != nil || len(list) != 1 {
			t.Fatal(won, len(list), err)
		}
	}, stages()...)
}

func TestWordsAndKeysAreNotInTheStore(t *testing.T) {
	h := one(t)
	word := h.password(t, pump)
	var n int
	if err := h.Store.QueryRow(t.Context(), `SELECT COUNT(*) FROM cert_passwords WHERE hash LIKE ? OR hash LIKE ?`, "%"+word+"%", "%"+strings.ReplaceAll(word, "-", "")+"%").Scan(&n); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	var key []byte
	if err := h.Store.QueryRow(t.Context(), `SELECT key FROM cert_authorities`).Scan(&key); err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParsePKCS8PrivateKey(key); err == nil || len(key) == 0 {
		t.Fatal("the issuing key stands in the store in clear")
	}
	fresh := &cert.Authority{Store: h.Store, Door: h.Door, Sealer: newFileKey(t), Site: "main", Now: h.Now}
	if _, err := fresh.Enrol(t.Context(), pump, word, h.csr(t)); ward.KindOf(err) != ward.Unavailable {
		t.Fatal("another key file opened it:", err)
	}
	for _, bad := range []string{"", "a b", "a:b", "a/b", "a.b", "ä", strings.Repeat("a", 65)} {
		if _, _, err := h.MakePassword(h.ctx, bad, 0); ward.KindOf(err) != ward.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	h.Known = func(context.Context, string) error { return &ward.Error{Kind: ward.NotFound, Msg: "no"} }
	if _, _, err := h.MakePassword(h.ctx, pump, 0); ward.KindOf(err) != ward.NotFound {
		t.Error(err)
	}
}
