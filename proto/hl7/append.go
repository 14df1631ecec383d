package hl7

// AppendSegment writes a segment with the standard delimiters behind dst, CR included. Fields come
// as they stand on the wire, components and all; for MSH the first is MSH-3.
func AppendSegment(dst []byte, name string, fields ...string) []byte {
	dst = append(dst, name...)
	if name == "MSH" {
		dst = append(dst, `|^~\&`...)
	}
	for _, f := range fields {
		dst = append(append(dst, '|'), f...)
	}
	return append(dst, CarriageReturn)
}

// AppendBlock writes a message in its MLLP frame behind dst.
func AppendBlock(dst, message []byte) []byte {
	dst = append(append(dst, StartBlock), message...)
	return append(dst, EndBlock, CarriageReturn)
}

// AppendEscaped writes text as part of a field behind dst, with delimiters and line ends escaped
// (chapter 2.7).
func AppendEscaped(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '|':
			dst = append(dst, `\F\`...)
		case '^':
			dst = append(dst, `\S\`...)
		case '~':
			dst = append(dst, `\R\`...)
		case '&':
			dst = append(dst, `\T\`...)
		case '\\':
			dst = append(dst, `\E\`...)
		case '\r', '\n', StartBlock, EndBlock:
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
