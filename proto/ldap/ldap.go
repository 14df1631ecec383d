// Package ldap reads the parts of LDAP messages (RFC 4511) that tell a directory server from its
// clients, and log-ins in clear.
package ldap

import "github.com/wardkeeper/wardkeeper/proto/ber"

// Operations.
const (
	BindRequest   = 0x60
	BindAnswer    = 0x61
	SearchRequest = 0x63
	SearchEntry   = 0x64
	SearchDone    = 0x65
	Extended      = 0x77
	ExtendedReply = 0x78
)

// Message is one message; body is the content of its operation.
type Message struct {
	Op   byte
	body []byte
}

// Read reads a message at the start of b and its length, which may be more than there is. ok is
// false when no message starts here.
func Read(b []byte) (m Message, size int, ok bool) {
	tag, n, head, ok := ber.Head(b)
	if !ok || tag != ber.Sequence || n > 1<<24 {
		return m, 0, false
	}
	size = head + n
	b = b[head:min(len(b), size)]
	id, b, ok := ber.Expect(b, ber.Integer)
	if !ok || len(id) > 4 {
		return m, 0, false
	}
	op, _, head, ok := ber.Head(b)
	if !ok || op&0x60 != 0x60 && op != 0x42 && op != 0x4a && op != 0x50 || op > 0x79 {
		return m, 0, false
	}
	m.Op, m.body = op, b[head:]
	return m, size, true
}

// FromServer reports whether only servers send such a message.
func (m Message) FromServer() bool {
	switch m.Op {
	case BindAnswer, SearchEntry, SearchDone, ExtendedReply:
		return true
	}
	return false
}

// SimplePassword is the length of the password of a simple bind; ok is false for other binds.
func (m Message) SimplePassword() (length int, ok bool) {
	if m.Op != BindRequest {
		return 0, false
	}
	_, b, ok := ber.Expect(m.body, ber.Integer)
	if !ok {
		return 0, false
	}
	_, b, ok = ber.Expect(b, ber.OctetString)
	if !ok {
		return 0, false
	}
	v, _, ok := ber.Expect(b, 0x80)
	return len(v), ok
}

// RootEntry reports whether the message is the server's entry about itself: one without a name.
func (m Message) RootEntry() bool {
	if m.Op != SearchEntry {
		return false
	}
	name, _, ok := ber.Expect(m.body, ber.OctetString)
	return ok && len(name) == 0
}

// Attributes walks the attributes of an entry with their first value.
func (m Message) Attributes(yield func(name, value []byte) bool) {
	_, b, ok := ber.Expect(m.body, ber.OctetString)
	if !ok || len(b) < 2 || b[0] != ber.Sequence {
		return
	}
	_, _, head, ok := ber.Head(b)
	if !ok {
		return
	}
	for b = b[head:]; ; {
		attr, rest, ok := ber.Expect(b, ber.Sequence)
		if !ok {
			return
		}
		name, set, ok := ber.Expect(attr, ber.OctetString)
		if !ok {
			return
		}
		values, _, _ := ber.Expect(set, ber.Set)
		value, _, _ := ber.Expect(values, ber.OctetString)
		if !yield(name, value) {
			return
		}
		b = rest
	}
}
