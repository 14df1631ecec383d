package lldp

import "encoding/binary"

// Station is what a device announces about itself; empty fields are left out.
type Station struct {
	Chassis      [6]byte
	Port         string
	PortText     string
	Name         string
	Description  string
	Capabilities uint16 // all of them switched on
	IPv4         [4]byte
	Inventory    Inventory
}

// Inventory is the LLDP-MED inventory of an endpoint.
type Inventory struct {
	Hardware, Firmware, Software, Serial, Manufacturer, Model, Asset string
}

// Append appends the frame that announces a station, without its Ethernet header.
func Append(b []byte, s Station) []byte {
	b = appendTLV(b, ChassisID, append([]byte{4}, s.Chassis[:]...))
	b = appendTLV(b, PortID, append([]byte{5}, s.Port...))
	b = appendTLV(b, TTL, []byte{0, 120})
	b = appendText(b, PortDescription, s.PortText)
	b = appendText(b, SystemName, s.Name)
	b = appendText(b, SystemDescription, s.Description)
	if s.Capabilities != 0 {
		v := binary.BigEndian.AppendUint16(nil, s.Capabilities)
		b = appendTLV(b, Capabilities, binary.BigEndian.AppendUint16(v, s.Capabilities))
	}
	if s.IPv4 != [4]byte{} {
		v := append([]byte{5, 1}, s.IPv4[:]...)
		b = appendTLV(b, ManagementAddress, append(v, 2, 0, 0, 0, 1, 0))
	}
	inv := s.Inventory
	for i, text := range []string{inv.Hardware, inv.Firmware, inv.Software, inv.Serial, inv.Manufacturer, inv.Model, inv.Asset} {
		if text != "" {
			v := append(MED[:len(MED):len(MED)], byte(MEDHardware+i))
			b = appendTLV(b, Organisation, append(v, text...))
		}
	}
	return append(b, 0, 0)
}

func appendText(b []byte, typ uint8, s string) []byte {
	if s == "" {
		return b
	}
	return appendTLV(b, typ, []byte(s))
}

func appendTLV(b []byte, typ uint8, v []byte) []byte {
	v = v[:min(len(v), 511)]
	b = binary.BigEndian.AppendUint16(b, uint16(typ)<<9|uint16(len(v)))
	return append(b, v...)
}
