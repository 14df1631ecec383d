package inventory

import (
	"context"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Batch is what identity and the wire hand over at once. Device ids in it are the engine's; Upsert
// maps them to the register's.
type Batch struct {
	Sensor     string
	Devices    []ward.Device
	Findings   []ward.Finding
	Interfaces []ward.Interface
	Coverage   ward.Coverage
}

// Upsert brings the register up to date with a batch, and returns the register id of each engine
// id. It is of the batch path: one transaction, journalled as events, not audited.
func (r *Register) Upsert(ctx context.Context, b Batch) (map[string]string, error) {
	return nil, errSkeleton
}
