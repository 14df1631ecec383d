package building

import (
	"encoding/hex"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/hartip"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What HART devices say of themselves.
var (
	hartMaker   = ward.Field{Protocol: "hart-ip", Name: "command 0 manufacturer id", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	hartMakerNo = ward.Field{Protocol: "hart-ip", Name: "command 0 manufacturer id, unlisted"}
	hartDevice  = ward.Field{Protocol: "hart-ip", Name: "command 0 expanded device type"}
	hartID      = ward.Field{Protocol: "hart-ip", Name: "command 0 unique address", Proves: ward.UUID, Trust: ward.TrustStated}
	hartBridge  = ward.Field{Protocol: "hart-ip", Name: "command 0 protocol bridge", Proves: ward.Type, Trust: ward.TrustStated}
	hartTag     = ward.Field{Protocol: "hart-ip", Name: "long tag", Proves: ward.Hostname, Trust: ward.TrustWeak}
)

func hartDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "hart-ip",
		UDPPorts: []uint16{5094, 5095},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if hartip.Size(p.Payload) != len(p.Payload) || len(p.Payload) == 0 {
				return false
			}
			hartMessage(decode.Server, p.Payload, out)
			return true
		},
		TCPPorts: []uint16{5094},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(hartip.Size(first))
		},
		Open: func() decode.Session { return framed{size: hartip.Size, read: hartMessage} },
	}
}

func hartMessage(_ decode.Dir, b []byte, out *decode.Out) {
	a, ok := hartip.ParseAnswer(b)
	if !ok {
		return
	}
	if tag, ok := hartip.Tag(&a); ok {
		out.Say(&hartTag, tag)
		return
	}
	id, ok := hartip.ParseIdentity(&a)
	if !ok {
		return
	}
	if name := hartip.MakerName(id.Maker); name != "" {
		out.SayString(&hartMaker, name)
	} else {
		out.SayString(&hartMakerNo, strconv.Itoa(int(id.Maker)))
	}
	var room [16]byte
	typ := hex.AppendEncode(room[:0], []byte{byte(id.DeviceType >> 8), byte(id.DeviceType)})
	out.Say(&hartDevice, typ)
	out.Say(&hartID, hex.AppendEncode(typ, id.DeviceID[:]))
	if id.Bridge {
		out.SayString(&hartBridge, "industrial gateway")
	}
}
