package clinical

import (
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/dicom"
	"github.com/wardkeeper/wardkeeper/ward"
)

// equipmentFields are the General Equipment module as fields, at one level of trust.
type equipmentFields struct {
	manufacturer, model, serial, software, station, department, calibrated, modality, udi ward.Field
}

func equipmentOf(prefix string, trust ward.Trust) *equipmentFields {
	f := func(name string, proves ward.Attr, trust ward.Trust) ward.Field {
		return ward.Field{Protocol: "dicom", Name: prefix + name, Proves: proves, Trust: trust}
	}
	e := &equipmentFields{
		manufacturer: f("(0008,0070)", ward.Manufacturer, trust),
		model:        f("(0008,1090)", ward.Model, trust),
		serial:       f("(0018,1000)", ward.Serial, trust),
		software:     f("(0018,1020)", ward.Firmware, trust),
		station:      f("(0008,1010)", ward.Hostname, ward.TrustWeak),
		department:   f("(0008,1040)", ward.Place, ward.TrustWeak),
		calibrated:   f("(0018,1200)", ward.Calibrated, trust),
		modality:     f("(0008,0060)", ward.Type, trust),
		udi:          f("(0018,1009)", ward.UDI, trust),
	}
	e.department.Place = true
	return e
}

// Whose equipment a stored image describes decides how much is believed: the sender's own, by its
// station name; the sender's, as far as can be told; a contributing device's.
var (
	equipmentStated      = equipmentOf("", ward.TrustStated)
	equipmentLikely      = equipmentOf("sender's ", ward.TrustBanner)
	equipmentContributed = equipmentOf("(0018,A001) ", ward.TrustStated)
	dicomSeveral         = ward.Field{Protocol: "dicom", Name: "images of several devices", Proves: ward.Role, Trust: ward.TrustRole}
)

// dicomStore takes in the data sets of one side and decides whose equipment they describe.
type dicomStore struct {
	set       dicom.DataSet
	field     uint16 // command the data set belongs to
	forwarded bool   // a C-MOVE caused it
	first     dicom.Equipment
	hasFirst  bool
	several   bool
}

func (d *dicomStore) begin(c *dicom.Command) {
	d.field = c.Field
	d.forwarded = len(c.Originator) > 0
}

// say attributes the equipment of a stored object. It is the sender's own when the station name is
// its AE title. It is likely the sender's when the sender offered no other kind of image and either
// its software belongs to the maker of the equipment or no station is named. A forwarding archive
// or router matches neither, and in all other cases the equipment becomes a part that the sender
// speaks for.
func (d *dicomStore) say(s *dicomSession, dir decode.Dir, out *decode.Out) {
	e := &d.set.Equipment
	if typeOfModality(d.set.Modality.Bytes()) != "" {
		switch { // reports and screen shots may be somebody else's work on the same console
		case !d.hasFirst:
			d.first, d.hasFirst = *e, true
		case differ(&e.Serial, &d.first.Serial) || differ(&e.Model, &d.first.Model) || differ(&e.Manufacturer, &d.first.Manufacturer):
			if !d.several {
				out.SayString(&dicomSeveral, "dicom gateway")
			}
			d.several = true
		}
	}
	if d.forwarded {
		out.SayString(&dicomForwards, "pacs")
	}
	title := s.calling()
	if dir == decode.Server { // C-GET: the server stores on the client
		title = s.called()
	}
	for i := range min(d.set.Contributed, len(d.set.Contributors)) {
		d.contributor(&d.set.Contributors[i], title, out)
	}
	own := !d.forwarded && !d.several && d.set.Contributed == 0 && typeOfModality(d.set.Modality.Bytes()) != ""
	switch {
	case own && !placeholder(e.Station.Bytes()) && sameStation(title, e.Station.Bytes()):
		d.sayOf(out.Sender, equipmentStated, e, true, out)
	case own && dir == decode.Client && s.family != "" && (placeholder(e.Station.Bytes()) || agrees(s.maker.Maker, e.Manufacturer.Bytes())):
		d.sayOf(out.Sender, equipmentLikely, e, true, out)
	default:
		if part := partName(e); part != "" {
			behind := out.Sender
			behind.Part = part
			d.sayOf(behind, equipmentStated, e, true, out)
		}
	}
}

// differ reports whether two texts are both there and not the same.
func differ(a, b *dicom.Text) bool {
	return len(a.Bytes()) > 0 && len(b.Bytes()) > 0 && !a.Equal(b)
}

// contributor says who else had a hand in an object: the sender, if it names itself there, or a
// device behind it.
func (d *dicomStore) contributor(e *dicom.Equipment, title string, out *decode.Out) {
	subject := out.Sender
	if !sameStation(title, e.Station.Bytes()) {
		if len(e.Serial.Bytes()) == 0 {
			return
		}
		subject.Part = partName(e)
	}
	d.sayOf(subject, equipmentContributed, e, false, out)
}

func (d *dicomStore) sayOf(subject ward.Subject, f *equipmentFields, e *dicom.Equipment, own bool, out *decode.Out) {
	for _, v := range [...]struct {
		field *ward.Field
		text  *dicom.Text
	}{
		{&f.manufacturer, &e.Manufacturer}, {&f.model, &e.Model}, {&f.serial, &e.Serial},
		{&f.station, &e.Station}, {&f.department, &e.Department}, {&f.udi, &e.UDI},
	} {
		if b := v.text.Bytes(); !placeholder(b) {
			out.SayOf(subject, v.field, string(b))
		}
	}
	if b := firstValue(e.Software.Bytes()); !placeholder(b) {
		out.SayOf(subject, &f.software, string(b))
	}
	if date := isoDate(e.Calibrated.Bytes()); date != "" {
		out.SayOf(subject, &f.calibrated, date)
	}
	if t := typeOfModality(d.set.Modality.Bytes()); own && t != "" {
		out.SayOf(subject, &f.modality, t)
	}
}

// partName is how a device behind a sender is known again.
func partName(e *dicom.Equipment) string {
	switch serial, station := e.Serial.Bytes(), e.Station.Bytes(); {
	case !placeholder(serial):
		return "dicom " + string(serial)
	case !placeholder(station):
		return "dicom " + string(station)
	case !placeholder(e.Model.Bytes()):
		return "dicom " + string(e.Manufacturer.Bytes()) + " " + string(e.Model.Bytes())
	}
	return ""
}

// typeOfModality is the kind of device that makes objects of a modality (PS3.3 C.7.3.1.1.1); made
// or derived objects (SR, PR, SC, RT plans) tell nothing about a device.
func typeOfModality(m []byte) string {
	switch string(m) {
	case "CT", "MR", "CR", "DX", "XA", "RF", "MG", "NM", "PT", "IO", "PX", "BMD", "RG", "IVOCT", "OPT", "RTIMAGE":
		return "imaging modality"
	case "US", "IVUS", "BDUS":
		return "ultrasound"
	case "ECG":
		return "electrocardiograph"
	}
	return ""
}

// sameStation reports whether an AE title and a station name are one name: equal, or one contains
// the other, apart from case and punctuation ("CT01" and "CT01_STORE").
func sameStation(title string, station []byte) bool {
	var a, b [64]byte
	x, y := letters(a[:0], title), letters(b[:0], string(station))
	if len(x) > len(y) {
		x, y = y, x
	}
	return len(x) >= 3 && strings.Contains(string(y), string(x))
}

func letters(dst []byte, s string) []byte {
	for i := 0; i < len(s) && len(dst) < cap(dst); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			dst = append(dst, c-'a'+'A')
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			dst = append(dst, c)
		}
	}
	return dst
}

// agrees reports whether the owner of an implementation UID is the manufacturer of the equipment:
// their first words are the same, or the one took over the other's imaging business.
func agrees(owner string, manufacturer []byte) bool {
	first, _, _ := strings.Cut(owner, " ")
	word, _, _ := strings.Cut(string(manufacturer), " ")
	word, _, _ = strings.Cut(word, "_")
	return first != "" && (strings.EqualFold(first, word) ||
		first == "Canon" && strings.EqualFold(word, "toshiba") ||
		first == "Carestream" && strings.EqualFold(word, "kodak"))
}

// placeholder reports whether a value was filled in for want of one: nothing but one character
// repeated, or a word for it.
func placeholder(b []byte) bool {
	same := true
	for _, c := range b {
		same = same && c == b[0]
	}
	if same && (len(b) != 1 || b[0] == '0' || b[0] == '-') {
		return true
	}
	for _, p := range [...]string{"unknown", "none", "n/a", "na", "null", "not available", "anonymized", "anonymous", "removed"} {
		if len(b) == len(p) && strings.EqualFold(string(b), p) {
			return true
		}
	}
	return false
}

// firstValue cuts a multi-valued element at its backslash.
func firstValue(b []byte) []byte {
	for i, c := range b {
		if c == '\\' {
			return b[:i]
		}
	}
	return b
}

// isoDate writes the first YYYYMMDD of a value as YYYY-MM-DD.
func isoDate(b []byte) string {
	b = firstValue(b)
	if len(b) < 8 {
		return ""
	}
	for _, c := range b[:8] {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return string(b[:4]) + "-" + string(b[4:6]) + "-" + string(b[6:8])
}
