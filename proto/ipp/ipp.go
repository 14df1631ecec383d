// Package ipp reads and writes the messages of the Internet Printing Protocol (RFC 8010, RFC 8011),
// which travel in the bodies of HTTP requests and answers of type application/ipp.
package ipp

import (
	"encoding/binary"
	"errors"
)

// Tags that open a group of attributes (RFC 8010 section 3.5.1).
const (
	OperationAttributes = 0x01
	JobAttributes       = 0x02
	endOfAttributes     = 0x03
	PrinterAttributes   = 0x04
)

// Value tags that matter to a reader (RFC 8010 section 3.5.2).
const (
	TagInteger = 0x21
	TagText    = 0x41
	TagName    = 0x42
	TagURI     = 0x45
	TagCharset = 0x47
	TagLang    = 0x48
)

// GetPrinterAttributes is the operation that asks a printer what it is.
const GetPrinterAttributes = 0x000b

// ErrNotIPP says that the bytes do not start an IPP message.
var ErrNotIPP = errors.New("ipp: not an IPP message")

// Message is an IPP request or answer. Its attributes are read on demand and point into the body.
type Message struct {
	Major, Minor uint8
	Code         uint16 // operation of a request, status of an answer
	RequestID    uint32
	rest         []byte
}

// Attribute is one value of one attribute; a further value of the same attribute repeats its name.
type Attribute struct {
	Group byte
	Tag   byte
	Name  []byte
	Value []byte
}

// Read reads the head of the message in an HTTP body. A body that breaks off later still gives the
// attributes before the break.
func Read(body []byte) (Message, error) {
	if len(body) < 9 || body[0] < 1 || body[0] > 2 || body[1] > 2 || body[8] != OperationAttributes {
		return Message{}, ErrNotIPP
	}
	return Message{
		Major: body[0], Minor: body[1],
		Code:      binary.BigEndian.Uint16(body[2:]),
		RequestID: binary.BigEndian.Uint32(body[4:]),
		rest:      body[8:],
	}, nil
}

// OK reports whether an answer says that the request went well (status 0x0000 to 0x00ff).
func (m Message) OK() bool { return m.Code < 0x100 }

// Attributes walks the attribute values in order until the end tag or the end of the bytes.
func (m Message) Attributes(yield func(Attribute) bool) {
	b := m.rest
	var group byte
	var name []byte
	for len(b) > 0 {
		tag := b[0]
		b = b[1:]
		if tag < 0x10 {
			if tag == endOfAttributes {
				return
			}
			group, name = tag, nil
			continue
		}
		n, rest, ok := counted(b)
		if !ok {
			return
		}
		v, rest, ok := counted(rest)
		if !ok {
			return
		}
		b = rest
		if len(n) > 0 {
			name = n
		}
		if !yield(Attribute{Group: group, Tag: tag, Name: name, Value: v}) {
			return
		}
	}
}

// Value is the first value of an attribute, or nil.
func (m Message) Value(name string) []byte {
	for a := range m.Attributes {
		if string(a.Name) == name {
			return a.Value
		}
	}
	return nil
}

func counted(b []byte) (v, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n {
		return nil, nil, false
	}
	return b[2 : 2+n], b[2+n:], true
}

// AppendHead appends the head of an IPP 1.1 message with the two attributes that every message
// starts with.
func AppendHead(b []byte, code uint16, request uint32) []byte {
	b = append(b, 1, 1)
	b = binary.BigEndian.AppendUint16(b, code)
	b = binary.BigEndian.AppendUint32(b, request)
	b = append(b, OperationAttributes)
	b = AppendAttribute(b, TagCharset, "attributes-charset", "utf-8")
	return AppendAttribute(b, TagLang, "attributes-natural-language", "en")
}

// AppendGroup appends the tag that opens a group.
func AppendGroup(b []byte, group byte) []byte { return append(b, group) }

// AppendAttribute appends one attribute value.
func AppendAttribute(b []byte, tag byte, name, value string) []byte {
	b = append(b, tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}

// AppendEnd appends the end tag.
func AppendEnd(b []byte) []byte { return append(b, endOfAttributes) }
