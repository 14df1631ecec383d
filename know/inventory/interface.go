package inventory

import (
	"context"
	"io"
	"time"
)

// Interface is one line of the interface catalogue: who sends what to whom.
type Interface struct {
	ID       string    `json:"id"`
	Protocol string    `json:"protocol"`
	From     DeviceRef `json:"from"` // ID empty when the address is not in the register
	To       DeviceRef `json:"to"`
	FromAddr string    `json:"fromAddress"`
	ToAddr   string    `json:"toAddress"`
	Port     uint16    `json:"port"`
	Secured  *bool     `json:"secured"` // nil: cannot tell
	What     []string  `json:"what"`
	Names    []string  `json:"names"` // AE titles and application names
	Messages uint64    `json:"messages"`
	Bytes    uint64    `json:"bytes"`
	Patient  bool      `json:"patient"`  // carries patient data
	Internet bool      `json:"internet"` // one end is outside
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
}

// InterfaceQuery asks for interfaces.
type InterfaceQuery struct {
	Protocol string
	Device   string
	Zone     string
	Text     string
	Patient  bool   // only those with patient data
	Clear    bool   // only those in clear
	Sort     string // "protocol", "from", "to", "messages", "bytes", "last"; empty: patient data in clear first
	Desc     bool
}

// PatientData is where patient data travels.
type PatientData struct {
	Interfaces   int           `json:"interfaces"`
	Clear        int           `json:"clear"`    // of these, without encryption
	Unknown      int           `json:"unknown"`  // of these, cannot tell
	Internet     int           `json:"internet"` // of these, with an end outside
	Sources      []DeviceTotal `json:"sources"`
	Destinations []DeviceTotal `json:"destinations"`
	Zones        []Cell        `json:"zones"`
	Outside      []Interface   `json:"outside"`
}

// DeviceTotal is a device and how much patient data it sends or takes.
type DeviceTotal struct {
	Device   DeviceRef `json:"device"`
	Address  string    `json:"address"`
	Messages uint64    `json:"messages"`
	Bytes    uint64    `json:"bytes"`
	Clear    bool      `json:"clear"`
}

// Interfaces gives the interface catalogue, at most 5,000 lines.
func (r *Register) Interfaces(ctx context.Context, q InterfaceQuery) ([]Interface, error) {
	return nil, errSkeleton
}

// PatientData says where patient data travels.
func (r *Register) PatientData(ctx context.Context) (*PatientData, error) { return nil, errSkeleton }

// WriteDevicesCSV writes every device that a query matches as CSV (RFC 4180, UTF-8). Cells that a
// spreadsheet would run as a formula are defused with an apostrophe.
func (r *Register) WriteDevicesCSV(ctx context.Context, w io.Writer, q Query) error {
	return errSkeleton
}

// WriteDevicesJSON writes every device that a query matches as a JSON array of Row.
func (r *Register) WriteDevicesJSON(ctx context.Context, w io.Writer, q Query) error {
	return errSkeleton
}

// WriteInterfacesCSV writes the catalogue as CSV, defused like WriteDevicesCSV.
func (r *Register) WriteInterfacesCSV(ctx context.Context, w io.Writer, q InterfaceQuery) error {
	return errSkeleton
}
