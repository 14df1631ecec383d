// Package rfb reads the opening of a Remote Framebuffer connection, which VNC speaks (RFC 6143).
package rfb

// VersionLength is the length of the version message of either side.
const VersionLength = 12

// Version reads the version message: "RFB 003.008\n". more says that it may be one and has not
// arrived in full.
func Version(b []byte) (version []byte, more bool) {
	const shape = "RFB 000.000\n"
	for i, c := range b[:min(len(b), VersionLength)] {
		if want := shape[i]; want == '0' {
			if c < '0' || c > '9' {
				return nil, false
			}
		} else if c != want {
			return nil, false
		}
	}
	if len(b) < VersionLength {
		return nil, true
	}
	return b[4:11], false
}

// SecurityName is what is known by a security type (RFC 6143 section 7.1.2 and IANA's list).
func SecurityName(t byte) string {
	switch t {
	case 1:
		return "none"
	case 2:
		return "VNC authentication"
	case 5, 6, 13, 129, 130, 133:
		return "RSA-AES"
	case 16:
		return "Tight"
	case 17:
		return "Ultra"
	case 18, 19:
		return "TLS"
	case 30, 35:
		return "Apple"
	}
	return ""
}
