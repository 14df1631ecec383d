// Package x509lite reads what an X.509 certificate says of its holder (RFC 5280) without judging
// it. The certificates of devices are often older or sloppier than strict parsers allow; here a
// certificate is read as far as its structure holds, with nothing copied.
package x509lite

import (
	"bytes"
	"time"
	"unicode/utf16"
)

// Certificate holds views into the DER bytes it was parsed from.
type Certificate struct {
	Subject   Name
	Issuer    Name
	Serial    []byte // the certificate's own number, big endian
	NotBefore time.Time
	NotAfter  time.Time
	PublicKey []byte // SubjectPublicKeyInfo
	san       []byte // SubjectAltName: the GeneralNames
}

// Name is a distinguished name in DER, without its outer header.
type Name []byte

// Attribute is a part of a name: the last arc of its id under 2.5.4 (ITU-T X.520).
type Attribute byte

// The attributes that matter.
const (
	CommonName   Attribute = 3
	SerialNumber Attribute = 5
	Country      Attribute = 6
	Organization Attribute = 10
	Unit         Attribute = 11
)

const (
	tagInteger    = 0x02
	tagOctets     = 0x04
	tagOID        = 0x06
	tagBMP        = 0x1e
	tagUTC        = 0x17
	tagGeneral    = 0x18
	tagSequence   = 0x30
	tagSet        = 0x31
	tagVersion    = 0xa0
	tagExtensions = 0xa3
	tagDNS        = 0x82
)

// next cuts one element off: its tag, its content and what follows.
func next(b []byte) (tag byte, content, rest []byte, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return 0, nil, nil, false
	}
	tag = b[0]
	n, head := int(b[1]), 2
	if n >= 0x80 {
		size := n & 0x7f
		if size == 0 || size > 3 || len(b) < 2+size {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range b[2 : 2+size] {
			n = n<<8 | int(c)
		}
		head += size
	}
	if len(b)-head < n {
		return 0, nil, nil, false
	}
	return tag, b[head : head+n], b[head+n:], true
}

// Parse reads one certificate. It reports false when its structure does not hold up to the public
// key; what follows may be missing.
func Parse(der []byte, c *Certificate) bool {
	*c = Certificate{}
	tag, cert, _, ok := next(der)
	if !ok || tag != tagSequence {
		return false
	}
	tag, tbs, _, ok := next(cert)
	if !ok || tag != tagSequence {
		return false
	}
	if tag, _, rest, ok := next(tbs); ok && tag == tagVersion {
		tbs = rest
	}
	var parts [6][]byte // serial, algorithm, issuer, validity, subject, public key
	for i := range parts {
		tag, content, rest, ok := next(tbs)
		if !ok || i == 0 && tag != tagInteger || i > 0 && tag != tagSequence {
			return false
		}
		parts[i] = content
		if i == 5 {
			parts[i] = tbs[:len(tbs)-len(rest)]
		}
		tbs = rest
	}
	c.Serial, c.Issuer, c.Subject, c.PublicKey = parts[0], parts[2], parts[4], parts[5]
	c.validity(parts[3])
	for len(tbs) > 0 {
		tag, content, rest, ok := next(tbs)
		if !ok {
			break
		}
		if tag == tagExtensions {
			c.extensions(content)
		}
		tbs = rest
	}
	return true
}

func (c *Certificate) validity(b []byte) {
	for _, into := range []*time.Time{&c.NotBefore, &c.NotAfter} {
		tag, content, rest, ok := next(b)
		if !ok {
			return
		}
		*into = readTime(tag, content)
		b = rest
	}
}

// readTime reads UTCTime and GeneralizedTime in the form that RFC 5280 asks for; seconds may be
// missing in old certificates. What it cannot read is the zero time.
func readTime(tag byte, b []byte) time.Time {
	var d [7]int
	if len(b) == 0 || b[len(b)-1] != 'Z' {
		return time.Time{}
	}
	b = b[:len(b)-1]
	year := 2
	if tag == tagGeneral {
		year = 4
	}
	if tag != tagUTC && tag != tagGeneral || len(b) < year+8 {
		return time.Time{}
	}
	d[0] = number(b[:year])
	b = b[year:]
	for i := 1; i < 6 && len(b) >= 2; i++ {
		d[i] = number(b[:2])
		b = b[2:]
	}
	if tag == tagUTC {
		if d[0] < 50 {
			d[0] += 100
		}
		d[0] += 1900
	}
	if d[0] < 1900 || d[1] < 1 || d[1] > 12 || d[2] < 1 || d[2] > 31 {
		return time.Time{}
	}
	return time.Date(d[0], time.Month(d[1]), d[2], d[3], d[4], d[5], 0, time.UTC)
}

func number(b []byte) (n int) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (c *Certificate) extensions(b []byte) {
	_, list, _, ok := next(b)
	for ok && len(list) > 0 {
		var ext []byte
		_, ext, list, ok = next(list)
		if !ok {
			return
		}
		tag, id, rest, good := next(ext)
		if !good || tag != tagOID || !bytes.Equal(id, []byte{0x55, 0x1d, 0x11}) {
			continue
		}
		for len(rest) > 0 { // the critical flag may stand before the value
			var content []byte
			tag, content, rest, good = next(rest)
			if !good {
				return
			}
			if tag == tagOctets {
				_, c.san, _, _ = next(content)
			}
		}
	}
}

// NextDNSName walks the DNS names of the subject's alternative names. Begin with nil; rest is nil
// at the end.
func (c *Certificate) NextDNSName(rest []byte) (name, after []byte) {
	if rest == nil {
		rest = c.san
	}
	for len(rest) > 0 {
		tag, content, tail, ok := next(rest)
		if !ok {
			return nil, nil
		}
		rest = tail
		if tag == tagDNS && len(content) > 0 {
			return content, rest
		}
	}
	return nil, nil
}

// Get returns the first value of an attribute as UTF-8 text, or nil.
func (n Name) Get(want Attribute) []byte {
	for b := []byte(n); len(b) > 0; {
		tag, set, rest, ok := next(b)
		if !ok || tag != tagSet {
			return nil
		}
		b = rest
		for len(set) > 0 {
			var pair []byte
			if _, pair, set, ok = next(set); !ok {
				return nil
			}
			tag, id, value, ok := next(pair)
			if !ok || tag != tagOID || len(id) != 3 || id[0] != 0x55 || id[1] != 4 || id[2] != byte(want) {
				continue
			}
			tag, text, _, ok := next(value)
			if !ok {
				return nil
			}
			if tag == tagBMP {
				return fromBMP(text)
			}
			return text
		}
	}
	return nil
}

func fromBMP(b []byte) []byte {
	u := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u = append(u, uint16(b[0])<<8|uint16(b[1]))
	}
	return []byte(string(utf16.Decode(u)))
}

// SelfIssued reports whether holder and issuer are the same.
func (c *Certificate) SelfIssued() bool { return bytes.Equal(c.Subject, c.Issuer) }
