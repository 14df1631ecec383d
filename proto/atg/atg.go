// Package atg reads the serial protocol of Veeder-Root tank gauges (TLS-3xx, manual 576013-635) that
// is often put on the network as it stands (TCP 10001): a start byte, a function code, and its report.
package atg

import "bytes"

// start begins a question and an answer; end (ETX) ends an answer.
const (
	start = 0x01
	end   = 0x03
)

// Code is the function code at the start of a question or answer: a letter for the form of the answer
// (I display, i computer, S and s settings), three or five digits of function and tank. Gauges behind
// a serial converter may lose the start byte.
func Code(b []byte) (string, bool) {
	b = bytes.TrimLeft(b, "\r\n")
	if len(b) > 0 && b[0] == start {
		b = bytes.TrimLeft(b[1:], "\r\n")
	}
	if len(b) < 6 || b[0] != 'I' && b[0] != 'i' && b[0] != 'S' && b[0] != 's' {
		return "", false
	}
	for _, c := range b[1:6] {
		if (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return "", false
		}
	}
	return string(b[:6]), true
}

// Starts reports whether the first bytes are a question or answer with its start byte: 0 not yet
// told, 1 yes, -1 no.
func Starts(b []byte) int {
	b = bytes.TrimLeft(b, "\r\n")
	switch {
	case len(b) == 0:
		return 0
	case b[0] != start:
		return -1
	case len(b) < 7:
		return 0
	}
	if _, ok := Code(b); ok {
		return 1
	}
	return -1
}

// Report is the answer to a question.
type Report struct {
	Code     string
	Tanks    bool   // an inventory of tanks
	Software []byte // version of the gauge's software, in answers to I902
}

// Parse reads an answer as far as it has come; done tells that its end was seen.
func Parse(b []byte) (r Report, done, ok bool) {
	if r.Code, ok = Code(b); !ok {
		return Report{}, false, false
	}
	done = bytes.IndexByte(b, end) >= 0
	// A question is the code alone; a report repeats the code and goes on.
	if len(b) < 24 {
		return r, done, false
	}
	r.Tanks = r.Code[1:4] == "201" && bytes.Contains(b, []byte("INVENTORY"))
	if r.Code[1:4] == "902" {
		r.Software = after(b, "VERSION ")
		if r.Software == nil {
			r.Software = after(b, "SOFTWARE# ")
		}
	}
	return r, done, true
}

// after is the word that follows a label.
func after(b []byte, label string) []byte {
	i := bytes.Index(b, []byte(label))
	if i < 0 {
		return nil
	}
	b = b[i+len(label):]
	if j := bytes.IndexAny(b, " \r\n\x03"); j > 0 && j < 32 {
		return b[:j]
	}
	return nil
}
