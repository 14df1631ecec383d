package page

// Grid is a table under the table laws: sticky head, sort in the URL, selection, keys, two-line
// entries on a phone. Columns "st", "name", "type" and "seen" are the four that a phone shows.
type Grid struct {
	ID    string // region id; rows are replaced in it while they live
	Live  string // topics that change it
	Label string
	Pick  string // id of the form that takes the selection; empty for none
	Cols  []Col
	Rows  []Row
}

// Col is a column head.
type Col struct {
	Key, Label string
	Href       string // sorts by it; empty when it cannot
	Sort       string // "ascending", "descending" or empty
	Num        bool
}

// Row is one line. Its first cell with the column key "name" is its head.
type Row struct {
	ID, Name, Href, Why string
	Cells               []Cell // as many as columns
}

// Show says how a cell is drawn.
type Show uint8

// The ways to draw a cell.
const (
	AsText       Show = iota // empty text is said to be unknown
	AsQuiet                  // empty text stays empty
	AsStatus                 // icon and word
	AsConfidence             // bar and number
	AsCode                   // raw bytes, addresses
)

// Cell is one value of a row.
type Cell struct {
	Text  string
	Sub   string // on a phone, after the text: where it is
	Href  string
	Level Level
	Value float64
	Show  Show
}

func (c Col) class() string {
	s := "w-" + c.Key + " c-" + c.Key
	if c.Num {
		s += " num"
	}
	return s
}

func (c Cell) missing() bool { return c.Show == AsText && c.Text == "" }

// hint is the whole text of a cell, for the pointer, where the column may be too narrow.
func hint(c Cell) string {
	if len(c.Text) < 14 || c.Show == AsStatus {
		return ""
	}
	return c.Text
}
