package clinical

import (
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/decode/decodetest"
	"github.com/wardkeeper/wardkeeper/proto/dicom"
	"github.com/wardkeeper/wardkeeper/ward"
)

const (
	implicit = "1.2.840.10008.1.2"
	ctClass  = "1.2.840.10008.5.1.4.1.1.2"
)

// association plays client and server: the client offers classes, the server accepts them all.
func association(calling, called, implementation, version string, classes ...string) []decodetest.Turn {
	var offers, answers []dicom.Offer
	for i, c := range classes {
		id := byte(2*i + 1)
		offers = append(offers, dicom.Offer{ID: id, Abstract: c, Transfer: []string{implicit}})
		answers = append(answers, dicom.Offer{ID: id, Transfer: []string{implicit}})
	}
	return []decodetest.Turn{
		{Dir: decode.Client, Data: dicom.AppendAssociate(nil, dicom.AssociateRQ, called, calling, offers, implementation, version)},
		{Dir: decode.Server, Data: dicom.AppendAssociate(nil, dicom.AssociateAC, called, calling, answers, "1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367")},
	}
}

type element struct {
	tag   uint32
	value string
}

func scan(maker, model, serial, station string) []element {
	return []element{
		{0x00080060, "CT"}, {0x00080070, maker}, {0x00081010, station}, {0x00081040, "Radiology"}, {0x00081090, model},
		{0x00100010, "CANARY^NAME"}, {0x00100020, "CANARY1"}, {0x00181000, serial}, {0x00181020, "7.1\\x"}, {0x00181200, "20260102"},
		{0x00200011, "1"},
	}
}

func store(originator string, elements []element) decodetest.Turn {
	var set []byte
	for _, e := range elements {
		set = dicom.AppendElement(set, e.tag, e.value)
	}
	b := dicom.AppendCommand(nil, 1, dicom.Command{
		Field: dicom.CStore, MessageID: 1, Class: []byte(ctClass), Instance: []byte("1.2.3"),
		Originator: []byte(originator), DataSet: true,
	})
	return decodetest.Turn{Dir: decode.Client, Data: dicom.AppendData(b, 1, false, set)}
}

func play(t *testing.T, turns ...decodetest.Turn) string {
	t.Helper()
	d := dicomDecoder()
	whole := decodetest.Stream(&d, 104, 0, turns...)
	for _, chunk := range []int{1, 100} {
		if got := decodetest.Stream(&d, 104, chunk, turns...); strings.Join(got.Lines, "\n") != strings.Join(whole.Lines, "\n") {
			t.Errorf("pieces of %d bytes read differently:\n%s", chunk, strings.Join(got.Lines, "\n"))
		}
	}
	all := strings.Join(whole.Lines, "\n")
	if !whole.OK {
		t.Error("not recognised")
	}
	if strings.Contains(all, "CANARY") {
		t.Error("patient data came out")
	}
	return all
}

func has(t *testing.T, all string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(all+"\n", w+"\n") {
			t.Errorf("missing %q in:\n%s", w, all)
		}
	}
}

func hasNot(t *testing.T, all string, not ...string) {
	t.Helper()
	for _, w := range not {
		if strings.Contains(all, w) {
			t.Errorf("%q must not be said:\n%s", w, all)
		}
	}
}

func TestModalityNamedByItsStation(t *testing.T) {
	turns := association("CT01_STORE", "ARCHIVE", "1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367", ctClass, "1.2.840.10008.1.20.1")
	got := play(t, append(turns, store("", scan("Acme", "Scan 9", "SN1", "CT01")))...)
	has(t, got,
		"client: dicom calling AE title = CT01_STORE", "server: dicom called AE title = ARCHIVE",
		"client: dicom implementation class UID root = OFFIS DCMTK 3.6.7",
		"client: dicom (0008,0070) = Acme", "client: dicom (0008,1090) = Scan 9", "client: dicom (0018,1000) = SN1",
		"client: dicom (0018,1020) = 7.1", "client: dicom (0018,1200) = 2026-01-02", "client: dicom (0008,0060) = imaging modality",
		"client: dicom (0008,1040) = Radiology", "client: dicom role = dicom storage user",
		"server: dicom role = dicom storage provider", "server: dicom accepted service = pacs",
		"client: finding phi in clear (dicom group 0010 = C-STORE CT Image Storage: patient elements present)",
		"interface dicom client -> server what=[C-STORE CT Image Storage] names=[called ARCHIVE calling CT01_STORE] patient=true secured=false",
	)
}

func TestSoftwareOfTheMakerItself(t *testing.T) {
	turns := association("AE7", "ARCHIVE", "1.3.12.2.1107.5.9.20020101", "SIEMENS_SYNGO", ctClass)
	got := play(t, append(turns, store("", scan("SIEMENS", "SOMATOM", "SN1", "HOST77")))...)
	has(t, got, "client: dicom sender's (0018,1000) = SN1", "client: dicom implementation class UID owner = Siemens Healthineers")
	// The same software offering several kinds of image may be an archive of that maker.
	turns = association("AE7", "ARCHIVE", "1.3.12.2.1107.5.9.20020101", "SIEMENS_SYNGO", ctClass, "1.2.840.10008.5.1.4.1.1.4")
	got = play(t, append(turns, store("", scan("SIEMENS", "SOMATOM", "SN1", "HOST77")))...)
	has(t, got, "192.0.2.1 (dicom SN1): dicom (0018,1000) = SN1")
	hasNot(t, got, "client: dicom (0018,1000)", "client: dicom sender's")
}

func TestRouterIsNotTheScanner(t *testing.T) {
	turns := association("ROUTER", "ARCHIVE", "1.2.40.0.13.1.3", "dcm4che-5.29", ctClass)
	got := play(t, append(turns, store("", scan("Acme", "Scan 9", "SN1", "CT01")), store("", scan("Beta", "B2", "SN2", "CT02")))...)
	has(t, got, "192.0.2.1 (dicom SN1): dicom (0008,1090) = Scan 9", "192.0.2.1 (dicom SN2): dicom (0008,1090) = B2",
		"client: dicom images of several devices = dicom gateway")
	hasNot(t, got, "client: dicom (0008", "client: dicom (0018,1000)", "client: dicom accepted")

	// An archive that answers a C-MOVE names who asked; its station name happens to match.
	turns = association("CT01", "WORKSTATION", "1.2.40.0.13.1.3", "dcm4che-5.29", ctClass)
	got = play(t, append(turns, store("WORKSTATION", scan("Acme", "Scan 9", "SN1", "CT01")))...)
	has(t, got, "client: dicom (0000,1030) = pacs", "192.0.2.1 (dicom SN1): dicom (0018,1000) = SN1")
	hasNot(t, got, "client: dicom (0018,1000)")
}

func TestPerformedProcedureStep(t *testing.T) {
	const mpps = "1.2.840.10008.3.1.2.3.3"
	step := func(performer string) decodetest.Turn {
		set := dicom.AppendElement(nil, 0x00080060, "US")
		set = dicom.AppendElement(set, 0x00100010, "CANARY^NAME")
		set = dicom.AppendElement(set, 0x00400241, performer)
		b := dicom.AppendCommand(nil, 1, dicom.Command{Field: dicom.NCreate, MessageID: 1, Class: []byte(mpps), Instance: []byte("1.2.3"), DataSet: true})
		return decodetest.Turn{Dir: decode.Client, Data: dicom.AppendData(b, 1, false, set)}
	}
	turns := association("US3", "RIS", "1.2.3", "", mpps)
	got := play(t, append(turns, step("US3"))...)
	has(t, got, "client: dicom performed procedure step = ultrasound", "client: dicom role = dicom performed procedure step user")
	hasNot(t, play(t, append(turns, step("US4"))...), "= ultrasound") // a broker passes it on
}

func TestRejectedContextsProveNothing(t *testing.T) {
	turns := association("A", "B", "1.2.3", "", "1.2.840.10008.5.1.4.1.2.2.1")
	at := strings.LastIndex(string(turns[1].Data), "\x21\x00")
	turns[1].Data[at+6] = dicom.NoAbstract
	got := play(t, turns...)
	hasNot(t, got, "called AE title =", "pacs", "provider")
}

func TestPasscodeIsCountedNotTold(t *testing.T) {
	turns := association("A", "B", "1.2.3", "", ctClass)
	b := turns[0].Data
	at := strings.LastIndex(string(b), "\x50\x00")
	item := "\x58\x00\x00\x0f\x02\x00\x00\x04drno\x00\x05CANARY"[:19]
	b[at+3] += byte(len(item))
	b[5] += byte(len(item))
	turns[0].Data = append(b, item...)
	has(t, play(t, turns...), "client: finding clear-text password (dicom user identity = passcode present, 5 characters)")
}

func TestTypesAreInTheVocabulary(t *testing.T) {
	for _, m := range []string{"CT", "US", "ECG"} {
		if ward.CategoryOf(typeOfModality([]byte(m))) != ward.Medical {
			t.Errorf("modality %s: %q", m, typeOfModality([]byte(m)))
		}
	}
}

// BenchmarkAssociation takes in request and acceptance of nine contexts through the session,
// notebook included: what a packet of an association costs the engine.
func BenchmarkAssociation(b *testing.B) {
	turns := association("CT2", "PACS", "1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367", "1.2.840.10008.1.1", ctClass,
		"1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.11.1",
		"1.2.840.10008.1.20.1", "1.2.840.10008.3.1.2.3.3", "1.2.840.10008.5.1.4.31")
	client := ward.Subject{IP: decodetest.ClientIP}
	server := ward.Subject{IP: decodetest.ServerIP}
	out := &decode.Out{Notes: decode.NewNotebook(nil), Client: client, Server: server}
	d := dicomDecoder()
	b.ReportAllocs()
	for b.Loop() {
		s := d.Open()
		out.Sender, out.Peer = client, server
		s.Read(decode.Client, turns[0].Data, out)
		out.Sender, out.Peer = server, client
		s.Read(decode.Server, turns[1].Data, out)
	}
}

func FuzzDICOM(f *testing.F) {
	turns := append(association("CT01", "ARCHIVE", "1.2.3", "V", ctClass), store("", scan("Acme", "Scan 9", "SN1", "CT01")))
	f.Add(turns[0].Data, turns[1].Data)
	f.Add(append(append([]byte{}, turns[0].Data...), turns[2].Data...), turns[1].Data)
	d := dicomDecoder()
	f.Fuzz(func(_ *testing.T, a, b []byte) {
		decodetest.Stream(&d, 104, 0, decodetest.Turn{Data: a}, decodetest.Turn{Dir: decode.Server, Data: b}, decodetest.Turn{Data: a})
	})
}
