package netbios

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/proto/smb"
)

func TestRegistration(t *testing.T) {
	b := AppendRegistration(nil, 7, NewName("nurse-4w", FileServer), false, [4]byte{10, 0, 0, 9})
	var p Packet
	if !Parse(b, &p) || p.Operation != Registration || string(p.Name.Text()) != "NURSE-4W" || p.Name.Suffix() != FileServer || p.Group {
		t.Fatalf("%+v", p)
	}
	if p.Address != [4]byte{10, 0, 0, 9} {
		t.Errorf("address %v", p.Address)
	}
	for n := range b {
		if Parse(b[:n], &p) && n < 68 {
			t.Fatalf("took %d of %d bytes", n, len(b))
		}
	}
}

func TestAnnouncement(t *testing.T) {
	want := Announcement{Server: []byte("BED4"), Major: 5, Minor: 1, Type: TypeServer | 1, Comment: []byte("x")}
	var d Datagram
	if !ParseDatagram(AppendAnnouncement(nil, [4]byte{10, 0, 0, 9}, "WARD", &want), &d) {
		t.Fatal("not a datagram")
	}
	if string(d.Source.Text()) != "BED4" || d.SourceIP != [4]byte{10, 0, 0, 9} {
		t.Errorf("%+v", d)
	}
	var m smb.Message1
	smb.Parse1(d.Data, &m)
	name, data := m.Mailslot()
	var got Announcement
	if string(name) != `\MAILSLOT\BROWSE` || !ParseAnnouncement(data, &got) || string(got.Server) != "BED4" || got.Major != 5 || got.Minor != 1 || string(got.Comment) != "x" {
		t.Errorf("slot %q: %+v", name, got)
	}
}

func TestStatus(t *testing.T) {
	b := []byte{0, 1, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0}
	b = append(appendName(b, Name{'*'}), 0, TypeStatus, 0, 1, 0, 0, 0, 0, 0, 43, 2)
	own, group := NewName("NVR9", Workstation), NewName("WORKGROUP", Workstation)
	b = append(append(b, own[:]...), 4, 0)
	b = append(append(b, group[:]...), 0x84, 0)
	b = append(b, 0, 0x18, 0xfe, 0x6c, 0xbc, 0xf7)
	var p Packet
	if !Parse(b, &p) || p.Type != TypeStatus || !p.Response {
		t.Fatalf("%+v", p)
	}
	var names []string
	unit := p.Status(func(o Own) { names = append(names, string(o.Name.Text())) })
	if len(names) != 2 || names[0] != "NVR9" || names[1] != "WORKGROUP" || unit[5] != 0xf7 {
		t.Errorf("%q %x", names, unit)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(AppendRegistration(nil, 7, NewName("a", 0), true, [4]byte{}))
	f.Add(AppendAnnouncement(nil, [4]byte{}, "w", &Announcement{Server: []byte("s")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Packet
		if Parse(b, &p) {
			p.Status(func(o Own) { o.Name.Text() })
		}
		var d Datagram
		if ParseDatagram(b, &d) {
			d.Source.Text()
		}
		var a Announcement
		ParseAnnouncement(b, &a)
	})
}
