package building

import (
	"bytes"
	"fmt"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/s7"
	"github.com/wardkeeper/wardkeeper/proto/tpkt"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What S7 controllers say of themselves.
var (
	s7Serves   = ward.Field{Protocol: "s7comm", Name: "accepts a session", Proves: ward.Type, Trust: ward.TrustRole}
	s7Type     = ward.Field{Protocol: "s7comm", Name: "szl 001c module type", Proves: ward.Model, Trust: ward.TrustStated}
	s7Order    = ward.Field{Protocol: "s7comm", Name: "szl 0011 order number"}
	s7Model    = ward.Field{Protocol: "s7comm", Name: "szl 0011 order number, no type name", Proves: ward.Model, Trust: ward.TrustStated}
	s7Firmware = ward.Field{Protocol: "s7comm", Name: "szl 0011 firmware", Proves: ward.Firmware, Trust: ward.TrustStated}
	s7Maker    = ward.Field{Protocol: "s7comm", Name: "szl 001c copyright", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	s7Serial   = ward.Field{Protocol: "s7comm", Name: "szl 001c serial number", Proves: ward.Serial, Trust: ward.TrustStated}
	s7Station  = ward.Field{Protocol: "s7comm", Name: "szl 001c station name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	s7Place    = ward.Field{Protocol: "s7comm", Name: "szl 001c location", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
)

func s7Decoder() decode.Decoder {
	return decode.Decoder{
		Name:     "s7comm",
		TCPPorts: []uint16{102},
		Match:    s7Match,
		Open:     func() decode.Session { return &s7Session{} },
		Limit:    128 << 10,
	}
}

// s7Match waits for the first data unit: the connection itself is set up as for MMS or RDP.
func s7Match(_ decode.Dir, first []byte, _ uint16) decode.Match {
	for {
		n := tpkt.Size(first)
		if n < 0 {
			return decode.No
		}
		if n == 0 || n > len(first) {
			return decode.More
		}
		u, ok := tpkt.Parse(first)
		switch {
		case !ok:
			return decode.No
		case u.Kind == tpkt.Data && len(u.User) > 0:
			if _, ok := s7.Parse(u.User); ok {
				return decode.Yes
			}
			return decode.No
		}
		first = first[n:]
	}
}

type s7Session struct {
	unit  byte   // the list being put together
	parts []byte // what came of it so far
	order []byte
	owner ward.Subject // whose order number it is
	named bool         // the module's type name was said
}

// maxList bounds a system status list that is put together.
const maxList = 8 << 10

func (s *s7Session) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	return framed{size: tpkt.Size, read: s.packet}.Read(dir, data, out)
}

func (s *s7Session) packet(_ decode.Dir, b []byte, out *decode.Out) {
	u, ok := tpkt.Parse(b)
	if !ok || u.Kind != tpkt.Data {
		return
	}
	m, ok := s7.Parse(u.User)
	if !ok {
		return
	}
	if m.SetUp() {
		out.SayString(&s7Serves, "plc")
		return
	}
	p, ok := m.SZL()
	if !ok {
		return
	}
	if p.Last && len(s.parts) == 0 {
		s.list(p.Bytes, out)
		return
	}
	if len(s.parts) > 0 && p.Unit != s.unit || len(s.parts)+len(p.Bytes) > maxList {
		s.parts = s.parts[:0]
	}
	s.unit = p.Unit
	s.parts = append(s.parts, p.Bytes...)
	if p.Last {
		s.list(s.parts, out)
		s.parts = s.parts[:0]
	}
}

func (s *s7Session) list(b []byte, out *decode.Out) {
	l, ok := s7.ParseList(b)
	if !ok {
		return
	}
	s7.EachIdentification(l, func(r s7.Identification) {
		switch {
		case r.Index == s7.Module && len(r.Order) > 0:
			out.Say(&s7Order, r.Order)
			s.order = append(s.order[:0], r.Order...)
			s.owner = out.Sender
		case r.Index == s7.Firmware && r.Version.Letter == 'V':
			out.SayString(&s7Firmware, fmt.Sprintf("V%d.%d.%d", r.Version.Major, r.Version.Minor, r.Version.Patch))
		}
	})
	s7.EachComponent(l, func(index uint16, text []byte) {
		switch index {
		case s7.ModuleType:
			s.named = s.named || len(text) > 0
			out.Say(&s7Type, text)
		case s7.Copyright:
			if bytes.Contains(text, []byte("Siemens")) {
				out.SayString(&s7Maker, "Siemens")
			}
		case s7.SerialNumber:
			out.Say(&s7Serial, text)
		case s7.StationName:
			out.Say(&s7Station, text)
		case s7.Location:
			out.Say(&s7Place, text)
		}
	})
}

// End falls back on the order number as the model when nobody asked for the name of the type.
func (s *s7Session) End(out *decode.Out) {
	if !s.named && len(s.order) > 0 {
		out.SayOf(s.owner, &s7Model, string(s.order))
	}
}
