package sim

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/wardkeeper/wardkeeper/proto/ntlm"
	"github.com/wardkeeper/wardkeeper/proto/smb"
)

// This file plays SMB: the second domain controller takes stock of the computers, which answer with
// the version of their Windows (MS-SMB2, MS-NLMP).

// shareVersion lets the hospital's inventory ask a computer for its version, now and then.
func (s *stage) shareVersion(d *Device) {
	asker := s.Kind("domain controller")[1]
	if asker == d {
		asker = s.Kind("domain controller")[2]
	}
	ask := s.challenge
	if d.OS == "Windows 7" {
		ask = s.oldChallenge
	}
	s.every(1200*time.Millisecond, 4*seldom, func() { ask(asker, d) })
}

// buildOf is the version that an operating system tells in NTLM.
func buildOf(os string) [3]uint16 {
	switch os {
	case "Windows 7":
		return [3]uint16{6, 1, 7601}
	case "Windows 10":
		return [3]uint16{10, 0, 19045}
	case "Windows 11":
		return [3]uint16{10, 0, 22631}
	case "Windows Server 2016":
		return [3]uint16{10, 0, 14393}
	case "Windows Server 2019":
		return [3]uint16{10, 0, 17763}
	}
	return [3]uint16{6, 1, 0} // what Samba says
}

func (d *Device) ntlmChallenge() []byte {
	name := strings.ToUpper(d.Host)
	return ntlm.AppendChallenge(nil, name, workgroup, strings.ToLower(d.Host)+"."+domain, domain, buildOf(d.OS))
}

// negotiation is the NTLM message that asks for a challenge.
var negotiation = append([]byte("NTLMSSP\x00\x01\x00\x00\x00\x97\x82\x08\xe2"), make([]byte, 24)...)

// smb2Head writes the header of an SMB 2 message (MS-SMB2 2.2.1).
func smb2Head(command uint16, status uint32, reply bool, id uint64) []byte {
	b := append([]byte{0xfe, 'S', 'M', 'B', 64, 0, 1, 0}, make([]byte, 56)...)
	binary.LittleEndian.PutUint32(b[8:], status)
	binary.LittleEndian.PutUint16(b[12:], command)
	b[14] = 1
	if reply {
		b[16] = 1
	}
	binary.LittleEndian.PutUint64(b[24:], id)
	return b
}

// challenge plays an SMB 2 session as far as the server's NTLM challenge.
func (s *stage) challenge(from, to *Device) {
	le := binary.LittleEndian
	c := s.dial(from.Port, to.Port, 445)
	id := s.noise(16)
	ask := append(smb2Head(0, 0, false, 0), 36, 0, 2, 0, 1, 0, 0, 0, 0x7f, 0, 0, 0)
	ask = append(append(append(ask, id...), make([]byte, 8)...), 0x10, 0x02, 0x00, 0x03)
	c.Send(smb.AppendFrame(nil, ask))
	told := append(smb2Head(0, 0, true, 0), 65, 0, 1, 0, 0x00, 0x03, 0, 0)
	told = append(append(told, s.noise(16)...), 0x07, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 0)
	told = append(append(told, make([]byte, 16)...), 0x80, 0, 0, 0, 0, 0, 0, 0)
	c.Answer(smb.AppendFrame(nil, told))
	ask = append(smb2Head(1, 0, false, 1), 25, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 88, 0)
	ask = append(le.AppendUint16(ask, uint16(len(negotiation))), make([]byte, 8)...) //nolint:gosec // short
	c.Send(smb.AppendFrame(nil, append(ask, negotiation...)))
	blob := to.ntlmChallenge()
	told = append(smb2Head(1, 0xc0000016, true, 1), 9, 0, 0, 0, 72, 0)
	told = le.AppendUint16(told, uint16(len(blob))) //nolint:gosec // short
	c.Answer(smb.AppendFrame(nil, append(told, blob...)))
	c.Close()
}

// oldChallenge plays the same with SMB 1, which is all that some old computers are set up for.
func (s *stage) oldChallenge(from, to *Device) {
	c := s.dial(from.Port, to.Port, 445)
	c.Send(smb.AppendFrame(nil, smb.AppendNegotiate1(nil))).Answer(smb.AppendFrame(nil, smb.AppendNegotiated1(nil)))
	c.Send(smb.AppendFrame(nil, setupRequest(negotiation)))
	c.Answer(smb.AppendFrame(nil, smb.AppendSessionSetup1(nil, 0xc0000016, to.ntlmChallenge(), "Windows 7 Professional 7601 Service Pack 1", "Windows 7 Professional 6.1")))
	c.Close()
}

// setupRequest is a session set-up of SMB 1 with a security blob (MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6.1).
func setupRequest(blob []byte) []byte {
	le := binary.LittleEndian
	b := append([]byte{0xff, 'S', 'M', 'B', smb.SessionSetup1, 0, 0, 0, 0, 0x18, 0x07, 0xc8}, make([]byte, 20)...)
	b = append(b, 12, 0xff, 0, 0, 0, 0x04, 0x41, 2, 0, 1, 0, 0, 0, 0, 0)
	b = le.AppendUint16(b, uint16(len(blob))) //nolint:gosec // short
	b = append(b, 0, 0, 0, 0, 0xd4, 0, 0, 0xa0)
	data := append([]byte(nil), blob...)
	if (len(b)+2+len(data))%2 == 1 {
		data = append(data, 0)
	}
	for _, text := range []string{"\x00", "\x00"} {
		for _, u := range utf16.Encode([]rune(text)) {
			data = le.AppendUint16(data, u)
		}
	}
	return append(le.AppendUint16(b, uint16(len(data))), data...) //nolint:gosec // short
}
