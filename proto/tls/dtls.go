package tls

import "encoding/binary"

const (
	dtlsRecordHead    = 13
	dtlsHandshakeHead = 12
)

// LooksDTLS reports whether b begins like a DTLS record in clear (epoch 0) or a later one.
func LooksDTLS(b []byte) bool {
	if len(b) < dtlsRecordHead || b[0] < ChangeCipherSpec || b[0] > ApplicationData+2 || b[1] != 0xfe || b[2] < 0xfc {
		return false
	}
	return int(binary.BigEndian.Uint16(b[11:])) <= len(b)-dtlsRecordHead
}

// Fragment is a part of a DTLS handshake message.
type Fragment struct {
	Type     byte
	Sequence uint16
	Length   int // of the whole message
	Offset   int
	Data     []byte
}

// Whole reports whether the fragment is the whole message.
func (f *Fragment) Whole() bool { return f.Offset == 0 && f.Length == len(f.Data) }

// NextFragment cuts the next handshake fragment in clear off a datagram. Begin with the datagram;
// within is what is left of the current record. ok is false at the end.
func NextFragment(datagram, within []byte, f *Fragment) (rest, restWithin []byte, ok bool) {
	for {
		if len(within) >= dtlsHandshakeHead {
			b := within
			size := int(b[9])<<16 | int(b[10])<<8 | int(b[11])
			*f = Fragment{
				Type: b[0], Length: int(b[1])<<16 | int(b[2])<<8 | int(b[3]),
				Sequence: binary.BigEndian.Uint16(b[4:]), Offset: int(b[6])<<16 | int(b[7])<<8 | int(b[8]),
			}
			if size > len(b)-dtlsHandshakeHead || f.Offset+size > f.Length || f.Length > maxHandshake {
				return nil, nil, false
			}
			f.Data = b[dtlsHandshakeHead : dtlsHandshakeHead+size]
			return datagram, b[dtlsHandshakeHead+size:], true
		}
		if !LooksDTLS(datagram) {
			return nil, nil, false
		}
		n := int(binary.BigEndian.Uint16(datagram[11:]))
		record := datagram[:dtlsRecordHead+n]
		datagram = datagram[len(record):]
		within = nil
		if record[0] == Handshake && record[3] == 0 && record[4] == 0 { // epoch 0: in clear
			within = record[dtlsRecordHead:]
		}
	}
}
