// Package dns reads and writes DNS messages (RFC 1035) as DNS, multicast DNS (RFC 6762, 6763) and
// LLMNR (RFC 4795) use them. Reading allocates nothing: names are written into the caller's buffer.
package dns

import "encoding/binary"

// Record types.
const (
	A     = 1
	NS    = 2
	CNAME = 5
	SOA   = 6
	PTR   = 12
	HINFO = 13
	MX    = 15
	TXT   = 16
	AAAA  = 28
	SRV   = 33
	OPT   = 41
	NSEC  = 47
	HTTPS = 65
	ANY   = 255
)

// Classes. Multicast DNS uses the top bit of the class for its own purposes; Parser masks it.
const (
	IN    = 1
	CHAOS = 3
)

const (
	maxName    = 255
	maxRecords = 256 // of all sections together
)

// Header is the fixed part of a message.
type Header struct {
	ID               uint16
	Flags            uint16
	Questions        uint16
	Answers          uint16
	Authorities      uint16
	Additionals      uint16
	Response         bool
	Opcode           uint8
	Authoritative    bool
	Truncated        bool
	RecursionWanted  bool
	RecursionOffered bool
	Code             uint8 // 0 no error, 3 no such name
}

// Parser walks through one message.
type Parser struct {
	Header
	KeepCase bool // leave the letters of owner names as they were sent

	msg  []byte
	off  int
	seen int
}

// Section names the part of the message a record stands in.
type Section uint8

// The sections that hold records.
const (
	Answer Section = iota
	Authority
	Additional
)

// Record is one resource record; Data is a view.
type Record struct {
	Section Section
	Type    uint16
	Class   uint16
	TTL     uint32
	Data    []byte
	at      int // offset of Data in the message, for the names in it
	length  int
	name    [maxName + 1]byte
}

// Name is the record's owner: lower case unless the parser keeps case, dots between labels, no dot at the end. It is valid
// until the record is read into again.
func (r *Record) Name() []byte { return r.name[:r.length] }

// Parse starts reading a message. It reports false when the header is not that of a DNS message.
func Parse(msg []byte) (Parser, bool) {
	if len(msg) < 12 {
		return Parser{}, false
	}
	f := binary.BigEndian.Uint16(msg[2:])
	p := Parser{msg: msg, off: 12, Header: Header{
		ID: binary.BigEndian.Uint16(msg), Flags: f,
		Questions: binary.BigEndian.Uint16(msg[4:]), Answers: binary.BigEndian.Uint16(msg[6:]),
		Authorities: binary.BigEndian.Uint16(msg[8:]), Additionals: binary.BigEndian.Uint16(msg[10:]),
		Response: f&0x8000 != 0, Opcode: uint8(f >> 11 & 15), Authoritative: f&0x400 != 0,
		Truncated: f&0x200 != 0, RecursionWanted: f&0x100 != 0, RecursionOffered: f&0x80 != 0,
		Code: uint8(f & 15),
	}}
	total := int(p.Questions) + int(p.Answers) + int(p.Authorities) + int(p.Additionals)
	// The smallest question takes 5 bytes, the smallest record 11.
	least := 5*int(p.Questions) + 11*(total-int(p.Questions))
	if f&0x40 != 0 || p.Opcode > 6 || total == 0 || total > maxRecords || least > len(msg)-12 {
		return Parser{}, false
	}
	return p, true
}

// Question reads the next question into buf and reports false when there is none or it is broken.
// Class is without its top bit.
func (p *Parser) Question(buf []byte) (name []byte, typ, class uint16, ok bool) {
	if p.seen >= int(p.Questions) {
		return nil, 0, 0, false
	}
	name, at, ok := p.name(p.off, buf)
	if !ok || len(p.msg)-at < 4 {
		p.seen = maxRecords
		return nil, 0, 0, false
	}
	p.off = at + 4
	p.seen++
	return name, binary.BigEndian.Uint16(p.msg[at:]), binary.BigEndian.Uint16(p.msg[at+2:]) & 0x7fff, true
}

// SkipQuestions moves behind the questions.
func (p *Parser) SkipQuestions() bool {
	for p.seen < int(p.Questions) {
		at, ok := p.skipName(p.off)
		if !ok || len(p.msg)-at < 4 {
			return false
		}
		p.off = at + 4
		p.seen++
	}
	return p.seen == int(p.Questions)
}

// Next reads the next record and reports false at the end or when the rest is
// broken. The questions must have been read or skipped.
func (p *Parser) Next(r *Record) bool {
	n := p.seen - int(p.Questions)
	switch {
	case n < 0:
		return false
	case n < int(p.Answers):
		r.Section = Answer
	case n < int(p.Answers)+int(p.Authorities):
		r.Section = Authority
	case n < int(p.Answers)+int(p.Authorities)+int(p.Additionals):
		r.Section = Additional
	default:
		return false
	}
	name, at, ok := p.readName(p.off, r.name[:], !p.KeepCase)
	if !ok || len(p.msg)-at < 10 {
		p.seen = maxRecords
		return false
	}
	size := int(binary.BigEndian.Uint16(p.msg[at+8:]))
	if len(p.msg)-at-10 < size {
		p.seen = maxRecords
		return false
	}
	r.length = len(name)
	r.Type = binary.BigEndian.Uint16(p.msg[at:])
	r.Class = binary.BigEndian.Uint16(p.msg[at+2:]) & 0x7fff
	r.TTL = binary.BigEndian.Uint32(p.msg[at+4:])
	r.at = at + 10
	r.Data = p.msg[r.at : r.at+size]
	p.off = r.at + size
	p.seen++
	return true
}

// Whole reports whether everything was read and nothing is left over.
func (p *Parser) Whole() bool {
	total := int(p.Questions) + int(p.Answers) + int(p.Authorities) + int(p.Additionals)
	return p.seen == total && p.off == len(p.msg)
}

// Target reads the name a PTR, NS, CNAME or SRV record points to into buf, in the case in which it
// was written: instance names of services are meant for people.
func (p *Parser) Target(r *Record, buf []byte) ([]byte, bool) {
	at := r.at
	if r.Type == SRV {
		at += 6
	}
	if at >= r.at+len(r.Data) {
		return nil, false
	}
	name, _, ok := p.readName(at, buf, false)
	return name, ok
}

// Port is the port of an SRV record.
func (r *Record) Port() uint16 {
	if r.Type != SRV || len(r.Data) < 7 {
		return 0
	}
	return binary.BigEndian.Uint16(r.Data[4:])
}

// NextText cuts the next character string off the data of a TXT or HINFO record.
func NextText(data []byte) (text, rest []byte) {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return nil, nil
	}
	n := 1 + int(data[0])
	return data[1:n], data[n:]
}
