package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/cdp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	cdpDevice   = ward.Field{Protocol: "cdp", Name: "device id", Proves: ward.Hostname, Trust: ward.TrustStated}
	cdpSerial   = ward.Field{Protocol: "cdp", Name: "device id serial", Proves: ward.Serial, Trust: ward.TrustStated}
	cdpName     = ward.Field{Protocol: "cdp", Name: "system name", Proves: ward.Hostname, Trust: ward.TrustStated}
	cdpPort     = ward.Field{Protocol: "cdp", Name: "port id"}
	cdpSoftware = ward.Field{Protocol: "cdp", Name: "software version"}
	cdpPlatform = ward.Field{Protocol: "cdp", Name: "platform"}
	cdpModel    = ward.Field{Protocol: "cdp", Name: "platform model", Proves: ward.Model, Trust: ward.TrustStated}
	cdpType     = ward.Field{Protocol: "cdp", Name: "capabilities", Proves: ward.Type, Trust: ward.TrustRole}
	cdpAddress  = ward.Field{Protocol: "cdp", Name: "address"}
)

// ciscoNeighbours reads what Cisco's devices, and those that copy them, announce of themselves to
// the other end of their cable.
func ciscoNeighbours() decode.Decoder {
	return decode.Decoder{Name: "cdp", EtherTypes: []uint16{decode.LLCCisco}, Frame: readCDP}
}

func readCDP(p *decode.Packet, out *decode.Out) bool {
	if !cdp.Is(p.Payload) {
		return false
	}
	var platform []byte
	var bits uint32
	for t := range cdp.TLVs(p.Payload) {
		switch t.Type {
		case cdp.DeviceID:
			sayCDPDevice(out, t.Value)
		case cdp.SystemName:
			out.Say(&cdpName, t.Value)
		case cdp.PortID:
			out.Say(&cdpPort, t.Value)
		case cdp.Software:
			out.Say(&cdpSoftware, t.Value)
		case cdp.Platform:
			platform = t.Value
			out.Say(&cdpPlatform, platform)
		case cdp.Capabilities:
			bits, _ = t.Bits()
		case cdp.Addresses, cdp.Management:
			for a := range t.IPs {
				ip := ward.IP{}
				if len(a) == 4 {
					ip = ward.IP4(a)
				} else {
					ip = ward.IP6(a)
				}
				out.SayString(&cdpAddress, ip.String())
				out.Bind(out.Sender.MAC, ip, "cdp")
			}
		}
	}
	// Hypervisors and Linux hosts speak CDP too: only a platform of Cisco's is a model, and only
	// there do the capabilities say what the device is.
	if model, ok := cutCisco(platform); ok {
		out.Say(&cdpModel, model)
		out.SayString(&cdpType, cdpTypeOf(bits, model))
	}
	return true
}

func cutCisco(platform []byte) (model []byte, ok bool) {
	if len(platform) > 6 && bytes.EqualFold(platform[:6], []byte("cisco ")) {
		return platform[6:], true
	}
	return platform, bytes.HasPrefix(platform, []byte("AIR-")) || bytes.HasPrefix(platform, []byte("WS-C"))
}

func cdpTypeOf(bits uint32, model []byte) string {
	switch {
	case bytes.HasPrefix(model, []byte("AIR-CT")) || bytes.HasPrefix(model, []byte("AIR-WLC")):
		return "wireless lan controller"
	case bytes.HasPrefix(model, []byte("AIR-")):
		return "access point"
	case bits&cdp.IsPhone != 0:
		return "voip phone"
	case bits&cdp.IsSwitch != 0:
		return "switch"
	case bits&cdp.IsRouter != 0 && bits&cdp.IsBridge == 0:
		return "router"
	}
	return ""
}

// sayCDPDevice: Nexus switches write "name(SERIAL)".
func sayCDPDevice(out *decode.Out, id []byte) {
	if i := bytes.IndexByte(id, '('); i > 0 && id[len(id)-1] == ')' && isCiscoSerial(id[i+1:len(id)-1]) {
		out.Say(&cdpSerial, id[i+1:len(id)-1])
		id = id[:i]
	}
	out.Say(&cdpDevice, id)
}

// isCiscoSerial: three letters for the plant, four digits for year and week, four letters or digits.
func isCiscoSerial(b []byte) bool {
	if len(b) != 11 {
		return false
	}
	for i, c := range b {
		digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
		if i < 3 && !letter || i >= 3 && i < 7 && !digit || !digit && !letter {
			return false
		}
	}
	return true
}
