package clinical

import (
	"bytes"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/hl7"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What device reports say of the devices behind their sender (IHE Devices Technical Framework,
// PCD-01 and PCD-04; HL7 v2.9 chapter 7 for PRT).
var (
	pcdEquipment    = ward.Field{Protocol: "hl7", Name: "OBX-18"}
	pcdEUI          = ward.Field{Protocol: "hl7", Name: "OBX-18 unique id", Proves: ward.UUID, Trust: ward.TrustStated}
	pcdType         = ward.Field{Protocol: "hl7", Name: "OBX-3 MDS", Proves: ward.Type, Trust: ward.TrustStated}
	pcdMaker        = ward.Field{Protocol: "hl7", Name: "MDC_ID_MODEL_MANUFACTURER", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	pcdModel        = ward.Field{Protocol: "hl7", Name: "MDC_ID_MODEL_NUMBER", Proves: ward.Model, Trust: ward.TrustStated}
	pcdSerial       = ward.Field{Protocol: "hl7", Name: "MDC_ID_PROD_SPEC_SERIAL", Proves: ward.Serial, Trust: ward.TrustStated}
	pcdFirmware     = ward.Field{Protocol: "hl7", Name: "MDC_ID_PROD_SPEC_FW", Proves: ward.Firmware, Trust: ward.TrustStated}
	pcdSoftware     = ward.Field{Protocol: "hl7", Name: "MDC_ID_PROD_SPEC_SW", Proves: ward.Firmware, Trust: ward.TrustStated}
	pcdHardware     = ward.Field{Protocol: "hl7", Name: "MDC_ID_PROD_SPEC_HW", Proves: ward.Hardware, Trust: ward.TrustStated}
	pcdPlace        = ward.Field{Protocol: "hl7", Name: "PV1-3", Proves: ward.Place, Trust: ward.TrustWeak, Place: true}
	prtUDI          = ward.Field{Protocol: "hl7", Name: "PRT-10", Proves: ward.UDI, Trust: ward.TrustStated}
	prtDevice       = ward.Field{Protocol: "hl7", Name: "PRT-10 unique id", Proves: ward.UUID, Trust: ward.TrustStated}
	prtDeviceUDI    = ward.Field{Protocol: "hl7", Name: "PRT-16", Proves: ward.UDI, Trust: ward.TrustStated}
	prtManufactured = ward.Field{Protocol: "hl7", Name: "PRT-17"}
	prtLot          = ward.Field{Protocol: "hl7", Name: "PRT-19"}
	prtSerial       = ward.Field{Protocol: "hl7", Name: "PRT-20", Proves: ward.Serial, Trust: ward.TrustStated}
	prtType         = ward.Field{Protocol: "hl7", Name: "PRT-22"}
)

// reportsDevices tells whether a message belongs to the device profiles: by its profile (MSH-21),
// or as an alarm. Other ORU^R01 come from laboratories and records.
func reportsDevices(kind, profile []byte) bool {
	return bytes.HasPrefix(kind, []byte("ORU^")) && (bytes.HasPrefix(profile, []byte("PCD_")) ||
		bytes.HasPrefix(profile, []byte("IHE_PCD_")) || bytes.HasPrefix(profile, []byte("IHE_DEC_")) || bytes.HasSuffix(kind, []byte("^R40")))
}

// maxSystems bounds the medical device systems of one message.
const maxSystems = 8

// pcdMessage gathers what one message says about the devices it reports on. Only equipment
// identifiers and specification entries are read; measurements are passed over.
type pcdMessage struct {
	active  bool
	gateway text // universal id of the sender's MSH-3
	place   text
	systems [maxSystems]pcdSystem
	n       int
}

// pcdSystem is one MDS, known by the first number of OBX-4.
type pcdSystem struct {
	index                           text
	entity, eui                     text
	onMDS                           bool // the identifier stood on the row of the MDS itself
	kind                            string
	maker, model, serial            text
	firmware, software, hardwareRev text
}

// text is a short value that outlives the bytes it came from.
type text struct {
	n uint8
	b [64]byte
}

func (t *text) set(b []byte)  { t.n = uint8(copy(t.b[:], b)) } //nolint:gosec // at most 64
func (t *text) bytes() []byte { return t.b[:t.n] }
func (t *text) is(b []byte) bool {
	return string(t.b[:t.n]) == string(b[:min(len(b), len(t.b))])
}

func (m *pcdMessage) reset(gateway []byte) {
	m.active, m.n = false, 0
	m.gateway.set(gateway)
	m.place.set(nil)
}

func (m *pcdMessage) line(seg hl7.Segment) {
	switch {
	case seg.Is("PV1"):
		m.setPlace(seg)
	case seg.Is("OBX"):
		m.observation(seg)
	}
}

// setPlace joins point of care, room and bed; the order on the wire is ward^room^bed^facility.
func (m *pcdMessage) setPlace(seg hl7.Segment) {
	var parts [4][]byte
	n := 0
	f := seg.First(3)
	for _, c := range [...]int{4, 1, 2, 3} {
		if p := seg.Of(f, c); len(p) > 0 {
			if i := bytes.IndexByte(p, seg.Del.Subcomponent); i >= 0 {
				p = p[:i]
			}
			parts[n] = p
			n++
		}
	}
	var buf [64]byte
	b := buf[:0]
	for i, p := range parts[:n] {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, p[:min(len(p), 14)]...)
	}
	m.place.set(b)
}

func (m *pcdMessage) observation(seg hl7.Segment) {
	code := seg.First(3)
	term := seg.Of(code, 2)
	number := seg.Of(code, 1)
	containment := seg.Component(4, 1)
	index := containment
	if i := bytes.IndexByte(index, '.'); i >= 0 {
		index = index[:i]
	}
	id := seg.First(18)
	kind := mdsType(term, number)
	isMDS := kind != "" || bytes.HasSuffix(term, []byte("_MDS")) && bytes.HasPrefix(term, []byte("MDC_DEV_"))
	spec := specification(term, number)
	if !isMDS && spec == specNone && len(id) == 0 {
		if string(term) == "MDC_ATTR_ALERT_SOURCE" || string(number) == "68480" {
			// The source of an alarm is a term: the MDS for a fault of the device itself.
			source := seg.First(5)
			if t := mdsType(seg.Of(source, 2), seg.Of(source, 1)); t != "" {
				if s := m.system(index); s != nil && s.kind == "" {
					s.kind = t
				}
			}
		}
		return
	}
	s := m.system(index)
	if s == nil {
		return
	}
	if isMDS && kind != "" {
		s.kind = kind
	}
	if len(id) > 0 && (isMDS || !s.onMDS && !isVMD(term)) {
		s.onMDS = s.onMDS || isMDS
		s.identify(seg, id)
	}
	if spec != specNone {
		s.specify(spec, seg)
	}
}

// isVMD marks rows of modules and channels: their identifiers are the module's, not the device's.
func isVMD(term []byte) bool {
	return bytes.HasSuffix(term, []byte("_VMD")) || bytes.HasSuffix(term, []byte("_CHAN"))
}

func (m *pcdMessage) system(index []byte) *pcdSystem {
	if len(index) == 0 || len(index) > 8 {
		return nil
	}
	for i := range m.systems[:m.n] {
		if bytes.Equal(m.systems[i].index.bytes(), index) {
			return &m.systems[i]
		}
	}
	if m.n == maxSystems {
		return nil
	}
	s := &m.systems[m.n]
	m.n++
	*s = pcdSystem{}
	s.index.set(index)
	return s
}

// identify reads an equipment instance: entity^namespace^universal id^type of id.
func (s *pcdSystem) identify(seg hl7.Segment, id []byte) {
	s.eui.set(nil)
	s.entity.set(seg.Of(id, 1))
	universal := seg.Of(id, 3)
	if kind := seg.Of(id, 4); string(kind) == "EUI-64" || string(kind) == "EUI64" {
		if isEUI64(universal) {
			s.eui.set(universal)
		}
	} else if s.entity.n == 0 {
		s.entity.set(universal)
	}
	if e := s.entity.bytes(); s.eui.n == 0 && isUUID(e) {
		s.eui.set(e[:36])
	}
}

// isUUID reports whether a value begins with a UUID in its usual form.
func isUUID(b []byte) bool {
	if len(b) < 36 {
		return false
	}
	for i, c := range b[:36] {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f') {
			return false
		}
	}
	return true
}

func (s *pcdSystem) specify(spec specKind, seg hl7.Segment) {
	value := seg.Component(5, 1)
	into := [...]*text{
		specMaker: &s.maker, specModel: &s.model, specSerial: &s.serial,
		specFirmware: &s.firmware, specSoftware: &s.software, specHardware: &s.hardwareRev,
	}[spec]
	if into.n == 0 {
		into.set(value)
	}
}

// say attributes what was gathered: to a part of the sender, or to the sender when the device's
// identifier is the sender's own.
func (m *pcdMessage) say(out *decode.Out) {
	m.active = false
	gateway := false
	for i := range m.systems[:m.n] {
		s := &m.systems[i]
		key := s.serial.bytes()
		if len(key) == 0 {
			key = s.eui.bytes()
		}
		if len(key) == 0 {
			key = s.entity.bytes()
		}
		if len(key) == 0 {
			continue
		}
		subject := out.Sender
		if own := m.gateway.bytes(); len(own) == 0 || !bytes.Equal(own, s.eui.bytes()) {
			subject.Part = "hl7 " + string(key)
			gateway = true
		}
		s.say(subject, out)
		if m.n == 1 && m.place.n > 0 {
			out.SayOf(subject, &pcdPlace, string(m.place.bytes()))
		}
	}
	if gateway {
		out.SayString(&hl7Reports, "device gateway")
	}
}

func (s *pcdSystem) say(subject ward.Subject, out *decode.Out) {
	if s.kind != "" {
		out.SayOf(subject, &pcdType, s.kind)
	}
	for _, v := range [...]struct {
		field *ward.Field
		text  *text
	}{
		{&pcdEUI, &s.eui}, {&pcdEquipment, &s.entity}, {&pcdMaker, &s.maker}, {&pcdModel, &s.model}, {&pcdSerial, &s.serial},
		{&pcdFirmware, &s.firmware}, {&pcdSoftware, &s.software}, {&pcdHardware, &s.hardwareRev},
	} {
		if v.text.n > 0 {
			out.SayOf(subject, v.field, string(v.text.bytes()))
		}
	}
}

// sayParticipant reads a PRT segment that names equipment. It stands for a device that took part,
// not for who sent the message.
func sayParticipant(seg hl7.Segment, out *decode.Out) {
	id, di, serial := seg.First(10), seg.Component(16, 1), seg.Component(20, 1)
	entity := seg.Of(id, 1)
	var eui []byte
	if isEUI64(seg.Of(id, 3)) {
		eui = seg.Of(id, 3)
	}
	key := serial
	for _, k := range [...][]byte{eui, entity, di} {
		if len(key) == 0 {
			key = k
		}
	}
	if len(key) == 0 {
		return
	}
	subject := out.Sender
	subject.Part = "hl7 " + string(key[:min(len(key), 64)])
	say := func(f *ward.Field, v []byte) {
		if len(v) > 0 {
			out.SayOf(subject, f, string(v))
		}
	}
	say(&prtDevice, eui)
	if isUDI(entity) {
		say(&prtUDI, entity)
	}
	say(&prtDeviceUDI, di)
	say(&prtManufactured, seg.Component(17, 1))
	say(&prtLot, seg.Component(19, 1))
	say(&prtSerial, serial)
	kind := seg.Field(22)
	say(&prtType, seg.Of(kind, 2))
	if t := mdsType(seg.Of(kind, 2), seg.Of(kind, 1)); t != "" {
		say(&pcdType, []byte(t))
	}
}

// isUDI tells the human-readable forms of the issuing agencies: GS1 "(01)", HIBCC "+", ICCBBA "=".
func isUDI(b []byte) bool {
	s := string(b[:min(len(b), 4)])
	return len(b) >= 12 && (strings.HasPrefix(s, "(01)") || s[0] == '+' || s[0] == '=')
}

// isEUI64 reports whether a value is a 64-bit identifier in hexadecimal that is not all zero.
func isEUI64(b []byte) bool {
	digits, zeros := 0, 0
	for _, c := range b {
		switch {
		case c == '-' || c == ':':
			continue
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'f':
		default:
			return false
		}
		digits++
		if c == '0' {
			zeros++
		}
	}
	return digits == 16 && zeros < 12
}
