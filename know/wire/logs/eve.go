package logs

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// event is a line of Suricata's EVE JSON; only fields that identify devices are read.
type event struct {
	Time  moment   `json:"timestamp"`
	Type  string   `json:"event_type"`
	Src   string   `json:"src_ip"`
	SPort uint16   `json:"src_port"`
	Dst   string   `json:"dest_ip"`
	DPort uint16   `json:"dest_port"`
	Proto string   `json:"proto"`
	App   string   `json:"app_proto"`
	VLAN  []uint16 `json:"vlan"`
	Ether struct {
		SrcMAC  string   `json:"src_mac"`
		DstMAC  string   `json:"dest_mac"`
		SrcMACs []string `json:"src_macs"`
		DstMACs []string `json:"dest_macs"`
	} `json:"ether"`
	Flow struct {
		ToServer      uint64 `json:"pkts_toserver"`
		ToClient      uint64 `json:"pkts_toclient"`
		BytesToServer uint64 `json:"bytes_toserver"`
		BytesToClient uint64 `json:"bytes_toclient"`
		Start         moment `json:"start"`
		End           moment `json:"end"`
	} `json:"flow"`
	DNS struct {
		Type  string `json:"type"`
		Name  string `json:"rrname"`
		Query []struct {
			Name string `json:"rrname"`
		} `json:"queries"`
	} `json:"dns"`
	HTTP struct {
		Host  string `json:"hostname"`
		Agent string `json:"http_user_agent"`
	} `json:"http"`
	TLS struct {
		SNI string `json:"sni"`
		JA3 struct {
			Hash string `json:"hash"`
		} `json:"ja3"`
		JA4 string `json:"ja4"`
	} `json:"tls"`
	SSH struct {
		Client struct {
			Software string `json:"software_version"`
		} `json:"client"`
		Server struct {
			Software string `json:"software_version"`
		} `json:"server"`
	} `json:"ssh"`
	SNMP struct {
		Community string `json:"community"`
	} `json:"snmp"`
	DHCP struct {
		Type     string `json:"type"`
		Kind     string `json:"dhcp_type"`
		MAC      string `json:"client_mac"`
		Assigned string `json:"assigned_ip"`
		Host     string `json:"hostname"`
		Class    string `json:"vendor_class_identifier"`
	} `json:"dhcp"`
	SMB struct {
		Dialect  string `json:"dialect"`
		Response struct {
			OS string `json:"native_os"`
		} `json:"response"`
	} `json:"smb"`
}

func (r *Reader) eve(e *event) error {
	var vlan uint16
	if len(e.VLAN) > 0 {
		vlan = e.VLAN[0]
	}
	src := subject(e.Src, only(e.Ether.SrcMAC, e.Ether.SrcMACs), vlan)
	dst := subject(e.Dst, only(e.Ether.DstMAC, e.Ether.DstMACs), vlan)
	at := int64(e.Time)
	r.ends(src, dst, ward.Service{Transport: transport(e.Proto), Port: e.DPort}, at)
	switch e.Type {
	case "flow":
		start, end := int64(e.Flow.Start), int64(e.Flow.End)
		if end == 0 {
			end = at
		}
		if start == 0 {
			start = end
		}
		r.sent(src, e.Flow.ToServer, e.Flow.BytesToServer, start, end)
		r.sent(dst, e.Flow.ToClient, e.Flow.BytesToClient, start, end)
		r.talk(known(e.App), e.Flow.ToServer, e.Flow.ToClient, e.Flow.BytesToServer, e.Flow.BytesToClient, start, end)
		r.speaks(e.App)
	case "dns":
		r.eveDNS(e)
	case "http":
		r.fromClient(&httpAgent, e.HTTP.Agent)
		r.fromClient(&httpHost, e.HTTP.Host)
	case "tls":
		r.fromClient(&tlsName, e.TLS.SNI)
		r.fromClient(&tlsJA3, e.TLS.JA3.Hash)
		r.fromClient(&tlsJA4, e.TLS.JA4)
	case "ssh":
		r.fromClient(&sshClient, banner(e.SSH.Client.Software))
		r.fromServer(&sshServer, banner(e.SSH.Server.Software))
	case "snmp":
		r.community(e.SNMP.Community)
	case "dhcp":
		server := ""
		if e.DHCP.Type == "reply" {
			server = e.Src
		}
		ip := e.DHCP.Assigned
		if e.DHCP.Kind != "ack" {
			ip = ""
		}
		r.lease(e.DHCP.MAC, ip, e.DHCP.Host, "", e.DHCP.Class, server, vlan)
	case "smb":
		r.fromServer(&smbServerOS, e.SMB.Response.OS)
		if strings.HasPrefix(e.SMB.Dialect, "NT LM") {
			r.out.Sender, r.out.Peer = dst, src
			r.out.Flag(ward.SMBv1, &smbDialect, e.SMB.Dialect)
		}
	}
	return nil
}

// eveDNS says who asked and who answered. Versions differ in which end of an answer they log as
// the source, so the port tells which end serves.
func (r *Reader) eveDNS(e *event) {
	name := e.DNS.Name
	if name == "" && len(e.DNS.Query) > 0 {
		name = e.DNS.Query[0].Name
	}
	switch e.DNS.Type {
	case "query", "request":
		r.asked(name)
	case "answer", "response":
		if e.SPort == 53 && e.DPort != 53 {
			r.out.Client, r.out.Server = r.out.Server, r.out.Client
		}
		r.fromServer(&dnsAnswers, "dns server")
	}
}

// banner completes the software part of an SSH identification, as Suricata logs it.
func banner(software string) string {
	if software == "" {
		return ""
	}
	return "SSH-2.0-" + software
}

// only gives a hardware address when there is exactly one: several mean that the flow took several
// ways, and none of them is the device's for certain.
func only(one string, several []string) string {
	if one == "" && len(several) == 1 {
		return several[0]
	}
	return one
}
