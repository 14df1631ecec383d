// Package audit is the append-only Merkle log of who did what. The leaf of a change is written in
// the change's own transaction, so neither can exist without the other.
//
// Tables it owns: audit_leaves, audit_hashes.
package audit

import "time"

// Log is the audit log.
type Log struct{}

// Leaf is one entry of the log. It holds no patient's value and no secret.
type Leaf struct {
	Position int64     `json:"position"` // from 0
	Time     time.Time `json:"time"`
	Actor    string    `json:"actor"`  // id of the person, or system:name
	Action   string    `json:"action"` // audit verb
	Object   string    `json:"object"`
	Summary  string    `json:"summary"`
	Site     string    `json:"site"`
}
