package bacnet

// Properties of the device object that identify it (clause 21, BACnetPropertyIdentifier).
const (
	ApplicationSoftwareVersion = 12
	Description                = 28
	FirmwareRevision           = 44
	Location                   = 58
	ModelName                  = 70
	ObjectName                 = 77
	PresentValue               = 85
	VendorIdentifier           = 120
	VendorNameText             = 121
	SerialNumber               = 372
)

// IAm is the announcement by which a device answers Who-Is.
type IAm struct {
	Device       Object
	MaxAPDU      uint32 // bytes
	Segmentation uint32 // 0 both, 1 transmit, 2 receive, 3 none
	Vendor       uint32
}

// ParseIAm reads the parameters of I-Am (clause 16.10).
func ParseIAm(b []byte) (IAm, bool) {
	var n [4]uint32
	for i, tag := range [4]byte{TagObjectID, TagUnsigned, 9, TagUnsigned} {
		t, rest, ok := Next(b)
		if !ok || t.Context || t.Number != tag {
			return IAm{}, false
		}
		if n[i], ok = t.Unsigned(); !ok {
			return IAm{}, false
		}
		b = rest
	}
	m := IAm{Device: Object(n[0]), MaxAPDU: n[1], Segmentation: n[2], Vendor: n[3]}
	return m, m.Device.Type() == Device
}

// Property is one value that a device told about one of its objects.
type Property struct {
	Object   Object
	Property uint32
	Indexed  bool // one element of an array
	Value    Tag  // the first value
}

// EachProperty calls fn for each property in the answer to ReadProperty or ReadPropertyMultiple, as
// far as the bytes go: the first segment of a long answer yields what it holds whole.
func EachProperty(a *APDU, fn func(Property)) {
	if a.Type != ComplexAck || a.Segment > 0 {
		return
	}
	switch a.Service {
	case ServiceReadProperty:
		readProperty(a.Data, fn)
	case ServiceReadPropertyMultiple:
		readPropertyMultiple(a.Data, fn)
	}
}

func readProperty(b []byte, fn func(Property)) {
	t, b, ok := Next(b)
	if !ok || !t.Context || t.Number != 0 || len(t.Value) != 4 {
		return
	}
	var p Property
	n, _ := t.Unsigned()
	p.Object = Object(n)
	value(b, 1, 3, &p, fn)
}

// readPropertyMultiple walks: object identifier [0], list [1] of property [2], index [3], value [4]
// or error [5].
func readPropertyMultiple(b []byte, fn func(Property)) {
	for len(b) > 0 {
		t, rest, ok := Next(b)
		if !ok || !t.Context || t.Number != 0 || len(t.Value) != 4 {
			return
		}
		n, _ := t.Unsigned()
		p := Property{Object: Object(n)}
		if t, rest, ok = Next(rest); !ok || !t.Open || t.Number != 1 {
			return
		}
		for {
			if t, _, ok = Next(rest); !ok {
				return
			}
			if t.Close {
				_, rest, _ = Next(rest)
				break
			}
			if rest, ok = value(rest, 2, 4, &p, fn); !ok {
				return
			}
		}
		b = rest
	}
}

// value reads a property identifier (context tag id), an optional index (the tag after it) and the
// group of values (context tag open), or the error group that may stand in its place.
func value(b []byte, id, open byte, p *Property, fn func(Property)) (rest []byte, ok bool) {
	t, b, ok := Next(b)
	if !ok || !t.Context || t.Number != id {
		return nil, false
	}
	if p.Property, ok = t.Unsigned(); !ok {
		return nil, false
	}
	p.Indexed = false
	if t, b, ok = Next(b); !ok {
		return nil, false
	}
	if t.Context && t.Number == id+1 && !t.Open {
		p.Indexed = true
		if t, b, ok = Next(b); !ok {
			return nil, false
		}
	}
	if !t.Open || t.Number != open && t.Number != open+1 {
		return nil, false
	}
	failed, group := t.Number != open, t.Number
	for depth, first := 1, true; ; first = false {
		if t, b, ok = Next(b); !ok {
			return nil, false
		}
		switch {
		case t.Open:
			depth++
		case t.Close:
			depth--
			if depth == 0 {
				return b, t.Number == group
			}
		case first && !failed:
			p.Value = t
			fn(*p)
		}
	}
}

// Password tells whether a request to silence or restart a device carries a password, and how many
// bytes of text it has (clauses 16.1 and 16.4). The password itself is not returned.
func Password(a *APDU) (length int, present bool) {
	if a.Type != ConfirmedRequest || a.Service != ServiceDeviceCommunicationControl && a.Service != ServiceReinitializeDevice {
		return 0, false
	}
	want := byte(2)
	if a.Service == ServiceReinitializeDevice {
		want = 1
	}
	for b := a.Data; len(b) > 0; {
		t, rest, ok := Next(b)
		if !ok {
			return 0, false
		}
		if t.Context && t.Number == want && len(t.Value) > 0 {
			return len(t.Value) - 1, true // the first byte names the character set
		}
		b = rest
	}
	return 0, false
}
