package sim

import (
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/proto/dicom"
)

// imagingParts are modalities, the archive and those who read from it.
func imagingParts() []part {
	return []part{
		{"ct", modality}, {"mr", modality}, {"x-ray", modality}, {"ultrasound", modality}, {"pacs", archive},
		{"imaging workstation", readingRoom},
	}
}

// SOP classes and transfer syntaxes (PS3.4, PS3.5).
const (
	verification = "1.2.840.10008.1.1"
	worklist     = "1.2.840.10008.5.1.4.31"
	studyFind    = "1.2.840.10008.5.1.4.1.2.2.1"
	studyMove    = "1.2.840.10008.5.1.4.1.2.2.2"
	keyObjects   = "1.2.840.10008.5.1.4.1.1.88.59"
	implicit     = "1.2.840.10008.1.2"
	dicomPort    = 104
	// The implementation class UIDs of invented software are made of a UUID (PS3.5 B.2).
	invented = "2.25.329800735698586629295641978511506172918"
)

// family is what a modality makes.
type family struct{ class, modality string }

func familyOf(kind string) family {
	switch kind {
	case "ct":
		return family{"1.2.840.10008.5.1.4.1.1.2", "CT"}
	case "mr":
		return family{"1.2.840.10008.5.1.4.1.1.4", "MR"}
	case "x-ray":
		return family{"1.2.840.10008.5.1.4.1.1.1.1", "DX"}
	}
	return family{"1.2.840.10008.5.1.4.1.1.6.1", "US"}
}

// association is a DICOM association being played. Context n of the offers has the identifier 2n+1.
type association struct {
	*Conn
	number uint16
}

// associate opens an association; the server accepts all that is offered.
func (s *stage) associate(from, to *Device, called, calling string, classes ...string) *association {
	offers := make([]dicom.Offer, len(classes))
	for i, c := range classes {
		offers[i] = dicom.Offer{ID: byte(2*i + 1), Abstract: c, Transfer: []string{implicit}}
	}
	a := &association{Conn: s.dial(from.Port, to.Port, dicomPort)}
	a.Send(dicom.AppendAssociate(nil, dicom.AssociateRQ, called, calling, offers, invented+".1", "SYNTH_1"))
	a.Answer(dicom.AppendAssociate(nil, dicom.AssociateAC, called, calling, offers, invented+".2", "SYNTH_2"))
	return a
}

// do plays a request with its data set, if there is one, and a response without one.
func (a *association) do(context byte, c dicom.Command, data []byte) {
	a.number++
	c.MessageID, c.DataSet = a.number, data != nil
	b := dicom.AppendCommand(nil, context, c)
	if data != nil {
		b = dicom.AppendData(b, context, false, data)
	}
	a.Send(b)
	a.Answer(dicom.AppendCommand(nil, context, dicom.Command{
		Field: c.Field | dicom.ResponseBit, MessageID: c.MessageID, Class: c.Class, Instance: c.Instance,
	}))
}

func (a *association) release() {
	a.Send(dicom.AppendControl(nil, dicom.ReleaseRQ)).Answer(dicom.AppendControl(nil, dicom.ReleaseRP)).Close()
}

// modality makes images: it asks the worklist what to do and stores the result in the archive, in
// clear. Only the CTs have patients in these minutes; the others send images of phantoms.
func modality(s *stage, d *Device) {
	pacs, record := s.one("pacs"), s.one("health record")
	s.arrive(d)
	s.every(300*time.Millisecond, often, func() { s.store(d, pacs) })
	s.every(3*time.Second, seldom, func() {
		a := s.associate(d, record, "RIS", d.Host, worklist)
		query := dicom.AppendElement(nil, 0x00100010, "")
		query = dicom.AppendElement(dicom.AppendElement(query, 0x00100020, ""), 0x0020000d, "")
		a.do(1, dicom.Command{Field: dicom.CFind, Class: []byte(worklist)}, query)
		a.release()
	})
}

func (s *stage) store(d, pacs *Device) {
	f := familyOf(d.Kind)
	a := s.associate(d, pacs, pacs.Host, d.Host, verification, f.class)
	a.do(1, dicom.Command{Field: dicom.CEcho, Class: []byte(verification)}, nil)
	for range 2 {
		uid := fmt.Sprintf("%s.%d.%d", invented, s.now.Unix(), s.random.IntN(100000))
		a.do(3, dicom.Command{Field: dicom.CStore, Class: []byte(f.class), Instance: []byte(uid)}, s.image(d, f, uid))
	}
	a.release()
}

// image is a small image as the modality makes it, with the general equipment module (PS3.3 C.7.5.1).
func (s *stage) image(d *Device, f family, uid string) []byte {
	name, id := "", ""
	if d.Kind == "ct" {
		p := patients[s.random.IntN(len(patients))]
		name, id = p.name, p.id
	}
	const side = 16
	pixels := string(s.noise(2 * side * side))
	var b []byte
	for _, e := range [...]struct {
		tag   uint32
		value string
	}{
		{0x00080016, f.class}, {0x00080018, uid}, {0x00080020, s.now.UTC().Format("20060102")}, {0x00080030, s.now.UTC().Format("150405")},
		{0x00080060, f.modality}, {0x00080070, d.Maker}, {0x00080080, "SYNTHETIC HOSPITAL"}, {0x00081010, d.Host}, {0x00081040, "IMAGING"}, {0x00081090, d.Model},
		{0x00100010, name}, {0x00100020, id},
		{0x00181000, d.Serial}, {0x00181020, d.Firmware}, {0x00181200, "20260901"},
		{0x0020000d, uid + ".1"}, {0x0020000e, uid + ".2"}, {0x00200011, "1"}, {0x00200013, "1"},
		{0x00280002, "\x01\x00"}, {0x00280004, "MONOCHROME2"}, {0x00280010, "\x10\x00"}, {0x00280011, "\x10\x00"}, {0x00280100, "\x10\x00"},
		{0x00280101, "\x10\x00"}, {0x00280102, "\x0f\x00"}, {0x00280103, "\x00\x00"},
		{0x7fe00010, pixels},
	} {
		b = dicom.AppendElement(b, e.tag, e.value)
	}
	return b
}

// archive is the PACS. What it hands out it signs as a contributing device (PS3.3 C.12.1.1.5).
func archive(s *stage, d *Device) {
	s.arrive(d)
	s.shareVersion(d)
}

func (s *stage) retrieve(d, pacs *Device) {
	a := s.associate(d, pacs, pacs.Host, d.Host, studyFind, studyMove)
	query := dicom.AppendElement(dicom.AppendElement(nil, 0x00080052, "STUDY"), 0x0020000d, invented+".9")
	a.do(1, dicom.Command{Field: dicom.CFind, Class: []byte(studyFind)}, query)
	a.do(3, dicom.Command{Field: dicom.CMove, Class: []byte(studyMove), Destination: []byte(d.Host)}, query)
	a.release()
	uid := fmt.Sprintf("%s.7.%d", invented, s.random.IntN(100000))
	var item []byte
	for _, e := range [...]struct {
		tag   uint32
		value string
	}{{0x00080070, pacs.Maker}, {0x00081010, pacs.Host}, {0x00081090, pacs.Model}, {0x00181000, pacs.Serial}, {0x00181020, pacs.Firmware}} {
		item = dicom.AppendElement(item, e.tag, e.value)
	}
	n := len(item)
	item = append([]byte{0xfe, 0xff, 0x00, 0xe0, byte(n), byte(n >> 8), 0, 0}, item...)
	var b []byte
	b = dicom.AppendElement(b, 0x00080016, keyObjects)
	b = dicom.AppendElement(b, 0x00080018, uid)
	b = dicom.AppendElement(b, 0x00080060, "KO")
	b = dicom.AppendElement(b, 0x0018a001, string(item))
	b = dicom.AppendElement(b, 0x0020000d, uid+".1")
	b = dicom.AppendElement(b, 0x0020000e, uid+".2")
	back := s.associate(pacs, d, d.Host, pacs.Host, keyObjects)
	back.do(1, dicom.Command{Field: dicom.CStore, Class: []byte(keyObjects), Instance: []byte(uid), Originator: []byte(d.Host)}, b)
	back.release()
}

// readingRoom is a workstation on which radiologists read.
func readingRoom(s *stage, d *Device) {
	s.windows(d)
	s.every(2*time.Second, seldom, func() { s.retrieve(d, s.one("pacs")) })
}
