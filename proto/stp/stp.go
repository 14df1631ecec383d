// Package stp reads the bridge protocol data units of the spanning tree protocols STP, RSTP and
// MSTP (IEEE 802.1D, 802.1Q), as they follow the LLC header 0x42 0x42 0x03.
package stp

import "encoding/binary"

// BPDU is one bridge protocol data unit. Root and Bridge are zero in a topology change notice.
type BPDU struct {
	Version uint8 // 0 STP, 2 RSTP, 3 MSTP, 4 SPB
	Type    uint8 // 0x00 configuration, 0x02 rapid, 0x80 topology change
	Root    BridgeID
	Bridge  BridgeID
}

// BridgeID is the priority (with the VLAN in its low 12 bits) and the base address of a bridge.
type BridgeID struct {
	Priority uint16
	MAC      [6]byte
}

// Read reads a BPDU; ok is false when the bytes are none.
func Read(b []byte) (p BPDU, ok bool) {
	if len(b) < 4 || b[0] != 0 || b[1] != 0 || b[2] > 4 || b[2] == 1 {
		return p, false
	}
	p.Version, p.Type = b[2], b[3]
	switch p.Type {
	case 0x80:
		return p, true
	case 0x00, 0x02:
		if len(b) < 35 {
			return p, false
		}
		p.Root, p.Bridge = bridgeID(b[5:]), bridgeID(b[17:])
		return p, true
	}
	return p, false
}

func bridgeID(b []byte) BridgeID {
	return BridgeID{binary.BigEndian.Uint16(b), [6]byte(b[2:8])}
}

// Append appends a configuration BPDU of a bridge that is its own root.
func Append(b []byte, id BridgeID) []byte {
	b = append(b, 0, 0, 0, 0, 0)
	b = appendID(b, id)
	b = append(b, 0, 0, 0, 0)
	b = appendID(b, id)
	return append(b, 0x80, 0x01, 0, 0, 20, 0, 2, 0, 15, 0)
}

func appendID(b []byte, id BridgeID) []byte {
	return append(binary.BigEndian.AppendUint16(b, id.Priority), id.MAC[:]...)
}
