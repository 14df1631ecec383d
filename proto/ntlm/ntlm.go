// Package ntlm reads the NTLM messages inside SMB, RDP and HTTP log-ins (MS-NLMP) as far as they
// say which machine speaks. Of a user only the presence is told; responses are never touched.
package ntlm

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf16"
)

// Message types.
const (
	Negotiate    = 1
	Challenge    = 2
	Authenticate = 3
)

// Message is one NTLM message. Texts are in the bytes of the wire: UTF-16LE when Wide.
type Message struct {
	Type uint32
	Wide bool

	// Of a challenge: what the server says of itself.
	ComputerName []byte // NetBIOS
	DomainName   []byte
	DNSComputer  []byte
	DNSDomain    []byte

	// Of an authenticate message.
	Workstation []byte
	UserLength  int // bytes of the user name, which is not kept

	version []byte // major, minor, build (2 bytes) of the sender's Windows, or nil
}

const (
	flagUnicode = 1 << 0
	flagVersion = 1 << 25
)

var signature = []byte("NTLMSSP\x00")

// Find returns the NTLM message inside a security blob, which may wrap it in SPNEGO, or nil.
func Find(blob []byte) []byte {
	at := bytes.Index(blob, signature)
	if at < 0 {
		return nil
	}
	return blob[at:]
}

// Parse reads one message. It reports false when b is none.
func Parse(b []byte, m *Message) bool {
	if len(b) < 32 || !bytes.HasPrefix(b, signature) {
		return false
	}
	*m = Message{Type: binary.LittleEndian.Uint32(b[8:])}
	switch m.Type {
	case Negotiate:
		if flags := binary.LittleEndian.Uint32(b[12:]); flags&flagVersion != 0 && len(b) >= 40 {
			m.version = b[32:36]
		}
		return true
	case Challenge:
		return m.challenge(b)
	case Authenticate:
		return m.authenticate(b)
	}
	return false
}

func (m *Message) challenge(b []byte) bool {
	flags := binary.LittleEndian.Uint32(b[20:])
	m.Wide = flags&flagUnicode != 0
	if len(b) < 48 {
		return true
	}
	if flags&flagVersion != 0 && len(b) >= 56 {
		m.version = b[48:52]
	}
	info := field(b, 40)
	for len(info) >= 4 {
		id, n := binary.LittleEndian.Uint16(info), int(binary.LittleEndian.Uint16(info[2:]))
		if len(info)-4 < n || id == 0 {
			break
		}
		v := info[4 : 4+n]
		info = info[4+n:]
		switch id { // AV_PAIR, always in Unicode
		case 1:
			m.ComputerName = v
		case 2:
			m.DomainName = v
		case 3:
			m.DNSComputer = v
		case 4:
			m.DNSDomain = v
		}
	}
	return true
}

func (m *Message) authenticate(b []byte) bool {
	if len(b) < 64 {
		return false
	}
	flags := binary.LittleEndian.Uint32(b[60:])
	m.Wide = flags&flagUnicode != 0
	m.UserLength = len(field(b, 36))
	m.Workstation = field(b, 44)
	if flags&flagVersion != 0 && len(b) >= 72 {
		m.version = b[64:68]
	}
	return true
}

// field reads the length and offset at a position and returns what they point to.
func field(b []byte, at int) []byte {
	n, from := int(binary.LittleEndian.Uint16(b[at:])), int(binary.LittleEndian.Uint32(b[at+4:]))
	if from < 0 || from > len(b) || n > len(b)-from {
		return nil
	}
	return b[from : from+n]
}

// AppendVersion appends the Windows version of the sender as "6.1.7601"; nothing when it is not
// given or zero. Samba says 6.1.0.
func (m *Message) AppendVersion(dst []byte) []byte {
	if m.version == nil || m.version[0] == 0 {
		return dst
	}
	dst = strconv.AppendUint(dst, uint64(m.version[0]), 10)
	dst = strconv.AppendUint(append(dst, '.'), uint64(m.version[1]), 10)
	return strconv.AppendUint(append(dst, '.'), uint64(binary.LittleEndian.Uint16(m.version[2:])), 10)
}

// AppendText appends a text of the message as UTF-8.
func (m *Message) AppendText(dst, text []byte) []byte {
	if !m.Wide {
		return append(dst, text...)
	}
	return AppendUTF16(dst, text)
}

// AppendUTF16 appends UTF-16LE text as UTF-8, up to a terminating zero.
func AppendUTF16(dst, b []byte) []byte {
	for ; len(b) >= 2; b = b[2:] {
		r := rune(binary.LittleEndian.Uint16(b))
		if r == 0 {
			break
		}
		if utf16.IsSurrogate(r) && len(b) >= 4 {
			r = utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b[2:])))
			b = b[2:]
		}
		dst = appendRune(dst, r)
	}
	return dst
}

func appendRune(dst []byte, r rune) []byte {
	if r < 0x80 {
		return append(dst, byte(r))
	}
	return append(dst, string(r)...)
}

// AppendChallenge writes a challenge as a Windows server sends it. version is major, minor, build.
func AppendChallenge(dst []byte, computer, domain, dnsComputer, dnsDomain string, version [3]uint16) []byte {
	var info []byte
	for id, s := range []string{"", computer, domain, dnsComputer, dnsDomain} {
		if s == "" {
			continue
		}
		w := wide(s)
		info = binary.LittleEndian.AppendUint16(info, uint16(id))     //nolint:gosec // five of them
		info = binary.LittleEndian.AppendUint16(info, uint16(len(w))) //nolint:gosec // names are short
		info = append(info, w...)
	}
	info = append(info, 0, 0, 0, 0)
	target := wide(domain)
	le := binary.LittleEndian
	dst = le.AppendUint32(append(dst, signature...), Challenge)
	dst = appendField(dst, len(target), 56)
	dst = le.AppendUint32(dst, 0xe2898215)
	dst = append(dst, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0)
	dst = appendField(dst, len(info), 56+len(target))
	dst = append(dst, byte(version[0]), byte(version[1]))
	dst = append(le.AppendUint16(dst, version[2]), 0, 0, 0, 15)
	return append(append(dst, target...), info...)
}

func appendField(dst []byte, n, at int) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, uint16(n))   //nolint:gosec // short
	dst = binary.LittleEndian.AppendUint16(dst, uint16(n))   //nolint:gosec // short
	return binary.LittleEndian.AppendUint32(dst, uint32(at)) //nolint:gosec // short
}

func wide(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
