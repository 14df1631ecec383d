package importing

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Bounds of a file.
const (
	maxFile    = 64 << 20
	maxRows    = 500_000
	maxColumns = 200
)

func refuse(format string, args ...any) error {
	return &ward.Error{Kind: ward.Invalid, Op: "importing.Read", Msg: fmt.Sprintf(format, args...)}
}

// Read reads a CSV or JSON file of at most 64 MB and 500,000 rows. Lines that cannot be read are
// among the rejects; only a file that holds no table at all is an error.
func (i *Importer) Read(name string, r io.Reader) (*Table, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "importing.Read", Msg: "The file did not arrive whole. Send it again.", Err: err}
	}
	if len(raw) > maxFile {
		return nil, refuse("The file is larger than 64 MB. Split it.")
	}
	t := &Table{Name: name}
	text := t.decode(raw)
	if bytes.IndexByte(text[:min(len(text), 4096)], 0) >= 0 || bytes.HasPrefix(text, []byte("PK\x03\x04")) {
		return nil, refuse("This is not a text file. Save the spreadsheet as CSV and send that.")
	}
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && (trimmed[0] == '[' || trimmed[0] == '{') {
		err = t.readJSON(trimmed)
	} else {
		err = t.readCSV(text)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Header) == 0 || len(t.Rows)+len(t.Rejects) == 0 {
		return nil, refuse("The file holds no rows. It needs a line of column names and a line for each device.")
	}
	return t, nil
}

// decode turns the bytes into UTF-8: by a byte order mark, else UTF-8 when it is valid, else
// Latin-1, in which every byte means something.
func (t *Table) decode(raw []byte) []byte {
	little, big := bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff})
	switch {
	case little || big:
		t.Encoding = "utf-16"
		units := make([]uint16, 0, len(raw)/2)
		for i := 2; i+1 < len(raw); i += 2 {
			if little {
				units = append(units, uint16(raw[i])|uint16(raw[i+1])<<8)
			} else {
				units = append(units, uint16(raw[i+1])|uint16(raw[i])<<8)
			}
		}
		return []byte(string(utf16.Decode(units)))
	case utf8.Valid(raw):
		t.Encoding = "utf-8"
		return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	}
	t.Encoding = "latin-1"
	out := make([]rune, len(raw))
	for i, c := range raw {
		out[i] = rune(c)
	}
	return []byte(string(out))
}

func newCSV(text []byte, comma rune) *csv.Reader {
	c := csv.NewReader(bytes.NewReader(text))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = comma, -1, true, comma != '\t'
	return c
}

// delimiter is the one with which the first lines fall into most columns, equally many in each.
func delimiter(text []byte) rune {
	best, most := ',', 0
	for _, comma := range []rune{',', ';', '\t', '|'} {
		c := newCSV(text, comma)
		first, alike := 0, 0
		for range 20 {
			row, err := c.Read()
			if err != nil {
				break
			}
			if first == 0 {
				first = len(row)
			}
			if len(row) == first {
				alike++
			}
		}
		if score := (first - 1) * alike; score > most {
			best, most = comma, score
		}
	}
	return best
}

func (t *Table) readCSV(text []byte) error {
	comma := delimiter(text)
	t.Format, t.Delimiter = "csv", string(comma)
	c := newCSV(text, comma)
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			t.Rejects = append(t.Rejects, Reject{bad.StartLine, "The line cannot be read: " + bad.Err.Error() + "."})
			if len(t.Rejects) > maxRows {
				return refuse("More than 500,000 lines cannot be read.")
			}
			continue
		}
		if err != nil {
			return refuse("The file cannot be read.")
		}
		line, _ := c.FieldPos(0)
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		if t.Header == nil {
			if len(row) > maxColumns {
				return refuse("The file has %d columns; at most 200 can be read.", len(row))
			}
			t.Header = row
			continue
		}
		if err := t.add(line, row); err != nil {
			return err
		}
	}
}

func (t *Table) add(line int, row []string) error {
	if len(t.Rows) >= maxRows {
		return refuse("The file has more than 500,000 rows. Split it.")
	}
	if n := len(t.Header); len(row) > n && strings.TrimSpace(strings.Join(row[n:], "")) != "" {
		t.Rejects = append(t.Rejects, Reject{line, fmt.Sprintf("It has %d cells, the header has %d.", len(row), n)})
		return nil
	}
	cells := make([]string, len(t.Header))
	for i := range cells {
		if i < len(row) {
			cells[i] = strings.ToValidUTF8(strings.TrimSpace(row[i]), "")
		}
	}
	t.Rows = append(t.Rows, Line{line, cells})
	return nil
}

// readJSON reads an array of objects, an object that holds one, or one object a line.
func (t *Table) readJSON(text []byte) error {
	t.Format = "json"
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	column := map[string]int{}
	n := 0
	for {
		var v any
		err := d.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if n == 0 {
				return refuse("The file begins like JSON and is not: it breaks off or is malformed near byte %d.", d.InputOffset())
			}
			t.Rejects = append(t.Rejects, Reject{n + 1, "The rest of the file is not JSON."})
			break
		}
		for _, item := range items(v) {
			n++
			if err := t.addObject(n, item, column); err != nil {
				return err
			}
		}
	}
	for i := range t.Rows { // columns that came later
		for len(t.Rows[i].Cells) < len(t.Header) {
			t.Rows[i].Cells = append(t.Rows[i].Cells, "")
		}
	}
	return nil
}

func items(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		for _, x := range v {
			if list, ok := x.([]any); ok && len(list) > 0 {
				if _, ok := list[0].(map[string]any); ok {
					return list
				}
			}
		}
	}
	return []any{v}
}

func (t *Table) addObject(n int, item any, column map[string]int) error {
	object, ok := item.(map[string]any)
	if !ok {
		t.Rejects = append(t.Rejects, Reject{n, "It is not an object with named values."})
		return nil
	}
	if len(t.Rows) >= maxRows {
		return refuse("The file has more than 500,000 items. Split it.")
	}
	cells := make([]string, len(t.Header))
	flat := map[string]string{}
	flatten("", object, flat, 0)
	for _, key := range sortedKeys(flat) {
		at, known := column[key]
		if !known {
			if len(t.Header) >= maxColumns {
				return refuse("The items have more than 200 different names.")
			}
			at = len(t.Header)
			column[key] = at
			t.Header = append(t.Header, key)
		}
		for len(cells) <= at {
			cells = append(cells, "")
		}
		cells[at] = strings.TrimSpace(flat[key])
	}
	t.Rows = append(t.Rows, Line{n, cells})
	return nil
}

// flatten names nested values by their path, and joins lists of plain values.
func flatten(prefix string, object map[string]any, into map[string]string, depth int) {
	for k, v := range object {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			if depth < 3 {
				flatten(prefix+k+".", v, into, depth+1)
			}
		case []any:
			var words []string
			for _, x := range v {
				switch x.(type) {
				case string, json.Number, bool:
					words = append(words, fmt.Sprint(x))
				}
			}
			into[prefix+k] = strings.Join(words, " ")
		default:
			into[prefix+k] = fmt.Sprint(v)
		}
	}
}
