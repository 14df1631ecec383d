package inventory

import "context"

// Group is a set of unknown devices that look alike, so that they can be labelled once.
type Group struct {
	Key     string   `json:"key"`
	Why     []string `json:"why"`     // what they share: "hardware addresses of Halden", "speak dicom", "talk to 10.2.0.4"
	Devices []string `json:"devices"` // register ids, at most 1,000
	Count   int      `json:"count"`
	Sample  []Row    `json:"sample"` // up to 5
}

// Alike groups the unknown devices by likeness, largest group first.
func (r *Register) Alike(ctx context.Context) ([]Group, error) { return nil, errSkeleton }
