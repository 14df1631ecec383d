package clinicalhttp

import "bytes"

const hl7Application = "MSH-3"

// readHL7 reads the header of an HL7 v2 message that is carried as an HTTP body. Segments end with
// CR; some senders write LF or both.
func readHL7(e *Exchange) (Reading, bool) {
	b := e.Body
	if len(b) < 9 || string(b[:3]) != "MSH" {
		return Reading{}, false
	}
	sep := b[3]
	if sep <= ' ' || sep >= 0x7f {
		return Reading{}, false
	}
	r := Reading{Protocol: "hl7", Patient: bytes.Contains(b, []byte("\rPID")) || bytes.Contains(b, []byte("\nPID"))}
	line := b
	if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
		line = line[:i]
	}
	for n := 2; len(line) > 0 && n <= 9; n++ { // after the first separator comes MSH-2
		i := bytes.IndexByte(line, sep)
		if i < 0 {
			break
		}
		line = line[i+1:]
		value := line
		if j := bytes.IndexByte(value, sep); j >= 0 {
			value = value[:j]
		}
		switch n {
		case 3:
			if len(value) > 0 {
				r.Fields = append(r.Fields, Field{Name: hl7Application, Value: cut(string(value))})
			}
		case 9:
			r.What = messageKind(value, b[4])
		}
	}
	return r, r.What != ""
}

// messageKind writes MSH-9 as code^event, whatever separates its components.
func messageKind(v []byte, component byte) string {
	parts := bytes.Split(v[:min(len(v), maxText)], []byte{component})
	kind := string(parts[0])
	if len(parts) > 1 && len(parts[1]) > 0 {
		kind += "^" + string(parts[1])
	}
	return kind
}
