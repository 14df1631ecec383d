package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ftp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	smtpBanner = ward.Field{Protocol: "smtp", Name: "banner"}
	smtpServer = ward.Field{Protocol: "smtp", Name: "serves", Proves: ward.Role, Trust: ward.TrustRole}
)

// mail reads the greeting of a mail server (RFC 5321), whose lines have the form of FTP's. Nothing
// of the mail is read.
func mail() decode.Decoder {
	return decode.Decoder{
		Name: "smtp", TCPPorts: []uint16{25, 587}, Limit: 512, Match: matchSMTP,
		Open: func() decode.Session { return smtpSession{} },
	}
}

func matchSMTP(dir decode.Dir, first []byte, port uint16) decode.Match {
	if dir == decode.Client {
		if len(first) < 5 {
			return decode.More
		}
		if bytes.EqualFold(first[:5], []byte("EHLO ")) || bytes.EqualFold(first[:5], []byte("HELO ")) {
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
	case bytes.Contains(line, []byte("SMTP")), line != nil && (port == 25 || port == 587):
		return decode.Yes
	case more:
		return decode.More
	}
	return decode.No
}

type smtpSession struct{}

func (smtpSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	if dir == decode.Client {
		return decode.Done
	}
	line, _, more := ftp.Line(data)
	if more {
		return 0
	}
	if code, text, _, ok := ftp.Reply(line); ok && code == 220 {
		out.Say(&smtpBanner, text)
		out.SayString(&smtpServer, "mail server")
	}
	return decode.Done
}
