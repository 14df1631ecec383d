package dns

import (
	"encoding/binary"
	"strings"
)

// AppendHeader writes the header of a message with the given flags and section counts.
func AppendHeader(dst []byte, id, flags uint16, questions, answers, authorities, additionals int) []byte {
	for _, v := range []int{int(id), int(flags), questions, answers, authorities, additionals} {
		dst = binary.BigEndian.AppendUint16(dst, uint16(v)) //nolint:gosec // counts are small
	}
	return dst
}

// AppendName writes a name of dot-separated labels, uncompressed. A label longer than 63 bytes is
// cut; a dot within a label is written as "\.".
func AppendName(dst []byte, name string) []byte {
	name = strings.TrimSuffix(name, ".")
	for name != "" {
		var label []byte
		i := 0
		for ; i < len(name) && name[i] != '.'; i++ {
			if name[i] == '\\' && i+1 < len(name) {
				i++
			}
			label = append(label, name[i])
		}
		if len(label) > 63 {
			label = label[:63]
		}
		if len(label) > 0 {
			dst = append(append(dst, byte(len(label))), label...)
		}
		if i < len(name) {
			i++
		}
		name = name[i:]
	}
	return append(dst, 0)
}

// AppendQuestion writes a question.
func AppendQuestion(dst []byte, name string, typ, class uint16) []byte {
	dst = AppendName(dst, name)
	dst = binary.BigEndian.AppendUint16(dst, typ)
	return binary.BigEndian.AppendUint16(dst, class)
}

// AppendRecord writes a record.
func AppendRecord(dst []byte, name string, typ, class uint16, ttl uint32, data []byte) []byte {
	dst = AppendQuestion(dst, name, typ, class)
	dst = binary.BigEndian.AppendUint32(dst, ttl)
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(data))) //nolint:gosec // records are small
	return append(dst, data...)
}

// AppendSRV writes the data of an SRV record.
func AppendSRV(dst []byte, port uint16, target string) []byte {
	dst = append(dst, 0, 0, 0, 0)
	return AppendName(binary.BigEndian.AppendUint16(dst, port), target)
}

// AppendTXT writes the data of a TXT record: one character string each, cut at 255 bytes.
func AppendTXT(dst []byte, texts ...string) []byte {
	for _, s := range texts {
		s = s[:min(len(s), 255)]
		dst = append(append(dst, byte(len(s))), s...)
	}
	return dst
}
