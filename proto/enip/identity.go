package enip

import "encoding/binary"

// Identity is what a device says it is (CIP volume 1, 5A-2: the identity object).
type Identity struct {
	Vendor       uint16
	DeviceType   uint16
	ProductCode  uint16
	Major, Minor uint8
	Status       uint16
	Serial       uint32
	Name         []byte
}

// ParseIdentity reads the first seven attributes of the identity object as Get Attributes All
// returns them and as List Identity carries them after the socket address.
func ParseIdentity(b []byte) (Identity, bool) {
	if len(b) < 15 || 15+int(b[14]) > len(b) {
		return Identity{}, false
	}
	id := Identity{
		Vendor:      binary.LittleEndian.Uint16(b),
		DeviceType:  binary.LittleEndian.Uint16(b[2:]),
		ProductCode: binary.LittleEndian.Uint16(b[4:]),
		Major:       b[6],
		Minor:       b[7],
		Status:      binary.LittleEndian.Uint16(b[8:]),
		Serial:      binary.LittleEndian.Uint32(b[10:]),
		Name:        b[15 : 15+int(b[14])],
	}
	return id, id.Vendor != 0 && printable(id.Name)
}

// ParseListIdentity reads the data of a List Identity answer.
func ParseListIdentity(data []byte) (Identity, bool) {
	b, ok := Item(data, ItemIdentity)
	if !ok || len(b) < 18 {
		return Identity{}, false
	}
	return ParseIdentity(b[18:]) // protocol version, socket address
}

// AppendIdentity appends the attributes as ParseIdentity reads them; the name is cut at 32 bytes.
func AppendIdentity(dst []byte, id Identity) []byte {
	dst = binary.LittleEndian.AppendUint16(dst, id.Vendor)
	dst = binary.LittleEndian.AppendUint16(dst, id.DeviceType)
	dst = binary.LittleEndian.AppendUint16(dst, id.ProductCode)
	dst = append(dst, id.Major, id.Minor)
	dst = binary.LittleEndian.AppendUint16(dst, id.Status)
	dst = binary.LittleEndian.AppendUint32(dst, id.Serial)
	name := id.Name[:min(len(id.Name), 32)]
	return append(append(dst, byte(len(name))), name...)
}

// AppendListIdentity appends a whole List Identity answer of a device at an IPv4 address.
func AppendListIdentity(dst []byte, id Identity, ip [4]byte) []byte {
	item := []byte{1, 0, 0, 2, 0xaf, 0x12, ip[0], ip[1], ip[2], ip[3], 0, 0, 0, 0, 0, 0, 0, 0}
	item = append(AppendIdentity(item, id), 3) // state: operational
	data := []byte{1, 0, ItemIdentity, 0, byte(len(item)), 0}
	return AppendMessage(dst, Message{Command: ListIdentity, Data: append(data, item...)})
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return len(b) > 0
}
