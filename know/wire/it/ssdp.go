package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ssdp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	ssdpServer   = ward.Field{Protocol: "ssdp", Name: "server"}
	ssdpUSN      = ward.Field{Protocol: "ssdp", Name: "usn"}
	ssdpRoot     = ward.Field{Protocol: "ssdp", Name: "root device", Proves: ward.UUID, Trust: ward.TrustBanner}
	ssdpTarget   = ward.Field{Protocol: "ssdp", Name: "nt"}
	ssdpLocation = ward.Field{Protocol: "ssdp", Name: "location"}
	ssdpAgent    = ward.Field{Protocol: "ssdp", Name: "user-agent"}
	ssdpModel    = ward.Field{Protocol: "ssdp", Name: "x-modelname"}
)

// simpleDiscovery reads SSDP. Announcements and answers describe their sender; of a search only
// the name of the searching program does.
func simpleDiscovery() decode.Decoder {
	return decode.Decoder{Name: "ssdp", UDPPorts: []uint16{1900}, Datagram: readSSDP}
}

func readSSDP(p *decode.Packet, out *decode.Out) bool {
	if len(p.Payload) == 0 || p.Payload[0] != 'N' && p.Payload[0] != 'M' && p.Payload[0] != 'H' {
		return false
	}
	var m ssdp.Message
	if !ssdp.Parse(p.Payload, &m) {
		return false
	}
	switch m.Kind {
	case ssdp.Search:
		out.Say(&ssdpAgent, m.UserAgent)
	case ssdp.Alive, ssdp.Response:
		out.Say(&ssdpServer, m.Server)
		out.Say(&ssdpModel, m.Model)
		if !bytes.HasPrefix(m.Target, []byte("uuid:")) { // which repeats the USN
			out.Say(&ssdpTarget, m.Target)
		}
		id, rest, _ := bytes.Cut(m.USN, []byte("::"))
		out.Say(&ssdpUSN, id)
		if id, ok := bytes.CutPrefix(id, []byte("uuid:")); ok && len(id) == 36 && string(rest) == "upnp:rootdevice" {
			out.Say(&ssdpRoot, id)
		}
		out.Say(&ssdpLocation, urlPath(m.Location))
	}
	return true
}

// urlPath is the path of a URL: its host is only the sender's address again.
func urlPath(url []byte) []byte {
	_, rest, ok := bytes.Cut(url, []byte("://"))
	if !ok {
		return nil
	}
	if at := bytes.IndexByte(rest, '/'); at >= 0 {
		return rest[at:]
	}
	return nil
}
