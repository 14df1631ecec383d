// Package ftp reads the lines of an FTP control connection (RFC 959) and recognises the directory
// listings of a data connection.
package ftp

import "bytes"

// MaxLine is the longest line that is read.
const MaxLine = 512

// Line splits the first line from the rest, without its line end. more says that no line end has
// arrived yet; a line longer than MaxLine is returned in pieces.
func Line(b []byte) (line, rest []byte, more bool) {
	i := bytes.IndexByte(b[:min(len(b), MaxLine)], '\n')
	if i < 0 {
		if len(b) < MaxLine {
			return nil, b, true
		}
		return b[:MaxLine], b[MaxLine:], false
	}
	return bytes.TrimSuffix(b[:i], []byte("\r")), b[i+1:], false
}

// Reply reads the first line or a middle line of an answer: its code, and whether more lines
// follow. ok is false for the inner lines of a long answer that carry no code.
func Reply(line []byte) (code int, text []byte, last, ok bool) {
	if len(line) < 3 {
		return 0, nil, false, false
	}
	for _, c := range line[:3] {
		if c < '0' || c > '9' {
			return 0, nil, false, false
		}
		code = code*10 + int(c-'0')
	}
	if len(line) == 3 {
		return code, nil, true, true
	}
	if line[3] != ' ' && line[3] != '-' {
		return 0, nil, false, false
	}
	return code, line[4:], line[3] == ' ', true
}

// Command splits a command line into its verb and its argument. The verb is three or four letters.
func Command(line []byte) (verb, arg []byte, ok bool) {
	verb, arg, _ = bytes.Cut(line, []byte(" "))
	if len(verb) < 3 || len(verb) > 4 {
		return nil, nil, false
	}
	for _, c := range verb {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return nil, nil, false
		}
	}
	return verb, arg, true
}

// IsListing reports whether bytes start a directory listing as Unix servers write it
// ("-rw-r--r--   1 ...", with or without a "total" line) or as Windows servers do
// ("02-28-23  09:15AM").
func IsListing(b []byte) bool {
	if bytes.HasPrefix(b, []byte("total ")) {
		_, rest, more := Line(b)
		return !more && isUnixEntry(rest)
	}
	return isUnixEntry(b) || isWindowsEntry(b)
}

func isUnixEntry(b []byte) bool {
	if len(b) < 12 || bytes.IndexByte([]byte("-dlcbps"), b[0]) < 0 {
		return false
	}
	for i, c := range b[1:10] {
		if c != '-' && c != "rwx"[i%3] && (i%3 != 2 || bytes.IndexByte([]byte("sStT"), c) < 0) {
			return false
		}
	}
	return b[10] == ' ' || b[10] == '+' || b[10] == '.'
}

func isWindowsEntry(b []byte) bool {
	const shape = "00-00-00  00:00"
	if len(b) < len(shape)+2 {
		return false
	}
	for i := range len(shape) {
		if digit := b[i] >= '0' && b[i] <= '9'; digit != (shape[i] == '0') || !digit && b[i] != shape[i] {
			return false
		}
	}
	return (b[15] == 'A' || b[15] == 'P') && b[16] == 'M'
}
