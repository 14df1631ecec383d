package building

import (
	"fmt"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/enip"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What EtherNet/IP devices say of themselves in their identity object.
var (
	enipVendor   = ward.Field{Protocol: "enip", Name: "identity vendor id", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	enipVendorNo = ward.Field{Protocol: "enip", Name: "identity vendor id, unlisted"}
	enipType     = ward.Field{Protocol: "enip", Name: "identity device type", Proves: ward.Type, Trust: ward.TrustStated}
	enipModel    = ward.Field{Protocol: "enip", Name: "identity product name", Proves: ward.Model, Trust: ward.TrustStated}
	enipRevision = ward.Field{Protocol: "enip", Name: "identity revision", Proves: ward.Firmware, Trust: ward.TrustStated}
	enipSerial   = ward.Field{Protocol: "enip", Name: "identity serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	enipProduct  = ward.Field{Protocol: "enip", Name: "identity vendor/type/product"}
	cipServes    = ward.Field{Protocol: "cip", Name: "answers reads of controller data", Proves: ward.Type, Trust: ward.TrustRole}
)

func enipDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "enip",
		UDPPorts: []uint16{44818, 2222},
		Datagram: enipDatagram,
		TCPPorts: []uint16{44818},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(enip.Size(first))
		},
		Open: func() decode.Session {
			s := &enipSession{}
			return framed{size: enip.Size, read: s.message}
		},
		Limit: 256 << 10, // sessions are long and controllers are asked who they are late
	}
}

// sized turns the length of the first message into a match.
func sized(n int) decode.Match {
	switch {
	case n < 0:
		return decode.No
	case n == 0:
		return decode.More
	}
	return decode.Yes
}

func enipDatagram(p *decode.Packet, out *decode.Out) bool {
	b := p.Payload
	if len(b) < 10 {
		return false
	}
	if b[0] == 2 && b[1] == 0 && b[2] == 2 && b[3] == 0x80 && b[4] == 8 && b[5] == 0 { // implicit messages: connection, then data
		if _, ok := enip.Item(b, enip.ItemConnected); ok {
			out.Speaks("cip")
			return true
		}
		return false
	}
	if enip.Size(b) != len(b) {
		return false
	}
	m, ok := enip.Parse(b)
	if !ok {
		return false
	}
	if m.Command == enip.ListIdentity {
		enipListed(&m, out)
	}
	return true
}

func enipListed(m *enip.Message, out *decode.Out) {
	if id, ok := enip.ParseListIdentity(m.Data); ok && m.Status == 0 {
		sayIdentity(id, out, out.Sender)
	}
}

// enipSession remembers what was asked, because a CIP answer does not say which object it is about.
type enipSession struct {
	asked [8]cipAsked
	next  int
	spoke bool
	data  bool // somebody asks for a controller's data here
}

type cipAsked struct {
	key       uint64
	connected bool
	identity  bool
	route     enip.Route
}

// message tells questions from answers by the reply bit: in the middle of a connection the side that
// serves cannot be told from the ports, 44818 being a high one.
func (s *enipSession) message(_ decode.Dir, b []byte, out *decode.Out) {
	m, ok := enip.Parse(b)
	if !ok {
		return
	}
	if m.Command == enip.ListIdentity {
		enipListed(&m, out)
		return
	}
	c, sequence, connected, ok := m.CIP()
	if !ok {
		return
	}
	if !s.spoke {
		s.spoke = true
		out.Speaks("cip")
	}
	key := m.Context
	if connected {
		key = uint64(sequence)
	}
	if c[0]&0x80 == 0 {
		s.question(c, key, connected)
		return
	}
	r, ok := enip.ParseReply(c)
	if !ok {
		return
	}
	if s.data && enip.GivesData(r) {
		out.SayString(&cipServes, "plc")
	}
	if r.Service != enip.GetAttributesAll || r.Status != 0 {
		return
	}
	for i := range s.asked {
		a := &s.asked[i]
		if a.identity && a.key == key && a.connected == connected {
			a.identity = false
			if id, ok := enip.ParseIdentity(r.Data); ok {
				sayIdentity(id, out, cipSubject(id, a.route, out.Sender))
			}
			return
		}
	}
}

// question keeps the questions to an identity object that are still to be answered.
func (s *enipSession) question(c []byte, key uint64, connected bool) {
	r, ok := enip.ParseRequest(c)
	if !ok {
		return
	}
	r, route, ok := enip.Unwrap(r)
	s.data = s.data || ok && enip.AsksForData(r)
	if !ok || r.Service != enip.GetAttributesAll || r.Class != enip.ClassIdentity || r.Instance != 1 {
		return
	}
	s.asked[s.next] = cipAsked{key, connected, true, route}
	s.next = (s.next + 1) % len(s.asked)
}

// cipSubject is the device that an identity is about. The controller in the chassis of the addressed
// module is what the address stands for; any other module there, and whatever lies further away, is
// a device of its own.
func cipSubject(id enip.Identity, route enip.Route, sender ward.Subject) ward.Subject {
	switch {
	case route.Hops == 0, route.Hops == 1 && route.Port == 1 && enipDeviceType(id.DeviceType) == "plc":
	case route.Hops == 1 && route.Port == 1:
		sender.Part = "slot " + strconv.Itoa(int(route.Link))
	default:
		sender.Part = fmt.Sprintf("cip serial %08x", id.Serial)
	}
	return sender
}

func sayIdentity(id enip.Identity, out *decode.Out, who ward.Subject) {
	if name := enip.VendorName(id.Vendor); name != "" {
		out.SayOf(who, &enipVendor, name)
	} else {
		out.SayOf(who, &enipVendorNo, strconv.Itoa(int(id.Vendor)))
	}
	if typ := enipDeviceType(id.DeviceType); typ != "" {
		out.SayOf(who, &enipType, typ)
	}
	out.SayOf(who, &enipModel, string(id.Name))
	out.SayOf(who, &enipProduct, fmt.Sprintf("%d/%d/%d", id.Vendor, id.DeviceType, id.ProductCode))
	if id.Major != 0 || id.Minor != 0 {
		out.SayOf(who, &enipRevision, fmt.Sprintf("%d.%03d", id.Major, id.Minor))
	}
	if id.Serial != 0 && id.Serial != 0xffffffff {
		out.SayOf(who, &enipSerial, fmt.Sprintf("%08x", id.Serial))
	}
}

// enipDeviceType turns a CIP device type (volume 1, chapter 6) into one of ward.Types.
func enipDeviceType(code uint16) string {
	switch code {
	case 0x0c:
		return "communications adapter"
	case 0x0e:
		return "plc"
	case 0x07, 0x23, 0x2a:
		return "remote i/o"
	case 0x2c:
		return "switch"
	case 0x29, 0x35:
		return "industrial gateway"
	}
	return ""
}
