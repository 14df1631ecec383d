package est

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ParseRequest reads a PKCS#10 request (DER), checks that whoever sent it holds the key it is for,
// and that the key is one that lasts: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2,048 to
// 4,096 bits.
func ParseRequest(der []byte) (*x509.CertificateRequest, error) {
	if len(der) > MaxBody {
		return nil, ErrTooLarge
	}
	r, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, fmt.Errorf("est: not a certificate request: %w", err)
	}
	if err := CheckKey(r.PublicKey); err != nil { // before the signature: a huge key makes that dear
		return nil, err
	}
	if err := r.CheckSignature(); err != nil {
		return nil, fmt.Errorf("est: the request is not signed with its own key: %w", err)
	}
	return r, nil
}

// CheckKey says what is wrong with a public key that is to be certified.
func CheckKey(key any) error {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
			return nil
		}
		return errors.New("est: the curve of the key is none of P-256, P-384 and P-521")
	case ed25519.PublicKey:
		return nil
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < 2048 || n > 4096 {
			return fmt.Errorf("est: an RSA key of %d bits; 2,048 to 4,096 are taken", n)
		}
		if k.E < 65537 || k.E&1 == 0 {
			return errors.New("est: the exponent of the RSA key is too small")
		}
		return nil
	}
	return errors.New("est: keys are ECDSA, Ed25519 or RSA")
}

// SameName reports whether two distinguished names (DER) are the same by RFC 5280, section 7.1, in
// so far as devices need it: the same attributes in the same order with the same values, however
// the strings are encoded. OpenSSL writes UTF8String where others write PrintableString.
func SameName(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	x, okX := attributes(a)
	y, okY := attributes(b)
	return okX && okY && slices.Equal(x, y)
}

// attributes lists "depth:oid=value" of a distinguished name.
func attributes(der []byte) ([]string, bool) {
	rdns, err := parseName(der)
	if err != nil {
		return nil, false
	}
	var out []string
	for i, set := range rdns {
		for _, a := range set {
			v, ok := a.Value.(string)
			if !ok {
				return nil, false
			}
			out = append(out, fmt.Sprintf("%d:%s=%s", i, a.Type, strings.Join(strings.Fields(v), " ")))
		}
	}
	return out, true
}

// SerialNumber is the serialNumber attribute of a name, in which a manufacturer's certificate
// gives the serial number of the device (IEEE 802.1AR, section 8.6).
func SerialNumber(n pkix.Name) string { return strings.TrimSpace(n.SerialNumber) }
