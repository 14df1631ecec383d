// Package lldp reads and writes the frames of the Link Layer Discovery Protocol (IEEE 802.1AB) and
// its extension for media endpoints, LLDP-MED (ANSI/TIA-1057).
package lldp

import "encoding/binary"

// TLV types (IEEE 802.1AB-2016 table 8-1).
const (
	End               = 0
	ChassisID         = 1
	PortID            = 2
	TTL               = 3
	PortDescription   = 4
	SystemName        = 5
	SystemDescription = 6
	Capabilities      = 7
	ManagementAddress = 8
	Organisation      = 127
)

// System capabilities, one bit each (IEEE 802.1AB-2016 table 8-4).
const (
	CanRepeat     = 1 << 1
	CanBridge     = 1 << 2
	CanWLAN       = 1 << 3
	CanRoute      = 1 << 4
	CanTelephone  = 1 << 5
	IsStationOnly = 1 << 7
)

// Organisations whose own TLVs are read here.
var (
	MED      = [3]byte{0x00, 0x12, 0xbb} // TIA TR-41: LLDP-MED
	PROFINET = [3]byte{0x00, 0x0e, 0xcf} // PROFIBUS and PROFINET International
)

// Subtypes of the LLDP-MED inventory (ANSI/TIA-1057 section 10.2.6).
const (
	MEDCapabilities = 1
	MEDHardware     = 5
	MEDFirmware     = 6
	MEDSoftware     = 7
	MEDSerial       = 8
	MEDManufacturer = 9
	MEDModel        = 10
	MEDAsset        = 11
)

// TLV is one type-length-value of a frame; Value points into it.
type TLV struct {
	Type  uint8
	Value []byte
}

// Is reports whether the bytes after the EtherType are an LLDP frame: chassis, port and time to
// live come first, in this order.
func Is(b []byte) bool {
	want := byte(ChassisID)
	for t := range TLVs(b) {
		if t.Type != want || len(t.Value) == 0 {
			return false
		}
		if want == TTL {
			return len(t.Value) >= 2
		}
		want++
	}
	return false
}

// TLVs walks the TLVs of a frame up to the end mark or the first that is cut off.
func TLVs(b []byte) func(yield func(TLV) bool) {
	return func(yield func(TLV) bool) {
		for len(b) >= 2 {
			h := binary.BigEndian.Uint16(b)
			typ, n := uint8(h>>9), int(h&0x1ff)
			if typ == End || len(b) < 2+n {
				return
			}
			if !yield(TLV{typ, b[2 : 2+n]}) {
				return
			}
			b = b[2+n:]
		}
	}
}

// ID splits a chassis or port id into its subtype and its value. ok is false when there is none.
func (t TLV) ID() (subtype uint8, id []byte, ok bool) {
	if len(t.Value) < 2 {
		return 0, nil, false
	}
	return t.Value[0], t.Value[1:], true
}

// IsMAC reports whether an id of this TLV is a hardware address.
func (t TLV) IsMAC() bool {
	if len(t.Value) != 7 {
		return false
	}
	return t.Type == ChassisID && t.Value[0] == 4 || t.Type == PortID && t.Value[0] == 3
}

// Enabled gives the capabilities that are switched on, which may be fewer than the device has.
func (t TLV) Enabled() (bits uint16, ok bool) {
	if t.Type != Capabilities || len(t.Value) < 4 {
		return 0, false
	}
	return binary.BigEndian.Uint16(t.Value[2:]), true
}

// IP is the management address when it is an IPv4 or IPv6 address, else nil.
func (t TLV) IP() []byte {
	if t.Type != ManagementAddress || len(t.Value) < 2 {
		return nil
	}
	n := int(t.Value[0]) // subtype and address together
	if n < 1 || len(t.Value) < 1+n {
		return nil
	}
	a := t.Value[2 : 1+n]
	if t.Value[1] == 1 && len(a) == 4 || t.Value[1] == 2 && len(a) == 16 {
		return a
	}
	return nil
}

// Org splits a TLV of an organisation into its OUI, subtype and value.
func (t TLV) Org() (oui [3]byte, subtype uint8, value []byte, ok bool) {
	if t.Type != Organisation || len(t.Value) < 4 {
		return oui, 0, nil, false
	}
	return [3]byte(t.Value), t.Value[3], t.Value[4:], true
}
