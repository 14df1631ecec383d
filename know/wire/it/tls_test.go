package it

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/tls"
)

// chain makes certificates: a device's own, and one that an authority issued to it.
func chain(t *testing.T, until time.Time) (own, issued, authority []byte) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	make := func(subject, issuer string) []byte {
		c := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: subject, Organization: []string{"Example"}},
			NotBefore: time.Unix(0, 0), NotAfter: until, DNSNames: []string{"pump-7.example"},
		}
		parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer, Organization: []string{"Example"}}}
		der, err := x509.CreateCertificate(nil, c, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	return make("PUMP-7", "PUMP-7"), make("PUMP-7", "Hospital CA"), make("Hospital CA", "Hospital CA")
}

func serverFlight(certificates ...[]byte) decodetest.Turn {
	b := tls.AppendHandshake(nil, tls.TypeServerHello, tls.AppendServerHello(nil, [32]byte{}, 0xc02f))
	b = tls.AppendHandshake(b, tls.TypeCertificate, tls.AppendCertificate(nil, certificates...))
	return decodetest.Turn{Dir: decode.Server, Data: tls.AppendRecord(nil, tls.Handshake, tls.TLS12, b)}
}

func TestTLSCertificates(t *testing.T) {
	d := tlsStream()
	hello := decodetest.Turn{Dir: decode.Client, Data: tls.AppendRecord(nil, tls.Handshake, tls.TLS10,
		tls.AppendHandshake(nil, tls.TypeClientHello, tls.AppendClientHello(nil, [32]byte{}, []uint16{0xc02f}, "pump-7.example", "h2")))}
	// The harness plays at the time zero: a certificate that ended before 1970 is expired.
	valid, expired := time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 7, 20, 0, 0, 0, 0, time.UTC)
	own, issued, authority := chain(t, valid)
	check(t, decodetest.Stream(&d, 443, 100, hello, serverFlight(own)),
		"client: tls server name = pump-7.example", "client: tls alpn = h2", "server: tls version = TLS 1.2",
		"server: tls certificate subject CN = PUMP-7", "server: tls certificate subject = CN=PUMP-7,O=Example",
		"server: tls certificate SAN = pump-7.example", "-client: tls certificate",
		"server: finding self-signed certificate (tls certificate = issued by its own subject)")
	check(t, decodetest.Stream(&d, 443, 0, hello, serverFlight(issued, authority)),
		"server: tls certificate issuer = CN=Hospital CA,O=Example", "-server: finding")
	_, issued, authority = chain(t, expired)
	check(t, decodetest.Stream(&d, 443, 0, hello, serverFlight(issued, authority)),
		"server: finding expired certificate (tls certificate = valid until 1969-07-20)")
}

func TestDTLSCertificateInPieces(t *testing.T) {
	own, _, _ := chain(t, time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC))
	body := tls.AppendCertificate(nil, own)
	d := dtlsDatagrams()
	var last decodetest.Result
	for at := 0; at < len(body); at += 200 {
		part := body[at:min(len(body), at+200)]
		b := []byte{tls.TypeCertificate, 0, byte(len(body) >> 8), byte(len(body)), 0, 2, 0, byte(at >> 8), byte(at), 0, 0, byte(len(part))}
		b = append(b, part...)
		record := append([]byte{tls.Handshake, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, byte(at), byte(len(b) >> 8), byte(len(b))}, b...)
		last = decodetest.Datagram(&d, server, 5246, append([]byte{1, 0, 0, 0}, record...))
		if !last.OK {
			t.Fatalf("piece at %d was not taken", at)
		}
	}
	check(t, last, "server: dtls certificate subject CN = PUMP-7", "server:  speaks = capwap", "-server: finding")
}
