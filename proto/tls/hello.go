package tls

import "encoding/binary"

// Extension types.
const (
	extServerName  = 0
	extGroups      = 10
	extPoints      = 11
	extSignatures  = 13
	extALPN        = 16
	extVersions    = 43
	extECH         = 0xfe0d
	maxExtensions  = 128
	serverNameHost = 0
)

// ClientHello is what a client offers. Lists are raw, two bytes an element unless said otherwise.
type ClientHello struct {
	Version    uint16 // of the hello itself; newer ones stand in Versions
	Ciphers    []byte
	Extensions []byte // as sent, for the order of their types

	ServerName []byte // SNI
	ALPN       []byte // the first protocol offered
	Groups     []byte
	Points     []byte // one byte an element
	Signatures []byte
	Versions   []byte // supported_versions
	Encrypted  bool   // carries an encrypted hello: ServerName may be a cover
}

// ServerHello is what a server chose.
type ServerHello struct {
	Version uint16 // the version in use
	Cipher  uint16
	ALPN    []byte
}

// ParseClientHello reads the body of a ClientHello; dtls tells that a cookie may stand in it.
func ParseClientHello(b []byte, dtls bool, h *ClientHello) bool {
	if len(b) < 35 {
		return false
	}
	*h = ClientHello{Version: binary.BigEndian.Uint16(b)}
	b, ok := skip8(b[34:])
	if ok && dtls {
		b, ok = skip8(b)
	}
	if !ok || len(b) < 2 {
		return false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n%2 != 0 || len(b)-2 < n {
		return false
	}
	h.Ciphers, b = b[2:2+n], b[2+n:]
	if b, ok = skip8(b); !ok { // compression methods
		return false
	}
	if len(b) == 0 {
		return true
	}
	if h.Extensions, ok = list16(b); !ok {
		return false
	}
	count := 0
	for e := h.Extensions; len(e) > 0; count++ {
		var typ uint16
		var v []byte
		if typ, v, e, ok = nextExtension(e); !ok || count > maxExtensions {
			return false
		}
		h.extension(typ, v)
	}
	return true
}

func (h *ClientHello) extension(typ uint16, v []byte) {
	switch typ {
	case extServerName:
		if list, ok := list16(v); ok && len(list) >= 3 && list[0] == serverNameHost {
			h.ServerName, _ = list16(list[1:])
		}
	case extALPN:
		if list, ok := list16(v); ok && len(list) >= 1 && len(list)-1 >= int(list[0]) {
			h.ALPN = list[1 : 1+int(list[0])]
		}
	case extGroups:
		h.Groups, _ = list16(v)
	case extPoints:
		if len(v) >= 1 && len(v)-1 >= int(v[0]) {
			h.Points = v[1 : 1+int(v[0])]
		}
	case extSignatures:
		h.Signatures, _ = list16(v)
	case extVersions:
		if len(v) >= 1 && len(v)-1 >= int(v[0]) {
			h.Versions = v[1 : 1+int(v[0])]
		}
	case extECH:
		h.Encrypted = true
	}
}

// ParseServerHello reads the body of a ServerHello.
func ParseServerHello(b []byte, h *ServerHello) bool {
	if len(b) < 35 {
		return false
	}
	*h = ServerHello{Version: binary.BigEndian.Uint16(b)}
	b, ok := skip8(b[34:])
	if !ok || len(b) < 3 {
		return false
	}
	h.Cipher = binary.BigEndian.Uint16(b)
	if b = b[3:]; len(b) == 0 {
		return true
	}
	e, ok := list16(b)
	for ok && len(e) > 0 {
		var typ uint16
		var v []byte
		typ, v, e, ok = nextExtension(e)
		switch {
		case !ok:
		case typ == extVersions && len(v) == 2:
			h.Version = binary.BigEndian.Uint16(v)
		case typ == extALPN:
			if list, good := list16(v); good && len(list) >= 1 && len(list)-1 >= int(list[0]) {
				h.ALPN = list[1 : 1+int(list[0])]
			}
		}
	}
	return ok
}

// VersionName writes a version as people do, or nothing for an unknown one.
func VersionName(v uint16) string {
	switch v {
	case SSL30:
		return "SSL 3.0"
	case TLS10:
		return "TLS 1.0"
	case TLS11:
		return "TLS 1.1"
	case TLS12:
		return "TLS 1.2"
	case TLS13:
		return "TLS 1.3"
	case DTLS10, 0x0100:
		return "DTLS 1.0"
	case DTLS12:
		return "DTLS 1.2"
	case DTLS13:
		return "DTLS 1.3"
	}
	return ""
}

func skip8(b []byte) ([]byte, bool) {
	if len(b) < 1 || len(b)-1 < int(b[0]) {
		return nil, false
	}
	return b[1+int(b[0]):], true
}

func list16(b []byte) ([]byte, bool) {
	if len(b) < 2 {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b)-2 < n {
		return nil, false
	}
	return b[2 : 2+n], true
}

func nextExtension(b []byte) (typ uint16, v, rest []byte, ok bool) {
	if len(b) < 4 {
		return 0, nil, nil, false
	}
	v, ok = list16(b[2:])
	if !ok {
		return 0, nil, nil, false
	}
	return binary.BigEndian.Uint16(b), v, b[4+len(v):], true
}
