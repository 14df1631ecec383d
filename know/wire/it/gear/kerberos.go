package gear

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/kerberos"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	kdcType     = ward.Field{Protocol: "kerberos", Name: "answers as KDC", Proves: ward.Type, Trust: ward.TrustRole}
	kdcRole     = ward.Field{Protocol: "kerberos", Name: "issues tickets", Proves: ward.Role, Trust: ward.TrustRole}
	kdcRealm    = ward.Field{Protocol: "kerberos", Name: "realm"}
	kdcMachine  = ward.Field{Protocol: "kerberos", Name: "machine account"}
	kdcHostname = ward.Field{Protocol: "kerberos", Name: "machine name", Proves: ward.Hostname, Trust: ward.TrustStated}
)

const kerberosPort = 88

// tickets reads who issues tickets for which realm, and the names of computer accounts. Names of
// people stay inside.
func tickets() decode.Decoder {
	return decode.Decoder{
		Name: "kerberos", UDPPorts: []uint16{kerberosPort}, TCPPorts: []uint16{kerberosPort},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			return sayKerberos(p.Payload, p.SrcPort == kerberosPort, out)
		},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if len(first) < 5 {
				return decode.More
			}
			if _, _, ok := kerberos.Frame(first); ok {
				return decode.Yes
			}
			return decode.No
		},
		Open: func() decode.Session { return &kerberosSession{} },
	}
}

type kerberosSession struct{ skip [2]int }

func (s *kerberosSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if k := s.skip[dir]; k > 0 {
		k = min(k, len(data))
		s.skip[dir] -= k
		return k
	}
	msg, n, ok := kerberos.Frame(data)
	if !ok {
		if len(data) < 5 {
			return 0
		}
		return decode.Done
	}
	// Names and realms stand at the front of answers, in requests behind the ticket: wait for the
	// whole, unless it is larger than any sound message.
	if len(data) < n && n <= 12<<10 {
		return 0
	}
	sayKerberos(msg, dir == decode.Server && out.Service.Port == kerberosPort, out)
	if n > len(data) {
		s.skip[dir] = n - len(data)
		return len(data)
	}
	return n
}

func sayKerberos(b []byte, fromKDC bool, out *decode.Out) bool {
	m, ok := kerberos.Read(b)
	if !ok {
		return false
	}
	client := out.Sender
	if m.FromKDC() || m.Type == kerberos.Error && fromKDC {
		client = out.Peer
		out.SayString(&kdcType, "server")
		out.SayString(&kdcRole, "domain controller")
		out.Say(&kdcRealm, m.Realm)
	}
	if m.IsMachine() && m.Type != kerberos.Error {
		out.SayBytesOf(client, &kdcMachine, m.Name)
		out.SayBytesOf(client, &kdcHostname, m.Name[:len(m.Name)-1])
	}
	return true
}
