package cert_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/cert"
	"github.com/wardkeeper/wardkeeper/ward"
)

// factory makes a manufacturer's authority with openssl (maker.pem, maker.key) and the certificate
// it put into a device (NAME.pem, NAME.key) as IEEE 802.1AR has it: a serial number in the subject,
// a critical alternative name that holds the hardware module's name, no end.
func (h *house) factory(t testing.TB, names ...string) {
	t.Helper()
	h.run(t, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", "maker.key", "-out", "maker.pem",
		"-subj", "/O=Example Medical/CN=Example Medical Device Root", "-days", "7300", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
	write(t, h.file("idevid.ext"), []byte("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n"+
		"subjectAltName=critical,otherName:1.3.6.1.5.5.7.8.4;SEQUENCE:module\n[module]\ntype=OID:1.3.6.1.4.1.99999.1\nserial=FORMAT:ASCII,OCTETSTRING:SN-1\n"))
	for _, name := range names {
		h.run(t, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name+".key", "-out", name+".req",
			"-subj", "/O=Example Medical/CN=Infusor/serialNumber="+name)
		h.run(t, "openssl", "x509", "-req", "-in", name+".req", "-CA", "maker.pem", "-CAkey", "maker.key", "-CAcreateserial", "-days", "7000", "-extfile", "idevid.ext", "-out", name+".pem")
	}
}

func TestManufacturersCertificates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.factory(t, "SN-1", "SN-2")
		device := parse(t, read(t, h.file("SN-1.pem")))
		if _, err := h.Identify([]*x509.Certificate{device}); !errors.Is(err, cert.ErrUnknown) {
			t.Fatal("believed before the anchor was imported:", err)
		}
		maker := read(t, h.file("maker.pem"))
		good, bad, err := h.ImportAnchors(h.ctx, "Example Medical", cert.ScopeIdentity, append(maker, read(t, h.file("SN-1.pem"))...))
		if err != nil || len(good) != 1 || len(bad) != 1 || bad[0].Position != 2 {
			t.Fatal(good, bad, err)
		}
		who, err := h.Identify([]*x509.Certificate{device})
		if err != nil || who.Level != cert.Manufactured || who.Maker != "Example Medical" || who.DeviceSerial != "SN-1" || who.Device != "" || who.Grace {
			t.Fatalf("%+v, %v", who, err)
		}

		url := h.est(t)
		h.request(t, "first", "/CN=whatever")
		enrol := func(name string) (string, string) {
			return h.curl(t, "--cert", name+".pem", "--key", name+".key", "--data-binary", "@first.csr", url+"simpleenroll")
		}
		if s, body := enrol("SN-1"); s != "401" {
			t.Fatal("an anchor for identity only enrolled a device:", s, body)
		}
		h.Find = func(_ context.Context, maker, serial string) (string, error) {
			if maker == "Example Medical" && serial == "SN-1" {
				return pump, nil
			}
			return "", &ward.Error{Kind: ward.Forbidden, Msg: "The register knows no such device."}
		}
		if _, _, err := h.ImportAnchors(h.ctx, "Example Medical", cert.ScopeEnrol, maker); err != nil {
			t.Fatal(err)
		}
		if all, err := h.Anchors(t.Context()); err != nil || len(all) != 1 || all[0].Scope != cert.ScopeEnrol || !strings.Contains(all[0].Subject, "Example Medical Device Root") {
			t.Fatal(all, err)
		}
		if s, body := enrol("SN-2"); s != "403" {
			t.Fatal("a device that the register does not know was enrolled:", s, body)
		}
		if s, body := enrol("SN-1"); s != "200" {
			t.Fatal(s, body)
		}
		if c := h.unpack(t, "enrolled"); c.URIs[0].String() != "urn:wardkeeper:device:"+pump {
			t.Fatal(c.URIs)
		}
		// The manufacturer's certificate is not one of ours: it renews nothing here.
		if s, _ := h.curl(t, "--cert", "SN-1.pem", "--key", "SN-1.key", "--data-binary", "@first.csr", url+"simplereenroll"); s != "403" {
			t.Error(s)
		}
		if err := h.RemoveAnchor(h.ctx, good[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Identify([]*x509.Certificate{device}); !errors.Is(err, cert.ErrUnknown) {
			t.Fatal("believed after the anchor was removed:", err)
		}
		if err := h.RemoveAnchor(h.ctx, good[0].ID); ward.KindOf(err) != ward.NotFound {
			t.Fatal(err)
		}
	})
}

func TestBundlesOfAnchors(t *testing.T) {
	h := one(t)
	h.factory(t)
	h.run(t, "openssl", "x509", "-in", "maker.pem", "-outform", "DER", "-out", "maker.der")
	h.run(t, "openssl", "crl2pkcs7", "-nocrl", "-certfile", "maker.pem", "-outform", "DER", "-out", "maker.p7b")
	h.run(t, "openssl", "crl2pkcs7", "-nocrl", "-certfile", "maker.pem", "-out", "maker.p7b.pem")
	h.run(t, "openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", "weak.key", "-out", "weak.pem", "-subj", "/CN=weak")
	h.run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "nosign.key", "-out", "nosign.pem", "-subj", "/CN=x", "-addext", "keyUsage=digitalSignature")
	for _, file := range []string{"maker.pem", "maker.der", "maker.p7b", "maker.p7b.pem"} {
		if good, bad, err := h.ImportAnchors(h.ctx, "Example Medical", cert.ScopeIdentity, read(t, h.file(file))); err != nil || len(good) != 1 || len(bad) != 0 {
			t.Errorf("%s: %v %v %v", file, good, bad, err)
		}
	}
	for _, file := range []string{"weak.pem", "weak.key", "nosign.pem", "maker.key"} {
		if _, bad, err := h.ImportAnchors(h.ctx, "Example Medical", cert.ScopeIdentity, read(t, h.file(file))); ward.KindOf(err) != ward.Invalid || len(bad) != 1 {
			t.Errorf("%s: %v, %v", file, bad, err)
		}
	}
	for name, try := range map[string]func() error{
		"no maker": func() error {
			_, _, err := h.ImportAnchors(h.ctx, " ", cert.ScopeIdentity, read(t, h.file("maker.pem")))
			return err
		},
		"no scope": func() error {
			_, _, err := h.ImportAnchors(h.ctx, "x", "all", read(t, h.file("maker.pem")))
			return err
		},
		"nothing": func() error { _, _, err := h.ImportAnchors(h.ctx, "x", cert.ScopeIdentity, nil); return err },
		"much": func() error {
			_, _, err := h.ImportAnchors(h.ctx, "x", cert.ScopeIdentity, make([]byte, 2<<20))
			return err
		},
		"any octets": func() error { _, _, err := h.ImportAnchors(h.ctx, "x", cert.ScopeIdentity, []byte("abc")); return err },
	} {
		if err := try(); ward.KindOf(err) != ward.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A certificate for a web site, from an authority that was imported by mistake, is no device.
func TestAWebSiteIsNoDevice(t *testing.T) {
	h := one(t)
	h.factory(t)
	write(t, h.file("web.ext"), []byte("extendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.org\n"))
	write(t, h.file("none.ext"), []byte("basicConstraints=CA:FALSE\n"))
	for name, args := range map[string][2]string{"web": {"/CN=www.example.org/serialNumber=HRB 1", "web.ext"}, "none": {"/CN=no serial number", "none.ext"}} {
		h.run(t, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name+".key", "-out", name+".req", "-subj", args[0])
		h.run(t, "openssl", "x509", "-req", "-in", name+".req", "-CA", "maker.pem", "-CAkey", "maker.key", "-CAcreateserial", "-extfile", args[1], "-out", name+".pem")
	}
	if _, _, err := h.ImportAnchors(h.ctx, "Example Medical", cert.ScopeIdentity, read(t, h.file("maker.pem"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"web", "none"} {
		if who, err := h.Identify([]*x509.Certificate{parse(t, read(t, h.file(name+".pem")))}); !errors.Is(err, cert.ErrUnknown) {
			t.Errorf("%s is %+v, %v", name, who, err)
		}
	}
}

func FuzzAnchors(f *testing.F) {
	root, err := cert.NewRoot("x", time.Unix(1.7e9, 0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(root.Cert.Raw)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Cert.Raw}))
	f.Fuzz(func(t *testing.T, in []byte) {
		good, bad := cert.ReadAnchors(in)
		if len(good) > 256 || len(bad) > 257 {
			t.Fatal(len(good), len(bad))
		}
	})
}
