package it

import (
	"encoding/hex"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	dhcpHostName    = ward.Field{Protocol: "dhcp", Name: "option 12", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcpVendor      = ward.Field{Protocol: "dhcp", Name: "option 43"}
	dhcpParameters  = ward.Field{Protocol: "dhcp", Name: "option 55"}
	dhcpVendorClass = ward.Field{Protocol: "dhcp", Name: "option 60"}
	dhcpClientID    = ward.Field{Protocol: "dhcp", Name: "option 61", Personal: true}
	dhcpUserClass   = ward.Field{Protocol: "dhcp", Name: "option 77", Personal: true}
	dhcpFQDN        = ward.Field{Protocol: "dhcp", Name: "option 81", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcpCircuit     = ward.Field{Protocol: "dhcp", Name: "option 82 circuit", Place: true}
	dhcpRemote      = ward.Field{Protocol: "dhcp", Name: "option 82 remote", Place: true}
	dhcpServer      = ward.Field{Protocol: "dhcp", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	dhcpRelay       = ward.Field{Protocol: "dhcp", Name: "relays", Proves: ward.Role, Trust: ward.TrustRole}
)

// dhcpV4 reads what a client says of itself when it asks for an address, and which address it is
// given. The client is whom the client hardware address names: a relay sends for others.
func dhcpV4() decode.Decoder {
	return decode.Decoder{Name: "dhcp", UDPPorts: []uint16{67, 68}, Datagram: readDHCP}
}

func readDHCP(p *decode.Packet, out *decode.Out) bool {
	if !dhcp.Is(p.Payload) {
		return false
	}
	var m dhcp.Message
	dhcp.Parse(p.Payload, &m)
	client := ward.Subject{MAC: ward.MAC(m.Hardware), VLAN: out.Sender.VLAN}
	relayed := m.Relay != [4]byte{}
	if client.MAC.IsZero() || client.MAC.IsGroup() {
		client = ward.Subject{}
	}
	switch {
	case m.Op == dhcp.BootRequest:
		if relayed {
			client.VLAN = 0
			sayRelay(out, &m)
		}
		if client.MAC == out.Sender.MAC {
			client = out.Sender
		}
		if !client.MAC.IsZero() {
			sayDHCPClient(out, client, &m)
		}
	case m.Type == dhcp.Offer || m.Type == dhcp.Ack:
		// Through a relay the sender need not be the server; option 54 says who is.
		if m.ServerID == nil || ward.IP4(m.ServerID) == out.Sender.IP {
			out.SayString(&dhcpServer, "dhcp server")
		}
		if m.Type == dhcp.Ack && !client.MAC.IsZero() {
			out.Bind(client.MAC, ward.IP4(m.Your[:]), "dhcp")
		}
	}
	return true
}

// sayRelay: only what stands between a client and its server writes giaddr, and it sends from it.
func sayRelay(out *decode.Out, m *dhcp.Message) {
	if out.Sender.IP == ward.IP4(m.Relay[:]) {
		out.SayString(&dhcpRelay, "dhcp relay")
	}
}

func sayDHCPClient(out *decode.Out, client ward.Subject, m *dhcp.Message) {
	out.SayBytesOf(client, &dhcpHostName, m.HostName)
	out.SayBytesOf(client, &dhcpVendorClass, m.VendorClass)
	if len(m.ParameterList) > 0 {
		var buf [256]byte
		list := buf[:0]
		for i, n := range m.ParameterList {
			if i > 0 {
				list = append(list, ',')
			}
			list = strconv.AppendUint(list, uint64(n), 10)
		}
		out.SayBytesOf(client, &dhcpParameters, list)
	}
	if m.FQDNEncoded {
		var buf [256]byte
		out.SayBytesOf(client, &dhcpFQDN, labels(buf[:0], m.FQDN))
	} else {
		out.SayBytesOf(client, &dhcpFQDN, m.FQDN)
	}
	sayClientID(out, client, m)
	if isText(m.Vendor43) {
		out.SayBytesOf(client, &dhcpVendor, m.Vendor43)
	}
	if u := m.UserClass; len(u) > 1 && int(u[0]) == len(u)-1 && isText(u[1:]) { // RFC 3004 form
		out.SayBytesOf(client, &dhcpUserClass, u[1:])
	} else if isText(u) {
		out.SayBytesOf(client, &dhcpUserClass, u)
	}
	if isText(m.CircuitID) {
		out.SayBytesOf(client, &dhcpCircuit, m.CircuitID)
	}
	if isText(m.RemoteID) {
		out.SayBytesOf(client, &dhcpRemote, m.RemoteID)
	}
}

// sayClientID leaves out the usual client identifier, which only repeats the hardware address.
func sayClientID(out *decode.Out, client ward.Subject, m *dhcp.Message) {
	id := m.ClientID
	if len(id) < 2 || id[0] == 1 && len(id) == 7 && [6]byte(id[1:]) == m.Hardware {
		return
	}
	if id[0] == 0 && isText(id[1:]) {
		out.SayBytesOf(client, &dhcpClientID, id[1:])
		return
	}
	if isText(id) {
		out.SayBytesOf(client, &dhcpClientID, id)
		return
	}
	var buf [128]byte
	out.SayBytesOf(client, &dhcpClientID, hex.AppendEncode(buf[:0], id[:min(len(id), 64)]))
}

// isText reports whether b holds only printable ASCII.
func isText(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return len(b) > 0
}

// labels writes the DNS labels of an uncompressed name with dots between them.
func labels(dst, b []byte) []byte {
	for len(b) > 0 && b[0] != 0 && b[0] < 64 && len(b) > int(b[0]) {
		if len(dst) > 0 {
			dst = append(dst, '.')
		}
		dst = append(dst, b[1:1+int(b[0])]...)
		b = b[1+int(b[0]):]
	}
	return dst
}
