// Package importing brings another register, such as a CMMS export, into ours: it reads the file,
// proposes which column means what, shows matches, conflicts and rejects, and only then writes.
package importing

import (
	"context"
	"errors"
	"io"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Table is a file as it was read: header and rows, each with its line number.
type Table struct {
	Name      string   `json:"name"`
	Format    string   `json:"format"`    // "csv" or "json"
	Encoding  string   `json:"encoding"`  // "utf-8", "utf-16", "latin-1"
	Delimiter string   `json:"delimiter"` // of CSV
	Header    []string `json:"header"`
	Rows      []Line   `json:"rows"`
	Rejects   []Reject `json:"rejects"` // lines that could not be read
}

// Line is one row and where it stood.
type Line struct {
	Number int      `json:"line"`
	Cells  []string `json:"cells"`
}

// Reject is a line that cannot go in, and why.
type Reject struct {
	Line int    `json:"line"`
	Why  string `json:"why"`
}

// Target is what a column can mean: "" ignores it; "serial", "mac", "ip", "name", "manufacturer",
// "model", "type", "os", "firmware", "udi", or one of inventory.Fields.
type Target string

// Mapping says what each column means, in the order of the header.
type Mapping []Target

// Preview is what would happen.
type Preview struct {
	Mapping   Mapping    `json:"mapping"`
	Matches   []Match    `json:"matches"`
	Conflicts []Conflict `json:"conflicts"`
	New       []Match    `json:"new"` // not heard yet: enters as registered, silent
	Rejects   []Reject   `json:"rejects"`
	Same      int        `json:"same"` // matched and nothing would change
}

// Match is a line and the device it belongs to.
type Match struct {
	Line   int                 `json:"line"`
	Device inventory.DeviceRef `json:"device"`
	By     string              `json:"by"` // "serial", "hardware address", "asset tag", "address"
	Title  string              `json:"title"`
	Sets   map[Target]string   `json:"sets"` // what would be written
}

// Conflict is a line that says something else than the network.
type Conflict struct {
	Line    int                 `json:"line"`
	Device  inventory.DeviceRef `json:"device"`
	Target  Target              `json:"target"`
	Theirs  string              `json:"theirs"`
	Ours    string              `json:"ours"`
	Certain float64             `json:"confidence"` // ours
}

// Importer imports registers.
type Importer struct{ Register *inventory.Register }

var errSkeleton = errors.New("not filled in yet")

// Read reads a CSV or JSON file of at most 64 MB and 500,000 rows.
func (i *Importer) Read(name string, r io.Reader) (*Table, error) { return nil, errSkeleton }

// Propose guesses what each column means, by its header and by what stands in it.
func (i *Importer) Propose(t *Table) Mapping { return nil }

// Targets are all that a column can mean, in the order in which a form offers them.
func Targets() []Target { return nil }

// Preview compares the table with the register and writes nothing.
func (i *Importer) Preview(ctx context.Context, t *Table, m Mapping) (*Preview, error) {
	return nil, errSkeleton
}

// Result is what an import did.
type Result struct {
	Updated, Added, Same int
	Rejects              []Reject
}

// Apply writes. With strict, one reject or conflict keeps everything out. Twice the same file is
// the same as once. Inside Do.
func (i *Importer) Apply(ctx context.Context, tx store.Tx, t *Table, m Mapping, strict bool) (*Result, error) {
	return nil, errSkeleton
}
