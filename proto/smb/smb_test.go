package smb

import (
	"encoding/binary"
	"testing"
)

func TestSessionSetup1(t *testing.T) {
	for _, blob := range []string{"", "x", "ab"} {
		b := AppendSessionSetup1(nil, MoreProcessing, []byte(blob), "Windows 5.1", "Windows 2000 LAN Manager")
		var m Message1
		if !Parse1(b, &m) || !m.Reply || m.Command != SessionSetup1 || m.Status != MoreProcessing {
			t.Fatalf("%+v", m)
		}
		s, ok := m.SessionSetup()
		if !ok || string(s.OS.Append(nil)) != "Windows 5.1" || string(s.Manager.Append(nil)) != "Windows 2000 LAN Manager" || string(s.Blob) != blob {
			t.Errorf("blob %q: %q %q", blob, s.OS.Append(nil), s.Manager.Append(nil))
		}
	}
}

func TestNegotiated(t *testing.T) {
	var m Message1
	if !Parse1(AppendNegotiated1(nil), &m) {
		t.Fatal("not read")
	}
	if ok, _, _ := m.Negotiated(); !ok {
		t.Error("an accepted dialect is not seen")
	}
	refused := append1(nil, Negotiate1, 0, true, []byte{0xff, 0xff}, nil)
	Parse1(refused, &m)
	if ok, _, _ := m.Negotiated(); ok {
		t.Error("a refusal is taken for SMB 1 in use")
	}
}

// message2 builds a reply or request with a body of n bytes and a variable part behind it.
func message2(command uint16, reply bool, n, offsetAt, lengthAt int, part string) []byte {
	b := make([]byte, header2+n)
	copy(b, Mark2[:])
	b[4] = 64
	binary.LittleEndian.PutUint16(b[12:], command)
	if reply {
		b[16] = 1
	}
	binary.LittleEndian.PutUint16(b[header2+offsetAt:], uint16(len(b)))
	binary.LittleEndian.PutUint16(b[header2+lengthAt:], uint16(len(part)))
	return append(b, part...)
}

func TestCompoundOfSMB2(t *testing.T) {
	first := message2(TreeConnect2, false, 8, 4, 6, "\\\x00\\\x00D\x00C\x001\x00\\\x00I\x00P\x00C\x00$\x00")
	for len(first)%8 != 0 {
		first = append(first, 0)
	}
	binary.LittleEndian.PutUint32(first[20:], uint32(len(first)))
	both := append(first, message2(Query2, true, 8, 2, 4, "info")...)
	var m Message2
	rest, ok := Parse2(both, &m)
	if got := string(m.TreePath().Append(nil)); !ok || got != `\\DC1\IPC$` {
		t.Errorf("path %q", got)
	}
	if rest, ok = Parse2(rest, &m); !ok || len(rest) != 0 || string(m.Information()) != "info" {
		t.Errorf("second message: %v %q", ok, m.Information())
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendNegotiated1(nil))
	f.Add(AppendSessionSetup1(nil, 0, []byte("NTLMSSP"), "Unix", "Samba"))
	f.Add(message2(Negotiate2, true, 64, 56, 58, "blob"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Frame(b)
		var m Message1
		if Parse1(b, &m) {
			m.Negotiated()
			s, _ := m.SessionSetup()
			s.OS.Append(s.Manager.Append(nil))
			m.TreePath().Append(m.CreateName().Append(nil))
			m.Service()
			m.Mailslot()
		}
		var n Message2
		for rest, ok := Parse2(b, &n); ok && len(rest) > 0; rest, ok = Parse2(rest, &n) {
			n.Dialect()
			n.Blob()
			n.TreePath().Append(n.CreateName().Append(nil))
			n.ShareType()
			n.Information()
		}
	})
}
