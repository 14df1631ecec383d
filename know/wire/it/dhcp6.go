package it

import (
	"encoding/hex"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dhcp6"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	dhcp6DUID        = ward.Field{Protocol: "dhcpv6", Name: "client id"}
	dhcp6DUIDAddress = ward.Field{Protocol: "dhcpv6", Name: "client id hardware address"}
	dhcp6Parameters  = ward.Field{Protocol: "dhcpv6", Name: "option 6"}
	dhcp6VendorClass = ward.Field{Protocol: "dhcpv6", Name: "option 16"}
	dhcp6Enterprise  = ward.Field{Protocol: "dhcpv6", Name: "option 16 enterprise"}
	dhcp6FQDN        = ward.Field{Protocol: "dhcpv6", Name: "option 39", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	dhcp6Server      = ward.Field{Protocol: "dhcpv6", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
)

// dhcpV6 reads what a client says of itself in DHCPv6. The format starts too weakly to be looked
// for away from its ports.
func dhcpV6() decode.Decoder {
	return decode.Decoder{Name: "dhcpv6", UDPPorts: []uint16{546, 547}, Strict: true, Datagram: readDHCP6}
}

func readDHCP6(p *decode.Packet, out *decode.Out) bool {
	var m dhcp6.Message
	if !dhcp6.Parse(p.Payload, &m) {
		return false
	}
	switch m.Type {
	case dhcp6.Solicit, dhcp6.Request, dhcp6.Renew, dhcp6.Rebind, dhcp6.Information:
		client := out.Sender
		if m.Relayed {
			if len(m.LinkAddress) != 6 {
				return true // nobody says whom the relay speaks for
			}
			client = ward.Subject{MAC: ward.MAC(m.LinkAddress)}
		}
		sayDHCP6Client(out, client, &m)
	case dhcp6.Advertise, dhcp6.Reply:
		if m.Relayed {
			return true
		}
		out.SayString(&dhcp6Server, "dhcpv6 server")
		if m.Type == dhcp6.Reply && m.Address != nil && !p.Dst.IsGroup() {
			out.Bind(p.DstMAC, ward.IP6(m.Address), "dhcp")
		}
	}
	return true
}

func sayDHCP6Client(out *decode.Out, client ward.Subject, m *dhcp6.Message) {
	var buf [256]byte
	out.SayBytesOf(client, &dhcp6DUID, hex.AppendEncode(buf[:0], m.ClientID[:min(len(m.ClientID), 64)]))
	if mac := dhcp6.LinkLayer(m.ClientID); mac != nil {
		out.SayBytesOf(client, &dhcp6DUIDAddress, []byte(ward.MAC(mac).String()))
	}
	if m.VendorClass != nil {
		out.SayBytesOf(client, &dhcp6Enterprise, strconv.AppendUint(buf[:0], uint64(m.Enterprise), 10))
		out.SayBytesOf(client, &dhcp6VendorClass, m.VendorClass)
	}
	list := buf[:0]
	for o := m.Options; len(o) >= 2 && len(list) < 240; o = o[2:] {
		if len(list) > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendUint(list, uint64(o[0])<<8|uint64(o[1]), 10)
	}
	out.SayBytesOf(client, &dhcp6Parameters, list)
	out.SayBytesOf(client, &dhcp6FQDN, labels(buf[:0], m.FQDN))
}
