package gear

import (
	"bytes"
	"encoding/hex"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ber"
	"github.com/wardkeeper/wardkeeper/proto/snmp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	snmpCommunity  = ward.Field{Protocol: "snmp", Name: "community"}
	snmpAgent      = ward.Field{Protocol: "snmp", Name: "answers", Proves: ward.Role, Trust: ward.TrustRole}
	snmpEngine     = ward.Field{Protocol: "snmp", Name: "engine id"}
	snmpEnterprise = ward.Field{Protocol: "snmp", Name: "trap enterprise"}
	snmpObjectID   = ward.Field{Protocol: "snmp", Name: "sysObjectID"}
)

// snmpVariable is a variable whose value an agent states about itself.
type snmpVariable struct {
	oid   []byte
	field ward.Field
}

func snmpText(name string, proves ward.Attr, arcs ...uint32) *snmpVariable {
	trust := ward.TrustStated
	if proves == "" {
		trust = ward.TrustNone
	}
	return &snmpVariable{snmp.EncodeOID(arcs...), ward.Field{
		Protocol: "snmp", Name: name, Proves: proves, Trust: trust, Place: proves == ward.Place,
	}}
}

// snmpVariables: SNMPv2-MIB (RFC 3418), ENTITY-MIB (RFC 6933) of the first entity, which is the
// chassis, HOST-RESOURCES-MIB (RFC 2790), Printer-MIB (RFC 3805), UPS-MIB (RFC 1628).
var snmpVariables = [...]*snmpVariable{
	snmpText("sysDescr", "", 1, 3, 6, 1, 2, 1, 1, 1, 0),
	snmpText("sysName", ward.Hostname, 1, 3, 6, 1, 2, 1, 1, 5, 0),
	snmpText("sysLocation", ward.Place, 1, 3, 6, 1, 2, 1, 1, 6, 0),
	snmpText("entPhysicalDescr", "", 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 2, 1),
	snmpText("entPhysicalHardwareRev", ward.Hardware, 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 8, 1),
	snmpText("entPhysicalFirmwareRev", "", 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 9, 1),
	snmpText("entPhysicalSoftwareRev", ward.Firmware, 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 10, 1),
	snmpText("entPhysicalSerialNum", ward.Serial, 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1),
	snmpText("entPhysicalMfgName", ward.Manufacturer, 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 12, 1),
	snmpText("entPhysicalModelName", ward.Model, 1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 13, 1),
	snmpText("hrDeviceDescr", "", 1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1),
	snmpText("prtGeneralSerialNumber", ward.Serial, 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
	snmpText("upsIdentManufacturer", ward.Manufacturer, 1, 3, 6, 1, 2, 1, 33, 1, 1, 1, 0),
	snmpText("upsIdentModel", ward.Model, 1, 3, 6, 1, 2, 1, 33, 1, 1, 2, 0),
	snmpText("upsIdentUPSSoftwareVersion", ward.Firmware, 1, 3, 6, 1, 2, 1, 33, 1, 1, 3, 0),
	snmpText("upsIdentName", ward.Hostname, 1, 3, 6, 1, 2, 1, 33, 1, 1, 5, 0),
}

var sysObjectIDName = snmp.EncodeOID(1, 3, 6, 1, 2, 1, 1, 2, 0)

// snmpMessages reads what agents answer. Managers ask and stay unnamed; a manager's receipt for an
// inform repeats the agent's words and comes from the trap port, so it does not count.
func snmpMessages() decode.Decoder {
	return decode.Decoder{Name: "snmp", UDPPorts: []uint16{161, 162}, Datagram: readSNMP}
}

func readSNMP(p *decode.Packet, out *decode.Out) bool {
	if len(p.Payload) < 2 || p.Payload[0] != ber.Sequence {
		return false
	}
	m, ok := snmp.Read(p.Payload)
	if !ok {
		return false
	}
	if m.Version != snmp.V3 {
		if c := m.Community; string(c) == "public" || string(c) == "private" {
			out.Flag(ward.DefaultSNMPCommunity, &snmpCommunity, string(c))
		}
	}
	if m.Version == snmp.V3 && p.SrcPort == 161 && len(m.EngineID) >= 5 && len(m.EngineID) <= 32 {
		var buf [64]byte
		out.Say(&snmpEngine, hex.AppendEncode(buf[:0], m.EngineID))
		out.SayString(&snmpAgent, "snmp agent")
	}
	switch m.PDU {
	case snmp.Response, snmp.Report:
		if p.SrcPort == 162 || p.DstPort == 161 || p.DstPort == 162 {
			return true
		}
		out.SayString(&snmpAgent, "snmp agent")
	case snmp.TrapV1, snmp.TrapV2, snmp.Inform:
		if len(m.Enterprise) > 0 {
			var buf [128]byte
			out.Say(&snmpEnterprise, snmp.AppendOID(buf[:0], m.Enterprise))
		}
	default:
		return true
	}
	if m.Error != 0 {
		return true
	}
	for b := range m.Bindings {
		sayVariable(out, b)
	}
	return true
}

func sayVariable(out *decode.Out, b snmp.Binding) {
	if b.Tag == ber.OID && bytes.Equal(b.OID, sysObjectIDName) {
		var buf [128]byte
		out.Say(&snmpObjectID, snmp.AppendOID(buf[:0], b.Value))
		return
	}
	if b.Tag != ber.OctetString || len(b.OID) < 8 {
		return
	}
	for _, v := range snmpVariables {
		if bytes.Equal(v.oid, b.OID) {
			out.Say(&v.field, b.Value)
			return
		}
	}
}
