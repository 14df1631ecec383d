package cert_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/cert"
)

const pump = "0193a5c2-7d4e-7b61-9f0a-2f6f3c1d8e55"

func TestEnrolmentWithCurlAndOpenSSL(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)

		status, _ := h.curl(t, url+"cacerts")
		if status != "200" || !strings.Contains(strings.ToLower(string(read(t, h.file("head")))), "content-type: application/pkcs7-mime; smime-type=certs-only") {
			t.Fatal("cacerts:", status, string(read(t, h.file("head"))))
		}
		h.unpack(t, "ca")
		if text := string(read(t, h.file("ca.pem"))); strings.Count(text, "BEGIN CERTIFICATE") != 2 {
			t.Fatalf("cacerts gave\n%s", text)
		}
		if status, body := h.curl(t, url+"csrattrs"); status != "200" || body == "" {
			t.Fatal("csrattrs:", status, body)
		}
		h.run(t, "openssl", "base64", "-d", "-in", "body", "-out", "attrs.der")
		if text := h.run(t, "openssl", "asn1parse", "-inform", "DER", "-in", "attrs.der"); !strings.Contains(text, "prime256v1") {
			t.Fatalf("csrattrs:\n%s", text)
		}

		c := h.enrol(t, url, pump)
		if len(c.URIs) != 1 || c.URIs[0].String() != "urn:wardkeeper:device:"+pump || c.Subject.CommonName != pump || c.IsCA {
			t.Fatal(c.URIs, c.Subject)
		}
		if life := time.Until(c.NotAfter); life < 89*24*time.Hour || life > 90*24*time.Hour {
			t.Fatal(life)
		}
		if out := h.run(t, "openssl", "verify", "-purpose", "sslclient", "-CAfile", "root.pem", "-untrusted", "ca.pem", pump+".pem"); !strings.Contains(out, "OK") {
			t.Fatal(out)
		}
		if out, err := h.try(t, "openssl", "verify", "-purpose", "sslserver", "-CAfile", "root.pem", "-untrusted", "ca.pem", pump+".pem"); err == nil {
			t.Fatal("a device's certificate serves as a server's:", out)
		}
		h.run(t, "openssl", "x509", "-in", pump+".pem", "-noout", "-text", "-out", "text")
		for _, want := range []string{"X509v3 Key Usage: critical", "Digital Signature", "TLS Web Client Authentication", "URI:urn:wardkeeper:device:" + pump, "CA:FALSE"} {
			if !strings.Contains(string(read(t, h.file("text"))), want) {
				t.Errorf("the certificate lacks %q", want)
			}
		}

		// Renewal with the same key and with a new one, the request made from the certificate.
		h.run(t, "openssl", "x509", "-x509toreq", "-copy_extensions", "copy", "-in", pump+".pem", "-signkey", pump+".key", "-out", "again.csr")
		status, body := h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@again.csr", url+"simplereenroll")
		if status != "200" {
			t.Fatal(status, body)
		}
		if next := h.unpack(t, "next"); next.SerialNumber.Cmp(c.SerialNumber) == 0 || !strings.EqualFold(next.Subject.String(), c.Subject.String()) {
			t.Fatal(next.Subject)
		}
		h.request(t, "rekey", "/O=main/CN="+pump, "-addext", "subjectAltName=URI:urn:wardkeeper:device:"+pump)
		if status, body := h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@rekey.csr", url+"simplereenroll"); status != "200" {
			t.Fatal(status, body)
		}
		h.unpack(t, "rekeyed")

		verbs := h.verbs(t)
		for _, want := range []string{"ada cert.make-password " + pump, "urn:wardkeeper:device:" + pump + " cert.enrol " + pump, "urn:wardkeeper:device:" + pump + " cert.renew " + pump} {
			if !strings.Contains(verbs, want) {
				t.Errorf("the audit log lacks %q:\n%s", want, verbs)
			}
		}
	})
}

func TestEnrolmentIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		word := h.password(t, pump)
		h.request(t, "pump", "/CN=pump")
		h.request(t, "other", "/CN=other", "-addext", "subjectAltName=URI:urn:wardkeeper:device:other")
		write(t, h.file("broken"), []byte("MIIBAAAA"))
		write(t, h.file("large"), []byte(strings.Repeat("A", 40<<10)))
		enrol := func(want, user, file string, more ...string) {
			t.Helper()
			args := []string{"--data-binary", "@" + file, url + "simpleenroll"}
			if user != "" {
				args = append(args, "-u", user)
			}
			status, body := h.curl(t, append(args, more...)...)
			if status != want {
				t.Errorf("%s with %d characters of credentials: %s, not %s: %s", file, len(user), status, want, body)
			}
			head := strings.ToLower(string(read(t, h.file("head"))))
			if want == "401" && !strings.Contains(head, "www-authenticate: basic realm=") {
				t.Errorf("a 401 does not say how to sign in: %s", head)
			}
			if !strings.Contains(head, "content-type: text/plain") {
				t.Errorf("an error is not plain text: %s", head)
			}
		}
		enrol("401", "", "pump.csr")
		enrol("401", pump+":ABCDE-ABCDE-ABCDE-ABCDE", "pump.csr")
		enrol("401", "other:"+word, "pump.csr")
		enrol("401", ":"+word, "pump.csr")
		enrol("400", pump+":"+word, "broken")
		enrol("413", pump+":"+word, "large")
		enrol("415", pump+":"+word, "pump.csr", "-H", "Content-Type: text/html")
		enrol("403", pump+":"+word, "other.csr")
		if status, _ := h.curl(t, url+"simpleenroll"); status != "405" {
			t.Error("GET simpleenroll:", status)
		}
		if status, _ := h.curl(t, url+"serverkeygen"); status != "404" {
			t.Error("serverkeygen:", status)
		}
		// None of that used the password up; now it is, whatever its case and dashes.
		if status, body := h.curl(t, "-u", pump+":"+strings.ToLower(strings.ReplaceAll(word, "-", "")), "--data-binary", "@pump.csr", url+"simpleenroll"); status != "200" {
			t.Fatal(status, body)
		}
		enrol("401", pump+":"+word, "pump.csr")

		old := h.password(t, pump)
		newer := h.password(t, pump)
		enrol("401", pump+":"+old, "pump.csr") // a newer one ends it
		h.move(cert.PasswordLife + time.Second)
		enrol("401", pump+":"+newer, "pump.csr")
	})
}

func TestRenewalIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		url := h.est(t)
		h.enrol(t, url, pump)
		h.request(t, "name", "/O=main/CN=ventilator")
		h.request(t, "alt", "/O=main/CN="+pump, "-addext", "subjectAltName=DNS:localhost")
		h.request(t, "both", "/O=main/CN="+pump, "-addext", "subjectAltName=URI:urn:wardkeeper:device:"+pump+",DNS:localhost")
		h.request(t, "good", "/O=main/CN="+pump)
		h.run(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "self.key", "-out", "self.pem",
			"-subj", "/O=main/CN="+pump, "-addext", "subjectAltName=URI:urn:wardkeeper:device:"+pump)
		for _, c := range []struct{ csr, shown string }{{"name", pump}, {"alt", pump}, {"both", pump}, {"good", ""}, {"good", "self"}} {
			args := []string{"--data-binary", "@" + c.csr + ".csr", url + "simplereenroll"}
			if c.shown != "" {
				args = append(args, "--cert", c.shown+".pem", "--key", c.shown+".key")
			}
			if status, body := h.curl(t, args...); status != "403" {
				t.Errorf("%+v gave %s %s", c, status, body)
			}
		}
		// A certificate of ours is no password: it cannot enrol another device.
		if status, _ := h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@good.csr", url+"simpleenroll"); status != "401" {
			t.Error(status)
		}
		renew := func() string {
			status, _ := h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@good.csr", url+"simplereenroll")
			return status
		}
		if s := renew(); s != "200" {
			t.Fatal(s)
		}
		c := parse(t, read(t, h.file(pump+".pem")))
		if err := h.Revoke(h.ctx, strings.ToLower(c.SerialNumber.Text(16)), cert.KeyCompromise); err != nil {
			t.Fatal(err)
		}
		if s := renew(); s != "403" {
			t.Error("a revoked certificate renewed itself:", s)
		}
	})
}

func TestNoDeviceFillsTheTable(t *testing.T) {
	h := one(t)
	url := h.est(t)
	h.enrol(t, url, pump)
	h.request(t, "good", "/O=main/CN="+pump)
	last := ""
	for range 16 {
		last, _ = h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@good.csr", url+"simplereenroll")
	}
	if last != "429" || !strings.Contains(strings.ToLower(string(read(t, h.file("head")))), "retry-after:") {
		t.Fatal(last)
	}
	h.move(25 * time.Hour)
	if last, _ = h.curl(t, "--cert", pump+".pem", "--key", pump+".key", "--data-binary", "@good.csr", url+"simplereenroll"); last != "200" {
		t.Fatal(last)
	}
}
