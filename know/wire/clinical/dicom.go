package clinical

import (
	"math"
	"sync"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dicom"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Fields of an association. An application entity title is the name of the end that uses it; the
// called title is the server's once the server has accepted it, though some accept any.
var (
	dicomCalling   = ward.Field{Protocol: "dicom", Name: "calling AE title", Proves: ward.AETitle, Trust: ward.TrustStated}
	dicomCalled    = ward.Field{Protocol: "dicom", Name: "called AE title", Proves: ward.AETitle, Trust: ward.TrustBanner}
	dicomClass     = ward.Field{Protocol: "dicom", Name: "implementation class UID"}
	dicomVersion   = ward.Field{Protocol: "dicom", Name: "implementation version name"}
	dicomToolkit   = ward.Field{Protocol: "dicom", Name: "implementation class UID root", Proves: ward.Component, Trust: ward.TrustStated}
	dicomMaker     = ward.Field{Protocol: "dicom", Name: "implementation class UID owner", Proves: ward.Manufacturer, Trust: ward.TrustRegistry}
	dicomOffered   = ward.Field{Protocol: "dicom", Name: "abstract syntax"}
	dicomAccepted  = ward.Field{Protocol: "dicom", Name: "accepted abstract syntax"}
	dicomRole      = ward.Field{Protocol: "dicom", Name: "role", Proves: ward.Role, Trust: ward.TrustRole}
	dicomServes    = ward.Field{Protocol: "dicom", Name: "accepted service", Proves: ward.Type, Trust: ward.TrustRole}
	dicomForwards  = ward.Field{Protocol: "dicom", Name: "(0000,1030)", Proves: ward.Type, Trust: ward.TrustRole}
	dicomPerforms  = ward.Field{Protocol: "dicom", Name: "performed procedure step", Proves: ward.Type, Trust: ward.TrustBanner}
	dicomIdentity  = ward.Field{Protocol: "dicom", Name: "user identity"}
	dicomPatient   = ward.Field{Protocol: "dicom", Name: "group 0010"}
	modalityFamily = [...]string{"CR", "DX"} // one machine offers both
)

// maxOffered bounds the services of one association that are listed as evidence; tools offer all
// there are.
const maxOffered = 16

// dicomDecoder reads the DICOM upper layer (PS3.8) on any port. DICOM over TLS is not seen here.
func dicomDecoder() decode.Decoder {
	associates := &sync.Pool{New: func() any { return new(dicom.Associate) }} // 10 kB each
	return decode.Decoder{
		Name:     "dicom",
		TCPPorts: []uint16{104, 11112, 4242, 2761},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return [...]decode.Match{dicom.NotDICOM: decode.No, dicom.Unsure: decode.More, dicom.IsDICOM: decode.Yes}[dicom.Recognise(first)]
		},
		Open:  func() decode.Session { return &dicomSession{associates: associates} },
		Limit: unlimited & math.MaxInt,
	}
}

// dicomSession follows one association from its request to its end.
type dicomSession struct {
	associates *sync.Pool
	contexts   [128]dicomContext // by identifier/2: identifiers are odd
	names      string            // "calling CT2" and "called PACS" in one string
	split      int
	family     string // the one modality among the classes proposed; empty: none or several
	maker      dicom.Maker
	flagged    bool
	sides      [2]dicomSide
}

type dicomContext struct {
	class    uint16 // position in the table of SOP classes
	syntax   dicom.Syntax
	proposed bool
	accepted bool
}

// dicomSide is what one end sends.
type dicomSide struct {
	stream dicom.Stream
	store  *dicomStore // made when the first data set comes
	what   string      // the last message, as the catalogue lists it
	key    uint32      // of what
	active bool        // a data set is being taken in
}

// Read implements decode.Session.
func (s *dicomSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	side := &s.sides[dir]
	used := 0
	for {
		n, event := side.stream.Next(data[used:])
		used += n
		switch event {
		case dicom.NeedMore:
			return used
		case dicom.Associated:
			s.associate(dir, side.stream.Piece, out)
		case dicom.Commanded:
			s.command(dir, out)
		case dicom.Piece:
			if side.active {
				side.store.set.Feed(side.stream.Piece)
			}
		case dicom.DataEnd:
			s.dataEnd(dir, out)
		case dicom.Closed, dicom.Broken:
			return decode.Done
		}
	}
}

// End implements decode.Ender: a data set that was cut off has still said what came first.
func (s *dicomSession) End(out *decode.Out) {
	for dir := range s.sides {
		if side := &s.sides[dir]; side.active && side.store.set.Done() {
			out.Sender, out.Peer = out.Client, out.Server
			if decode.Dir(dir) == decode.Server {
				out.Sender, out.Peer = out.Server, out.Client
			}
			s.dataEnd(decode.Dir(dir), out)
		}
	}
}

func (s *dicomSession) associate(dir decode.Dir, pdu []byte, out *decode.Out) {
	a, _ := s.associates.Get().(*dicom.Associate)
	defer s.associates.Put(a)
	if a.Decode(pdu) != nil {
		return
	}
	switch {
	case a.Kind == dicom.AssociateRQ && dir == decode.Client:
		s.request(a, out)
	case a.Kind == dicom.AssociateAC && dir == decode.Server:
		s.accept(a, out)
	}
}

func (s *dicomSession) request(a *dicom.Associate, out *decode.Out) {
	out.Say(&dicomCalling, a.Calling)
	s.implementation(a, out)
	s.name(a)
	several := false
	for i, c := range a.Contexts() {
		k := &s.contexts[c.ID>>1]
		*k = dicomContext{class: dicom.LookUp(c.Abstract), syntax: dicom.SyntaxOf(c.Transfer), proposed: true}
		if i < maxOffered {
			out.SayString(&dicomOffered, dicom.ClassAt(k.class).Name)
		}
		if m := dicom.ClassAt(k.class).Modality; m != "" && m != s.family {
			several = several || s.family != "" && !(isXRay(m) && isXRay(s.family))
			s.family = m
		}
	}
	if several {
		s.family = ""
	}
	if id := a.Identity; id.Kind == 2 && id.Passcode > 0 {
		out.Flag(ward.ClearTextPassword, &dicomIdentity, "passcode present, "+count(id.Passcode, "character"))
	}
	out.Carry(decode.Carried{Protocol: "dicom", Name: s.names[:s.split]})
}

func isXRay(m string) bool { return m == modalityFamily[0] || m == modalityFamily[1] }

// name keeps both titles for the catalogue.
func (s *dicomSession) name(a *dicom.Associate) {
	buf := make([]byte, 0, 64)
	buf = append(append(buf, "calling "...), a.Calling...)
	s.split = len(buf)
	s.names = string(append(append(buf, "called "...), a.Called...))
}

// implementation says what software speaks: the class UID as it is, and its owner when known.
func (s *dicomSession) implementation(a *dicom.Associate, out *decode.Out) {
	out.Say(&dicomClass, a.Class)
	out.Say(&dicomVersion, a.Version)
	m, ok := dicom.MakerOf(a.Class)
	if !ok {
		return
	}
	if out.Sender == out.Client {
		s.maker = m
	}
	if m.Toolkit == "" {
		out.SayString(&dicomMaker, m.Maker)
		return
	}
	var buf [48]byte
	out.Say(&dicomToolkit, appendToolkit(buf[:0], m.Toolkit, a.Version))
}

// appendToolkit adds the release to the name of a library that writes it into its version name:
// "OFFIS_DCMTK_367" is release 3.6.7.
func appendToolkit(dst []byte, toolkit string, version []byte) []byte {
	dst = append(dst, toolkit...)
	const offis = "OFFIS_DCMTK_"
	if toolkit != "OFFIS DCMTK" || len(version) != len(offis)+3 || string(version[:len(offis)]) != offis {
		return dst
	}
	v := version[len(offis):]
	for _, c := range v {
		if c < '0' || c > '9' {
			return dst
		}
	}
	return append(dst, ' ', v[0], '.', v[1], '.', v[2])
}

// accept reads the server's answer: what it accepted is what it serves.
func (s *dicomSession) accept(a *dicom.Associate, out *decode.Out) {
	var kinds [dicom.Print + 1]bool
	any := false
	for i, c := range a.Contexts() {
		k := &s.contexts[c.ID>>1]
		if c.Result != dicom.Accepted || !k.proposed {
			continue
		}
		k.accepted, any = true, true
		k.syntax = dicom.SyntaxOf(c.Transfer)
		class := dicom.ClassAt(k.class)
		kinds[class.Kind] = true
		if i < maxOffered {
			out.SayString(&dicomAccepted, class.Name)
		}
	}
	s.implementation(a, out)
	if !any {
		return
	}
	if called := s.called(); called != "ANY-SCP" { // what tools call when they know no name
		out.SayString(&dicomCalled, called)
	}
	out.Carry(decode.Carried{Protocol: "dicom", Name: s.names[s.split:]})
	query := kinds[dicom.Find] || kinds[dicom.Move] || kinds[dicom.Get]
	for _, r := range [...]struct {
		serves     bool
		role, kind string
	}{
		{kinds[dicom.Print], "dicom print provider", "medical printer"},
		{query, "dicom query/retrieve provider", "pacs"},
		{kinds[dicom.Worklist], "dicom worklist provider", "server"},
		{kinds[dicom.Commitment], "dicom storage commitment provider", "pacs"},
		{kinds[dicom.Store], "dicom storage provider", ""},
	} {
		if r.serves {
			out.SayString(&dicomRole, r.role)
			if r.kind != "" {
				out.SayString(&dicomServes, r.kind)
			}
		}
	}
}

func (s *dicomSession) called() string {
	if len(s.names) < s.split+len("called ") {
		return ""
	}
	return s.names[s.split+len("called "):]
}

func (s *dicomSession) calling() string {
	if s.split < len("calling ") {
		return ""
	}
	return s.names[len("calling "):s.split]
}

// command notes a request in the catalogue and makes ready for its data set.
func (s *dicomSession) command(dir decode.Dir, out *decode.Out) {
	side := &s.sides[dir]
	c := &side.stream.Command
	context := s.contexts[side.stream.Context>>1]
	side.active = false
	if c.Field&dicom.ResponseBit == 0 {
		class := context.class
		if i := dicom.LookUp(c.Class); i != 0 {
			class = i
		}
		if key := uint32(c.Field)<<16 | uint32(class); key != side.key || side.what == "" {
			side.key = key
			side.what = dicom.CommandName(c.Field) + " " + dicom.ClassAt(class).Name
			if c.Field == dicom.CEcho {
				side.what = "C-ECHO"
			}
			s.clientRole(dir, c.Field, class, out)
		}
		out.Carry(decode.Carried{Protocol: "dicom", What: side.what})
		if len(c.Destination) > 0 {
			out.Carry(decode.Carried{Protocol: "dicom", Name: "move destination " + string(c.Destination)})
		}
	}
	if !c.DataSet || context.syntax == dicom.Unreadable {
		return
	}
	if side.store == nil {
		side.store = &dicomStore{}
	}
	side.active = true
	side.store.set.Reset(context.syntax)
	if c.Field == dicom.NCreate {
		side.store.set.WantPerformed()
	}
	side.store.begin(c)
}

// clientRole says what a client does, which is a role and never a kind of device.
func (s *dicomSession) clientRole(dir decode.Dir, field, class uint16, out *decode.Out) {
	if dir != decode.Client {
		return
	}
	role := ""
	switch kind := dicom.ClassAt(class).Kind; {
	case field == dicom.CStore:
		role = "dicom storage user"
	case field == dicom.CFind && kind == dicom.Worklist:
		role = "dicom worklist user"
	case field == dicom.CFind, field == dicom.CMove, field == dicom.CGet:
		role = "dicom query/retrieve user"
	case field == dicom.NCreate && kind == dicom.PerformedStep:
		role = "dicom performed procedure step user"
	case kind == dicom.Print:
		role = "dicom print user"
	}
	if role != "" {
		out.SayString(&dicomRole, role)
	}
}

// dataEnd uses what a data set left behind.
func (s *dicomSession) dataEnd(dir decode.Dir, out *decode.Out) {
	side := &s.sides[dir]
	if !side.active {
		return
	}
	side.active = false
	if side.store.set.Patient {
		out.Carry(decode.Carried{Protocol: "dicom", Patient: true})
		if !s.flagged {
			s.flagged = true
			what := side.what
			if what == "" { // the server answers a query
				what = "answer to " + s.sides[1-dir].what
			}
			out.Flag(ward.PHIInClear, &dicomPatient, what+": patient elements present")
		}
	}
	switch set := &side.store.set; side.store.field {
	case dicom.CStore:
		side.store.say(s, dir, out)
	case dicom.NCreate: // who reports a step under the title of the performing station performed it
		if t := typeOfModality(set.Modality.Bytes()); t != "" && dir == decode.Client && s.split > len("calling ") && s.calling() == string(set.Performed.Bytes()) {
			out.SayString(&dicomPerforms, t)
		}
	}
}
