// Package ber walks ASN.1 values in the basic encoding rules (ITU-T X.690), as far as SNMP,
// Kerberos and LDAP need them: tags of one byte and definite lengths. It points into its input and
// allocates nothing.
package ber

// Universal tags that the codecs above it look for.
const (
	Boolean     = 0x01
	Integer     = 0x02
	BitString   = 0x03
	OctetString = 0x04
	Null        = 0x05
	OID         = 0x06
	Enumerated  = 0x0a
	Sequence    = 0x30
	Set         = 0x31
)

// Next splits the first value from the rest. ok is false when the value is cut off or not in the
// form this package reads.
func Next(b []byte) (tag byte, value, rest []byte, ok bool) {
	tag, n, head, ok := Head(b)
	if !ok || n > len(b)-head {
		return 0, nil, nil, false
	}
	return tag, b[head : head+n], b[head+n:], true
}

// Head reads the tag and the length of the first value, which need not be there in full: n is the
// length of its content and head that of tag and length together.
func Head(b []byte) (tag byte, n, head int, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return 0, 0, 0, false
	}
	n, head = int(b[1]), 2
	if n >= 0x80 {
		k := n & 0x7f
		if k == 0 || k > 4 || len(b) < 2+k {
			return 0, 0, 0, false
		}
		n = 0
		for _, c := range b[2 : 2+k] {
			n = n<<8 | int(c)
		}
		head += k
		if n < 0 || n > 1<<30 {
			return 0, 0, 0, false
		}
	}
	return b[0], n, head, true
}

// Expect is Next for a value that must have the given tag.
func Expect(b []byte, want byte) (value, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != want {
		return nil, nil, false
	}
	_, value, rest, ok = Next(b)
	return value, rest, ok
}

// Int reads the content of an INTEGER of at most eight bytes.
func Int(v []byte) (n int64, ok bool) {
	if len(v) == 0 || len(v) > 8 {
		return 0, false
	}
	n = int64(int8(v[0]))
	for _, c := range v[1:] {
		n = n<<8 | int64(c)
	}
	return n, true
}

// Append appends one value with its tag and length.
func Append(b []byte, tag byte, value []byte) []byte {
	b = append(b, tag)
	switch n := len(value); {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	default:
		b = append(b, 0x82, byte(n>>8), byte(n))
	}
	return append(b, value...)
}

// AppendInt appends an INTEGER.
func AppendInt(b []byte, n int64) []byte {
	size := 1
	for v := n; v > 127 || v < -128; v >>= 8 {
		size++
	}
	b = append(b, Integer, byte(size))
	for i := size - 1; i >= 0; i-- {
		b = append(b, byte(n>>(8*i)))
	}
	return b
}
