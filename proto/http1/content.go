package http1

import "bytes"

// Title returns the text of the first <title> of an HTML page, trimmed, or nil.
func Title(html []byte) []byte {
	text := element(html, "title", true)
	return bytes.TrimSpace(text)
}

// Element returns the text of the first XML element of that name (any prefix), trimmed, or nil
// when there is none or it holds other elements.
func Element(xml []byte, name string) []byte {
	text := bytes.TrimSpace(element(xml, name, false))
	if inner, ok := bytes.CutPrefix(text, []byte("<![CDATA[")); ok {
		text, ok = bytes.CutSuffix(inner, []byte("]]>"))
		if !ok {
			return nil
		}
		return bytes.TrimSpace(text)
	}
	if bytes.IndexByte(text, '<') >= 0 {
		return nil
	}
	return text
}

func element(b []byte, name string, fold bool) []byte {
	for {
		at := bytes.IndexByte(b, '<')
		if at < 0 {
			return nil
		}
		b = b[at+1:]
		tag := b
		if i := bytes.IndexAny(tag[:min(len(tag), 64)], "> \t\r\n/"); i >= 0 {
			tag = tag[:i]
		}
		if i := bytes.IndexByte(tag, ':'); i >= 0 {
			tag = tag[i+1:]
		}
		if string(tag) != name && (!fold || !Is(tag, name)) {
			continue
		}
		open := bytes.IndexByte(b, '>')
		if open < 0 || open > 0 && b[open-1] == '/' {
			return nil
		}
		b = b[open+1:]
		for from := 0; ; {
			end := bytes.Index(b[from:], []byte("</"))
			if end < 0 {
				return nil
			}
			end += from
			closing := b[end+2:]
			if i := bytes.IndexByte(closing, '>'); i >= 0 {
				closing = closing[:i]
			}
			if i := bytes.IndexByte(closing, ':'); i >= 0 {
				closing = closing[i+1:]
			}
			if closing = bytes.TrimSpace(closing); string(closing) == name || fold && Is(closing, name) {
				return b[:end]
			}
			from = end + 2
		}
	}
}

// Attribute returns the value of an attribute of the first XML element of that name, or nil.
func Attribute(xml []byte, elementName, name string) []byte {
	for {
		at := bytes.IndexByte(xml, '<')
		if at < 0 {
			return nil
		}
		xml = xml[at+1:]
		tag := xml
		if end := bytes.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end]
		}
		rest, ok := bytes.CutPrefix(tag, []byte(elementName))
		if !ok || len(rest) == 0 || rest[0] != ' ' {
			continue
		}
		for {
			i := bytes.Index(rest, []byte(name))
			if i < 0 {
				return nil
			}
			before := i == 0 || rest[i-1] == ' '
			rest = rest[i+len(name):]
			if before && len(rest) > 2 && rest[0] == '=' && (rest[1] == '"' || rest[1] == '\'') {
				if end := bytes.IndexByte(rest[2:], rest[1]); end >= 0 {
					return rest[2 : 2+end]
				}
				return nil
			}
		}
	}
}

// NextString walks the members of the outermost JSON object and returns the next one whose value
// is a string, as it is written between the quotation marks. What is nested deeper is skipped.
// Give rest to the next call; it is nil at the end.
func NextString(json []byte) (key, value, rest []byte) {
	depth, last := 0, []byte(nil)
	b := json
	if len(b) > 0 && b[0] != '{' { // going on after a member
		depth = 1
	}
	for len(b) > 0 {
		c := b[0]
		b = b[1:]
		switch c {
		case '{', '[':
			if depth++; depth > 64 {
				return nil, nil, nil
			}
			last = nil
		case '}', ']':
			if depth--; depth <= 0 {
				return nil, nil, nil
			}
			last = nil
		case ',':
			last = nil
		case '"':
			text, after, ok := quoted(b)
			if !ok {
				return nil, nil, nil
			}
			b = after
			switch {
			case depth != 1:
			case last == nil:
				last = text
			default:
				return last, text, b
			}
		}
	}
	return nil, nil, nil
}

func quoted(b []byte) (text, rest []byte, ok bool) {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return b[:i], b[i+1:], true
		}
	}
	return nil, nil, false
}

// NextPair cuts the next key and value off a query or an application/x-www-form-urlencoded body.
// They are not unescaped. rest is nil at the end.
func NextPair(form []byte) (key, value, rest []byte) {
	pair := form
	if at := bytes.IndexByte(form, '&'); at >= 0 {
		pair, rest = form[:at], form[at+1:]
	}
	key, value, _ = bytes.Cut(pair, []byte{'='})
	return key, value, rest
}
