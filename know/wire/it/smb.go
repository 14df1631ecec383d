package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/smb"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	smbServerOS      = ward.Field{Protocol: "smb", Name: "server native os"}
	smbServerManager = ward.Field{Protocol: "smb", Name: "server native lan manager"}
	smbClientOS      = ward.Field{Protocol: "smb", Name: "client native os"} // what tools like to send
	smbClientManager = ward.Field{Protocol: "smb", Name: "client native lan manager"}
	smbName          = ward.Field{Protocol: "smb", Name: "server name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	smbDomain        = ward.Field{Protocol: "smb", Name: "domain"}
	smbDialect       = ward.Field{Protocol: "smb2", Name: "dialect"}
	smbCalled        = ward.Field{Protocol: "smb", Name: "called", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	smbFiles         = ward.Field{Protocol: "smb", Name: "serves share", Proves: ward.Role, Trust: ward.TrustRole}
	smbDomainShare   = ward.Field{Protocol: "smb", Name: "serves domain share", Proves: ward.Type, Trust: ward.TrustRole}
	smbPath          = ward.Field{Protocol: "smb2", Name: "served path"}
	smbInUse         = ward.Field{Protocol: "smb", Name: "dialect"}
)

// smbOne reads connections that begin with SMB 1, including those that go on in SMB 2.
func smbOne() decode.Decoder {
	return decode.Decoder{
		Name: "smb", TCPPorts: []uint16{445, 139},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match { return matchSMB(first, smb.Mark1) },
		Open:  func() decode.Session { return &smbSession{} },
	}
}

// smbTwo reads connections that begin with SMB 2 or 3.
func smbTwo() decode.Decoder {
	return decode.Decoder{
		Name: "smb2", TCPPorts: []uint16{445, 139},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match { return matchSMB(first, smb.Mark2) },
		Open:  func() decode.Session { return &smbSession{two: true} },
	}
}

func matchSMB(first []byte, mark [4]byte) decode.Match {
	if len(first) == 0 {
		return decode.More
	}
	switch first[0] {
	case smb.SessionMessage:
		if len(first) < 8 {
			return decode.More
		}
		if [4]byte(first[4:8]) == mark && first[1] <= 1 {
			return decode.Yes
		}
	case smb.SessionRequest: // names first, the messages follow
		if len(first) < 8 || first[1] == 0 && first[2] == 0 && first[3] == 68 && len(first) < 80 && first[4] == 32 {
			return decode.More
		}
		if _, n, _ := smb.Frame(first); n == 68 && len(first) >= 80 && [4]byte(first[76:80]) == mark {
			return decode.Yes
		}
	case smb.SessionPositive:
		if len(first) < 12 {
			return decode.More
		}
		if first[3] == 0 && [4]byte(first[8:12]) == mark {
			return decode.Yes
		}
	}
	return decode.No
}

// smbSession is one connection.
type smbSession struct {
	skip    [2]int // bytes of a long message still to pass over
	two     bool   // SMB 2 was seen
	noted   bool   // SMB 1 in use was reported
	served  bool   // the path of a domain share was reported
	tree    [128]byte
	nTree   int
	pipe    string // named pipe that is being opened, one of pipes
	framing bool
}

// longMessage is what is waited for of one message; the rest of a longer one is file content.
const longMessage = 8 << 10

// Read implements decode.Session.
func (s *smbSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	used := 0
	if !s.framing {
		s.framing = true
		out.Speaks("netbios") // the session service of NetBIOS frames it, on port 445 too
	}
	for used < len(data) {
		if n := min(s.skip[dir], len(data)-used); n > 0 {
			s.skip[dir] -= n
			used += n
			continue
		}
		typ, size, ok := smb.Frame(data[used:])
		if !ok {
			return used
		}
		if typ != smb.SessionMessage && (typ < smb.SessionRequest || typ > smb.KeepAlive) {
			return decode.Done
		}
		want := min(size, longMessage)
		if len(data)-used < 4+want {
			return used
		}
		if typ == smb.SessionMessage {
			s.message(dir, data[used+4:used+4+want], out)
		}
		used += 4 + want
		s.skip[dir] = size - want
	}
	return used
}

func (s *smbSession) message(dir decode.Dir, b []byte, out *decode.Out) {
	if len(b) < 4 {
		return
	}
	switch [4]byte(b[:4]) {
	case smb.Mark1:
		var m smb.Message1
		if smb.Parse1(b, &m) && m.Reply == (dir == decode.Server) {
			s.one(&m, out)
		}
	case smb.Mark2:
		if !s.two {
			s.two = true
			out.Speaks("smb2")
		}
		var m smb.Message2
		for rest, ok := smb.Parse2(b, &m); ok; rest, ok = smb.Parse2(rest, &m) {
			if m.Reply == (dir == decode.Server) {
				s.message2(&m, out)
			}
		}
	}
}

// one reads an SMB 1 message.
func (s *smbSession) one(m *smb.Message1, out *decode.Out) {
	var buf [256]byte
	switch m.Command {
	case smb.Negotiate1:
		if !m.Reply {
			return // an offer that may be answered with SMB 2
		}
		accepted, domain, server := m.Negotiated()
		if accepted {
			s.inUse(out)
			out.Say(&smbDomain, domain.Append(buf[:0]))
			out.Say(&smbName, server.Append(buf[:0]))
		}
	case smb.SessionSetup1:
		setup, ok := m.SessionSetup()
		if !ok {
			return
		}
		os, manager := &smbClientOS, &smbClientManager
		if m.Reply {
			s.inUse(out)
			os, manager = &smbServerOS, &smbServerManager
		}
		out.Say(os, setup.OS.Append(buf[:0]))
		out.Say(manager, setup.Manager.Append(buf[:0]))
		sayNTLM(setup.Blob, out)
	case smb.TreeConnect1:
		if !m.Reply {
			s.nTree = copy(s.tree[:], m.TreePath().Append(buf[:0]))
		} else if m.Status == smb.Success {
			kind := byte(smb.SharePipe)
			switch service := m.Service(); {
			case bytes.HasPrefix(service, []byte("A:")):
				kind = smb.ShareDisk
			case bytes.HasPrefix(service, []byte("LPT")):
				kind = smb.SharePrint
			}
			s.connected(kind, out)
		}
	case smb.Create1:
		if !m.Reply {
			s.opening(m.CreateName().Append(buf[:0]))
		} else if m.Status == smb.Success {
			s.opened(out)
		}
	}
}

// inUse reports SMB 1 once a server has taken part in it.
func (s *smbSession) inUse(out *decode.Out) {
	if !s.noted {
		s.noted = true
		out.Flag(ward.SMBv1, &smbInUse, "SMB 1 accepted")
	}
}

// message2 reads an SMB 2 message.
func (s *smbSession) message2(m *smb.Message2, out *decode.Out) {
	var buf [256]byte
	switch m.Command {
	case smb.Negotiate2:
		if m.Reply {
			out.SayString(&smbDialect, m.Dialect())
		}
	case smb.SessionSetup2:
		sayNTLM(m.Blob(), out)
	case smb.TreeConnect2:
		if !m.Reply {
			s.nTree = copy(s.tree[:], m.TreePath().Append(buf[:0]))
		} else if kind := m.ShareType(); kind != 0 {
			s.connected(kind, out)
		}
	case smb.Create2:
		if !m.Reply {
			s.opening(m.CreateName().Append(buf[:0]))
		} else if m.Status == smb.Success {
			s.opened(out)
		}
	case smb.Query2:
		s.path(m.Information(), out)
	}
}
