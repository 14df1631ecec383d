package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/http1"
	"github.com/wardkeeper/wardkeeper/proto/smb"
)

// connected reads the server's consent to use the share that was asked for last. Names of shares
// are chosen by people and stay inside, except those that every domain controller serves.
func (s *smbSession) connected(kind byte, out *decode.Out) {
	path := bytes.TrimLeft(s.tree[:s.nTree], `\`)
	s.nTree = 0
	host, share, ok := bytes.Cut(path, []byte{'\\'})
	if !ok {
		return
	}
	if name := hostName(host); name != nil && bytes.IndexByte(host, ':') < 0 {
		out.Say(&smbCalled, name)
	}
	switch kind {
	case smb.ShareDisk:
		out.SayString(&smbFiles, "file server")
		if http1.Is(share, "SYSVOL") || http1.Is(share, "NETLOGON") {
			out.SayString(&smbDomainShare, "server")
		}
	case smb.SharePrint:
		out.SayString(&smbFiles, "print server")
	}
}

// pipes are the named pipes of MS-RPC services (MS-SAMR, MS-LSAT, MS-SRVS and so on).
var pipes = [...]string{
	"samr", "lsarpc", "netlogon", "srvsvc", "wkssvc", "svcctl", "winreg", "spoolss", "epmapper", "atsvc",
}

// opening notes that a named pipe is asked for; names of files are not looked at.
func (s *smbSession) opening(name []byte) {
	name = bytes.TrimLeft(name, `\`)
	s.pipe = ""
	for _, p := range pipes {
		if http1.Is(name, p) {
			s.pipe = p
		}
	}
}

func (s *smbSession) opened(out *decode.Out) {
	if s.pipe != "" {
		out.Speaks("dcerpc")
		out.Speaks(s.pipe)
		s.pipe = ""
	}
}

var (
	sysvol        = []byte("S\x00Y\x00S\x00V\x00O\x00L\x00")
	windowsSysvol = []byte("\\\x00W\x00i\x00n\x00d\x00o\x00w\x00s\x00\\\x00S\x00Y\x00S\x00V\x00O\x00L\x00")
)

// path looks in what a server tells of a file for the folder that only domain controllers have.
func (s *smbSession) path(info []byte, out *decode.Out) {
	if s.served || len(info) < len(sysvol) || !bytes.Contains(info, sysvol) {
		return
	}
	s.served = true
	out.SayString(&smbDomainShare, "server")
	if bytes.Contains(info, windowsSysvol) {
		out.SayString(&smbPath, `\Windows\SYSVOL`)
	}
}
