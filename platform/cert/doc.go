// Package cert gives devices an identity that they can prove: a two-tier certificate authority,
// enrolment over secure transport (EST, RFC 7030), revocation lists and OCSP, the trust anchors of
// manufacturers, and the check by which every device-facing listener knows who calls.
//
// The root key signs once in years and is kept offline, in a file under a passphrase; it never
// enters the store. The issuing key stands in the store, sealed, and signs device certificates of
// 90 days, which devices renew from half of that on.
//
// What comes in: certificate requests with a one-time password or an earlier certificate. What goes
// out: certificates, revocation, Identity for each connection, findings for certificates that run
// out. An expired certificate never cuts a device off: it is known still, in grace, and there is a
// finding. A revoked one proves nothing.
//
// Tables it owns: cert_authorities, cert_issued, cert_passwords, cert_anchors.
package cert
