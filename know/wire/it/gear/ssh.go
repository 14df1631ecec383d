package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ssh"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	sshServer   = ward.Field{Protocol: "ssh", Name: "identification"}
	sshSoftware = ward.Field{Protocol: "ssh", Name: "software"} // what follows the version of the protocol
	sshClient   = ward.Field{Protocol: "ssh", Name: "client identification"}
)

// secureShell reads the two lines in clear with which an SSH connection starts.
func secureShell() decode.Decoder {
	return decode.Decoder{
		Name: "ssh", TCPPorts: []uint16{22}, Match: matchSSH, Limit: 512, Encrypted: true,
		Open: func() decode.Session { return sshSession{} },
	}
}

func matchSSH(_ decode.Dir, first []byte, _ uint16) decode.Match {
	id, more := ssh.Identification(first)
	switch {
	case id != nil || more && len(first) >= 4:
		return decode.Yes
	case more:
		return decode.More
	}
	return decode.No
}

type sshSession struct{}

func (sshSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	id, more := ssh.Identification(data)
	if more {
		return 0
	}
	if dir == decode.Server {
		out.Say(&sshServer, id)
		if _, software, ok := bytes.Cut(id[min(len(id), 4):], []byte("-")); ok {
			out.Say(&sshSoftware, software)
		}
	} else {
		out.Say(&sshClient, id)
	}
	return decode.Done
}
