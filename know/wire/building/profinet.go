package building

import (
	"encoding/binary"
	"fmt"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/profinet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What PROFINET devices say of themselves. Only answers and hellos count: a request names the station
// that is looked for.
var (
	profinetStation  = ward.Field{Protocol: "profinet", Name: "dcp type of station", Proves: ward.Model, Trust: ward.TrustBanner}
	profinetName     = ward.Field{Protocol: "profinet", Name: "dcp name of station", Proves: ward.Hostname, Trust: ward.TrustWeak}
	profinetMaker    = ward.Field{Protocol: "profinet", Name: "dcp vendor id", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	profinetDevice   = ward.Field{Protocol: "profinet", Name: "dcp vendor and device id"}
	profinetRole     = ward.Field{Protocol: "profinet", Name: "dcp role io controller", Proves: ward.Type, Trust: ward.TrustRole}
	profinetOrder    = ward.Field{Protocol: "profinet", Name: "i&m0 order number", Proves: ward.Model, Trust: ward.TrustStated}
	profinetSerial   = ward.Field{Protocol: "profinet", Name: "i&m0 serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	profinetSoftware = ward.Field{Protocol: "profinet", Name: "i&m0 software revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	profinetVendor   = ward.Field{Protocol: "profinet", Name: "i&m0 manufacturer id", Proves: ward.Manufacturer, Trust: ward.TrustStated}
)

func profinetDecoder() decode.Decoder {
	return decode.Decoder{
		Name:       "profinet",
		EtherTypes: []uint16{0x8892},
		Frame:      profinetFrame,
		UDPPorts:   []uint16{34964},
		Datagram:   profinetDatagram,
	}
}

func profinetFrame(p *decode.Packet, out *decode.Out) bool {
	d, ok := profinet.ParseDCP(p.Payload)
	if !ok {
		return profinet.IsRealTime(p.Payload)
	}
	d.EachBlock(func(block uint16, v []byte) {
		switch block {
		case profinet.TypeOfStation:
			out.Say(&profinetStation, v)
		case profinet.NameOfStation:
			out.Say(&profinetName, v)
		case profinet.DeviceID:
			if len(v) >= 4 {
				vendor, device := binary.BigEndian.Uint16(v), binary.BigEndian.Uint16(v[2:])
				out.SayString(&profinetMaker, profinet.VendorName(vendor))
				out.SayString(&profinetDevice, fmt.Sprintf("%04x/%04x", vendor, device))
			}
		case profinet.DeviceRole:
			if len(v) > 0 && v[0]&profinet.RoleController != 0 {
				out.SayString(&profinetRole, "plc")
			}
		}
	})
	return true
}

func profinetDatagram(p *decode.Packet, out *decode.Out) bool {
	r, ok := profinet.ParseRPC(p.Payload)
	if !ok {
		return false
	}
	id, ok := profinet.ParseIdentification(&r)
	if !ok || id.Slot != 0 { // other slots hold modules
		return true
	}
	out.Say(&profinetOrder, id.Order)
	out.Say(&profinetSerial, id.Serial)
	out.SayString(&profinetVendor, profinet.VendorName(id.Vendor))
	if s := id.Software; s[0] == 'V' {
		out.SayString(&profinetSoftware, fmt.Sprintf("V%d.%d.%d", s[1], s[2], s[3]))
	}
	return true
}
