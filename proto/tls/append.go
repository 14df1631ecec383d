package tls

import "encoding/binary"

// AppendRecord writes a record around a payload that fits in one.
func AppendRecord(dst []byte, typ byte, version uint16, payload []byte) []byte {
	dst = binary.BigEndian.AppendUint16(append(dst, typ), version)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(payload))) //nolint:gosec // fits by contract
	return append(dst, payload...)
}

// AppendHandshake writes a handshake message around its body.
func AppendHandshake(dst []byte, typ byte, body []byte) []byte {
	n := len(body)
	return append(append(dst, typ, byte(n>>16), byte(n>>8), byte(n)), body...)
}

// AppendClientHello writes the body of a plain ClientHello for TLS 1.2 with the given random, cipher
// suites, server name and application protocol (both may be empty).
func AppendClientHello(dst []byte, random [32]byte, ciphers []uint16, serverName, alpn string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, TLS12)
	dst = append(append(dst, random[:]...), 0)
	dst = binary.BigEndian.AppendUint16(dst, uint16(2*len(ciphers))) //nolint:gosec // few
	for _, c := range ciphers {
		dst = binary.BigEndian.AppendUint16(dst, c)
	}
	dst = append(dst, 1, 0)
	var e []byte
	if n := len(serverName); n > 0 {
		e = appendExtension(e, extServerName, append16(nil, append([]byte{serverNameHost}, append16(nil, []byte(serverName))...)))
	}
	e = appendExtension(e, extGroups, append16(nil, []byte{0, 29, 0, 23}))
	e = appendExtension(e, extPoints, []byte{1, 0})
	e = appendExtension(e, extSignatures, append16(nil, []byte{4, 3, 8, 4, 4, 1}))
	if n := len(alpn); n > 0 {
		e = appendExtension(e, extALPN, append16(nil, append([]byte{byte(n)}, alpn...)))
	}
	return append16(dst, e)
}

// AppendServerHello writes the body of a ServerHello for TLS 1.2.
func AppendServerHello(dst []byte, random [32]byte, cipher uint16) []byte {
	dst = binary.BigEndian.AppendUint16(dst, TLS12)
	dst = append(append(dst, random[:]...), 0)
	return append(binary.BigEndian.AppendUint16(dst, cipher), 0)
}

// AppendCertificate writes the body of a Certificate message of TLS 1.2, leaf first.
func AppendCertificate(dst []byte, chain ...[]byte) []byte {
	var list []byte
	for _, der := range chain {
		list = append(append24(list, len(der)), der...)
	}
	return append(append24(dst, len(list)), list...)
}

func append24(dst []byte, n int) []byte {
	return append(dst, byte(n>>16), byte(n>>8), byte(n))
}

func append16(dst, b []byte) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(b))), b...) //nolint:gosec // small
}

func appendExtension(dst []byte, typ uint16, v []byte) []byte {
	return append16(binary.BigEndian.AppendUint16(dst, typ), v)
}
