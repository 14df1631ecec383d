// Package est is the wire form of Enrollment over Secure Transport (RFC 7030, as corrected by
// RFC 8951): base64 bodies, the certs-only PKCS#7 message in which certificates travel (RFC 5652,
// section 5.1, without signers), the attributes a server asks for (RFC 7030, section 4.5.2), and
// the request with which a device asks for a certificate (PKCS#10, RFC 2986).
//
// It decides nothing: who may have which certificate is not its business.
package est

// Paths of the operations below a server's address (RFC 7030, section 3.2.2).
const (
	Prefix   = "/.well-known/est/"
	CACerts  = "cacerts"
	Enrol    = "simpleenroll"
	Reenrol  = "simplereenroll"
	CSRAttrs = "csrattrs"
)

// Media types of bodies.
const (
	TypeRequest  = "application/pkcs10"
	TypeCerts    = "application/pkcs7-mime"
	TypeCertsAll = "application/pkcs7-mime; smime-type=certs-only"
	TypeAttrs    = "application/csrattrs"
)

// MaxBody bounds a request as it travels, in bytes: an RSA-4096 request with every extension takes
// about 3 kB.
const MaxBody = 32 << 10
