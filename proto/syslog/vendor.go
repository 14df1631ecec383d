package syslog

import "bytes"

// Mnemonic finds the message code of Cisco's devices in a text: "%LINK-5-CHANGED", which is the
// facility, a severity of 0 to 7 and the name (Cisco, "System Message Format").
func Mnemonic(text []byte) []byte {
	text = text[:min(len(text), 160)]
	i := bytes.IndexByte(text, '%')
	if i < 0 || i > 0 && text[i-1] != ' ' {
		return nil
	}
	code := text[i:]
	end := bytes.IndexByte(code, ':')
	if end < 6 || end > 64 {
		return nil
	}
	code = code[:end]
	severity := false
	for j, c := range code[1:] {
		switch {
		case c >= 'A' && c <= 'Z' || c == '_' || isDigit(c):
		case c == '-':
			if j+4 <= len(code) && code[j+2] >= '0' && code[j+2] <= '7' && j+3 < len(code) && code[j+3] == '-' {
				severity = true
			}
		default:
			return nil
		}
	}
	if !severity || !(code[1] >= 'A' && code[1] <= 'Z') {
		return nil
	}
	return code
}

// Value is the value of key in a text of key=value pairs, with or without quotes, as firewalls log
// them; nil when the key is not among the first 512 bytes.
func Value(text []byte, key string) []byte {
	text = text[:min(len(text), 512)]
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(key))
		if i < 0 {
			return nil
		}
		i += at
		at = i + len(key)
		if at < len(text) && text[at] == '=' && (i == 0 || bytes.IndexByte([]byte(" ;,\t"), text[i-1]) >= 0) {
			v := text[at+1:]
			if len(v) > 0 && v[0] == '"' {
				v, _, _ = bytes.Cut(v[1:], []byte(`"`))
				return v
			}
			if end := bytes.IndexAny(v, " ;,\t\r\n"); end >= 0 {
				v = v[:end]
			}
			return v
		}
	}
}
