package entry

import (
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Status is the one word a row shows, worst first.
type Status string

// The statuses, worst first. The first three come from open findings.
const (
	StatusCritical  Status = "critical"
	StatusHigh      Status = "high"
	StatusAttention Status = "attention"
	StatusUnknown   Status = "unknown"  // neither type nor model is claimed
	StatusSilent    Status = "not live" // not heard for a day
	StatusOK        Status = "ok"
)

// Row is one line of the Devices table. Strings are empty where nothing is claimed: say "unknown".
type Row struct {
	ID           string        `json:"id"`
	Title        string        `json:"title"`
	Status       Status        `json:"status"`
	Category     ward.Category `json:"category"`
	Scope        ward.Scope    `json:"scope"`
	Zone         string        `json:"zone"`
	Manufacturer string        `json:"manufacturer"`
	Model        string        `json:"model"`
	Type         string        `json:"type"`
	OS           string        `json:"os"`
	Firmware     string        `json:"firmware"`
	Serial       string        `json:"serial"`
	Role         string        `json:"role"`
	Confidence   float64       `json:"confidence"` // of type, else model, else manufacturer; 1 when a person said so
	Name         string        `json:"name"`
	IPs          []string      `json:"ips"`
	MACs         []string      `json:"macs"`
	VLANs        []uint16      `json:"vlans"`
	Protocols    []string      `json:"protocols"`
	Tags         []string      `json:"tags"`
	Owner        string        `json:"owner"`
	Place        string        `json:"place"`
	Department   string        `json:"department"`
	AssetTag     string        `json:"assetTag"`
	Criticality  string        `json:"criticality"`
	Findings     int           `json:"findings"` // open
	Random       bool          `json:"randomised"`
	Registered   bool          `json:"registered"` // a person or an imported register knows it
	First        time.Time     `json:"first"`
	Last         time.Time     `json:"last"`
}

// SilentAfter is how long a device may be quiet before its row says "not live".
const SilentAfter = 24 * time.Hour

// At gives the row as it stands at a moment: with the time it was last heard, and "not live" when
// that is long ago and nothing worse is to be said.
func (row *Row) At(now, last time.Time) {
	if last.After(row.Last) {
		row.Last = last
	}
	if (row.Status == StatusOK || row.Status == StatusUnknown) && now.Sub(row.Last) > SilentAfter {
		row.Status = StatusSilent
	}
}

// StatusRank orders the statuses, worst first.
var StatusRank = map[Status]int64{
	StatusCritical: 0, StatusHigh: 1, StatusAttention: 2, StatusUnknown: 3, StatusSilent: 4, StatusOK: 5,
}
