package bacnet

import "encoding/binary"

// The functions of the BACnet virtual link (annex J.2).
const (
	Result              = 0x00
	ForwardedNPDU       = 0x04
	DistributeBroadcast = 0x09
	OriginalUnicast     = 0x0a
	OriginalBroadcast   = 0x0b
	lastFunction        = 0x0c
)

// Frame is one BACnet/IP datagram down to its network layer.
type Frame struct {
	Function   byte
	Origin     [4]byte // who sent it first, in a forwarded frame
	OriginPort uint16
	Network    Network
}

// Network is the network header (clause 6.2) and what follows it.
type Network struct {
	HasAPDU bool
	Message byte   // network message type, when HasAPDU is false
	SrcNet  uint16 // 0 when the source is on the local network
	SrcAddr []byte // address on SrcNet, 1 to 7 bytes
	APDU    []byte // application layer, or the body of the network message
}

// Network messages that tell what their sender is (clause 6.4).
const (
	IAmRouter       = 0x01
	InitRoutingAck  = 0x07
	NetworkNumberIs = 0x13
)

// Parse reads one datagram. Frames of the virtual link itself, without a network layer, yield a
// Frame with an empty Network.
func Parse(b []byte) (Frame, bool) {
	if len(b) < 4 || b[0] != 0x81 || b[1] > lastFunction || int(binary.BigEndian.Uint16(b[2:])) != len(b) {
		return Frame{}, false
	}
	f := Frame{Function: b[1]}
	body := b[4:]
	switch f.Function {
	case ForwardedNPDU:
		if len(body) < 6 {
			return Frame{}, false
		}
		copy(f.Origin[:], body)
		f.OriginPort = binary.BigEndian.Uint16(body[4:])
		body = body[6:]
	case OriginalUnicast, OriginalBroadcast, DistributeBroadcast:
	default:
		return f, linkBodyFits(f.Function, len(body))
	}
	var ok bool
	f.Network, ok = parseNetwork(body)
	return f, ok
}

// linkBodyFits checks the length of the frames that carry no network layer, the only structure
// they have.
func linkBodyFits(function byte, n int) bool {
	switch function {
	case Result, 0x05: // result code; time to live
		return n == 2
	case 0x01, 0x03: // broadcast distribution table
		return n%10 == 0
	case 0x02, 0x06: // read a table
		return n == 0
	case 0x07: // foreign device table
		return n%10 == 0
	case 0x08: // delete an entry
		return n == 6
	}
	return function == 0x0c && n > 0
}

func parseNetwork(b []byte) (Network, bool) {
	if len(b) < 3 || b[0] != 1 {
		return Network{}, false
	}
	control := b[1]
	if control&0x50 != 0 { // reserved bits
		return Network{}, false
	}
	n := Network{HasAPDU: control&0x80 == 0}
	b = b[2:]
	if control&0x20 != 0 { // destination
		if len(b) < 3 || len(b) < 3+int(b[2]) {
			return Network{}, false
		}
		b = b[3+int(b[2]):]
	}
	if control&0x08 != 0 { // source
		if len(b) < 3 || b[2] == 0 || len(b) < 3+int(b[2]) {
			return Network{}, false
		}
		n.SrcNet = binary.BigEndian.Uint16(b)
		n.SrcAddr = b[3 : 3+int(b[2])]
		b = b[3+int(b[2]):]
	}
	if control&0x20 != 0 { // hop count
		if len(b) < 1 {
			return Network{}, false
		}
		b = b[1:]
	}
	if len(b) < 1 {
		return Network{}, false
	}
	if !n.HasAPDU {
		n.Message = b[0]
		b = b[1:]
	}
	n.APDU = b
	return n, true
}
