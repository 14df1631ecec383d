package x509lite

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

func certificate(t testing.TB) []byte {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(4711),
		Subject: pkix.Name{
			CommonName: "PUMP-7", Organization: []string{"Example Médical"}, OrganizationalUnit: []string{"Wards"}, SerialNumber: "SN-123",
		},
		NotBefore: time.Date(1999, 1, 2, 3, 4, 5, 0, time.UTC), NotAfter: time.Date(2051, 6, 7, 8, 9, 10, 0, time.UTC),
		DNSNames: []string{"pump-7.example", "p7"},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestParse(t *testing.T) {
	var c Certificate
	if !Parse(certificate(t), &c) {
		t.Fatal("not read")
	}
	for a, want := range map[Attribute]string{
		CommonName: "PUMP-7", Organization: "Example Médical", Unit: "Wards", SerialNumber: "SN-123", Country: "",
	} {
		if got := string(c.Subject.Get(a)); got != want {
			t.Errorf("attribute %d: %q, want %q", a, got, want)
		}
	}
	if got := string(c.Subject.AppendText(nil)); got != "SERIALNUMBER=SN-123,CN=PUMP-7,OU=Wards,O=Example Médical" {
		t.Errorf("name %s", got)
	}
	if !c.SelfIssued() || c.NotBefore.Year() != 1999 || c.NotAfter != time.Date(2051, 6, 7, 8, 9, 10, 0, time.UTC) {
		t.Errorf("validity %v to %v", c.NotBefore, c.NotAfter)
	}
	var names []string
	for n, rest := c.NextDNSName(nil); n != nil; n, rest = c.NextDNSName(rest) {
		names = append(names, string(n))
		if len(rest) == 0 {
			break
		}
	}
	if len(names) != 2 || names[0] != "pump-7.example" || names[1] != "p7" {
		t.Errorf("names %q", names)
	}
}

func TestAgreesWithTheStandardLibrary(t *testing.T) {
	der := certificate(t)
	want, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	var c Certificate
	Parse(der, &c)
	if string(c.PublicKey) != string(want.RawSubjectPublicKeyInfo) || !c.NotAfter.Equal(want.NotAfter) {
		t.Error("public key or validity differ")
	}
}

func TestTimes(t *testing.T) {
	for in, want := range map[string]int{"490101000000Z": 2049, "500101000000Z": 1950, "4901010000Z": 2049, "4913010000Z": 1, "junk": 1} {
		if got := readTime(tagUTC, []byte(in)).Year(); got != want {
			t.Errorf("%s: year %d, want %d", in, got, want)
		}
	}
}

func TestTorn(t *testing.T) {
	der := certificate(t)
	for n := range der {
		var c Certificate
		if Parse(der[:n], &c) {
			t.Fatalf("took %d of %d bytes", n, len(der))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(certificate(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c Certificate
		if !Parse(b, &c) {
			return
		}
		c.Issuer.AppendText(c.Subject.Get(CommonName))
		for n, rest := c.NextDNSName(nil); n != nil && len(rest) > 0; n, rest = c.NextDNSName(rest) {
			continue
		}
	})
}
