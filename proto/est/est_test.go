package est_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/proto/est"
)

func openssl(t testing.TB, stdin []byte, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("SKIPPED: openssl is not installed")
	}
	c := exec.Command("openssl", args...)
	c.Stdin = bytes.NewReader(stdin)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, errs.Bytes())
	}
	return out
}

func certificate(t testing.TB, name string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func request(t testing.TB, key any, name string) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestOpenSSLReadsOurMessagesAndWeItsOwn(t *testing.T) {
	a, b := certificate(t, "first"), certificate(t, "second")
	der, err := est.CertsOnly(a, b)
	if err != nil {
		t.Fatal(err)
	}
	printed := openssl(t, est.EncodeBody(der), "base64", "-d")
	if !bytes.Equal(printed, der) {
		t.Fatal("openssl base64 -d does not give the message back")
	}
	text := string(openssl(t, der, "pkcs7", "-inform", "der", "-print_certs"))
	if first, second := strings.Index(text, "first"), strings.Index(text, "second"); first < 0 || second < first {
		t.Fatalf("openssl pkcs7 printed\n%s", text)
	}
	if text := string(openssl(t, der, "cms", "-cmsout", "-print", "-inform", "DER")); !strings.Contains(text, "pkcs7-signedData") {
		t.Fatalf("openssl cms printed\n%s", text)
	}
	dir := t.TempDir()
	for i, c := range [][]byte{a, b} {
		file := filepath.Join(dir, string(rune('a'+i))+".pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	theirs := openssl(t, nil, "crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", filepath.Join(dir, "a.pem"), "-certfile", filepath.Join(dir, "b.pem"))
	for name, message := range map[string][]byte{"ours": der, "theirs": theirs} {
		got, err := est.ParseCertsOnly(message)
		if err != nil || len(got) != 2 || !bytes.Equal(got[0], a) || !bytes.Equal(got[1], b) {
			t.Fatalf("%s: %d certificates, %v", name, len(got), err)
		}
	}
	empty, err := est.CertsOnly()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := est.ParseCertsOnly(empty); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
	for _, bad := range [][]byte{nil, {0x30}, a, append(bytes.Clone(der), 0), der[:len(der)-1]} {
		if _, err := est.ParseCertsOnly(bad); err == nil {
			t.Errorf("%d octets that are no message were taken", len(bad))
		}
	}
}

func TestBodies(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der := request(t, key, "pump")
	text := base64.StdEncoding.EncodeToString(der)
	for name, body := range map[string][]byte{
		"ours":     est.EncodeBody(der),
		"one line": []byte(text),
		"CRLF":     []byte(text[:40] + "\r\n" + text[40:] + "\r\n"),
		"spaces":   []byte(" \t" + text[:5] + " " + text[5:] + "\t"),
		"PEM":      pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}),
		"DER":      der,
	} {
		got, err := est.DecodeBody(body)
		if err != nil || !bytes.Equal(got, der) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "only space": " \r\n", "not base64": "{}", "cut": text[:len(text)-3], "broken PEM": "-----BEGIN X-----\nAAAA\n",
		"too large": strings.Repeat("A", est.MaxBody+1),
	} {
		if _, err := est.DecodeBody([]byte(body)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(est.EncodeBody(der)), "\n"), "\n") {
		if len(line) == 0 || len(line) > 64 {
			t.Errorf("a line of %d characters", len(line))
		}
	}
}

func TestRequests(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short, err := x509.ParsePKCS8PrivateKey(opensslKey(t, "RSA", "rsa_keygen_bits:1024"))
	if err != nil {
		t.Fatal(err)
	}
	good := request(t, p256, "pump")
	if r, err := est.ParseRequest(good); err != nil || r.Subject.CommonName != "pump" {
		t.Fatal(err)
	}
	forged := bytes.Clone(good)
	forged[bytes.Index(forged, []byte("pump"))] = 'l'
	for name, der := range map[string][]byte{
		"not signed with its key": forged, "P-224": request(t, p224, "x"), "RSA-1024": weakRequest(t, short.(*rsa.PrivateKey)),
		"a certificate": certificate(t, "x"), "something after it": append(bytes.Clone(good), 0), "nothing": nil,
	} {
		if _, err := est.ParseRequest(der); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func opensslKey(t *testing.T, algorithm, option string) []byte {
	t.Helper()
	block, _ := pem.Decode(openssl(t, nil, "genpkey", "-algorithm", algorithm, "-pkeyopt", option))
	if block == nil {
		t.Fatal("openssl genpkey gave no PEM")
	}
	return block.Bytes
}

func weakRequest(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return openssl(t, nil, "req", "-new", "-key", file, "-subj", "/CN=x", "-outform", "DER")
}

func TestAttributes(t *testing.T) {
	in := []est.Attr{{ID: est.OIDChallengePassword}, {ID: est.OIDECPublicKey, Values: []asn1.ObjectIdentifier{est.OIDP256}}, {ID: est.OIDECDSAWithSHA256}}
	der, err := est.EncodeAttrs(in...)
	if err != nil {
		t.Fatal(err)
	}
	text := string(openssl(t, der, "asn1parse", "-inform", "DER"))
	for _, want := range []string{"challengePassword", "id-ecPublicKey", "prime256v1", "ecdsa-with-SHA256"} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl asn1parse does not show %s:\n%s", want, text)
		}
	}
	out, err := est.ParseAttrs(der)
	if err != nil || len(out) != len(in) {
		t.Fatal(out, err)
	}
	for i := range in {
		if !out[i].ID.Equal(in[i].ID) || len(out[i].Values) != len(in[i].Values) {
			t.Errorf("%v came back as %v", in[i], out[i])
		}
	}
}

func TestSameName(t *testing.T) {
	name := func(tag int, pairs ...string) []byte {
		var rdns pkix.RDNSequence
		for i := 0; i < len(pairs); i += 2 {
			id := asn1.ObjectIdentifier{2, 5, 4, map[string]int{"CN": 3, "O": 10}[pairs[i]]}
			rdns = append(rdns, pkix.RelativeDistinguishedNameSET{{Type: id, Value: asn1.RawValue{Tag: tag, Bytes: []byte(pairs[i+1])}}})
		}
		der, err := asn1.Marshal(rdns)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	const utf8String, printable = 12, 19
	ours := name(printable, "O", "main", "CN", "pump 7")
	for theirs, same := range map[string]bool{
		string(name(utf8String, "O", "main", "CN", "pump 7")):  true,
		string(name(utf8String, "O", "main", "CN", "pump  7")): true,
		string(name(utf8String, "CN", "pump 7", "O", "main")):  false,
		string(name(utf8String, "O", "main", "CN", "pump 8")):  false,
		string(name(utf8String, "O", "main")):                  false,
		"":                                                     false,
	} {
		if est.SameName(ours, []byte(theirs)) != same {
			t.Errorf("%x: not %v", theirs, same)
		}
	}
}

func FuzzDER(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	message, _ := est.CertsOnly(certificate(f, "a"))
	attrs, _ := est.EncodeAttrs(est.Attr{ID: est.OIDECPublicKey, Values: []asn1.ObjectIdentifier{est.OIDP256}})
	r := request(f, key, "pump")
	for _, seed := range [][]byte{message, attrs, r, est.EncodeBody(r)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if der, err := est.DecodeBody(in); err == nil && len(in) > 0 && in[0] != '-' {
			if again, err := est.DecodeBody(est.EncodeBody(der)); len(der) > 0 && len(der) < est.MaxBody/2 && (err != nil || !bytes.Equal(der, again)) {
				t.Fatal("a body does not survive", err)
			}
		}
		if certs, err := est.ParseCertsOnly(in); err == nil {
			der, err := est.CertsOnly(certs...)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := est.ParseCertsOnly(der); err != nil || len(again) != len(certs) {
				t.Fatal("a message does not survive", err)
			}
		}
		if attrs, err := est.ParseAttrs(in); err == nil {
			if _, err := est.EncodeAttrs(attrs...); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := est.ParseRequest(in); err == nil && !est.SameName(r.RawSubject, r.RawSubject) {
			t.Fatal("a name differs from itself")
		}
		est.SameName(in, message)
	})
}
