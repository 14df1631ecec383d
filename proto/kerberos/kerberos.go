// Package kerberos reads and writes the clear parts of Kerberos messages between a client and its
// key distribution centre (RFC 4120).
package kerberos

import (
	"encoding/binary"

	"github.com/wardkeeper/wardkeeper/proto/ber"
)

// Message types.
const (
	ASReq  = 10
	ASRep  = 11
	TGSReq = 12
	TGSRep = 13
	Error  = 30
)

// Message is what is in clear of one message; slices point into it.
type Message struct {
	Type    int
	Realm   []byte // of the client in an answer, of the server in a request or error
	Name    []byte // first part of the client's name, where it is in clear
	Service []byte // first part of the service's name: "krbtgt", "ldap"
	Host    []byte // second part of the service's name
	Code    int64  // of an error
}

// FromKDC reports whether only a key distribution centre sends such a message. Errors do not
// count: application servers send them too.
func (m Message) FromKDC() bool { return m.Type == ASRep || m.Type == TGSRep }

// IsMachine reports whether the client's name is that of a computer account ("PUMP12$").
func (m Message) IsMachine() bool { return len(m.Name) > 1 && m.Name[len(m.Name)-1] == '$' }

// Frame splits the first message from a TCP stream, in which a length of four bytes goes before it
// (RFC 4120 section 7.2.2). n is the length of both together; it may be more than there is. ok is
// false when no Kerberos message can start here.
func Frame(b []byte) (msg []byte, n int, ok bool) {
	if len(b) < 5 || b[0] != 0 || typeOf(b[4]) == 0 {
		return nil, 0, false
	}
	n = 4 + int(binary.BigEndian.Uint32(b))
	return b[4:min(n, len(b))], n, n > 20
}

func typeOf(tag byte) int {
	switch n := int(tag) - 0x60; n {
	case ASReq, ASRep, TGSReq, TGSRep, Error:
		return n
	}
	return 0
}

// Read reads a message, which may be cut off behind the part of interest.
func Read(b []byte) (m Message, ok bool) {
	if len(b) < 16 || typeOf(b[0]) == 0 {
		return m, false
	}
	want := typeOf(b[0])
	for range 2 { // the application tag, then the sequence; both may be cut off
		_, _, head, ok := ber.Head(b)
		if !ok {
			return m, false
		}
		b = b[head:]
		if want != 0 && (len(b) == 0 || b[0] != ber.Sequence) {
			return m, false
		}
		m.Type, want = max(m.Type, want), 0
	}
	request := m.Type == ASReq || m.Type == TGSReq
	first := byte(0xa0)
	if request {
		first = 0xa1
	}
	version, b, _ := ber.Expect(b, first)
	if n, _, ok := ber.Expect(version, ber.Integer); !ok || len(n) != 1 || n[0] != 5 {
		return m, false
	}
	if kind, rest, ok := ber.Expect(b, first+1); ok {
		if n, _, ok := ber.Expect(kind, ber.Integer); !ok || len(n) != 1 || int(n[0]) != m.Type {
			return m, false
		}
		b = rest
	} else {
		return m, false
	}
	if request {
		m.request(b)
	} else {
		m.answer(b)
	}
	return m, true
}

// request reads padata [3] and the body [4], whose fields are numbered on their own.
func (m *Message) request(b []byte) {
	for len(b) > 0 {
		tag, _, head, ok := ber.Head(b)
		if !ok {
			return
		}
		if tag == 0xa4 { // may be cut off: look inside anyway
			if _, _, seq, ok := ber.Head(b[head:]); ok {
				m.fields(b[head+seq:], 0xa1, 0xa2, 0xa3)
			}
			return
		}
		if _, _, b, ok = ber.Next(b); !ok {
			return
		}
	}
}

func (m *Message) answer(b []byte) {
	if m.Type == Error {
		m.fields(b, 0xa8, 0xa9, 0xaa)
		return
	}
	m.fields(b, 0xa4, 0xa3, 0)
}

// fields picks the client's name, the realm and the service's name by their context tags.
func (m *Message) fields(b []byte, name, realm, service byte) {
	for len(b) > 0 {
		tag, v, rest, ok := ber.Next(b)
		if !ok {
			return
		}
		switch tag {
		case name:
			m.Name, _ = principal(v)
		case realm:
			_, m.Realm, _, _ = ber.Next(v)
		case service:
			m.Service, m.Host = principal(v)
		case 0xa6:
			if m.Type == Error {
				n, _, _ := ber.Expect(v, ber.Integer)
				m.Code, _ = ber.Int(n)
			}
		}
		b = rest
	}
}

// principal reads the first two strings of a PrincipalName.
func principal(v []byte) (first, second []byte) {
	seq, _, ok := ber.Expect(v, ber.Sequence)
	if !ok {
		return nil, nil
	}
	_, seq, ok = ber.Expect(seq, 0xa0) // the type of the name
	if !ok {
		return nil, nil
	}
	names, _, _ := ber.Expect(seq, 0xa1)
	names, _, _ = ber.Expect(names, ber.Sequence)
	_, first, names, ok = ber.Next(names)
	if ok {
		_, second, _, _ = ber.Next(names)
	}
	return first, second
}
