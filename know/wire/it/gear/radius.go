package gear

import (
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/radius"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	radiusPort   = ward.Field{Protocol: "radius", Name: "NAS-Port-Id", Proves: ward.Place, Trust: ward.TrustStated, Place: true}
	radiusCell   = ward.Field{Protocol: "radius", Name: "Called-Station-Id", Proves: ward.Place, Trust: ward.TrustStated, Place: true}
	radiusName   = ward.Field{Protocol: "radius", Name: "NAS-Identifier", Proves: ward.Hostname, Trust: ward.TrustStated}
	radiusNAS    = ward.Field{Protocol: "radius", Name: "asks for stations", Proves: ward.Role, Trust: ward.TrustRole}
	radiusServer = ward.Field{Protocol: "radius", Name: "answers", Proves: ward.Type, Trust: ward.TrustRole}
	radiusRole   = ward.Field{Protocol: "radius", Name: "grants access", Proves: ward.Role, Trust: ward.TrustRole}
)

// accessAccounting reads at which port of which switch, or at which access point, a station is:
// its place. Names of people and passwords stay inside.
func accessAccounting() decode.Decoder {
	return decode.Decoder{Name: "radius", UDPPorts: []uint16{1812, 1813, 1645, 1646, 3799}, Strict: true, Datagram: readRADIUS}
}

func readRADIUS(p *decode.Packet, out *decode.Out) bool {
	m, ok := radius.Read(p.Payload)
	if !ok {
		return false
	}
	switch m.Code {
	case radius.AccessRequest, radius.AccountRequest:
		direct := true
		if a := m.Get(radius.NASAddress); len(a) == 4 && ward.IP4(a) != out.Sender.IP {
			direct = false // a proxy passes on what a switch said
		}
		if direct {
			out.SayString(&radiusNAS, "network access server")
			out.Say(&radiusName, m.Get(radius.NASIdentifier))
		}
		sayStation(&m, out)
	default:
		out.SayString(&radiusServer, "server")
		out.SayString(&radiusRole, "radius server")
	}
	return true
}

// sayStation says where the calling station is: of the station, not of the switch that speaks.
func sayStation(m *radius.Packet, out *decode.Out) {
	calling := m.Get(radius.CallingStationID)
	if len(calling) < 12 || len(calling) > 17 {
		return
	}
	mac, err := ward.ParseMAC(string(calling))
	if err != nil || mac.IsZero() || mac.IsGroup() {
		return
	}
	station := ward.Subject{MAC: mac, VLAN: out.Sender.VLAN}
	if a := m.Get(radius.FramedAddress); len(a) == 4 {
		out.Bind(mac, ward.IP4(a), "radius")
	}
	if kind, _ := m.Number(radius.NASPortType); kind == radius.WiFi {
		out.SayBytesOf(station, &radiusCell, m.Get(radius.CalledStationID)) // access point and network name
		return
	}
	var buf [160]byte
	place := append(buf[:0], m.Get(radius.NASIdentifier)...)
	if len(place) == 0 {
		place = append(place, out.Sender.IP.String()...)
	}
	place = append(place[:min(len(place), 64)], ' ')
	if port := m.Get(radius.NASPortID); len(port) > 0 {
		place = append(place, port[:min(len(port), 64)]...)
	} else if n, ok := m.Number(radius.NASPort); ok {
		place = strconv.AppendUint(append(place, "port "...), uint64(n), 10)
	} else {
		return
	}
	out.SayBytesOf(station, &radiusPort, place)
}
