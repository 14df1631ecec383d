package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	mdnsHost     = ward.Field{Protocol: "mdns", Name: "host name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	mdnsService  = ward.Field{Protocol: "mdns", Name: "service"}
	mdnsInstance = ward.Field{Protocol: "mdns", Name: "instance", Personal: true}
	mdnsHINFO    = ward.Field{Protocol: "mdns", Name: "hinfo"}
	mdnsShares   = ward.Field{Protocol: "mdns", Name: "shares printer", Personal: true}
)

// mdns reads multicast DNS and DNS-SD announcements (RFC 6762, 6763). The owner of a record is who
// announces it; questions, and the known answers repeated in them, tell nothing of the asker.
// The format is that of DNS: only the port makes it multicast DNS.
func mdns() decode.Decoder {
	return decode.Decoder{Name: "mdns", UDPPorts: []uint16{5353}, Strict: true, Datagram: readMDNS}
}

func readMDNS(p *decode.Packet, out *decode.Out) bool {
	m, ok := dns.Parse(p.Payload)
	if !ok || m.Opcode != 0 || !m.SkipQuestions() {
		return false
	}
	// A probe carries the records its sender wants to own in the authority section (RFC 6762
	// section 8.1); a question has known answers of others in the answer section.
	probe := !m.Response
	if probe && m.Authorities == 0 {
		return true
	}
	owner, ok := mdnsOwner(m, out, probe)
	if !ok {
		return true
	}
	m.KeepCase = true
	var r dns.Record
	for m.Next(&r) {
		if probe && r.Section != dns.Authority || r.TTL == 0 { // a goodbye is no announcement
			continue
		}
		sayRecord(&m, &r, owner, out)
	}
	return true
}

// mdnsOwner decides of whom the records speak. When they give the addresses of a host and the
// sender's is not among them, a reflector passed them on from another segment: they describe that
// host, and are of no use when they name several.
func mdnsOwner(m dns.Parser, out *decode.Out, probe bool) (ward.Subject, bool) {
	var r dns.Record
	var other ward.IP
	several := false
	for m.Next(&r) {
		if probe && r.Section != dns.Authority {
			continue
		}
		var ip ward.IP
		switch {
		case r.Type == dns.A && len(r.Data) == 4:
			ip = ward.IP4(r.Data)
		case r.Type == dns.AAAA && len(r.Data) == 16:
			ip = ward.IP6(r.Data)
		default:
			continue
		}
		if ip == out.Sender.IP {
			return out.Sender, true
		}
		if ip.Is4() != out.Sender.IP.Is4() || linkLocal(ip) {
			continue // the sender's other family, or an address that means nothing elsewhere
		}
		several = several || other != ward.IP{} && other != ip
		other = ip
	}
	if other == (ward.IP{}) || out.Sender.IP.IsZero() || linkLocal(out.Sender.IP) {
		return out.Sender, true
	}
	return ward.Subject{IP: other, VLAN: out.Sender.VLAN}, !several
}

func linkLocal(ip ward.IP) bool {
	return ip.Is4() && ip[12] == 169 && ip[13] == 254 || ip[0] == 0xfe && ip[1]&0xc0 == 0x80
}

func sayRecord(m *dns.Parser, r *dns.Record, owner ward.Subject, out *decode.Out) {
	var buf [256]byte
	name := r.Name()
	switch r.Type {
	case dns.A, dns.AAAA:
		sayHost(owner, name, out)
	case dns.SRV:
		if target, ok := m.Target(r, buf[:]); ok {
			sayHost(owner, target, out)
		}
	case dns.PTR:
		if bytes.HasSuffix(name, []byte(".arpa")) {
			return
		}
		target, ok := m.Target(r, buf[:])
		if !ok {
			return
		}
		instance, service := splitService(target)
		out.SayBytesOf(owner, &mdnsService, service)
		out.SayBytesOf(owner, &mdnsInstance, instance)
	case dns.TXT:
		_, service := splitService(name)
		out.SayBytesOf(owner, &mdnsService, service)
		sayText(owner, service, r.Data, out)
	case dns.HINFO:
		cpu, rest := dns.NextText(r.Data)
		os, _ := dns.NextText(rest)
		out.SayBytesOf(owner, &mdnsHINFO, append(append(append(buf[:0], cpu...), ' '), os...))
	}
}

// cutLocal cuts the domain of multicast DNS off a name.
func cutLocal(name []byte) ([]byte, bool) {
	at := len(name) - len(".local")
	if at < 0 || !bytes.EqualFold(name[at:], []byte(".local")) {
		return nil, false
	}
	return name[:at], true
}

func sayHost(owner ward.Subject, name []byte, out *decode.Out) {
	if host, ok := cutLocal(name); ok && bytes.IndexByte(host, '_') < 0 {
		out.SayBytesOf(owner, &mdnsHost, host)
	}
}

// splitService divides "Bed 4._http._tcp.local" into the instance and "_http._tcp".
func splitService(name []byte) (instance, service []byte) {
	name, ok := cutLocal(name)
	if !ok {
		return nil, nil
	}
	if at := bytes.Index(name, []byte("._sub._")); at >= 0 {
		name = name[at+len("._sub."):]
	}
	last := bytes.LastIndexByte(name, '.')
	if last < 0 || last+1 >= len(name) || name[last+1] != '_' {
		return nil, nil
	}
	first := bytes.LastIndexByte(name[:last], '.')
	if first+1 >= len(name) || name[first+1] != '_' {
		return nil, nil
	}
	if first > 0 {
		instance = name[:first]
	}
	if service = name[first+1:]; string(service) == "_dns-sd._udp" {
		return nil, nil
	}
	return instance, service
}
