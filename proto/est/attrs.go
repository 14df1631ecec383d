package est

import (
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers that a server asks for.
var (
	OIDChallengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}  // PKCS#9
	OIDExtensionRequest  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 14} // PKCS#9
	OIDECPublicKey       = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}      // RFC 5480
	OIDP256              = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}   // RFC 5480
	OIDECDSAWithSHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}   // RFC 5758
	OIDSubjectAltName    = asn1.ObjectIdentifier{2, 5, 29, 17}                // RFC 5280
)

// Attr is one thing a server asks a request to have: an object identifier by itself, or an
// attribute with the identifiers it may take.
type Attr struct {
	ID     asn1.ObjectIdentifier
	Values []asn1.ObjectIdentifier // empty: the identifier by itself
}

// EncodeAttrs writes a CsrAttrs (RFC 7030, section 4.5.2).
func EncodeAttrs(attrs ...Attr) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, a := range attrs {
			if len(a.Values) == 0 {
				b.AddASN1ObjectIdentifier(a.ID)
				continue
			}
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(a.ID)
				b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
					for _, v := range a.Values {
						b.AddASN1ObjectIdentifier(v)
					}
				})
			})
		}
	})
	return b.Bytes()
}

// ParseAttrs reads a CsrAttrs. Values that are no object identifiers are left out.
func ParseAttrs(der []byte) ([]Attr, error) {
	bad := errors.New("est: not a list of attributes")
	in := cryptobyte.String(der)
	var list cryptobyte.String
	if !in.ReadASN1(&list, casn1.SEQUENCE) || !in.Empty() {
		return nil, bad
	}
	var out []Attr
	for !list.Empty() {
		var a Attr
		var one, values cryptobyte.String
		switch {
		case list.PeekASN1Tag(casn1.OBJECT_IDENTIFIER):
			if !list.ReadASN1ObjectIdentifier(&a.ID) {
				return nil, bad
			}
		case !list.ReadASN1(&one, casn1.SEQUENCE), !one.ReadASN1ObjectIdentifier(&a.ID), !one.ReadASN1(&values, casn1.SET):
			return nil, bad
		}
		for !values.Empty() {
			var id asn1.ObjectIdentifier
			if values.PeekASN1Tag(casn1.OBJECT_IDENTIFIER) {
				if !values.ReadASN1ObjectIdentifier(&id) {
					return nil, bad
				}
				a.Values = append(a.Values, id)
				continue
			}
			var skip cryptobyte.String
			var tag casn1.Tag
			if !values.ReadAnyASN1(&skip, &tag) {
				return nil, bad
			}
		}
		out = append(out, a)
	}
	return out, nil
}
