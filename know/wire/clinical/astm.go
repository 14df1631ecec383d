package clinical

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/astm"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The header record names the sender in a form each maker chooses, so that only fingerprints can
// read it.
var (
	astmSender   = ward.Field{Protocol: "astm", Name: "H-5"}
	astmAddress  = ward.Field{Protocol: "astm", Name: "H-6", Place: true}
	astmPassword = ward.Field{Protocol: "astm", Name: "H-4"}
	astmType     = ward.Field{Protocol: "astm", Name: "R record", Proves: ward.Type, Trust: ward.TrustRole}
	astmPatient  = ward.Field{Protocol: "astm", Name: "P record"}
)

// astmDecoder reads ASTM E1394 records in E1381 frames on any port.
func astmDecoder() decode.Decoder {
	return decode.Decoder{
		Name: "astm",
		Match: func(dir decode.Dir, first []byte, _ uint16) decode.Match {
			if dir == decode.Server && astm.Acknowledges(first) {
				return decode.More // one side sends, the other only says that it heard
			}
			return [...]decode.Match{astm.NotASTM: decode.No, astm.Unsure: decode.More, astm.IsASTM: decode.Yes}[astm.Recognise(first)]
		},
		Open:  func() decode.Session { return &astmSession{} },
		Limit: 1 << 20,
	}
}

type astmSession struct {
	sides   [2]astmSide
	flagged bool
}

type astmSide struct {
	stream  astm.Stream
	seen    [26]bool // kinds of record in the message at hand
	patient bool
}

// Read implements decode.Session.
func (s *astmSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	side := &s.sides[dir]
	used := 0
	for {
		n, event := side.stream.Next(data[used:])
		used += n
		switch event {
		case astm.NeedMore:
			return used
		case astm.Line:
			s.record(side, out)
		case astm.End:
			s.end(side, out)
		case astm.Broken:
			return decode.Done
		}
	}
}

func (s *astmSession) record(side *astmSide, out *decode.Out) {
	r := side.stream.Record
	kind := r.Kind()
	if kind < 'A' || kind > 'Z' {
		return
	}
	side.seen[kind-'A'] = true
	switch kind {
	case 'H':
		out.Say(&astmSender, r.Of(5))
		out.Say(&astmAddress, r.Of(6))
		if n := len(r.Of(4)); n > 0 {
			out.Flag(ward.ClearTextPassword, &astmPassword, "present, "+count(n, "character"))
		}
	case 'P':
		for _, f := range [...]int{3, 4, 5, 6, 8} { // three ids, name, birth date
			side.patient = side.patient || r.Present(f)
		}
	case 'R':
		// Who reports results is the analyser; a host sends orders and answers to queries.
		out.SayString(&astmType, "laboratory analyser")
	case 'L':
		s.end(side, out)
	}
}

// end closes a message.
func (s *astmSession) end(side *astmSide, out *decode.Out) {
	what := ""
	switch {
	case side.seen['R'-'A']:
		what = "results"
	case side.seen['Q'-'A']:
		what = "query"
	case side.seen['O'-'A']:
		what = "orders"
	}
	if what != "" {
		out.Carry(decode.Carried{Protocol: "astm", What: what, Patient: side.patient})
	}
	if side.patient && !s.flagged {
		s.flagged = true
		out.Flag(ward.PHIInClear, &astmPatient, "patient fields present")
	}
	side.seen, side.patient = [26]bool{}, false
}
