package dicom

// Maker is whom the root of an implementation class UID belongs to.
type Maker struct {
	Toolkit string // the software library: "OFFIS DCMTK"; empty when the root is an equipment maker's own
	Maker   string // the maker of equipment; empty for a library, which runs in anyone's product
}

// MakerOf looks up the longest known root of an implementation class UID.
func MakerOf(uid []byte) (Maker, bool) {
	for _, m := range makers {
		if len(uid) >= len(m.root) && string(uid[:len(m.root)]) == m.root &&
			(len(uid) == len(m.root) || uid[len(m.root)] == '.') {
			return m.Maker, true
		}
	}
	return Maker{}, false
}

// makers are roots of object identifiers as their owners' conformance statements and sources state
// them; a longer root stands before a shorter one that contains it.
var makers = [...]struct {
	root string
	Maker
}{
	{"1.2.276.0.7230010.3", Maker{Toolkit: "OFFIS DCMTK"}},
	{"1.2.826.0.1.3680043.2.1143", Maker{Toolkit: "GDCM"}},
	{"1.3.6.1.4.1.5962.2", Maker{Toolkit: "dicom3tools"}},
	{"1.3.6.1.4.1.5962.99.2", Maker{Toolkit: "PixelMed"}},
	{"1.2.40.0.13.1", Maker{Toolkit: "dcm4che"}},
	{"1.2.826.0.1.3680043.9.3811", Maker{Toolkit: "pynetdicom"}},
	{"1.2.826.0.1.3680043.8.498", Maker{Toolkit: "pydicom"}},
	{"1.3.6.1.4.1.30071.8", Maker{Toolkit: "fo-dicom"}},
	{"1.3.6.1.4.1.25403", Maker{Toolkit: "ClearCanvas"}},
	{"1.2.826.0.1.3680043.2.135.1066.101", Maker{Toolkit: "Conquest"}},
	{"1.2.840.113619", Maker{Maker: "GE Healthcare"}},
	{"1.3.12.2.1107.5", Maker{Maker: "Siemens Healthineers"}},
	{"1.3.46.670589", Maker{Maker: "Philips"}},
	{"1.2.840.113704", Maker{Maker: "Philips"}},
	{"1.2.392.200036.9116", Maker{Maker: "Canon Medical Systems"}},
	{"1.2.392.200036.9125", Maker{Maker: "Fujifilm"}},
	{"1.2.392.200036.9107", Maker{Maker: "Konica Minolta"}},
	{"1.2.840.113564", Maker{Maker: "Carestream"}},
	{"1.2.840.113681", Maker{Maker: "Hologic"}},
	{"1.2.246.352", Maker{Maker: "Varian"}},
	{"1.2.276.0.75", Maker{Maker: "Carl Zeiss Meditec"}},
	{"1.2.276.0.20", Maker{Maker: "Brainlab"}},
	{"1.2.752.24", Maker{Maker: "Sectra"}},
	{"1.3.51", Maker{Maker: "Agfa"}},
}
