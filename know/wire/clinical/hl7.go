package clinical

import (
	"math"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/hl7"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Fields of an HL7 v2 header. Interface engines may pass on the names of those they forward for, so
// that MSH-3 is a name somebody chose and its id proves no device.
var (
	hl7Application = ward.Field{Protocol: "hl7", Name: "MSH-3", Proves: ward.Hostname, Trust: ward.TrustWeak}
	hl7SystemID    = ward.Field{Protocol: "hl7", Name: "MSH-3 universal id"}
	hl7Facility    = ward.Field{Protocol: "hl7", Name: "MSH-4", Place: true}
	hl7Version     = ward.Field{Protocol: "hl7", Name: "MSH-12"}
	hl7Profile     = ward.Field{Protocol: "hl7", Name: "MSH-21"}
	hl7Role        = ward.Field{Protocol: "hl7", Name: "role", Proves: ward.Role, Trust: ward.TrustRole}
	hl7Answers     = ward.Field{Protocol: "hl7", Name: "MSA-1", Proves: ward.Type, Trust: ward.TrustRole}
	hl7Reports     = ward.Field{Protocol: "hl7", Name: "reports for devices", Proves: ward.Type, Trust: ward.TrustRole}
	hl7Patient     = ward.Field{Protocol: "hl7", Name: "PID"}
)

// hl7Decoder reads HL7 v2 over MLLP on any port, message by message and segment by segment.
func hl7Decoder() decode.Decoder {
	return decode.Decoder{
		Name:     "hl7",
		TCPPorts: []uint16{2575, 6661},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return [...]decode.Match{hl7.NotHL7: decode.No, hl7.Unsure: decode.More, hl7.IsHL7: decode.Yes}[hl7.Recognise(first)]
		},
		Open:  func() decode.Session { return &hl7Session{} },
		Limit: unlimited & math.MaxInt,
	}
}

type hl7Session struct {
	sides   [2]hl7Side
	flagged bool
	last    string // the last kind of message, to make its string once
}

// hl7Side is what one end sends.
type hl7Side struct {
	stream  hl7.Stream
	kind    string
	from    text // MSH-3 and MSH-5 as last put into the catalogue
	to      text
	patient bool
	present [4]int // patient fields of this message that are not empty
	devices *pcdMessage
}

// Read implements decode.Session.
func (s *hl7Session) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	side := &s.sides[dir]
	used := 0
	for {
		n, event := side.stream.Next(data[used:])
		used += n
		switch event {
		case hl7.NeedMore:
			return used
		case hl7.Header:
			s.header(side, out)
		case hl7.Line:
			s.line(side, dir, out)
		case hl7.End:
			s.end(side, dir, out)
		case hl7.Broken:
			return decode.Done
		}
	}
}

func (s *hl7Session) header(side *hl7Side, out *decode.Out) {
	msh := side.stream.Segment
	side.patient, side.present = false, [4]int{}
	var buf [64]byte
	kind := msh.Kind(buf[:0])
	if string(kind) != s.last {
		s.last = string(kind[:min(len(kind), 32)])
	}
	side.kind = s.last
	app := msh.Component(3, 1)
	out.Say(&hl7Application, app)
	out.Say(&hl7SystemID, msh.Component(3, 2))
	out.Say(&hl7Facility, msh.Component(4, 1))
	out.Say(&hl7Version, msh.Component(12, 1))
	profile := msh.Component(21, 1)
	out.Say(&hl7Profile, profile)
	if side.devices != nil {
		side.devices.reset(msh.Component(3, 2))
	}
	if reportsDevices(kind, profile) {
		if side.devices == nil {
			side.devices = &pcdMessage{}
			side.devices.reset(msh.Component(3, 2))
		}
		side.devices.active = true
	}
	if to := msh.Component(5, 1); !isAcknowledgement(side.kind) && (!side.from.is(app) || !side.to.is(to)) {
		side.from.set(app)
		side.to.set(to)
		sayNames(app, to, out)
	}
}

// sayNames puts the applications of both ends into the catalogue.
func sayNames(from, to []byte, out *decode.Out) {
	var name [80]byte
	if len(from) > 0 {
		out.Carry(decode.Carried{Protocol: "hl7", Name: string(append(append(name[:0], "sending "...), from[:min(len(from), 60)]...))})
	}
	if len(to) > 0 {
		out.Carry(decode.Carried{Protocol: "hl7", Name: string(append(append(name[:0], "receiving "...), to[:min(len(to), 60)]...))})
	}
}

// line reads one segment. Of patient segments only which fields hold something is kept.
func (s *hl7Session) line(side *hl7Side, dir decode.Dir, out *decode.Out) {
	seg := side.stream.Segment
	if len(seg.Raw) < 4 {
		return
	}
	switch {
	case seg.Is("PID"):
		n := 0
		for _, f := range [...]int{3, 5, 2, 7, 11, 13, 18, 19} {
			if n < len(side.present) && seg.Present(f) {
				side.present[n] = f
				n++
			}
		}
		side.patient = side.patient || n > 0
	case seg.Is("MSA"):
		code := seg.Component(1, 1)
		if dir == decode.Server && (string(code) == "AA" || string(code) == "CA") {
			if t := receiverOf(s.sides[decode.Client].kind); t != "" {
				out.SayString(&hl7Answers, t)
			}
			out.SayString(&hl7Role, "hl7 receiver")
		}
	case seg.Is("PRT"):
		sayParticipant(seg, out)
	case side.devices != nil && side.devices.active:
		side.devices.line(seg)
	}
}

// end closes a message: the catalogue, the finding and the devices it reported on.
func (s *hl7Session) end(side *hl7Side, dir decode.Dir, out *decode.Out) {
	if side.kind != "" && !isAcknowledgement(side.kind) {
		out.Carry(decode.Carried{Protocol: "hl7", What: side.kind, Patient: side.patient})
		if dir == decode.Client {
			out.SayString(&hl7Role, "hl7 sender")
		}
	}
	if side.patient && !s.flagged {
		s.flagged = true
		out.Flag(ward.PHIInClear, &hl7Patient, side.kind+": "+presentFields(side.present))
	}
	if side.devices != nil && side.devices.active {
		side.devices.say(out)
	}
}

// receiverOf is what a system is that takes in messages of a kind. Orders to devices are taken in by
// all sorts of things, so that they tell nothing.
func receiverOf(kind string) string {
	switch code, _, _ := strings.Cut(kind, "^"); code {
	case "ADT", "ORU", "ORM", "MDM", "SIU", "DFT", "BAR", "VXU", "MFN":
		if kind == "ORU^R40" {
			return "server" // an alarm manager
		}
		return "hl7 interface engine"
	case "OUL":
		return "laboratory system"
	}
	return ""
}

func isAcknowledgement(kind string) bool {
	return kind == "ACK" || len(kind) > 4 && kind[:4] == "ACK^"
}

// presentFields lists patient fields by name: "PID-3, PID-5 present".
func presentFields(present [4]int) string {
	text := ""
	for _, f := range present {
		if f != 0 {
			if text != "" {
				text += ", "
			}
			text += "PID-" + itoa(f)
		}
	}
	return text + " present"
}
