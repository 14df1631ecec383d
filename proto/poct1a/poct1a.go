// Package poct1a reads and writes messages of POCT1-A, the protocol in which point-of-care analysers
// report to an observation reviewer: XML documents that follow each other on a TCP connection.
//
// Source: CLSI POCT01-A2, Device Messaging Layer (HEL.R01, DEV and PT objects); values stand in the
// attribute V.
package poct1a

import (
	"bytes"
	"encoding/xml"
)

// Verdict is what the first bytes of a stream look like.
type Verdict uint8

// The verdicts.
const (
	NotPOCT Verdict = iota
	Unsure
	IsPOCT
)

const (
	maxProlog = 512  // bytes of declarations before the first message
	maxTag    = 1024 // bytes of one tag
	maxValue  = 128
)

// Recognise looks for the start tag of a POCT1-A message behind declarations and comments.
func Recognise(b []byte) Verdict {
	whole := b
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	for {
		for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
			b = b[1:]
		}
		if len(b) == 0 {
			break
		}
		if b[0] != '<' {
			return NotPOCT
		}
		if len(b) >= 2 && b[1] != '?' && b[1] != '!' {
			return message(b[1:])
		}
		i := bytes.IndexByte(b, '>')
		if i < 0 {
			break
		}
		b = b[i+1:]
	}
	if len(whole) > maxProlog {
		return NotPOCT
	}
	return Unsure
}

// message tests a name like HEL.R01: three letters, ".R" and two digits.
func message(b []byte) Verdict {
	const shape = "AAA.R99"
	for i := 0; i < len(shape) && i < len(b); i++ {
		c, ok := b[i], false
		switch shape[i] {
		case 'A':
			ok = c >= 'A' && c <= 'Z'
		case '9':
			ok = c >= '0' && c <= '9'
		default:
			ok = c == shape[i]
		}
		if !ok {
			return NotPOCT
		}
	}
	if len(b) <= len(shape) {
		return Unsure
	}
	if c := b[len(shape)]; c != '>' && c != ' ' && c != '/' && c != '\r' && c != '\n' && c != '\t' {
		return NotPOCT
	}
	return IsPOCT
}

// Event is what Next found in a stream.
type Event uint8

// The events.
const (
	NeedMore Event = iota // give the same bytes again with more behind them
	Skipped
	Begin  // a message begins: Stream.Name is HEL.R01
	Value  // Stream.Name has the value Stream.Value
	End    // the message that began is over
	Broken // not POCT1-A any more
)

// Stream takes apart the messages of one side.
type Stream struct {
	Name  []byte // valid until the input changes
	Value []byte // of the attribute V, as it stands in the XML; at most 128 bytes

	root   [8]byte
	inside bool
}

// Next reads up to one event from the front of b and tells how many bytes it used.
func (s *Stream) Next(b []byte) (int, Event) {
	if len(b) == 0 {
		return 0, NeedMore
	}
	i := bytes.IndexByte(b, '<')
	if i < 0 {
		return len(b), Skipped
	}
	if i > 0 {
		return i, Skipped
	}
	i = tagEnd(b)
	if i < 0 {
		if len(b) > maxTag {
			return 0, Broken
		}
		return 0, NeedMore
	}
	return i + 1, s.tag(b[1:i])
}

// tagEnd is where the tag at the front of b ends; values in quotation marks may hold '>'.
func tagEnd(b []byte) int {
	quote := byte(0)
	for i, c := range b[:min(len(b), maxTag+1)] {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

func (s *Stream) tag(t []byte) Event {
	if len(t) == 0 || t[0] == '?' || t[0] == '!' {
		return Skipped
	}
	if t[0] == '/' {
		if s.inside && bytes.Equal(bytes.TrimSpace(t[1:]), s.root[:7]) {
			s.inside = false
			s.Name = s.root[:7]
			return End
		}
		return Skipped
	}
	name := t
	if i := bytes.IndexAny(t, " \t\r\n/"); i >= 0 {
		name = t[:i]
	}
	s.Name, s.Value = name, nil
	if !s.inside {
		if message(append(append(make([]byte, 0, 16), name[:min(len(name), 8)]...), '>')) != IsPOCT {
			return Broken
		}
		copy(s.root[:], name)
		s.inside = t[len(t)-1] != '/'
		return Begin
	}
	s.Value = attribute(t[len(name):])
	if s.Value == nil {
		return Skipped
	}
	return Value
}

// attribute finds the value of V.
func attribute(t []byte) []byte {
	for {
		i := bytes.IndexByte(t, '=')
		if i < 0 {
			return nil
		}
		name := bytes.TrimSpace(t[:i])
		t = bytes.TrimLeft(t[i+1:], " \t\r\n")
		if len(t) == 0 || t[0] != '"' && t[0] != '\'' {
			return nil
		}
		j := bytes.IndexByte(t[1:], t[0])
		if j < 0 {
			return nil
		}
		if len(name) == 1 && name[0] == 'V' {
			return t[1 : 1+min(j, maxValue)]
		}
		t = t[j+2:]
	}
}

// Device is what HEL.R01 says of an analyser.
type Device struct {
	ID, Vendor, Model, Serial, Manufacturer, Hardware, Software, Name string
}

// AppendHello writes a HEL.R01 behind dst.
func AppendHello(dst []byte, control string, d Device) []byte {
	dst = append(dst, "<HEL.R01><HDR>"...)
	for _, v := range [...][2]string{{"message_type", "HEL.R01"}, {"control_id", control}, {"version_id", "POCT1"}} {
		dst = element(dst, "HDR."+v[0], v[1])
	}
	dst = append(dst, "</HDR><DEV>"...)
	for _, v := range [...][2]string{
		{"device_id", d.ID}, {"vendor_id", d.Vendor}, {"model_id", d.Model}, {"serial_id", d.Serial},
		{"manufacturer_name", d.Manufacturer}, {"hw_version", d.Hardware}, {"sw_version", d.Software}, {"device_name", d.Name},
	} {
		if v[1] != "" {
			dst = element(dst, "DEV."+v[0], v[1])
		}
	}
	return append(dst, "</DEV></HEL.R01>\r\n"...)
}

// AppendAck writes an ACK.R01 behind dst that accepts a message.
func AppendAck(dst []byte, control, acknowledged string) []byte {
	dst = append(dst, "<ACK.R01><HDR>"...)
	dst = element(element(dst, "HDR.control_id", control), "HDR.version_id", "POCT1")
	dst = append(dst, "</HDR><ACK>"...)
	dst = element(element(dst, "ACK.type_cd", "AA"), "ACK.ack_control_id", acknowledged)
	return append(dst, "</ACK></ACK.R01>\r\n"...)
}

func element(dst []byte, name, v string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(v)) // a Buffer does not fail
	dst = append(append(dst, '<'), name...)
	dst = append(append(dst, ` V="`...), b.Bytes()...)
	return append(dst, `"/>`...)
}
