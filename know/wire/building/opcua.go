package building

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/opcua"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What OPC UA servers say of themselves. The names are often those of the library the server is
// built with: they name a component, not the device.
var (
	opcuaName    = ward.Field{Protocol: "opc ua", Name: "application name", Proves: ward.Component, Trust: ward.TrustBanner}
	opcuaURI     = ward.Field{Protocol: "opc ua", Name: "application uri"}
	opcuaProduct = ward.Field{Protocol: "opc ua", Name: "product uri"}
	opcuaPolicy  = ward.Field{Protocol: "opc ua", Name: "endpoint security policy"}
)

func opcuaDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "opc ua",
		TCPPorts: []uint16{4840},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(opcua.Size(first))
		},
		Open:  func() decode.Session { return framed{size: opcua.Size, read: opcuaMessage} },
		Limit: 64 << 10,
	}
}

func opcuaMessage(_ decode.Dir, b []byte, out *decode.Out) {
	opcua.EachServer(b, func(s opcua.Server) {
		out.Say(&opcuaName, s.ApplicationName)
		out.Say(&opcuaURI, s.ApplicationURI)
		out.Say(&opcuaProduct, s.ProductURI)
		out.Say(&opcuaPolicy, s.Security)
	})
}
