package building

import (
	"encoding/hex"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/bacnet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What BACnet devices say. The properties are those of the device object; an I-Am also comes from
// operator workstations, so only answering for properties makes a controller.
var (
	bacnetVendor   = ward.Field{Protocol: "bacnet", Name: "vendor-identifier", Proves: ward.Manufacturer, Trust: ward.TrustRegistry}
	bacnetVendorNo = ward.Field{Protocol: "bacnet", Name: "unassigned vendor-identifier"}
	bacnetInstance = ward.Field{Protocol: "bacnet", Name: "device instance"}
	bacnetMaker    = ward.Field{Protocol: "bacnet", Name: "vendor-name", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	bacnetModel    = ward.Field{Protocol: "bacnet", Name: "model-name", Proves: ward.Model, Trust: ward.TrustStated}
	bacnetFirmware = ward.Field{Protocol: "bacnet", Name: "firmware-revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	bacnetApp      = ward.Field{Protocol: "bacnet", Name: "application-software-version"}
	bacnetSerial   = ward.Field{Protocol: "bacnet", Name: "serial-number", Proves: ward.Serial, Trust: ward.TrustStated}
	bacnetName     = ward.Field{Protocol: "bacnet", Name: "object-name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	bacnetText     = ward.Field{Protocol: "bacnet", Name: "description"}
	bacnetPlace    = ward.Field{Protocol: "bacnet", Name: "location", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
	bacnetAnswers  = ward.Field{Protocol: "bacnet", Name: "answers for its properties", Proves: ward.Type, Trust: ward.TrustRole}
	bacnetRoutes   = ward.Field{Protocol: "bacnet", Name: "announces itself as router", Proves: ward.Type, Trust: ward.TrustRole}
	bacnetPassword = ward.Field{Protocol: "bacnet", Name: "password to silence or restart a device"}
)

func bacnetDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "bacnet",
		UDPPorts: []uint16{47808, 47809, 47810, 47811, 47812, 47813, 47814, 47815, 47816, 47817, 47818, 47819, 47820, 47821, 47822, 47823},
		Datagram: bacnetDatagram,
	}
}

func bacnetDatagram(p *decode.Packet, out *decode.Out) bool {
	f, ok := bacnet.Parse(p.Payload)
	if !ok {
		return false
	}
	if len(f.Network.APDU) == 0 && f.Network.Message == 0 {
		return true
	}
	s := bacnetSpeaker{out: out, who: bacnetSubject(&f, out)}
	if !f.Network.HasAPDU {
		if f.Network.Message == bacnet.IAmRouter || f.Network.Message == bacnet.InitRoutingAck {
			s.say(&bacnetRoutes, "building gateway")
		}
		return true
	}
	a, ok := bacnet.ParseAPDU(f.Network.APDU)
	if !ok {
		return true
	}
	switch {
	case a.Type == bacnet.UnconfirmedRequest && a.Service == bacnet.ServiceIAm:
		s.iAm(a.Data)
	case a.Type == bacnet.ComplexAck:
		s.properties(&a)
	case a.Type == bacnet.ConfirmedRequest:
		if n, ok := bacnet.Password(&a); ok {
			s.say(&bacnetPassword, "present, "+strconv.Itoa(n)+" characters")
		}
	}
	return true
}

// bacnetSubject is the device whose words a frame carries: who sent it, who sent it first when a
// broadcast manager passes it on, or the device behind the router.
func bacnetSubject(f *bacnet.Frame, out *decode.Out) ward.Subject {
	who := out.Sender
	if f.Function == bacnet.ForwardedNPDU && ward.IP4(f.Origin[:]) != who.IP {
		who = ward.Subject{IP: ward.IP4(f.Origin[:])}
	}
	if n := &f.Network; n.SrcNet != 0 {
		part := append(make([]byte, 0, 32), "bacnet "...)
		part = strconv.AppendUint(part, uint64(n.SrcNet), 10)
		part = append(part, '/')
		who.Part = string(hex.AppendEncode(part, n.SrcAddr))
	}
	return who
}

type bacnetSpeaker struct {
	out *decode.Out
	who ward.Subject
}

func (s bacnetSpeaker) say(f *ward.Field, value string) {
	if s.who == s.out.Sender {
		s.out.SayString(f, value)
		return
	}
	s.out.SayOf(s.who, f, value)
}

func (s bacnetSpeaker) sayBytes(f *ward.Field, value []byte) {
	if s.who == s.out.Sender {
		s.out.Say(f, value)
		return
	}
	s.out.SayOf(s.who, f, string(value))
}

func (s bacnetSpeaker) iAm(b []byte) {
	m, ok := bacnet.ParseIAm(b)
	if !ok {
		return
	}
	s.number(&bacnetInstance, m.Device.Instance())
	s.vendor(m.Vendor)
}

func (s bacnetSpeaker) number(f *ward.Field, n uint32) {
	var room [10]byte
	s.sayBytes(f, strconv.AppendUint(room[:0], uint64(n), 10))
}

func (s bacnetSpeaker) vendor(id uint32) {
	// ASHRAE's own number 0 is what unfinished software sends.
	if name := bacnet.VendorName(id); name != "" && id != 0 {
		s.say(&bacnetVendor, name)
		return
	}
	s.number(&bacnetVendorNo, id)
}

func (s bacnetSpeaker) properties(a *bacnet.APDU) {
	answered := false
	bacnet.EachProperty(a, func(p bacnet.Property) {
		answered = true
		if p.Object.Type() != bacnet.Device || p.Value.Context || p.Indexed {
			return
		}
		if p.Property == bacnet.VendorIdentifier {
			if id, ok := p.Value.Unsigned(); ok && p.Value.Number == bacnet.TagUnsigned {
				s.vendor(id)
			}
			return
		}
		f := bacnetProperty(p.Property)
		if f == nil || p.Value.Number != bacnet.TagCharacter {
			return
		}
		var room [128]byte
		if text, ok := bacnet.AppendString(room[:0], p.Value.Value); ok {
			s.sayBytes(f, text)
		}
	})
	if answered {
		s.say(&bacnetAnswers, "building controller")
	}
}

func bacnetProperty(id uint32) *ward.Field {
	switch id {
	case bacnet.VendorNameText:
		return &bacnetMaker
	case bacnet.ModelName:
		return &bacnetModel
	case bacnet.FirmwareRevision:
		return &bacnetFirmware
	case bacnet.ApplicationSoftwareVersion:
		return &bacnetApp
	case bacnet.SerialNumber:
		return &bacnetSerial
	case bacnet.ObjectName:
		return &bacnetName
	case bacnet.Description:
		return &bacnetText
	case bacnet.Location:
		return &bacnetPlace
	}
	return nil
}
