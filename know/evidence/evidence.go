// Package evidence is the journal of what was seen, by which sensor and when: sightings, bindings
// and stations aggregated over repetitions, and conversations summed per hour, which is the flow
// history. High-rate: written in batches, not audited singly.
//
// Tables it owns: evidence_fields, evidence_sightings, evidence_bindings, evidence_stations,
// evidence_flows, evidence_exchanges.
package evidence

import (
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Journal is the journal.
type Journal struct {
	Store     *store.Store
	Site      string
	Now       func() time.Time // nil means time.Now
	Retention time.Duration    // of flow history; 0 means 90 days
}
