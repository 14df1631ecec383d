package dns

// name reads a name in lower case.
func (p *Parser) name(at int, buf []byte) (name []byte, next int, ok bool) {
	return p.readName(at, buf, true)
}

// readName follows compression pointers (RFC 1035 section 4.1.4), which may only point backwards:
// that alone makes loops impossible. A dot or backslash inside a label is kept as it is.
func (p *Parser) readName(at int, buf []byte, lower bool) (name []byte, next int, ok bool) {
	msg := p.msg
	name = buf[:0]
	limit := at
	for at < len(msg) {
		n := int(msg[at])
		switch {
		case n == 0:
			if next == 0 {
				next = at + 1
			}
			return name, next, true
		case n < 64:
			if len(msg)-at-1 < n || len(name)+n+1 > maxName {
				return nil, 0, false
			}
			if len(name) > 0 {
				name = append(name, '.')
			}
			for _, c := range msg[at+1 : at+1+n] {
				if lower && c-'A' < 26 {
					c += 'a' - 'A'
				}
				name = append(name, c)
			}
			at += 1 + n
		case n >= 0xc0:
			if len(msg)-at < 2 {
				return nil, 0, false
			}
			if next == 0 {
				next = at + 2
			}
			to := (n&0x3f)<<8 | int(msg[at+1])
			if to >= limit || to < 12 {
				return nil, 0, false
			}
			at, limit = to, to
		default:
			return nil, 0, false
		}
	}
	return nil, 0, false
}

func (p *Parser) skipName(at int) (next int, ok bool) {
	for at < len(p.msg) {
		n := int(p.msg[at])
		switch {
		case n == 0:
			return at + 1, true
		case n >= 0xc0:
			return at + 2, at+2 <= len(p.msg)
		case n >= 64:
			return 0, false
		}
		at += 1 + n
	}
	return 0, false
}
