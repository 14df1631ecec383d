// Package pjl reads the answers of printers in the Printer Job Language (HP, "PJL Technical
// Reference"), which go back over the connection that carries print jobs. Jobs are not read.
package pjl

import "bytes"

// escape is the universal exit with which a job in PJL begins.
const escape = "\x1b%-12345X"

// IsJob reports whether bytes begin a print job with PJL; more says that they may.
func IsJob(b []byte) (yes, more bool) {
	for _, s := range []string{escape, "@PJL"} {
		if n := min(len(b), len(s)); string(b[:n]) == s[:n] {
			return n == len(s), n < len(s)
		}
	}
	return false, false
}

// Answer reads one answer of a printer at the start of b: the category ("ID", "PRODINFO") of an
// INFO answer and its lines up to the form feed. size is 0 when the form feed has not arrived.
func Answer(b []byte) (category, text []byte, size int, ok bool) {
	const head = "@PJL INFO "
	if !bytes.HasPrefix(b, []byte(head)) {
		return nil, nil, 0, bytes.HasPrefix([]byte(head), b)
	}
	end := bytes.IndexByte(b, '\f')
	if end < 0 {
		return nil, nil, 0, true
	}
	category, text, _ = bytes.Cut(b[len(head):end], []byte("\n"))
	return bytes.TrimSpace(category), bytes.TrimSpace(text), end + 1, true
}

// Value is the value of a line "Name = value" or "Name=value" of an answer, without quotes.
func Value(text []byte, name string) []byte {
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if k, v, ok := bytes.Cut(line, []byte("=")); ok && string(bytes.TrimSpace(k)) == name {
			return bytes.Trim(bytes.TrimSpace(v), `"`)
		}
	}
	return nil
}

// AppendAnswer appends a printer's answer to INFO ID.
func AppendAnswer(b []byte, id string) []byte {
	return append(append(append(b, "@PJL INFO ID\r\n\""...), id...), "\"\r\n\f"...)
}
