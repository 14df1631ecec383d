package dicom

import "encoding/binary"

// Syntax is how a data set is encoded.
type Syntax uint8

// The encodings. Every compressed transfer syntax is explicit little endian outside its pixels.
const (
	ExplicitLE Syntax = iota
	ImplicitLE
	ExplicitBE
	Unreadable // deflated: the whole data set is compressed
)

// SyntaxOf tells the encoding of a transfer syntax UID.
func SyntaxOf(uid []byte) Syntax {
	switch string(uid) {
	case "1.2.840.10008.1.2", "1.2.840.113619.5.2":
		return ImplicitLE
	case "1.2.840.10008.1.2.2":
		return ExplicitBE
	case "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95":
		return Unreadable
	}
	return ExplicitLE
}

// Text is a short value without its padding. Longer values are cut.
type Text struct {
	n uint8
	b [64]byte
}

// Bytes are the text; valid until the next change.
func (t *Text) Bytes() []byte { return trim(t.b[:t.n]) }

// Equal compares two texts.
func (t *Text) Equal(u *Text) bool { return string(t.Bytes()) == string(u.Bytes()) }

func (t *Text) append(b []byte) { t.n += uint8(copy(t.b[t.n:], b)) } //nolint:gosec // at most 64

// Equipment is the General Equipment module, as the top level of a data set has it and as items of
// the Contributing Equipment Sequence do.
type Equipment struct {
	Manufacturer Text // (0008,0070)
	Model        Text // (0008,1090)
	Serial       Text // (0018,1000)
	Software     Text // (0018,1020)
	Station      Text // (0008,1010)
	Department   Text // (0008,1040)
	Calibrated   Text // (0018,1200), YYYYMMDD
	UDI          Text // (0018,100A) item (0018,1009)
}

// DataSet takes in a data set piece by piece and keeps of it the equipment, the modality, and
// whether patient elements had a value. Everything else is skipped by its length.
type DataSet struct {
	Equipment    Equipment
	Modality     Text // (0008,0060)
	Performed    Text // (0040,0241) Performed Station AE Title, when it is wanted
	Patient      bool // (0010,0010), (0010,0020) or (0010,0030) is not empty
	Contributed  int  // items of the Contributing Equipment Sequence
	Contributors [4]Equipment

	state   Syntax // of the stretch at hand
	whole   Syntax // of the data set
	done    bool
	last    uint32 // tag behind which nothing is wanted
	skip    uint64 // bytes of a value to pass over
	take    uint32 // bytes left of a value to keep
	into    *Text
	head    [12]byte // an element header in the making
	headLen int
	depth   int // open sequences and items of undefined length
	unDepth int // depth at which a UN value of undefined length began, 0: none
	special int // 0 none, else the sequence whose items are read: contributing equipment or UDI
	inner   int // depth inside that sequence
	left    uint64
}

const (
	contributing = 1
	udiSequence  = 2

	tagItem         = 0xfffee000
	tagItemEnd      = 0xfffee00d
	tagSequenceEnd  = 0xfffee0dd
	tagUDI          = 0x0018100a
	tagContributing = 0x0018a001
	tagPerformed    = 0x00400241
	undefined       = 0xffffffff
	maxNesting      = 32
)

// Reset makes the data set empty and ready for one in the given encoding.
func (d *DataSet) Reset(s Syntax) {
	*d = DataSet{whole: s, state: s, done: s == Unreadable, last: tagContributing}
}

// WantPerformed makes it read on to the performing station, as a performed procedure step has it.
func (d *DataSet) WantPerformed() { d.last = tagPerformed }

// Done reports that nothing more of interest can follow: the rest need not be given.
func (d *DataSet) Done() bool { return d.done }

// Feed takes the next bytes.
func (d *DataSet) Feed(b []byte) {
	for len(b) > 0 && !d.done {
		switch {
		case d.skip > 0:
			n := min(d.skip, uint64(len(b)))
			d.skip -= n
			d.count(n)
			b = b[n:]
		case d.take > 0:
			n := min(int(d.take), len(b))
			d.into.append(b[:n])
			d.take -= uint32(n) //nolint:gosec // at most take
			d.count(uint64(n))
			b = b[n:]
		default:
			if d.headLen == 0 && d.special != 0 && d.inner == 0 && d.left == 0 {
				d.special = 0
			}
			n := copy(d.head[d.headLen:d.want()], b)
			d.headLen += n
			d.count(uint64(n))
			b = b[n:]
			if d.headLen == d.want() {
				d.element()
			}
		}
	}
}

// count follows where a special sequence of known length ends.
func (d *DataSet) count(n uint64) {
	d.left -= min(n, d.left)
}

func (d *DataSet) tag() uint32 {
	h := d.head[:]
	if d.state == ExplicitBE {
		return uint32(binary.BigEndian.Uint16(h))<<16 | uint32(binary.BigEndian.Uint16(h[2:]))
	}
	return uint32(binary.LittleEndian.Uint16(h))<<16 | uint32(binary.LittleEndian.Uint16(h[2:]))
}

// want is the size of the header that is being gathered: twelve bytes for explicit VRs with a
// length of four bytes, else eight.
func (d *DataSet) want() int {
	if d.headLen < 8 || d.state == ImplicitLE || d.head[1] == 0xff && d.head[0] == 0xfe ||
		d.head[0] == 0xff && d.head[1] == 0xfe {
		return 8
	}
	switch string(d.head[4:6]) {
	case "OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UN", "UR", "UT", "SV", "UV":
		return 12
	}
	return 8
}

// element acts on a whole header.
func (d *DataSet) element() {
	tag, size := d.tag(), d.size()
	explicit := d.state != ImplicitLE && tag>>16 != 0xfffe
	un := explicit && d.head[4] == 'U' && d.head[5] == 'N'
	if explicit && (d.head[4] < 'A' || d.head[4] > 'Z' || d.head[5] < 'A' || d.head[5] > 'Z') {
		d.done = true // not a VR: we have lost the thread
		return
	}
	d.headLen = 0
	switch tag {
	case tagItem:
		d.item(size)
		return
	case tagItemEnd, tagSequenceEnd:
		d.close()
		return
	}
	if d.depth == 0 && d.special == 0 && tag > d.last {
		d.done = true
		return
	}
	if d.special == 0 && d.depth == 0 && (tag == tagContributing || tag == tagUDI) {
		d.special, d.inner = contributing, 0
		if tag == tagUDI {
			d.special = udiSequence
		}
		if size == undefined {
			d.open()
			d.inner = d.depth
		} else if d.left = uint64(size); size == 0 {
			d.special = 0
		}
		return
	}
	if size == undefined {
		d.open()
		if un && d.unDepth == 0 { // PS3.5 6.2.2: such a value is a sequence in implicit little endian
			d.unDepth, d.state = d.depth, ImplicitLE
		}
		return
	}
	d.value(tag, size)
}

func (d *DataSet) size() uint32 {
	h := d.head[:]
	switch {
	case d.state == ImplicitLE:
		return binary.LittleEndian.Uint32(h[4:])
	case h[0] == 0xfe && h[1] == 0xff:
		return binary.LittleEndian.Uint32(h[4:])
	case h[0] == 0xff && h[1] == 0xfe:
		return binary.BigEndian.Uint32(h[4:])
	case d.headLen == 12 && d.state == ExplicitBE:
		return binary.BigEndian.Uint32(h[8:])
	case d.headLen == 12:
		return binary.LittleEndian.Uint32(h[8:])
	case d.state == ExplicitBE:
		return uint32(binary.BigEndian.Uint16(h[6:]))
	}
	return uint32(binary.LittleEndian.Uint16(h[6:]))
}

// item enters an item of a sequence: its content is read in a special sequence, walked when its
// end is not known, and skipped otherwise.
func (d *DataSet) item(size uint32) {
	direct := d.special != 0 && d.depth <= d.inner
	if direct && d.special == contributing {
		d.Contributed++
	}
	switch {
	case size == undefined:
		d.open()
	case direct: // its elements follow
	default:
		d.skip = uint64(size)
	}
}

func (d *DataSet) open() {
	if d.depth++; d.depth > maxNesting {
		d.done = true
	}
}

func (d *DataSet) close() {
	if d.depth == 0 {
		return // ends a sequence of known length, though it need not
	}
	if d.unDepth == d.depth {
		d.unDepth, d.state = 0, d.whole
	}
	if d.depth--; d.special != 0 && d.inner > 0 && d.depth < d.inner {
		d.special, d.inner = 0, 0
	}
}

// value decides what to do with an element of known length.
func (d *DataSet) value(tag, size uint32) {
	d.skip = uint64(size)
	var into *Text
	switch {
	case d.special == 0 && d.depth == 0:
		if tag == 0x00100010 || tag == 0x00100020 || tag == 0x00100030 {
			d.Patient = d.Patient || size > 0
		}
		switch tag {
		case 0x00080060:
			into = &d.Modality
		case tagPerformed:
			into = &d.Performed
		default:
			into = d.Equipment.field(tag)
		}
	case d.special != 0 && d.depth <= d.inner+1: // inside an item
		if d.special == udiSequence {
			if tag == 0x00181009 {
				into = &d.Equipment.UDI
			}
		} else if n := d.Contributed; n > 0 && n <= len(d.Contributors) {
			into = d.Contributors[n-1].field(tag)
		}
	}
	if into == nil || into.n > 0 || size == 0 {
		return
	}
	d.take = min(size, uint32(len(into.b)))
	d.skip -= uint64(d.take)
	d.into = into
}

func (e *Equipment) field(tag uint32) *Text {
	switch tag {
	case 0x00080070:
		return &e.Manufacturer
	case 0x00081010:
		return &e.Station
	case 0x00081040:
		return &e.Department
	case 0x00081090:
		return &e.Model
	case 0x00181000:
		return &e.Serial
	case 0x00181020:
		return &e.Software
	case 0x00181200:
		return &e.Calibrated
	}
	return nil
}
