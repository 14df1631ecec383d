package bacnet

// PDUType is the kind of an application-layer unit (clause 20.1).
type PDUType uint8

// The kinds of unit.
const (
	ConfirmedRequest PDUType = iota
	UnconfirmedRequest
	SimpleAck
	ComplexAck
	SegmentAck
	Error
	Reject
	Abort
)

// Services that are read here (clause 21).
const (
	ServiceIAm   = 0 // unconfirmed
	ServiceIHave = 1
	ServiceWhoIs = 8

	ServiceReadProperty               = 12 // confirmed
	ServiceReadPropertyMultiple       = 14
	ServiceDeviceCommunicationControl = 17
	ServiceReinitializeDevice         = 20
)

// APDU is one application-layer unit.
type APDU struct {
	Type    PDUType
	Service byte
	Invoke  byte
	Segment int    // number of this segment, from 0; -1 when it is not segmented
	More    bool   // more segments follow
	Data    []byte // the service's parameters
}

// ParseAPDU reads an application-layer unit.
func ParseAPDU(b []byte) (APDU, bool) {
	if len(b) < 2 {
		return APDU{}, false
	}
	a := APDU{Type: PDUType(b[0] >> 4), Segment: -1}
	segmented, more := b[0]&0x08 != 0, b[0]&0x04 != 0
	switch a.Type {
	case ConfirmedRequest:
		if len(b) < 4 {
			return APDU{}, false
		}
		a.Invoke, b = b[2], b[3:]
	case ComplexAck:
		if len(b) < 3 {
			return APDU{}, false
		}
		a.Invoke, b = b[1], b[2:]
	case UnconfirmedRequest:
		a.Service, a.Data = b[1], b[2:]
		return a, true
	case SimpleAck, SegmentAck, Error, Reject, Abort:
		if len(b) < 3 {
			return APDU{}, false
		}
		a.Invoke, a.Data = b[1], b[2:]
		return a, true
	default:
		return APDU{}, false
	}
	if segmented {
		if len(b) < 3 {
			return APDU{}, false
		}
		a.Segment, a.More = int(b[0]), more
		b = b[2:]
	}
	a.Service, a.Data = b[0], b[1:]
	return a, true
}

// Tag is one tagged value (clause 20.2).
type Tag struct {
	Number  byte
	Context bool
	Open    bool // opens a group; Close closes it
	Close   bool
	Value   []byte
}

// Application tag numbers that are read here.
const (
	TagUnsigned  = 2
	TagOctets    = 6
	TagCharacter = 7
	TagObjectID  = 12
)

// Next reads the tag at the start of b and returns what follows it. Its value may be shorter than
// announced only by failing: a cut value is not returned.
func Next(b []byte) (t Tag, rest []byte, ok bool) {
	if len(b) == 0 {
		return t, nil, false
	}
	first := b[0]
	t.Number, t.Context = first>>4, first&8 != 0
	b = b[1:]
	if t.Number == 15 {
		if len(b) == 0 {
			return t, nil, false
		}
		t.Number, b = b[0], b[1:]
	}
	size := int(first & 7)
	switch {
	case t.Context && size == 6:
		t.Open = true
		return t, b, true
	case t.Context && size == 7:
		t.Close = true
		return t, b, true
	case !t.Context && t.Number == 1: // a boolean's value stands in the length
		return t, b, true
	}
	if size == 5 {
		if len(b) == 0 {
			return t, nil, false
		}
		size, b = int(b[0]), b[1:]
		switch size {
		case 254:
			if len(b) < 2 {
				return t, nil, false
			}
			size, b = int(b[0])<<8|int(b[1]), b[2:]
		case 255: // longer than any datagram
			return t, nil, false
		}
	}
	if size > len(b) {
		return t, nil, false
	}
	t.Value = b[:size]
	return t, b[size:], true
}

// Unsigned is the number in the value of a tag.
func (t Tag) Unsigned() (uint32, bool) {
	if len(t.Value) == 0 || len(t.Value) > 4 {
		return 0, false
	}
	var n uint32
	for _, c := range t.Value {
		n = n<<8 | uint32(c)
	}
	return n, true
}

// Object is an object identifier: type in 10 bits, instance in 22.
type Object uint32

// Device is the object type of the object that describes the device itself.
const Device = 8

// AnyInstance is the instance by which a device is asked without knowing its own number.
const AnyInstance = 0x3fffff

// NewObject makes an object identifier.
func NewObject(typ uint16, instance uint32) Object {
	return Object(uint32(typ)<<22 | instance&AnyInstance)
}

// Type is the object type.
func (o Object) Type() uint16 { return uint16(o >> 22) }

// Instance is the object's number.
func (o Object) Instance() uint32 { return uint32(o) & AnyInstance }
