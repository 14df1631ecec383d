package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ntlm"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ntlmComputer    = ward.Field{Protocol: "ntlm", Name: "computer name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	ntlmDNSName     = ward.Field{Protocol: "ntlm", Name: "dns computer name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	ntlmDomain      = ward.Field{Protocol: "ntlm", Name: "dns domain"}
	ntlmVersion     = ward.Field{Protocol: "ntlm", Name: "os version"}
	ntlmWorkstation = ward.Field{Protocol: "ntlm", Name: "workstation", Proves: ward.Hostname, Trust: ward.TrustHint, Personal: true}
	ntlmClient      = ward.Field{Protocol: "ntlm", Name: "client os version"}
	ntlmUser        = ward.Field{Protocol: "ntlm", Name: "user"}
)

// sayNTLM reads the NTLM message in a security blob, if there is one. A challenge describes the
// server; what a client writes into its answer is whatever its program likes.
func sayNTLM(blob []byte, out *decode.Out) {
	b := ntlm.Find(blob)
	var m ntlm.Message
	if b == nil || !ntlm.Parse(b, &m) {
		return
	}
	var buf [256]byte
	switch m.Type {
	case ntlm.Challenge:
		out.Say(&ntlmComputer, ntlm.AppendUTF16(buf[:0], short(m.ComputerName)))
		out.Say(&ntlmDNSName, ntlm.AppendUTF16(buf[:0], short(m.DNSComputer)))
		out.Say(&ntlmDomain, ntlm.AppendUTF16(buf[:0], short(m.DNSDomain)))
		out.Say(&ntlmVersion, m.AppendVersion(buf[:0]))
	case ntlm.Authenticate:
		out.Say(&ntlmWorkstation, m.AppendText(buf[:0], short(m.Workstation)))
		out.Say(&ntlmClient, m.AppendVersion(buf[:0]))
		if m.UserLength > 0 {
			out.SayString(&ntlmUser, "present")
		}
	}
}

// short bounds a text of the wire.
func short(b []byte) []byte { return b[:min(len(b), 256)] }
