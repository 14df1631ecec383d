package sim

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/ber"
	"github.com/wardkeeper/wardkeeper/proto/cdp"
	"github.com/wardkeeper/wardkeeper/proto/lldp"
	"github.com/wardkeeper/wardkeeper/proto/radius"
	"github.com/wardkeeper/wardkeeper/proto/snmp"
	"github.com/wardkeeper/wardkeeper/proto/stp"
	"github.com/wardkeeper/wardkeeper/ward"
)

// networkParts are the devices that make the network.
func networkParts() []part {
	return []part{{"router", router}, {"switch", accessSwitch}, {"access point", accessPoint}}
}

const etherLLDP = 0x88cc

var (
	nearestBridge = ward.MAC{0x01, 0x80, 0xc2, 0, 0, 0x0e}
	spanningTree  = ward.MAC{0x01, 0x80, 0xc2, 0, 0, 0}
	ciscoGroup    = ward.MAC{0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcc}
)

func router(s *stage, d *Device) {
	s.arrive(d)
	s.neighbour(d, "Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version "+d.Firmware+", RELEASE SOFTWARE (fc3)", lldp.CanRoute, cdp.IsRouter)
}

// accessSwitch also tells RADIUS which device stands at which of its ports.
func accessSwitch(s *stage, d *Device) {
	s.arrive(d)
	s.neighbour(d, "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version "+d.Firmware+", RELEASE SOFTWARE (fc3)", lldp.CanBridge, cdp.IsSwitch)
	s.every(time.Second, 4*time.Second, func() {
		b := append([]byte{0x42, 0x42, 0x03}, stp.Append(nil, stp.BridgeID{Priority: 0x8000 | d.VLAN, MAC: d.MAC})...)
		s.tape.LLC(d.Port, spanningTree, b)
	})
	port := 0
	s.every(8*time.Second, 3*time.Second, func() { port = s.account(d, port) })
}

// account tells RADIUS of one more device at a port of the switch.
func (s *stage) account(d *Device, port int) int {
	var mine []*Device
	switches := 0
	for _, o := range s.Devices {
		if o.VLAN == d.VLAN && o.Kind == "switch" {
			switches++
		}
	}
	for i, o := range s.Devices {
		if o.VLAN == d.VLAN && !backbone[o.Kind] && i%switches == d.Number-1 {
			mine = append(mine, o)
		}
	}
	if len(mine) == 0 {
		return 0
	}
	port %= len(mine)
	o, server := mine[port], s.Kind("domain controller")[0]
	number := func(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }
	id := byte(s.random.Uint32()) //nolint:gosec // a byte of it
	station := fmt.Sprintf("%02X-%02X-%02X-%02X-%02X-%02X", o.MAC[0], o.MAC[1], o.MAC[2], o.MAC[3], o.MAC[4], o.MAC[5])
	ask := radius.Append(nil, radius.AccountRequest, id,
		radius.Attribute{Type: radius.AcctStatusType, Value: number(3)},
		radius.Attribute{Type: radius.NASAddress, Value: d.IP[12:]},
		radius.Attribute{Type: radius.NASIdentifier, Value: []byte(d.Host)},
		radius.Attribute{Type: radius.NASPortType, Value: number(15)},
		radius.Attribute{Type: radius.NASPortID, Value: fmt.Appendf(nil, "GigabitEthernet1/0/%d", port+1)},
		radius.Attribute{Type: radius.FramedAddress, Value: o.IP[12:]},
		radius.Attribute{Type: radius.CallingStationID, Value: []byte(station)},
		radius.Attribute{Type: 44, Value: fmt.Appendf(nil, "%08X", o.MAC[2:])})
	s.ask(d.Port, server.Port, 1813, ask, radius.Append(nil, radius.AccountAnswer, id))
	return port + 1
}

func accessPoint(s *stage, d *Device) {
	s.join(d, lease{params: []byte{1, 6, 15, 44, 3, 67, 12, 33, 150, 43}, host: d.Host})
	s.neighbour(d, "Cisco AP Software, ap3g3-k9w8 Version: "+d.Firmware, lldp.CanWLAN, cdp.IsRouter|cdp.IsBridge)
}

// neighbour announces a device of the network to the other end of its cables, in both ways that
// Cisco's devices know.
func (s *stage) neighbour(d *Device, software string, can uint16, is uint32) {
	ip := [4]byte(d.IP[12:])
	s.every(50*time.Millisecond, 30*time.Second, func() {
		s.tape.Ethernet(d.Port, nearestBridge, etherLLDP, lldp.Append(nil, lldp.Station{
			Chassis: d.MAC, Port: "Gi1/0/48", Name: d.Host, Description: software, Capabilities: can, IPv4: ip,
			Inventory: lldp.Inventory{Software: d.Firmware, Serial: d.Serial, Manufacturer: "Cisco Systems", Model: d.Model},
		}))
		b := append([]byte{0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x20, 0x00}, cdp.Append(nil, cdp.Station{
			ID: d.Host, Port: "GigabitEthernet1/0/48", Software: software, Platform: "cisco " + d.Model, Capabilities: is, IPv4: ip,
		})...)
		s.tape.LLC(d.Port, ciscoGroup, b)
	})
}

// variable is one answer of an SNMP agent.
type variable struct {
	text string
	arcs []uint32
}

// Variables of SNMPv2-MIB (RFC 3418), ENTITY-MIB (RFC 6933), UPS-MIB (RFC 1628) and Printer-MIB (RFC 3805).
func mib2(n uint32) []uint32   { return []uint32{1, 3, 6, 1, 2, 1, 1, n, 0} }
func entity(n uint32) []uint32 { return []uint32{1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, n, 1} }
func upsMIB(n uint32) []uint32 { return []uint32{1, 3, 6, 1, 2, 1, 33, 1, 1, n, 0} }

// poll plays how a manager reads variables of an agent. The community is the hospital's own.
func (s *stage) poll(manager, d *Device, vars ...variable) {
	asked, told := make([]snmp.Binding, len(vars)), make([]snmp.Binding, len(vars))
	for i, v := range vars {
		oid := snmp.EncodeOID(v.arcs...)
		asked[i] = snmp.Binding{OID: oid, Tag: 5}
		told[i] = snmp.Binding{OID: oid, Tag: ber.OctetString, Value: []byte(v.text)}
	}
	const community = "syn-hospital-ro"
	id := int64(s.random.IntN(1 << 30))
	s.ask(manager.Port, d.Port, 161, snmp.Append(nil, 1, community, snmp.GetRequest, id, asked...), snmp.Append(nil, 1, community, snmp.Response, id, told...))
}

// inventory is what a device with an ENTITY-MIB tells of itself.
func (d *Device) inventory(description string) []variable {
	return []variable{
		{description, mib2(1)}, {d.Host, mib2(5)}, {d.Maker, entity(12)}, {d.Model, entity(13)}, {d.Serial, entity(11)}, {d.Firmware, entity(10)},
	}
}
