package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

var ndRouter = ward.Field{Protocol: "nd", Name: "router advertisement", Proves: ward.Role, Trust: ward.TrustRole}

// nd reads IPv6 neighbour discovery (RFC 4861): who owns which address, and who is a router.
func nd() decode.Decoder {
	return decode.Decoder{Name: "nd", ICMPv6: readND}
}

// Message types and options of RFC 4861 section 4.
const (
	ndRouterSolicitation    = 133
	ndRouterAdvertisement   = 134
	ndNeighborSolicitation  = 135
	ndNeighborAdvertisement = 136
	ndSourceLinkLayer       = 1
	ndTargetLinkLayer       = 2
)

func readND(p *decode.Packet, out *decode.Out) bool {
	b := p.Payload
	// A hop limit of 255 proves that the message was not forwarded by a router.
	if len(b) < 8 || b[1] != 0 || p.TTL != 255 {
		return false
	}
	options, option := 0, byte(ndSourceLinkLayer)
	owned := p.Src
	switch b[0] {
	case ndRouterSolicitation:
		options = 8
	case ndRouterAdvertisement:
		options = 16
	case ndNeighborSolicitation:
		options = 24
	case ndNeighborAdvertisement:
		options, option = 24, ndTargetLinkLayer
	default:
		return false
	}
	if len(b) < options {
		return false
	}
	if b[0] == ndNeighborAdvertisement {
		owned = ward.IP6(b[8:24])
	}
	if b[0] == ndRouterAdvertisement && b[6]|b[7] != 0 { // a lifetime of 0 is no default router
		out.SayString(&ndRouter, "ipv6 router")
	}
	mac := ward.MAC{}
	for o := b[options:]; len(o) >= 8 && o[1] != 0 && len(o) >= 8*int(o[1]); o = o[8*int(o[1]):] {
		if o[0] == option && o[1] == 1 {
			mac = ward.MAC(o[2:8])
		}
	}
	if mac.IsZero() && owned == p.Src {
		mac = p.SrcMAC
	}
	out.Bind(mac, owned, "nd") // the unspecified address of duplicate detection binds nothing
	return true
}
