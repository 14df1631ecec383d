package logs

import (
	"fmt"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// record is a line of a Zeek log in JSON; only fields that identify devices are read.
type record struct {
	Path   string `json:"_path"`
	Time   moment `json:"ts"`
	Client string `json:"id.orig_h"`
	CPort  uint16 `json:"id.orig_p"`
	Server string `json:"id.resp_h"`
	SPort  uint16 `json:"id.resp_p"`
	Proto  string `json:"proto"`
	VLAN   uint16 `json:"vlan"`

	// conn
	Service  string  `json:"service"`
	Duration float64 `json:"duration"`
	OrigPkts uint64  `json:"orig_pkts"`
	RespPkts uint64  `json:"resp_pkts"`
	OrigIP   uint64  `json:"orig_ip_bytes"`
	RespIP   uint64  `json:"resp_ip_bytes"`
	OrigMAC  string  `json:"orig_l2_addr"`
	RespMAC  string  `json:"resp_l2_addr"`

	// dns, http, ssl, ssh, sip, snmp, ntlm
	Query      string `json:"query"`
	Answers    any    `json:"answers"`
	UserAgent  string `json:"user_agent"`
	Host       string `json:"host"`
	ServerName string `json:"server_name"`
	JA3        string `json:"ja3"`
	JA4        string `json:"ja4"`
	SSHClient  string `json:"client"`
	SSHServer  string `json:"server"`
	Community  string `json:"community"`
	NTLMHost   string `json:"hostname"`
	NTLMServer string `json:"server_nb_computer_name"`

	// dhcp, known_devices, software
	MAC        string `json:"mac"`
	HostName   string `json:"host_name"`
	FQDN       string `json:"client_fqdn"`
	Assigned   string `json:"assigned_addr"`
	DHCPServer string `json:"server_addr"`
	Kind       string `json:"software_type"`
	Unparsed   string `json:"unparsed_version"`
}

// The fields of the protocols, under the names that the packet decoders use.
var (
	dnsQuery      = ward.Field{Protocol: "dns", Name: "query"}
	dnsPerson     = ward.Field{Protocol: "dns", Name: "query", Personal: true} // for the name of somebody's own thing
	dnsAnswers    = ward.Field{Protocol: "dns", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	httpAgent     = ward.Field{Protocol: "http", Name: "user-agent"}
	httpHost      = ward.Field{Protocol: "http", Name: "host"}
	httpServer    = ward.Field{Protocol: "http", Name: "server"}
	tlsName       = ward.Field{Protocol: "tls", Name: "server name"}
	tlsJA3        = ward.Field{Protocol: "tls", Name: "ja3"}
	tlsJA4        = ward.Field{Protocol: "tls", Name: "ja4"}
	sshClient     = ward.Field{Protocol: "ssh", Name: "client identification"}
	sshServer     = ward.Field{Protocol: "ssh", Name: "identification"}
	sipAgent      = ward.Field{Protocol: "sip", Name: "User-Agent"}
	snmpCommunity = ward.Field{Protocol: "snmp", Name: "community"}
	ntlmClient    = ward.Field{Protocol: "ntlm", Name: "workstation", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	ntlmServer    = ward.Field{Protocol: "ntlm", Name: "computer name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcpName      = ward.Field{Protocol: "dhcp", Name: "option 12", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcpFQDN      = ward.Field{Protocol: "dhcp", Name: "option 81", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcpClass     = ward.Field{Protocol: "dhcp", Name: "option 60"}
	dhcpServer    = ward.Field{Protocol: "dhcp", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	smbServerOS   = ward.Field{Protocol: "smb", Name: "server native os"}
	smbDialect    = ward.Field{Protocol: "smb", Name: "dialect"}
)

func (r *Reader) zeek(kind string, z *record) error {
	at := int64(z.Time)
	client := subject(z.Client, z.OrigMAC, z.VLAN)
	server := subject(z.Server, z.RespMAC, z.VLAN)
	r.ends(client, server, ward.Service{Transport: transport(z.Proto), Port: z.SPort}, at)
	switch kind {
	case "conn":
		if client.IP.IsZero() || server.IP.IsZero() {
			return fmt.Errorf("line %d: a connection without addresses", r.out.Frame)
		}
		last := at + int64(z.Duration*1e9)
		r.until = max(r.until, last)
		r.sent(client, z.OrigPkts, z.OrigIP, at, last)
		r.sent(server, z.RespPkts, z.RespIP, at, last)
		first, _, _ := strings.Cut(z.Service, ",")
		r.talk(known(first), z.OrigPkts, z.RespPkts, z.OrigIP, z.RespIP, at, last)
		r.speaks(z.Service)
	case "dns":
		r.asked(z.Query)
		if z.Answers != nil {
			r.fromServer(&dnsAnswers, "dns server")
		}
	case "http":
		r.fromClient(&httpAgent, z.UserAgent)
		r.fromClient(&httpHost, z.Host)
	case "ssl":
		r.fromClient(&tlsName, z.ServerName)
		r.fromClient(&tlsJA3, z.JA3)
		r.fromClient(&tlsJA4, z.JA4)
	case "ssh":
		r.fromClient(&sshClient, z.SSHClient)
		r.fromServer(&sshServer, z.SSHServer)
	case "sip":
		r.fromClient(&sipAgent, z.UserAgent)
	case "snmp":
		r.community(z.Community)
	case "ntlm":
		r.fromClient(&ntlmClient, z.NTLMHost)
		r.fromServer(&ntlmServer, z.NTLMServer)
	case "dhcp":
		r.lease(z.MAC, z.Assigned, z.HostName, z.FQDN, "", z.DHCPServer, z.VLAN)
	case "software":
		r.software(z)
	}
	return nil
}

// community raises the finding that the packet decoder raises: a community everybody knows.
func (r *Reader) community(word string) {
	if word == "public" || word == "private" {
		r.out.Sender, r.out.Peer = r.out.Client, r.out.Server
		r.out.Flag(ward.DefaultSNMPCommunity, &snmpCommunity, word)
	}
}

// lease says what a DHCP exchange told of the client.
func (r *Reader) lease(mac, ip, name, fqdn, class, server string, vlan uint16) {
	s := subject("", mac, vlan)
	if s.MAC.IsZero() {
		return
	}
	r.ends(s, subject(server, "", vlan), ward.Service{Transport: 17, Port: 67}, r.out.Time)
	r.fromClient(&dhcpName, name)
	r.fromClient(&dhcpFQDN, fqdn)
	r.fromClient(&dhcpClass, class)
	r.out.Sender = s
	r.out.Bind(s.MAC, subject(ip, "", vlan).IP, "dhcp")
	if !r.out.Server.IP.IsZero() {
		r.fromServer(&dhcpServer, "dhcp server")
	}
	// A lease shows that the client sent something, even where no connection of it was logged.
	if _, ok := r.stations[s]; !ok && len(r.stations) < maxSummaries {
		r.stations[s] = &ward.Station{
			MAC: s.MAC, VLAN: vlan, Packets: 1, First: r.out.Time, Last: r.out.Time, Frame: r.out.Frame,
		}
	}
}

// software reads Zeek's own notes of what software an address runs.
func (r *Reader) software(z *record) {
	r.ends(subject(z.Host, "", z.VLAN), ward.Subject{}, ward.Service{}, int64(z.Time))
	switch z.Kind {
	case "HTTP::SERVER", "HTTP::APPSERVER":
		r.fromClient(&httpServer, z.Unparsed)
	case "HTTP::BROWSER":
		r.fromClient(&httpAgent, z.Unparsed)
	case "SSH::SERVER":
		r.fromClient(&sshServer, "SSH-2.0-"+z.Unparsed)
	case "SSH::CLIENT":
		r.fromClient(&sshClient, "SSH-2.0-"+z.Unparsed)
	}
}

// asked notes a name that a client looked up.
func (r *Reader) asked(name string) {
	name = strings.ToLower(name)
	if decode.Belonging([]byte(name)) {
		r.fromClient(&dnsPerson, name)
		return
	}
	r.fromClient(&dnsQuery, name)
}
