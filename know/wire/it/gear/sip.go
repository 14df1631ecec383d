package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	sipAgent     = ward.Field{Protocol: "sip", Name: "User-Agent"}
	sipServer    = ward.Field{Protocol: "sip", Name: "Server"}
	sipDomain    = ward.Field{Protocol: "sip", Name: "registers with"}
	sipInstance  = ward.Field{Protocol: "sip", Name: "sip.instance", Proves: ward.UUID, Trust: ward.TrustStated}
	sipRegistrar = ward.Field{Protocol: "sip", Name: "answers REGISTER", Proves: ward.Role, Trust: ward.TrustRole}
)

// calls reads SIP: what phones and servers call themselves. Who calls whom stays inside.
func calls() decode.Decoder {
	return decode.Decoder{
		Name: "sip", UDPPorts: []uint16{5060}, TCPPorts: []uint16{5060},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if !sip.Starts(p.Payload) {
				return false
			}
			m, ok := sip.ReadDatagram(p.Payload)
			if !ok || m.RTSP {
				return false
			}
			saySIP(&m, out)
			return true
		},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match { return matchText(first, false) },
		Open:  func() decode.Session { return &textSession{say: saySIP} },
	}
}

// matchText tells SIP and RTSP apart by the version in the first line.
func matchText(first []byte, rtsp bool) decode.Match {
	if !sip.Starts(first) {
		if len(first) == 0 {
			return decode.More
		}
		return decode.No
	}
	line, _, found := bytes.Cut(first[:min(len(first), 512)], []byte("\r\n"))
	if !found && len(first) < 512 {
		return decode.More
	}
	if m, ok := sip.ReadDatagram(append(line[:len(line):len(line)], "\r\n"...)); ok && m.RTSP == rtsp {
		return decode.Yes
	}
	return decode.No
}

// textSession reads the messages of SIP or RTSP on a connection.
type textSession struct {
	say   func(m *sip.Message, out *decode.Out)
	skip  [2]int
	count int
}

// maxTextMessages bounds how long a connection is followed.
const maxTextMessages = 100

func (s *textSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if k := s.skip[dir]; k > 0 {
		k = min(k, len(data))
		s.skip[dir] -= k
		return k
	}
	if len(data) == 0 {
		return 0
	}
	if data[0] == '$' && len(data) >= 4 { // media between the messages of RTSP (RFC 2326 section 10.12)
		s.skip[dir] = 4 + int(data[2])<<8 + int(data[3])
		return s.Read(dir, data, out)
	}
	m, size, more, ok := sip.Read(data)
	switch {
	case more, data[0] == '$':
		return 0
	case !ok || s.count > maxTextMessages:
		return decode.Done
	case size > len(data) && size < 8<<10:
		return 0
	}
	s.count++
	s.say(&m, out)
	s.skip[dir] = max(0, size-len(data))
	return min(size, len(data))
}

func saySIP(m *sip.Message, out *decode.Out) {
	if m.Method != nil {
		if m.Hops() > 1 {
			return // forwarded: the words are another's
		}
		out.Say(&sipAgent, m.Header("user-agent", ""))
		if string(m.Method) == "REGISTER" {
			sayRegister(m, out)
		}
		return
	}
	// Of answers only those to a registration surely come from the sender himself; a proxy passes
	// the others on.
	if !bytes.HasSuffix(m.Header("cseq", ""), []byte("REGISTER")) {
		return
	}
	out.SayString(&sipRegistrar, "sip registrar")
	out.Say(&sipServer, m.Header("server", ""))
	if m.Header("server", "") == nil {
		out.Say(&sipAgent, m.Header("user-agent", ""))
	}
}

// sayRegister keeps the domain and the instance id of a phone (RFC 5626), not the user's name.
func sayRegister(m *sip.Message, out *decode.Out) {
	domain := bytes.TrimPrefix(bytes.TrimPrefix(m.URI, []byte("sip:")), []byte("sips:"))
	if i := bytes.LastIndexByte(domain, '@'); i >= 0 {
		domain = domain[i+1:]
	}
	domain, _, _ = bytes.Cut(domain, []byte(";"))
	out.Say(&sipDomain, domain)
	contact := m.Header("contact", "m")
	if _, id, ok := bytes.Cut(contact, []byte("<urn:uuid:")); ok {
		id, _, _ = bytes.Cut(id, []byte(">"))
		out.Say(&sipInstance, id)
	}
}
