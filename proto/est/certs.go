package est

import (
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers of CMS (RFC 5652).
var (
	oidData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
)

// MaxCerts bounds how many certificates ParseCertsOnly reads.
const MaxCerts = 1024

var (
	errNotPKCS7 = errors.New("est: not a PKCS#7 message of certificates")
	errManyCert = errors.New("est: more certificates than a message may hold")
)

// CertsOnly packs certificates (DER) into a signed-data message without signers.
func CertsOnly(certs ...[]byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { // ContentInfo
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { // SignedData
				b.AddASN1Int64(1)
				b.AddASN1(casn1.SET, func(*cryptobyte.Builder) {}) // digestAlgorithms
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
				b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					for _, c := range certs {
						b.AddBytes(c)
					}
				})
				b.AddASN1(casn1.SET, func(*cryptobyte.Builder) {}) // signerInfos
			})
		})
	})
	return b.Bytes()
}

// ParseCertsOnly gives the certificates (DER, not looked into) of a signed-data message. Revocation
// lists and signers in it are passed over: nothing here trusts a message for its signature.
func ParseCertsOnly(der []byte) ([][]byte, error) {
	in := cryptobyte.String(der)
	var info, wrapped, signed, inner, certs cryptobyte.String
	var kind asn1.ObjectIdentifier
	var version int64
	var has bool
	ok := in.ReadASN1(&info, casn1.SEQUENCE) && in.Empty() &&
		info.ReadASN1ObjectIdentifier(&kind) && kind.Equal(oidSignedData) &&
		info.ReadASN1(&wrapped, casn1.Tag(0).ContextSpecific().Constructed()) && info.Empty() &&
		wrapped.ReadASN1(&signed, casn1.SEQUENCE) && wrapped.Empty() &&
		signed.ReadASN1Integer(&version) && version >= 1 && version <= 5 &&
		signed.SkipASN1(casn1.SET) && signed.ReadASN1(&inner, casn1.SEQUENCE) &&
		signed.ReadOptionalASN1(&certs, &has, casn1.Tag(0).ContextSpecific().Constructed())
	if !ok {
		return nil, errNotPKCS7
	}
	var out [][]byte
	for !certs.Empty() {
		var one cryptobyte.String
		if !certs.ReadASN1Element(&one, casn1.SEQUENCE) {
			return nil, errNotPKCS7
		}
		if len(out) == MaxCerts {
			return nil, errManyCert
		}
		out = append(out, one)
	}
	return out, nil
}
