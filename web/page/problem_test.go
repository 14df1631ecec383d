package page

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// TestProblems folds findings of one kind into one line, and what goes with a problem into it.
func TestProblems(t *testing.T) {
	a, b, c := inventory.DeviceRef{ID: "a", Title: "A"}, inventory.DeviceRef{ID: "b", Title: "B"}, inventory.DeviceRef{ID: "c", Title: "C"}
	o := Overview{Overview: &inventory.Overview{Problems: []inventory.Finding{
		{Kind: ward.SMBv1, Severity: ward.High, Title: "SMBv1", Devices: []inventory.DeviceRef{a, c}},
		{Kind: ward.LegacyOS, Severity: ward.High, Title: "Old system", Devices: []inventory.DeviceRef{a}},
		{Kind: ward.LegacyOS, Severity: ward.High, Title: "Old system", Devices: []inventory.DeviceRef{b}},
		{Kind: ward.UnknownDevice, Severity: ward.Attention, Title: "Unknown device", Devices: []inventory.DeviceRef{c}},
	}}}
	got := o.problems()
	if len(got) != 2 || got[0].Kind != ward.LegacyOS || got[0].more != 1 || len(got[0].also) != 1 || got[1].Kind != ward.UnknownDevice {
		t.Fatalf("problems are %+v", got)
	}
	if who := got[0].who(); who != "2 devices, first A" {
		t.Errorf("it concerns %q", who)
	}
	if who := got[1].who(); who != "C" {
		t.Errorf("it concerns %q", who)
	}
}
