package gear

import (
	"bytes"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ftp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ftpBanner   = ward.Field{Protocol: "ftp", Name: "banner"}
	ftpSystem   = ward.Field{Protocol: "ftp", Name: "SYST"}
	ftpClient   = ward.Field{Protocol: "ftp", Name: "CLNT"}
	ftpServer   = ward.Field{Protocol: "ftp", Name: "serves", Proves: ward.Role, Trust: ward.TrustRole}
	ftpUser     = ward.Field{Protocol: "ftp", Name: "USER"}
	ftpPassword = ward.Field{Protocol: "ftp", Name: "PASS"}
	ftpControl  = ward.Field{Protocol: "ftp", Name: "control connection"}
)

// fileTransfer reads FTP control connections: the server's banner and system, the client's own
// name, and whether a log-in went over in clear. Names and passwords stay inside.
func fileTransfer() decode.Decoder {
	return decode.Decoder{
		Name: "ftp", TCPPorts: []uint16{21}, Match: matchFTP,
		Open: func() decode.Session { return &ftpSession{} },
	}
}

func matchFTP(dir decode.Dir, first []byte, port uint16) decode.Match {
	if dir == decode.Client {
		switch {
		case len(first) < 5:
			return decode.More
		case port == 21 && bytes.EqualFold(first[:5], []byte("USER ")):
			return decode.Yes
		}
		return decode.No
	}
	if len(first) < 4 {
		return decode.More
	}
	if string(first[:3]) != "220" || first[3] != ' ' && first[3] != '-' {
		return decode.No
	}
	line, _, more := ftp.Line(first)
	switch {
	case port == 21 || bytes.Contains(line, []byte("FTP")):
		return decode.Yes
	case more:
		return decode.More
	}
	return decode.No // a mail server greets with 220 too
}

type ftpSession struct {
	greeted, tls bool
	anonymous    bool
	login        secret
	lines        int
}

// maxFTPLines bounds how long a control connection is followed.
const maxFTPLines = 200

func (s *ftpSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	used := 0
	for {
		line, rest, more := ftp.Line(data[used:])
		if more {
			return used
		}
		used = len(data) - len(rest)
		if s.lines++; s.lines > maxFTPLines || s.tls {
			return decode.Done
		}
		if dir == decode.Server {
			s.reply(line, out)
		} else {
			s.command(line, out)
		}
	}
}

func (s *ftpSession) reply(line []byte, out *decode.Out) {
	code, text, last, ok := ftp.Reply(line)
	if !ok {
		return
	}
	switch code {
	case 220:
		if s.greeted {
			return
		}
		s.greeted = last
		out.Say(&ftpBanner, text)
		out.SayString(&ftpServer, "ftp server")
	case 215:
		out.Say(&ftpSystem, text)
	case 234:
		s.tls = true
	case 230:
		if s.anonymous {
			s.anonymous = false
			out.Flag(ward.AnonymousLogin, &ftpUser, "anonymous, accepted")
		} else if s.login.isDefault() {
			out.Flag(ward.DefaultCredential, &ftpPassword, "a factory user name and password, accepted")
		}
	case 530:
		s.login, s.anonymous = secret{}, false
	}
}

func (s *ftpSession) command(line []byte, out *decode.Out) {
	verb, arg, ok := ftp.Command(line)
	if !ok {
		return
	}
	switch {
	case bytes.EqualFold(verb, []byte("USER")):
		out.Flag(ward.ClearTextProtocol, &ftpControl, "FTP log-in without TLS")
		s.anonymous = isAnonymous(arg)
		s.login.setUser(arg)
	case bytes.EqualFold(verb, []byte("PASS")):
		if !s.anonymous && len(arg) > 0 {
			s.login.setPassword(arg)
			out.Flag(ward.ClearTextPassword, &ftpPassword, "present, "+strconv.Itoa(len(arg))+" characters")
		}
	case bytes.EqualFold(verb, []byte("CLNT")):
		out.Say(&ftpClient, arg)
	}
}

// ftpListing recognises the data connections of FTP by the directory listings in them. File
// contents have no form of their own, and names of files stay unread.
func ftpListing() decode.Decoder {
	return decode.Decoder{
		Name: "ftp-data", TCPPorts: []uint16{20}, Limit: 64,
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if ftp.IsListing(first) {
				return decode.Yes
			}
			return decode.No
		},
		Open: func() decode.Session { return ignored{} },
	}
}

// ignored is a session of a protocol that is recognised and not read.
type ignored struct{}

func (ignored) Read(decode.Dir, []byte, *decode.Out) int { return decode.Done }
