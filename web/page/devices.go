package page

import (
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/web/lang"
)

// Devices is the table of devices.
type Devices struct {
	Title, Question string
	Query           string
	Hidden          [][2]string // the rest of the address, for forms that search or choose columns
	Chips           []Chip
	Clear           string // address without any filter
	Grid            Grid
	Page            *inventory.Page
	Coverage        Coverage
	Columns         []Column
	AddHref         string // opens and closes the list of filters
	Filters         []FilterMenu
	UndecidedHref   string
	CSV, Next, Prev string
	Sorted          string
	Now             time.Time
}

// Chip is one filter of the address; Href is the address without it.
type Chip struct {
	Key, Value, Href string
}

// Column is one column to choose.
type Column struct {
	Key, Label string
	On         bool
}

// FilterMenu is one attribute with its most frequent values.
type FilterMenu struct {
	Label  string
	Values []FilterValue
}

// FilterValue is a value to filter by and how many devices have it.
type FilterValue struct {
	Text, Href string
	Count      int
}

func (d Devices) columnsOn() int {
	n := 0
	for _, c := range d.Columns {
		if c.On {
			n++
		}
	}
	return n
}

func (d Devices) end() int { return d.Page.Start + len(d.Page.Rows) - 1 }

// Group is a set of unknown devices that look alike.
type Alike struct {
	Groups []inventory.Group
	Now    time.Time
}

// Label is the form that says the same of several devices.
type Label struct {
	Devices []inventory.Row
	More    int      // devices beyond those listed
	IDs     []string // all of them
	Types   []string
	Why     []string
	Values  map[string]string // what was filled in before an error
	Error   string
	Now     time.Time
}

func (l Label) count() string {
	return lang.N(len(l.IDs), "device", "devices")
}
