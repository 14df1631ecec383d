package page

import (
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// A standing is one of the two devices of a swap, as the comparison shows it.
type standing struct {
	serial, model, firmware, register, href string
}

// before is the device that stood here.
func (d Device) before() standing { return d.standing(d.Swap.Old) }

// after is the device that stands here now.
func (d Device) after() standing { return d.standing(d.Swap.New) }

// standing describes the device with a serial: this one, the other record of the swap, or, where
// the register keeps one record for both, what the evidence against says.
func (d Device) standing(serial string) standing {
	s := standing{serial: orUnknown(serial), register: d.registered(serial)}
	switch {
	case d.Other != nil && d.Other.Serial == serial:
		s.model, s.firmware, s.href = d.Other.Model, d.Other.Firmware, DeviceHref(d.Other.ID)
	case d.Serial == serial || d.Other == nil && serial == d.Swap.New:
		s.model, s.firmware = d.Model, d.Firmware
	default:
		s.model, s.firmware = d.earlier(ward.Model), d.earlier(ward.Firmware)
	}
	s.model, s.firmware = orUnknown(s.model), orUnknown(s.firmware)
	return s
}

// earlier is what was claimed of an attribute until the swap.
func (d Device) earlier(a ward.Attr) string {
	for _, e := range d.Events {
		if e.Attr == string(a) && e.Kind == inventory.ClaimChanged && !e.Time.Before(d.swapEnd()) && e.Old != "" {
			return e.Old
		}
	}
	for _, c := range d.Device.Claims[a].Contradictions {
		return c.Value
	}
	return d.Device.Value(a)
}

// registered says whether an imported register knows a serial.
func (d Device) registered(serial string) string {
	known := []map[string]inventory.RegisterClaim{d.Register}
	if d.Other != nil {
		known = append(known, d.Other.Register)
	}
	for _, r := range known {
		if c, ok := r[string(ward.Serial)]; ok && c.Value == serial {
			return c.Source
		}
	}
	return "no record"
}

// swapEnd is when the device that stood here before was last heard.
func (d Device) swapEnd() time.Time {
	if d.Other != nil && d.Other.Serial == d.Swap.Old {
		return d.Other.Row.Last
	}
	if d.Serial == d.Swap.Old {
		return d.Row.Last
	}
	end := d.Swap.First
	for _, e := range d.Swap.Evidence {
		if strings.Contains(e.Value, d.Swap.Old) && e.Last.Before(d.swapStart()) {
			end = e.Last
		}
	}
	return end
}

// swapStart is when the device that stands here now was first heard.
func (d Device) swapStart() time.Time {
	if d.Other != nil && d.Other.Serial == d.Swap.New {
		return d.Other.Row.First
	}
	if d.Other != nil && d.Serial == d.Swap.New {
		return d.Row.First
	}
	return d.Swap.First
}

// SwapAgainst is the evidence of a swap that names the other serial: what speaks against this one.
func (d Device) SwapAgainst(serial string) []ward.Contradiction {
	other := d.Swap.Old
	if serial == other {
		other = d.Swap.New
	}
	var e []ward.Evidence
	for _, x := range d.Swap.Evidence {
		if other != "" && strings.Contains(x.Value, other) {
			e = append(e, x)
		}
	}
	if len(e) == 0 && d.Other != nil {
		e = d.Other.Device.Claims[ward.Serial].Evidence
	}
	if len(e) == 0 {
		return nil
	}
	c := ward.Contradiction{Value: other, Evidence: e, Confidence: .5}
	if d.Other != nil {
		c.Confidence = d.Other.Effective[ward.Serial].Confidence
	}
	return []ward.Contradiction{c}
}

// gone reports whether this is the device that was taken away.
func (d Device) gone() bool { return d.Swap != nil && d.Serial == d.Swap.Old && d.Swap.New != "" }
