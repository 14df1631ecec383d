// Package dicom reads and writes what DICOM sends over TCP: the upper layer's associations (PS3.8),
// DIMSE command sets (PS3.7) and, of data sets (PS3.5), the General Equipment module (PS3.3 C.7.5.1).
//
// Decoding copies nothing and allocates nothing: an Associate points into the bytes it was read
// from, and a DataSet keeps a few short values in fixed arrays. Patient data and pixels are
// skipped by their length; of group 0010 only the fact that a value was there is kept.
package dicom

// Types of protocol data units (PS3.8 section 9.3).
const (
	AssociateRQ byte = 1
	AssociateAC byte = 2
	AssociateRJ byte = 3
	PData       byte = 4
	ReleaseRQ   byte = 5
	ReleaseRP   byte = 6
	Abort       byte = 7
)

// HeaderSize is the size of a PDU's header: type, a reserved byte and the length of the rest.
const HeaderSize = 6

// Header reads the header of a PDU. ok is false when b is too short or the type is none of DICOM's.
func Header(b []byte) (kind byte, length uint32, ok bool) {
	if len(b) < HeaderSize || b[0] < AssociateRQ || b[0] > Abort {
		return 0, 0, false
	}
	return b[0], uint32(b[2])<<24 | uint32(b[3])<<16 | uint32(b[4])<<8 | uint32(b[5]), true
}
