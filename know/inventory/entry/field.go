package entry

import (
	"slices"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Criticalities are the values of the field Criticality, most critical first (the grades by which
// containment and updates will be held back).
var Criticalities = []string{"life-sustaining", "therapeutic", "diagnostic", "support"}

// States are the values of the field State in the order of a device's life.
var States = []string{"ordered", "in use", "stored", "in repair", "disposed"}

// CheckField says what is wrong with the value of a register field, if anything.
func CheckField(f Field, v string) error {
	if v == "" {
		return nil
	}
	switch f {
	case Criticality:
		if !slices.Contains(Criticalities, v) {
			return invalid("inventory.SetFields", "Criticality is one of: life-sustaining, therapeutic, diagnostic, support.")
		}
	case State:
		if !slices.Contains(States, v) {
			return invalid("inventory.SetFields", "The life-cycle state is one of: ordered, in use, stored, in repair, disposed.")
		}
	case Purchased, Warranty, NextService:
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return invalid("inventory.SetFields", "Write the date of "+string(f)+" as year-month-day, like 2027-03-31.")
		}
	}
	return nil
}

func invalid(op, msg string) error { return &ward.Error{Kind: ward.Invalid, Op: op, Msg: msg} }
