package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/lldp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	lldpChassis     = ward.Field{Protocol: "lldp", Name: "chassis id"}
	lldpPort        = ward.Field{Protocol: "lldp", Name: "port id"}
	lldpPortText    = ward.Field{Protocol: "lldp", Name: "port description"}
	lldpName        = ward.Field{Protocol: "lldp", Name: "system name", Proves: ward.Hostname, Trust: ward.TrustStated}
	lldpDescription = ward.Field{Protocol: "lldp", Name: "system description"}
	lldpType        = ward.Field{Protocol: "lldp", Name: "enabled capabilities", Proves: ward.Type, Trust: ward.TrustRole}
	lldpAddress     = ward.Field{Protocol: "lldp", Name: "management address"}

	medHardware     = ward.Field{Protocol: "lldp", Name: "hardware revision", Proves: ward.Hardware, Trust: ward.TrustStated}
	medFirmware     = ward.Field{Protocol: "lldp", Name: "firmware revision"} // of the boot loader on most phones
	medSoftware     = ward.Field{Protocol: "lldp", Name: "software revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	medSerial       = ward.Field{Protocol: "lldp", Name: "serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	medManufacturer = ward.Field{Protocol: "lldp", Name: "manufacturer name", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	medModel        = ward.Field{Protocol: "lldp", Name: "model name", Proves: ward.Model, Trust: ward.TrustStated}
	medAsset        = ward.Field{Protocol: "lldp", Name: "asset id"}
)

// medFields are the fields of the inventory in the order of their subtypes.
var medFields = [...]*ward.Field{
	&medHardware, &medFirmware, &medSoftware, &medSerial, &medManufacturer, &medModel, &medAsset,
}

// neighbours reads what switches, phones and access points announce of themselves to the other end
// of their cable (IEEE 802.1AB). Switches do not forward it: the sender is next to the sensor.
func neighbours() decode.Decoder {
	return decode.Decoder{Name: "lldp", EtherTypes: []uint16{0x88cc}, Frame: readLLDP}
}

func readLLDP(p *decode.Packet, out *decode.Out) bool {
	if !lldp.Is(p.Payload) {
		return false
	}
	var bits uint16
	var profinet, linux bool
	for t := range lldp.TLVs(p.Payload) {
		switch t.Type {
		case lldp.ChassisID:
			sayLLDPID(out, &lldpChassis, t)
		case lldp.PortID:
			sayLLDPID(out, &lldpPort, t)
		case lldp.PortDescription:
			out.Say(&lldpPortText, t.Value)
		case lldp.SystemName:
			out.Say(&lldpName, t.Value)
		case lldp.SystemDescription:
			linux = bytes.Contains(t.Value, []byte("Linux"))
			out.Say(&lldpDescription, t.Value)
		case lldp.Capabilities:
			bits, _ = t.Enabled()
		case lldp.ManagementAddress:
			sayLLDPAddress(out, t.IP())
		case lldp.Organisation:
			oui, sub, v, ok := t.Org()
			profinet = profinet || ok && oui == lldp.PROFINET
			if ok && oui == lldp.MED && sub >= lldp.MEDHardware && sub <= lldp.MEDAsset {
				out.Say(medFields[sub-lldp.MEDHardware], v)
			}
		}
	}
	if typ := lldpTypeOf(bits); typ != "" && !linux && !(profinet && typ == "switch") {
		// A Linux host with a bridge and a field device with two ports bridge too.
		out.SayString(&lldpType, typ)
	}
	return true
}

func lldpTypeOf(bits uint16) string {
	switch {
	case bits&lldp.CanTelephone != 0:
		return "voip phone"
	case bits&lldp.CanWLAN != 0:
		return "access point"
	case bits&lldp.CanBridge != 0:
		return "switch"
	case bits&lldp.CanRoute != 0:
		return "router"
	}
	return ""
}

func sayLLDPID(out *decode.Out, f *ward.Field, t lldp.TLV) {
	_, id, ok := t.ID()
	switch {
	case t.IsMAC():
		out.SayString(f, ward.MAC(id).String())
	case ok && isText(id):
		out.Say(f, id)
	}
}

func sayLLDPAddress(out *decode.Out, addr []byte) {
	var ip ward.IP
	switch len(addr) {
	case 4:
		ip = ward.IP4(addr)
	case 16:
		ip = ward.IP6(addr)
	default:
		return
	}
	out.SayString(&lldpAddress, ip.String())
	out.Bind(out.Sender.MAC, ip, "lldp")
}
