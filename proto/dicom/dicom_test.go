package dicom

import (
	"bytes"
	"testing"
)

const (
	implicit = "1.2.840.10008.1.2"
	explicit = "1.2.840.10008.1.2.1"
	ctUID    = "1.2.840.10008.5.1.4.1.1.2"
)

func request() []byte {
	offers := []Offer{{ID: 1, Abstract: "1.2.840.10008.1.1", Transfer: []string{implicit}}}
	for i, u := range []string{
		ctUID, "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.88.67",
		"1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.1.20.1", "1.2.840.10008.3.1.2.3.3", "1.2.840.10008.5.1.4.31",
	} {
		offers = append(offers, Offer{ID: byte(2*i + 3), Abstract: u, Transfer: []string{explicit, implicit, "1.2.840.10008.1.2.2"}})
	}
	return AppendAssociate(nil, AssociateRQ, "PACS", "CT2", offers, "1.2.276.0.7230010.3.0.3.6.7", "OFFIS_DCMTK_367")
}

func TestDecodeRequest(t *testing.T) {
	var a Associate
	if err := a.Decode(request()); err != nil {
		t.Fatal(err)
	}
	if string(a.Called) != "PACS" || string(a.Calling) != "CT2" || string(a.Version) != "OFFIS_DCMTK_367" || a.MaxPDU != 16384 {
		t.Errorf("got %q %q %q %d", a.Called, a.Calling, a.Version, a.MaxPDU)
	}
	c := a.Contexts()
	if len(c) != 9 || string(c[1].Abstract) != ctUID || string(c[1].Transfer) != explicit || c[1].ID != 3 {
		t.Errorf("contexts %+v", c)
	}
	if m, ok := MakerOf(a.Class); !ok || m.Toolkit != "OFFIS DCMTK" {
		t.Errorf("maker %+v %v", m, ok)
	}
}

func TestRecogniseNeedsEveryPart(t *testing.T) {
	good := request()
	for n := range good[:90] {
		if got := Recognise(good[:n]); got == NotDICOM {
			t.Fatalf("%d bytes: %v", n, got)
		}
	}
	if Recognise(good) != IsDICOM {
		t.Fatal("a good request is not recognised")
	}
	for name, at := range map[string]int{"type": 0, "length": 2, "title": 30, "item": 74, "application": 80} {
		bad := bytes.Clone(good)
		bad[at] ^= 0x80
		if Recognise(bad) != NotDICOM {
			t.Errorf("wrong %s accepted", name)
		}
	}
	reserved := bytes.Clone(good)
	reserved[1], reserved[50] = 1, 7
	if Recognise(reserved) != IsDICOM {
		t.Error("reserved bytes must not be tested")
	}
}

func TestUserIdentityTellsLengthsOnly(t *testing.T) {
	b := request()
	item := append([]byte{0x58, 0, 0, 15, 2, 0, 0, 4}, "drno"...)
	item = append(item, 0, 5)
	item = append(item, "s3cr3"...)
	at := bytes.LastIndex(b, []byte{0x50, 0}) // user information is last: grow it and the PDU
	b = append(b, item...)
	b[at+3] += byte(len(item))
	b[5] += byte(len(item))
	var a Associate
	if err := a.Decode(b); err != nil || a.Identity != (Identity{2, 4, 5}) {
		t.Fatalf("got %+v, %v", a.Identity, err)
	}
}

func dataSet() []byte {
	d := AppendElement(nil, 0x00080060, "CT")
	d = AppendElement(d, 0x00080070, "Acme")
	d = AppendElement(d, 0x00081010, "CT2")
	d = AppendElement(d, 0x00081090, "Scan 9")
	d = AppendElement(d, 0x00100010, "CANARY^PATIENT")
	d = AppendElement(d, 0x00181000, "SN123")
	d = AppendElement(d, 0x00181020, "V1.2")
	d = AppendElement(d, 0x00181200, "20260102")
	return append(appendHead(d, 0x7fe0, 0x0010, 1<<20), make([]byte, 1<<20)...)
}

// run plays a stream in pieces and returns the last command and the data set.
func run(t *testing.T, b []byte, chunk int) (Command, *DataSet) {
	t.Helper()
	var s Stream
	var d DataSet
	var last Command
	d.Reset(ImplicitLE)
	var pending []byte
	for len(b) > 0 {
		n := min(chunk, len(b))
		pending = append(pending, b[:n]...)
		b = b[n:]
		for {
			used, ev := s.Next(pending)
			pending = pending[used:]
			switch ev {
			case Broken:
				t.Fatal("broken")
			case Commanded:
				last = s.Command
			case Piece:
				d.Feed(s.Piece)
			}
			if ev == NeedMore {
				break
			}
		}
	}
	return last, &d
}

func TestStreamInAnyPieces(t *testing.T) {
	b := request()
	b = AppendCommand(b, 3, Command{Field: CStore, MessageID: 1, Class: []byte(ctUID), Instance: []byte("1.2.3"), DataSet: true})
	b = AppendData(b, 3, false, dataSet())
	b = AppendControl(b, ReleaseRQ)
	for _, chunk := range []int{1, 7, 1460, 1 << 21} {
		c, d := run(t, b, chunk)
		e := &d.Equipment
		if c.Field != CStore || string(c.Class) != ctUID || !c.DataSet || c.MessageID != 1 {
			t.Errorf("chunk %d: command %+v", chunk, c)
		}
		if string(e.Serial.Bytes()) != "SN123" || string(e.Model.Bytes()) != "Scan 9" || string(d.Modality.Bytes()) != "CT" ||
			string(e.Calibrated.Bytes()) != "20260102" || !d.Patient || !d.Done() {
			t.Errorf("chunk %d: equipment %q %q", chunk, e.Serial.Bytes(), e.Model.Bytes())
		}
		if bytes.Contains(s2b(d), []byte("CANARY")) {
			t.Errorf("chunk %d: a patient's name stayed in the data set", chunk)
		}
	}
}

func s2b(d *DataSet) []byte {
	var all []byte
	for _, t := range []*Text{
		&d.Modality, &d.Equipment.Manufacturer, &d.Equipment.Model, &d.Equipment.Serial, &d.Equipment.Software,
		&d.Equipment.Station, &d.Equipment.Department, &d.Equipment.Calibrated, &d.Equipment.UDI,
	} {
		all = append(all, t.b[:]...)
	}
	return append(all, d.head[:]...)
}

// nested is a Contributing Equipment Sequence with one item, both of the given lengths.
func nested(known bool) []byte {
	item := AppendElement(nil, 0x00080070, "RouterWorks")
	item = AppendElement(item, 0x00181000, "R77")
	item = append(appendHead(item, 0x0040, 0xa170, 0), nil...)
	var seq []byte
	if known {
		seq = append(appendHead(nil, 0xfffe, 0xe000, len(item)), item...)
		return append(appendHead(nil, 0x0018, 0xa001, len(seq)), seq...)
	}
	seq = appendHead(nil, 0x0018, 0xa001, 0xffffffff)
	seq = append(appendHead(seq, 0xfffe, 0xe000, 0xffffffff), item...)
	seq = appendHead(seq, 0xfffe, 0xe00d, 0)
	return appendHead(seq, 0xfffe, 0xe0dd, 0)
}

func TestContributingEquipment(t *testing.T) {
	for _, known := range []bool{true, false} {
		var d DataSet
		d.Reset(ImplicitLE)
		b := AppendElement(nil, 0x00080070, "Acme")
		b = AppendElement(b, 0x00181000, "SN123")
		b = append(b, nested(known)...)
		b = AppendElement(b, 0x00200011, "1")
		d.Feed(b)
		c := &d.Contributors[0]
		if d.Contributed != 1 || string(c.Serial.Bytes()) != "R77" || string(c.Manufacturer.Bytes()) != "RouterWorks" ||
			string(d.Equipment.Serial.Bytes()) != "SN123" {
			t.Errorf("known=%v: %d contributors, serial %q, own %q", known, d.Contributed, c.Serial.Bytes(), d.Equipment.Serial.Bytes())
		}
	}
}

func TestSequencesDoNotLeak(t *testing.T) {
	for _, known := range []bool{true, false} {
		inner := AppendElement(nil, 0x00181000, "NOT MINE")
		var seq []byte
		if known {
			seq = append(appendHead(nil, 0xfffe, 0xe000, len(inner)), inner...)
			seq = append(appendHead(nil, 0x0008, 0x1140, len(seq)), seq...)
		} else {
			seq = appendHead(appendHead(nil, 0x0008, 0x1140, 0xffffffff), 0xfffe, 0xe000, 0xffffffff)
			seq = appendHead(appendHead(append(seq, inner...), 0xfffe, 0xe00d, 0), 0xfffe, 0xe0dd, 0)
		}
		var d DataSet
		d.Reset(ImplicitLE)
		d.Feed(AppendElement(seq, 0x00181000, "MINE"))
		if got := string(d.Equipment.Serial.Bytes()); got != "MINE" {
			t.Errorf("known=%v: serial %q", known, got)
		}
	}
}

func FuzzStream(f *testing.F) {
	b := request()
	f.Add(b, uint8(0))
	b = AppendCommand(b, 3, Command{Field: CStore, MessageID: 1, Class: []byte(ctUID), DataSet: true})
	f.Add(AppendData(b, 3, false, dataSet()[:200]), uint8(1))
	f.Add(AppendData(b, 3, false, nested(false)), uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, syntax uint8) {
		Recognise(b)
		var a Associate
		_ = a.Decode(b)
		var s Stream
		var d DataSet
		d.Reset(Syntax(syntax % 4))
		for steps := 0; ; steps++ {
			n, ev := s.Next(b)
			b = b[n:]
			if ev == Piece {
				d.Feed(s.Piece)
			}
			if ev == NeedMore || ev == Broken {
				break
			}
			if steps > 4*len(b)+1000000 {
				t.Fatal("does not end")
			}
		}
	})
}

func FuzzDataSet(f *testing.F) {
	f.Add(dataSet()[:200], uint8(1))
	f.Add(nested(true), uint8(1))
	f.Add(nested(false), uint8(1))
	f.Fuzz(func(_ *testing.T, b []byte, syntax uint8) {
		var d DataSet
		d.Reset(Syntax(syntax % 4))
		d.Feed(b)
	})
}

// BenchmarkAssociation decodes the request of a CT with nine contexts.
func BenchmarkAssociation(b *testing.B) {
	p := request()
	var a Associate
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if Recognise(p) != IsDICOM || a.Decode(p) != nil {
			b.Fatal("not decoded")
		}
	}
}

// BenchmarkStore takes in a C-STORE of one megabyte in TCP segments.
func BenchmarkStore(b *testing.B) {
	p := AppendCommand(nil, 3, Command{Field: CStore, MessageID: 1, Class: []byte(ctUID), DataSet: true})
	p = AppendData(p, 3, false, dataSet())
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	var s Stream
	var d DataSet
	for b.Loop() {
		s = Stream{}
		d.Reset(ImplicitLE)
		for rest := p; len(rest) > 0; {
			n, ev := s.Next(rest[:min(len(rest), 1460)])
			if ev == Piece {
				d.Feed(s.Piece)
			}
			rest = rest[n:]
		}
	}
}
