package inventory

import (
	"context"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Finding is a finding as the register keeps it.
type Finding struct {
	ID       string           `json:"id"`
	Kind     ward.FindingKind `json:"kind"`
	Title    string           `json:"title"`
	Severity ward.Severity    `json:"severity"`
	Owner    string           `json:"owner"` // role: "analyst", "biomed", "network engineer"
	Next     string           `json:"next"`  // the next step, in plain words
	Devices  []DeviceRef      `json:"devices"`
	Evidence []ward.Evidence  `json:"evidence"`
	Old, New string           `json:"-"` // for a swap: the serials
	First    time.Time        `json:"first"`
	Last     time.Time        `json:"last"`
	Closed   time.Time        `json:"closed,omitzero"`
	Reason   string           `json:"reason,omitempty"` // why it was closed
	By       string           `json:"by,omitempty"`
}

// DeviceRef names a device.
type DeviceRef struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Zone  string `json:"zone"`
}

// FindingQuery asks for findings, worst first.
type FindingQuery struct {
	Kinds  []ward.FindingKind
	Device string
	Zone   string
	Owner  string
	Closed bool // closed ones instead of open ones
	Limit  int  // 0 means 200
}

// Findings gives findings, worst and then newest first.
func (r *Register) Findings(ctx context.Context, q FindingQuery) ([]Finding, error) {
	return nil, errSkeleton
}

// Finding gives one finding.
func (r *Register) Finding(ctx context.Context, id string) (*Finding, error) { return nil, errSkeleton }

// CloseFinding closes a finding with a reason. It opens again when new evidence comes. Inside Do.
func (r *Register) CloseFinding(ctx context.Context, tx store.Tx, id, reason string) error {
	return errSkeleton
}
