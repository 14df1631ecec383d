package building

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/modbus"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What Modbus servers say of themselves. Being polled says nothing: meters, drives, chillers, plain
// computers and gateways are. Through a gateway each unit has an identity of its own.
var (
	modbusVendor   = ward.Field{Protocol: "modbus", Name: "device identification vendor name", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	modbusCode     = ward.Field{Protocol: "modbus", Name: "device identification product code"}
	modbusRevision = ward.Field{Protocol: "modbus", Name: "device identification revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	modbusProduct  = ward.Field{Protocol: "modbus", Name: "device identification product name"}
	modbusModel    = ward.Field{Protocol: "modbus", Name: "device identification model", Proves: ward.Model, Trust: ward.TrustStated}
	modbusApp      = ward.Field{Protocol: "modbus", Name: "device identification application name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	modbusServer   = ward.Field{Protocol: "modbus", Name: "server id"}
	modbusMaker    = ward.Field{Protocol: "modbus", Name: "server id naming a company", Proves: ward.Manufacturer, Trust: ward.TrustBanner}
)

func modbusDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "modbus",
		TCPPorts: []uint16{502},
		Match: func(_ decode.Dir, first []byte, port uint16) decode.Match {
			if port == 502 {
				return sized(modbus.Size(first))
			}
			// The header is mostly zeros: elsewhere the first message must fit as a whole.
			if modbus.Whole(first) {
				return decode.Yes
			}
			return decode.No
		},
		Open:  func() decode.Session { return framed{size: modbus.Size, read: modbusMessage} },
		Limit: 64 << 10,
	}
}

func modbusMessage(_ decode.Dir, b []byte, out *decode.Out) {
	if b[7] != modbus.Encapsulated && b[7] != modbus.ReportServerID {
		return
	}
	m, ok := modbus.Parse(b)
	if !ok {
		return
	}
	if id, ok := modbus.ServerID(&m); ok {
		out.Say(&modbusServer, id)
		if namesCompany(id) {
			out.Say(&modbusMaker, id)
		}
	}
	// Vendors use the product code as the model unless they also give a model name.
	var code, model []byte
	modbus.EachObject(&m, func(id byte, v []byte) {
		switch id {
		case modbus.VendorName:
			out.Say(&modbusVendor, v)
		case modbus.ProductCode:
			out.Say(&modbusCode, v)
			code = v
		case modbus.Revision:
			out.Say(&modbusRevision, v)
		case modbus.ProductName:
			out.Say(&modbusProduct, v)
		case modbus.ModelName:
			model = v
		case modbus.Application:
			out.Say(&modbusApp, v)
		}
	})
	if len(model) == 0 {
		model = code
	}
	out.Say(&modbusModel, model)
}

// namesCompany reports whether text is the name of a firm and nothing else: a few words without
// digits, the last of them a form of company.
func namesCompany(text []byte) bool {
	if bytes.ContainsAny(text, "0123456789") {
		return false
	}
	words := bytes.Fields(text)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	switch string(bytes.ToLower(bytes.Trim(words[len(words)-1], ".,"))) {
	case "limited", "ltd", "inc", "gmbh", "ag", "corp", "corporation", "llc", "co", "company", "b.v", "bv", "s.a", "spa", "s.p.a", "ab", "oy":
		return true
	}
	return false
}
