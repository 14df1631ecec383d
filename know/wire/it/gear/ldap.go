package gear

import (
	"bytes"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ldap"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ldapType     = ward.Field{Protocol: "ldap", Name: "answers", Proves: ward.Type, Trust: ward.TrustRole}
	ldapRole     = ward.Field{Protocol: "ldap", Name: "serves directory", Proves: ward.Role, Trust: ward.TrustRole}
	ldapHost     = ward.Field{Protocol: "ldap", Name: "dnsHostName", Proves: ward.Hostname, Trust: ward.TrustStated}
	ldapVendor   = ward.Field{Protocol: "ldap", Name: "vendorName"}
	ldapVersion  = ward.Field{Protocol: "ldap", Name: "vendorVersion"}
	ldapDomain   = ward.Field{Protocol: "ldap", Name: "defaultNamingContext"}
	ldapPassword = ward.Field{Protocol: "ldap", Name: "simple bind"}
)

// directories reads who serves a directory, what the server says of itself, and passwords that
// are sent to it in clear. Entries about people are not read.
func directories() decode.Decoder {
	return decode.Decoder{
		Name: "ldap", UDPPorts: []uint16{389}, Strict: true, TCPPorts: []uint16{389, 3268}, Match: matchLDAP,
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if len(p.Payload) < 7 || p.Payload[0] != 0x30 {
				return false
			}
			m, _, ok := ldap.Read(p.Payload)
			if ok {
				sayLDAP(&m, p.SrcPort == 389, out)
			}
			return ok
		},
		Open: func() decode.Session { return &ldapSession{} },
	}
}

func matchLDAP(dir decode.Dir, first []byte, _ uint16) decode.Match {
	if len(first) == 0 || first[0] == 0x30 && len(first) < 12 {
		return decode.More
	}
	m, _, ok := ldap.Read(first)
	if !ok || m.FromServer() != (dir == decode.Server) {
		return decode.No
	}
	switch m.Op {
	case ldap.BindRequest, ldap.BindAnswer, ldap.SearchRequest, ldap.SearchEntry, ldap.SearchDone, ldap.Extended, ldap.ExtendedReply:
		return decode.Yes
	}
	return decode.No
}

type ldapSession struct {
	skip  [2]int
	count int
}

func (s *ldapSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	const maxMessages = 50
	if k := min(s.skip[dir], len(data)); k > 0 {
		s.skip[dir] -= k
		return k
	}
	if len(data) < 12 {
		return 0
	}
	m, size, ok := ldap.Read(data)
	if !ok || s.count > maxMessages {
		return decode.Done
	}
	if len(data) < size && size < 4<<10 {
		return 0
	}
	s.count++
	sayLDAP(&m, dir == decode.Server, out)
	s.skip[dir] = max(0, size-len(data))
	return min(size, len(data))
}

func sayLDAP(m *ldap.Message, server bool, out *decode.Out) {
	if n, ok := m.SimplePassword(); ok && n > 0 && !server {
		out.Flag(ward.ClearTextPassword, &ldapPassword, "present, "+strconv.Itoa(n)+" characters")
	}
	if !server || !m.FromServer() {
		return
	}
	out.SayString(&ldapType, "server")
	out.SayString(&ldapRole, "directory server")
	if !m.RootEntry() {
		return
	}
	for name, value := range m.Attributes {
		switch {
		case bytes.EqualFold(name, []byte("dnsHostName")):
			out.Say(&ldapHost, value)
		case bytes.EqualFold(name, []byte("vendorName")):
			out.Say(&ldapVendor, value)
		case bytes.EqualFold(name, []byte("vendorVersion")):
			out.Say(&ldapVersion, value)
		case bytes.EqualFold(name, []byte("defaultNamingContext")):
			out.Say(&ldapDomain, value)
		case bytes.EqualFold(name, []byte("domainControllerFunctionality")), bytes.EqualFold(name, []byte("netlogon")):
			out.SayString(&ldapRole, "domain controller")
		}
	}
}
