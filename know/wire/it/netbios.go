package it

import (
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/netbios"
	"github.com/wardkeeper/wardkeeper/proto/smb"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	netbiosName   = ward.Field{Protocol: "netbios", Name: "name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	netbiosGroup  = ward.Field{Protocol: "netbios", Name: "group"}
	netbiosDomain = ward.Field{Protocol: "netbios", Name: "serves domain", Proves: ward.Type, Trust: ward.TrustRole}
	netbiosUnit   = ward.Field{Protocol: "netbios", Name: "unit id"}

	browserServer  = ward.Field{Protocol: "browser", Name: "server", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	browserVersion = ward.Field{Protocol: "browser", Name: "os version"}
	browserKind    = ward.Field{Protocol: "browser", Name: "server type"}
	browserDomain  = ward.Field{Protocol: "browser", Name: "domain controller", Proves: ward.Type, Trust: ward.TrustRole}
	browserComment = ward.Field{Protocol: "browser", Name: "comment", Personal: true}
)

// netbiosUDP reads the NetBIOS name service and the browser's announcements in NetBIOS datagrams.
func netbiosUDP() decode.Decoder {
	return decode.Decoder{Name: "netbios", UDPPorts: []uint16{137, 138}, Datagram: readNetBIOS}
}

func readNetBIOS(p *decode.Packet, out *decode.Out) bool {
	b := p.Payload
	switch {
	case len(b) < 50:
		return false
	case b[0]&0xf8 == 0x10 && len(b) >= 82 && b[14] == 32 && readNetBIOSDatagram(b, out):
		return true
	case b[12] != 32:
		return false
	}
	var m netbios.Packet
	if !netbios.Parse(b, &m) {
		return false
	}
	switch {
	case m.Type == netbios.TypeStatus && m.Response:
		unit := m.Status(func(o netbios.Own) { sayNetBIOSName(&o.Name, o.Group, out) })
		if mac := ward.MAC(unit); !mac.IsZero() {
			out.SayString(&netbiosUnit, mac.String())
		}
	case m.Type == netbios.TypeName && ward.IP4(m.Address[:]) == out.Sender.IP &&
		(m.Response && m.Code == 0 && m.Operation == netbios.Query || !m.Response && claims(m.Operation)):
		// A name server answers for others: only who names its own address has the name.
		sayNetBIOSName(&m.Name, m.Group, out)
	}
	return true
}

func claims(operation uint8) bool {
	return operation == netbios.Registration || operation == netbios.Refresh || operation == netbios.RefreshAlt
}

func sayNetBIOSName(n *netbios.Name, group bool, out *decode.Out) {
	if n[0] < 0x20 {
		return // "\x01\x02__MSBROWSE__\x02"
	}
	switch s := n.Suffix(); {
	case s == netbios.DomainControllers && group:
		out.SayString(&netbiosDomain, "server") // only domain controllers register it
		out.Say(&netbiosGroup, n.Text())
	case group && s == netbios.Workstation:
		out.Say(&netbiosGroup, n.Text())
	case !group && (s == netbios.Workstation || s == netbios.FileServer):
		out.Say(&netbiosName, n.Text())
	}
}

func readNetBIOSDatagram(b []byte, out *decode.Out) bool {
	var d netbios.Datagram
	if !netbios.ParseDatagram(b, &d) {
		return false
	}
	if ward.IP4(d.SourceIP[:]) != out.Sender.IP {
		return true // passed on
	}
	sayNetBIOSName(&d.Source, false, out)
	var m smb.Message1
	if !smb.Parse1(d.Data, &m) {
		return true
	}
	name, data := m.Mailslot()
	var a netbios.Announcement
	if string(name) != `\MAILSLOT\BROWSE` {
		return true
	}
	out.Speaks("browser")
	if netbios.ParseAnnouncement(data, &a) {
		sayAnnouncement(&a, out)
	}
	return true
}

func sayAnnouncement(a *netbios.Announcement, out *decode.Out) {
	out.Say(&browserServer, a.Server)
	out.Say(&browserComment, a.Comment)
	var buf [8]byte
	version := append(strconv.AppendUint(buf[:0], uint64(a.Major), 10), '.')
	out.Say(&browserVersion, strconv.AppendUint(version, uint64(a.Minor), 10))
	for _, k := range [...]struct {
		bit  uint32
		word string
	}{
		{netbios.TypeSQL, "sql server"},
		{netbios.TypePrintQueue, "print queue"},
		{netbios.TypeUnix, "unix"},
		{netbios.TypeNTServer, "nt server"},
		{netbios.TypeDomainController, "domain controller"},
		{netbios.TypeBackupController, "backup domain controller"},
	} {
		if a.Type&k.bit != 0 {
			out.SayString(&browserKind, k.word)
		}
	}
	if a.Type&(netbios.TypeDomainController|netbios.TypeBackupController) != 0 {
		out.SayString(&browserDomain, "server")
	}
}
