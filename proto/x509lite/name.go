package x509lite

import "encoding/hex"

const maxParts = 16

// AppendText appends a name as text, the most specific part first: "CN=pump-7,O=Example,C=DE"
// (RFC 4514). Parts whose type has no usual short name are written by their id in hexadecimal.
func (n Name) AppendText(dst []byte) []byte {
	var parts [maxParts][]byte
	count := 0
	for b := []byte(n); len(b) > 0 && count < maxParts; {
		tag, set, rest, ok := next(b)
		if !ok || tag != tagSet {
			break
		}
		parts[count] = set
		count++
		b = rest
	}
	first := true
	for count--; count >= 0; count-- {
		for set := parts[count]; len(set) > 0; {
			_, pair, rest, ok := next(set)
			if !ok {
				break
			}
			set = rest
			tag, id, value, ok := next(pair)
			if !ok || tag != tagOID {
				continue
			}
			tag, text, _, ok := next(value)
			if !ok {
				continue
			}
			if tag == tagBMP {
				text = fromBMP(text)
			}
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(appendType(dst, id), '=')
			for _, c := range text {
				if c == ',' || c == '+' || c == '"' || c == '\\' || c == '<' || c == '>' || c == ';' {
					dst = append(dst, '\\')
				}
				dst = append(dst, c)
			}
		}
	}
	return dst
}

// appendType writes the short name of an attribute type (RFC 4514 section 3, RFC 4519).
func appendType(dst, id []byte) []byte {
	if len(id) == 3 && id[0] == 0x55 && id[1] == 4 {
		switch id[2] {
		case 3:
			return append(dst, "CN"...)
		case 4:
			return append(dst, "SN"...)
		case 5:
			return append(dst, "SERIALNUMBER"...)
		case 6:
			return append(dst, "C"...)
		case 7:
			return append(dst, "L"...)
		case 8:
			return append(dst, "ST"...)
		case 9:
			return append(dst, "STREET"...)
		case 10:
			return append(dst, "O"...)
		case 11:
			return append(dst, "OU"...)
		}
	}
	switch string(id) {
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01": // 1.2.840.113549.1.9.1
		return append(dst, "emailAddress"...)
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19": // 0.9.2342.19200300.100.1.25
		return append(dst, "DC"...)
	}
	return hex.AppendEncode(dst, id)
}
