// Package knx reads and writes KNXnet/IP (KNX Standard 03_08, ISO 22510) as far as interfaces and
// routers describe themselves.
package knx

import "encoding/binary"

// HeaderLen is the length of the KNXnet/IP header in bytes.
const HeaderLen = 6

// Service is a KNXnet/IP service type.
type Service uint16

// The services that are told apart here.
const (
	SearchRequest       Service = 0x0201
	SearchResponse      Service = 0x0202
	DescriptionResponse Service = 0x0204
	ConnectRequest      Service = 0x0205
	ConnectResponse     Service = 0x0206
	StateResponse       Service = 0x0208
	DisconnectResponse  Service = 0x020a
	SearchResponseExt   Service = 0x020c
	FeatureResponse     Service = 0x0423
	FeatureInfo         Service = 0x0425
	RoutingIndication   Service = 0x0530
)

// Size tells how long the message at the start of b is: 0 when more bytes are needed to tell, -1
// when b does not start with a message.
func Size(b []byte) int {
	if len(b) > 0 && b[0] != HeaderLen || len(b) > 1 && b[1] != 0x10 {
		return -1
	}
	if len(b) < HeaderLen {
		return 0
	}
	n := int(binary.BigEndian.Uint16(b[4:]))
	switch b[2] { // families of services
	case 2, 3, 4, 5, 7, 9:
	default:
		return -1
	}
	if n < HeaderLen || n > 2048 {
		return -1
	}
	return n
}

// Message is one KNXnet/IP message.
type Message struct {
	Service Service
	Body    []byte
}

// Parse reads one whole message.
func Parse(b []byte) (Message, bool) {
	n := Size(b)
	if n <= 0 || n > len(b) {
		return Message{}, false
	}
	return Message{Service(binary.BigEndian.Uint16(b[2:])), b[HeaderLen:n]}, true
}

// FromServer reports whether only an interface or router sends the service: an answer to somebody
// who asked for its services.
func (m *Message) FromServer() bool {
	switch m.Service {
	case SearchResponse, SearchResponseExt, DescriptionResponse, ConnectResponse, StateResponse, DisconnectResponse, FeatureResponse, FeatureInfo:
		return true
	}
	return false
}

// Device is the device information a server gives (description type 1).
type Device struct {
	Medium   byte    // 2 twisted pair, 4 power line, 16 radio, 32 IP
	Address  uint16  // individual address: 4 bits area, 4 bits line, 8 bits device
	Serial   [6]byte // the first two bytes are the maker's number
	MAC      [6]byte
	Friendly []byte // name in ISO 8859-1, trimmed
}

// ParseDevice reads the device information in a search or description answer.
func ParseDevice(m *Message) (Device, bool) {
	b := m.Body
	switch m.Service {
	case SearchResponse, SearchResponseExt: // an address precedes the descriptions
		if len(b) < 8 || b[0] != 8 {
			return Device{}, false
		}
		b = b[8:]
	case DescriptionResponse:
	default:
		return Device{}, false
	}
	for len(b) >= 2 {
		n := int(b[0])
		if n < 2 || n > len(b) {
			return Device{}, false
		}
		if b[1] == 1 && n >= 54 {
			d := Device{Medium: b[2], Address: binary.BigEndian.Uint16(b[4:]), Serial: [6]byte(b[8:14]), MAC: [6]byte(b[18:24])}
			d.Friendly = trim(b[24:54])
			return d, true
		}
		b = b[n:]
	}
	return Device{}, false
}

func trim(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// Maker is the maker's number in the serial number.
func (d *Device) Maker() uint16 { return binary.BigEndian.Uint16(d.Serial[:]) }

// AppendSearchResponse appends the answer of an interface at an IPv4 address to a search; the name is
// cut at 29 bytes.
func AppendSearchResponse(dst []byte, d *Device, ip [4]byte) []byte {
	dst = append(dst, HeaderLen, 0x10, 2, 2, 0, HeaderLen+8+54+6)
	dst = append(dst, 8, 1, ip[0], ip[1], ip[2], ip[3], 0x0e, 0x57)
	dst = append(dst, 54, 1, d.Medium, 0, byte(d.Address>>8), byte(d.Address), 0, 0)
	dst = append(dst, d.Serial[:]...)
	dst = append(dst, 224, 0, 23, 12)
	dst = append(dst, d.MAC[:]...)
	var name [30]byte
	copy(name[:29], d.Friendly)
	dst = append(dst, name[:]...)
	return append(dst, 6, 2, 2, 1, 4, 1) // services: core, tunnelling
}

// MakerName is the maker behind a KNX manufacturer number, for the makers of interfaces and routers
// met most often; nothing for others. Numbers are the KNX Association's, as Apache PLC4X lists them
// (read 2026-11-23).
func MakerName(id uint16) string {
	switch id {
	case 1:
		return "Siemens"
	case 2:
		return "ABB"
	case 4:
		return "Albrecht Jung"
	case 5:
		return "BTicino"
	case 6:
		return "Berker"
	case 7:
		return "Busch-Jaeger"
	case 8:
		return "Gira"
	case 9:
		return "Hager"
	case 10:
		return "Insta"
	case 11:
		return "Legrand"
	case 55:
		return "Zumtobel"
	case 57:
		return "Phoenix Contact"
	case 61:
		return "WAGO"
	case 72:
		return "Theben"
	case 100:
		return "Schneider Electric"
	case 107:
		return "Warema"
	case 108:
		return "eelectron"
	case 113:
		return "Zennio"
	case 114:
		return "Tapko"
	case 115:
		return "HDL"
	case 119:
		return "Intesis"
	case 124:
		return "ise"
	case 131:
		return "MDT technologies"
	case 141:
		return "Crestron"
	case 166:
		return "Enertex Bayern"
	case 197:
		return "Weinzierl Engineering"
	}
	return ""
}
