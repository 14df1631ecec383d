package cert_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"log"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/ward"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

const day = 24 * time.Hour

func TestWhoIsThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		c := h.enrol(t, url, pump)
		issuing := parse(t, read(t, h.file("issuing.pem")))
		for _, chain := range [][]*x509.Certificate{{c}, {c, issuing}, {c, issuing, h.root.Cert}} {
			who, err := h.Identify(chain)
			if err != nil || who.Device != pump || who.Level != cert.Issued || who.Grace || who.Rung() != cert.Issued {
				t.Fatalf("%d certificates: %+v, %v", len(chain), who, err)
			}
		}
		for name, chain := range map[string][]*x509.Certificate{"nothing": nil, "our authority": {issuing}, "our root": {h.root.Cert}} {
			if who, err := h.Identify(chain); !errors.Is(err, cert.ErrUnknown) {
				t.Errorf("%s is %+v, %v", name, who, err)
			}
		}
		stranger := one(t)
		if who, err := h.Identify([]*x509.Certificate{stranger.enrol(t, stranger.est(t), pump)}); !errors.Is(err, cert.ErrUnknown) {
			t.Errorf("another hospital's device is %+v, %v", who, err)
		}

		h.move(91 * day)
		who, err := h.Identify([]*x509.Certificate{c})
		if err != nil || who.Device != pump || !who.Grace || !who.Expired || who.Early || who.Rung() >= cert.Issued {
			t.Fatalf("an expired certificate: %+v, %v", who, err)
		}
		h.move(6 * 365 * day) // by now the issuing authority has expired too
		if who, err := h.Identify([]*x509.Certificate{c}); err != nil || !who.Grace || who.Device != pump {
			t.Fatalf("years later: %+v, %v", who, err)
		}
		h.shift.Store(int64(-30 * 365 * day)) // our own clock went back to its beginning
		if who, err := h.Identify([]*x509.Certificate{c}); err != nil || !who.Grace || !who.Early || who.Device != pump {
			t.Fatalf("with a clock that is wrong: %+v, %v", who, err)
		}
		h.shift.Store(0)
		if who, err := h.Identify([]*x509.Certificate{c}); err != nil || who.Grace {
			t.Fatalf("%+v, %v", who, err)
		}

		if err := h.Revoke(h.ctx, c.SerialNumber.Text(16), cert.Ceased); err != nil {
			t.Fatal(err)
		}
		if who, err := h.Identify([]*x509.Certificate{c}); !errors.Is(err, cert.ErrRevoked) {
			t.Fatalf("revoked: %+v, %v", who, err)
		}
		h.move(91 * day)
		if who, err := h.Identify([]*x509.Certificate{c}); !errors.Is(err, cert.ErrRevoked) {
			t.Fatalf("revoked and expired: %+v, %v", who, err)
		}
	})
}

func TestGraceEndsInARenewal(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		h.enrol(t, url, pump)
		h.request(t, "next", "/O=main/CN="+pump)
		renew := func() string {
			// The clock of curl has not moved, so our new server certificate seems to be from the future.
			status, _ := h.curl(t, "-k", "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@next.csr", url+"simplereenroll")
			return status
		}
		h.move(100 * day)
		found, err := h.Findings(t.Context())
		if err != nil || len(found) != 1 || found[0].Kind != ward.ExpiredCertificate || found[0].Devices[0] != pump {
			t.Fatal(found, err)
		}
		if s := renew(); s != "200" {
			t.Fatal("a device in grace could not renew:", s)
		}
		if found, err := h.Findings(t.Context()); err != nil || len(found) != 0 {
			t.Fatal(found, err)
		}
		h.move(cert.RenewGrace)
		if s := renew(); s != "403" {
			t.Fatal("the old certificate renewed itself once more:", s)
		}
		h.move(40 * day) // 70 days into the new one
		if found, err := h.Findings(t.Context()); err != nil || len(found) != 1 || found[0].Kind != cert.RenewalOverdue {
			t.Fatal(found, err)
		}
		list, err := h.List(t.Context(), pump, 10)
		if err != nil || len(list) != 2 {
			t.Fatal(len(list), err)
		}
		if half := list[0].RenewFrom().Sub(list[0].NotBefore); half < 45*day || half > 45*day+time.Hour {
			t.Error("renewal begins after", half)
		}
		for i := range list {
			if err := h.Revoke(h.ctx, list[i].Serial, cert.Ceased); err != nil {
				t.Fatal(err)
			}
		}
		if found, err := h.Findings(t.Context()); err != nil || len(found) != 0 {
			t.Fatal("a device out of service is still complained about:", found, err)
		}
	})
}

// bedside is a listener as devices see it: it says who called.
func (h *house) bedside(t *testing.T) string {
	t.Helper()
	addr := serve(t, &http.Server{ErrorLog: log.New(&h.log, "", 0), TLSConfig: h.ServerTLS(cert.ServerOptions{Names: []string{"localhost"}}), //nolint:gosec // loopback
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who, err := h.Identify(r.TLS.PeerCertificates)
			if err != nil {
				http.Error(w, err.Error(), http.StatusForbidden)
				return
			}
			io.WriteString(w, who.Device+" "+who.Rung().String())
		})})
	return "localhost:" + addr[strings.LastIndexByte(addr, ':')+1:]
}

func TestDeviceListeners(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := h.enrol(t, h.est(t), pump)
		addr := h.bedside(t)
		ask := func(more ...string) (string, error) {
			return h.try(t, "curl", append([]string{"-sS", "--cacert", "root.pem", "https://" + addr + "/"}, more...)...)
		}
		mine := []string{"--cert", pump + ".pem", "--key", pump + ".key"}
		if out, err := ask(mine...); err != nil || out != pump+" L3" {
			t.Fatal(out, err)
		}
		if out, err := ask(); err == nil {
			t.Fatal("without a certificate:", out)
		}
		h.run(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "self.key", "-out", "self.pem", "-subj", "/CN="+pump)
		if out, err := ask("--cert", "self.pem", "--key", "self.key"); err == nil {
			t.Fatal("with a certificate of its own making:", out)
		}
		h.move(100 * day)
		if out, err := ask(append(mine, "-k")...); err != nil || out != pump+" L2" {
			t.Fatal("an expired certificate was turned away or believed:", out, err)
		}
		h.shift.Store(0)
		if err := h.Revoke(h.ctx, c.SerialNumber.Text(16), cert.KeyCompromise); err != nil {
			t.Fatal(err)
		}
		if out, err := ask(mine...); err == nil || !strings.Contains(h.log.String(), "The certificate was revoked") {
			t.Fatal("with a revoked certificate:", out, h.log.String())
		}
	})
}

func TestTLSIsModern(t *testing.T) {
	h := one(t)
	h.enrol(t, h.est(t), pump)
	addr := h.bedside(t)
	client := func(more ...string) (string, error) {
		return h.try(t, "sh", append([]string{"-c", `openssl s_client "$@" </dev/null 2>&1`, "sh", "-connect", addr, "-servername", "localhost",
			"-CAfile", "root.pem", "-verify_return_error", "-cert", pump + ".pem", "-key", pump + ".key"}, more...)...)
	}
	for _, good := range [][]string{{"-tls1_3"}, {"-tls1_2"}, {"-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"}} {
		if out, err := client(good...); err != nil || !strings.Contains(out, "Verify return code: 0 (ok)") {
			t.Errorf("%v: %s", good, out)
		}
	}
	for _, bad := range [][]string{{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}, {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"}, {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"}} {
		if out, err := client(bad...); err == nil {
			t.Errorf("%v was taken:\n%s", bad, out)
		}
	}
	pair, err := tls.LoadX509KeyPair(h.file(pump+".pem"), h.file(pump+".key"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(h.root.Cert)
	conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: roots, ServerName: "localhost", Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if s := conn.ConnectionState(); s.CurveID != tls.X25519MLKEM768 || s.Version != tls.VersionTLS13 {
		t.Errorf("version %x with group %v", s.Version, s.CurveID)
	}
}

// No session is resumed, so that each connection is judged by the certificate as it stands then.
func TestSessionsAreNotResumed(t *testing.T) {
	h := one(t)
	h.enrol(t, h.est(t), pump)
	addr := h.bedside(t)
	pair, err := tls.LoadX509KeyPair(h.file(pump+".pem"), h.file(pump+".key"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(h.root.Cert)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := &tls.Config{RootCAs: roots, ServerName: "localhost", Certificates: []tls.Certificate{pair}, MaxVersion: version, //nolint:gosec // what devices speak
			ClientSessionCache: tls.NewLRUClientSessionCache(4)}
		for range 2 {
			conn, err := tls.Dial("tcp", addr, config)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n") //nolint:errcheck // the answer tells
			answer, err := io.ReadAll(conn)
			if err != nil || !strings.Contains(string(answer), pump+" L3") || conn.ConnectionState().DidResume {
				t.Fatalf("version %x: %v %s", version, err, answer)
			}
			conn.Close()
		}
	}
}

func TestOurServersRenewTheirCertificate(t *testing.T) {
	h := one(t)
	addr := h.bedside(t)
	get := func() *x509.Certificate {
		t.Helper()
		var leaf *x509.Certificate
		conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error { //nolint:gosec // looks only
			leaf = s.PeerCertificates[0]
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
		return leaf
	}
	first := get()
	h.move(40 * day)
	if !get().Equal(first) {
		t.Error("renewed before half of its life")
	}
	h.move(10 * day)
	if get().Equal(first) {
		t.Error("not renewed after half of its life")
	}
	h.shift.Store(0)
	if now := get(); now.NotBefore.After(time.Now()) {
		t.Error("after our clock was put right, the certificate is still one of the future")
	}
}

func TestStatements(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	from := netip.MustParseAddr("::ffff:10.1.2.3")
	say := func(w cert.Identity) map[string]string {
		out := map[string]string{}
		for _, s := range w.Sightings(from, at) {
			if s.Subject.IP != ward.IPFrom(netip.MustParseAddr("10.1.2.3")) || s.First != at.UnixNano() || s.Count != 1 {
				t.Errorf("%+v", s)
			}
			out[string(s.Field.Proves)+"/"+s.Field.Name] = s.Value
		}
		return out
	}
	ours := say(cert.Identity{Level: cert.Issued, Device: "d1"})
	if ours["identity level/client certificate, level"] != "L3" || ours["/client certificate, device"] != "urn:wardkeeper:device:d1" || len(ours) != 2 {
		t.Error(ours)
	}
	if late := say(cert.Identity{Level: cert.Issued, Device: "d1", Grace: true}); late["identity level/client certificate, level"] != "L2" {
		t.Error(late)
	}
	made := say(cert.Identity{Level: cert.Manufactured, Maker: "Example Medical", DeviceSerial: "SN 7"})
	if made["manufacturer/idevid issuer"] != "Example Medical" || made["serial/idevid serial number"] != "SN 7" {
		t.Error(made)
	}
	if got := say(cert.Identity{Level: cert.Address}); len(got) != 0 {
		t.Error("a connection that proves nothing says", got)
	}
}

// While the store is down, devices that are known stay known, and revoked ones stay revoked.
func TestTheStoreIsDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		good, bad := h.enrol(t, url, pump), h.enrol(t, url, "other")
		if err := h.Revoke(h.ctx, bad.SerialNumber.Text(16), cert.KeyCompromise); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Identify([]*x509.Certificate{good}); err != nil {
			t.Fatal(err)
		}
		h.Store.Close()
		h.move(time.Hour)
		if who, err := h.Identify([]*x509.Certificate{good}); err != nil || who.Device != pump {
			t.Fatal(who, err)
		}
		if _, err := h.Identify([]*x509.Certificate{bad}); !errors.Is(err, cert.ErrRevoked) {
			t.Fatal(err)
		}
	})
}
