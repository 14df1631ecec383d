package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dns"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	// What a device asks for hints at who made it; the answers describe others.
	dnsQuery   = ward.Field{Protocol: "dns", Name: "query"}
	dnsPerson  = ward.Field{Protocol: "dns", Name: "query", Personal: true} // for the name of somebody's own thing
	dnsServer  = ward.Field{Protocol: "dns", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	dnsVersion = ward.Field{Protocol: "dns", Name: "version.bind"}
)

// dnsUDPTCP reads unicast DNS over UDP and TCP.
func dnsUDPTCP() decode.Decoder {
	return decode.Decoder{
		Name: "dns", UDPPorts: []uint16{53}, Datagram: readDNSDatagram,
		TCPPorts: []uint16{53}, Match: matchDNS, Open: func() decode.Session { return dnsStream{} },
	}
}

func readDNSDatagram(p *decode.Packet, out *decode.Out) bool {
	if p.SrcPort == 5353 || p.DstPort == 5353 || p.DstPort == 5355 || p.SrcPort == 5355 {
		return false
	}
	return readDNS(p.Payload, out)
}

func readDNS(msg []byte, out *decode.Out) bool {
	// Most of what is offered is none: one question at most, and fewer than 256 records a section.
	if len(msg) < 12 || msg[4]|msg[6]|msg[8]|msg[10] != 0 || msg[5] > 1 {
		return false
	}
	p, ok := dns.Parse(msg)
	if !ok || p.Opcode > 5 {
		return false
	}
	var buf [256]byte
	name, typ, class, ok := p.Question(buf[:])
	if p.Questions == 1 && (!ok || !knownType(typ) || class != dns.IN && class != dns.CHAOS && class != dns.ANY || encodedNetBIOS(name)) {
		return false
	}
	if !wellFormed(p) {
		return false
	}
	if !p.Response {
		if p.Opcode == 0 && class == dns.IN {
			if q := shortened(name); q != nil {
				if decode.Belonging(q) {
					out.Say(&dnsPerson, q)
				} else {
					out.Say(&dnsQuery, q)
				}
			}
		}
		return true
	}
	if p.Opcode == 0 && (p.Code == 0 || p.Code == 3) && (p.RecursionOffered || p.Authoritative) && out.Sender.IP != out.Peer.IP {
		out.SayString(&dnsServer, "dns server")
	}
	if class == dns.CHAOS {
		sayVersion(p, out)
	}
	return true
}

// knownType keeps noise out: the types that are in use (IANA DNS parameters).
func knownType(t uint16) bool {
	return t >= 1 && t <= 65 || t >= 99 && t <= 109 || t >= 249 && t <= 262 || t >= 32768 && t <= 32769
}

// wellFormed walks the records of a message without saying anything.
func wellFormed(p dns.Parser) bool {
	if p.Answers|p.Authorities|p.Additionals == 0 {
		return p.Whole()
	}
	var r dns.Record
	n := uint16(0)
	for p.Next(&r) {
		n++
	}
	// A truncated or cut message may end early; one record must have been right.
	return p.Whole() || n > 0
}

// encodedNetBIOS reports whether the name is one of the NetBIOS name service, which shares the
// format of DNS: 32 letters from A to P (RFC 1001 section 14).
func encodedNetBIOS(name []byte) bool {
	if len(name) < 32 || len(name) > 32 && name[32] != '.' {
		return false
	}
	for _, c := range name[:32] {
		if c < 'a' || c > 'p' {
			return false
		}
	}
	return true
}

// shortened cuts a name to what tells about the asker's maker: about three labels. Names of the
// local network, reverse look-ups and single labels tell nothing, and labels that are random or
// carry data (tunnels) are left out so that they do not fill the notebook.
func shortened(name []byte) []byte {
	const longLabel = 24
	last := bytes.LastIndexByte(name, '.')
	if last <= 0 {
		return nil
	}
	if !topLevel(name[last+1:]) {
		return nil
	}
	switch string(name[last+1:]) {
	case "arpa", "local", "lan", "home", "localdomain", "internal":
		return nil
	}
	start, want := last, 2 // one label more behind the second-level domain
	second := bytes.LastIndexByte(name[:last], '.')
	if last-second > 2*longLabel {
		return nil
	}
	if last-second <= 4 && len(name)-last <= 3 { // co.uk and the like
		want = 3
	}
	for ; want > 0 && start > 0; want-- {
		dot := bytes.LastIndexByte(name[:start], '.')
		if start-dot > longLabel && start != last {
			break
		}
		start = max(dot, 0)
		if dot < 0 {
			return name
		}
	}
	if start == last {
		return nil
	}
	return name[start+1:]
}

// topLevel reports whether a label can be a top-level domain: letters, and not many of them.
func topLevel(label []byte) bool {
	if bytes.HasPrefix(label, []byte("xn--")) {
		return true
	}
	for _, c := range label {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return len(label) >= 2 && len(label) <= 18
}

func sayVersion(p dns.Parser, out *decode.Out) {
	var r dns.Record
	for p.Next(&r) {
		if r.Type == dns.TXT && string(r.Name()) == "version.bind" {
			text, _ := dns.NextText(r.Data)
			out.Say(&dnsVersion, text)
		}
	}
}

func matchDNS(_ decode.Dir, first []byte, port uint16) decode.Match {
	// Away from its port a two-byte length and a header are too little to go by.
	if port != 53 {
		return decode.No
	}
	if len(first) < 14 {
		return decode.More
	}
	n := int(first[0])<<8 | int(first[1])
	if n < 17 || first[6] != 0 || first[7] != 1 {
		return decode.No
	}
	if _, ok := dns.Parse(first[2:min(len(first), 2+n)]); !ok {
		return decode.No
	}
	return decode.Yes
}

// dnsStream reads DNS over TCP: each message has its length before it (RFC 7766).
type dnsStream struct{}

func (dnsStream) Read(_ decode.Dir, data []byte, out *decode.Out) int {
	if len(data) < 2 {
		return 0
	}
	n := int(data[0])<<8 | int(data[1])
	if len(data) < 2+n {
		return 0
	}
	if !readDNS(data[2:2+n], out) {
		return decode.Done
	}
	return 2 + n
}
