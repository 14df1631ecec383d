package tls

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func hello() []byte {
	return AppendClientHello(nil, [32]byte{1}, []uint16{0xc02b, 0xc02f, 0x009c}, "fhir.example", "http/1.1")
}

func TestClientHello(t *testing.T) {
	var h ClientHello
	if !ParseClientHello(hello(), false, &h) {
		t.Fatal("not read")
	}
	if string(h.ServerName) != "fhir.example" || string(h.ALPN) != "http/1.1" || len(h.Ciphers) != 6 || len(h.Groups) != 4 {
		t.Errorf("%+v", h)
	}
	if n := testing.AllocsPerRun(100, func() {
		var buf [64]byte
		AppendJA4(AppendJA3(buf[:0], &h)[:0], 't', &h)
	}); n != 0 {
		t.Errorf("fingerprints cost %v allocations", n)
	}
}

func u16(list ...uint16) (b []byte) {
	for _, v := range list {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

// TestJA4OfThePublishedExample uses the worked example of the JA4 description.
func TestJA4OfThePublishedExample(t *testing.T) {
	h := ClientHello{
		Version: TLS12, ServerName: []byte("x"), ALPN: []byte("h2"), Versions: u16(0xfafa, TLS13, TLS12),
		Ciphers:    u16(0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035),
		Signatures: u16(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
	}
	for _, e := range []uint16{0x4a4a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015} {
		h.Extensions = append(h.Extensions, u16(e, 0)...)
	}
	if got := string(AppendJA4(nil, 't', &h)); got != "t13d1516h2_8daaf6152771_e5627efa2ab1" {
		t.Errorf("got %s", got)
	}
}

func TestHandshakesAcrossRecords(t *testing.T) {
	messages := AppendHandshake(AppendHandshake(nil, TypeServerHello, AppendServerHello(nil, [32]byte{2}, 0xc02f)),
		TypeCertificate, AppendCertificate(nil, bytes.Repeat([]byte{7}, 300), []byte("second")))
	for _, step := range []int{1, 50, 1000} {
		var stream []byte
		for b := messages; len(b) > 0; b = b[min(step, len(b)):] {
			stream = AppendRecord(stream, Handshake, TLS12, b[:min(step, len(b))])
		}
		stream = AppendRecord(stream, ChangeCipherSpec, TLS12, []byte{1})
		var hs Handshakes
		var got []string
		used, ok := hs.Read(stream, func(typ byte, body []byte) bool {
			got = append(got, string(rune('0'+typ)))
			if typ == TypeCertificate {
				for der, rest := NextCertificate(CertificateList(body)); der != nil; der, rest = NextCertificate(rest) {
					got = append(got, string(der[:1]))
				}
			}
			return true
		})
		if ok || used != len(stream)-6 || strings.Join(got, " ") != "2 ; \a s" {
			t.Errorf("records of %d bytes: %q, used %d of %d, %v", step, got, used, len(stream), ok)
		}
	}
}

func TestLooks(t *testing.T) {
	whole := AppendRecord(nil, Handshake, TLS10, AppendHandshake(nil, TypeClientHello, hello()))
	if yes, _ := Looks(whole); !yes {
		t.Error("a hello is not recognised")
	}
	for n := range 9 {
		if yes, more := Looks(whole[:n]); yes || !more {
			t.Errorf("%d bytes: %v %v", n, yes, more)
		}
	}
	for _, s := range []string{"GET / HTTP/1.1\r\n", "\x16\x03\x01\x00\x02\x01\x00\x00\x00", "\x16\x03\x09\x01\x00\x01\x00\x00\x90"} {
		if yes, more := Looks([]byte(s)); yes || more {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestDTLSFragments(t *testing.T) {
	body := bytes.Repeat([]byte("c"), 50)
	fragment := func(at, n int) []byte {
		b := []byte{TypeCertificate, 0, 0, 50, 0, 2, 0, 0, byte(at), 0, 0, byte(n)}
		b = append(b, body[at:at+n]...)
		return append([]byte{Handshake, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, byte(len(b))}, b...)
	}
	datagram := append(fragment(0, 20), fragment(20, 30)...)
	var f Fragment
	total := 0
	for rest, within, ok := NextFragment(datagram, nil, &f); ok; rest, within, ok = NextFragment(rest, within, &f) {
		if f.Offset != total || f.Length != 50 || f.Whole() {
			t.Errorf("%+v", f)
		}
		total += len(f.Data)
	}
	if total != 50 {
		t.Errorf("%d bytes", total)
	}
}

func FuzzHandshakes(f *testing.F) {
	f.Add(AppendRecord(nil, Handshake, TLS10, AppendHandshake(nil, TypeClientHello, hello())))
	f.Add([]byte{22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 12, 11, 0, 0, 50, 0, 2, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		Looks(b)
		var c ClientHello
		var s ServerHello
		read := func(typ byte, body []byte) bool {
			if ParseClientHello(body, typ > 100, &c) {
				var buf [128]byte
				AppendJA4(AppendJA3(buf[:0], &c), 't', &c)
			}
			ParseServerHello(body, &s)
			for der, rest := NextCertificate(CertificateList(body)); der != nil; der, rest = NextCertificate(rest) {
				continue
			}
			return true
		}
		read(0, b)
		read(200, b)
		var hs Handshakes
		if used, _ := hs.Read(b, read); used > len(b) {
			t.Fatal("used more than there was")
		}
		var fr Fragment
		for rest, within, ok := NextFragment(b, nil, &fr); ok; rest, within, ok = NextFragment(rest, within, &fr) {
			continue
		}
	})
}
