package inventory

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
	"github.com/wardkeeper/wardkeeper/know/inventory/traffic"
	"github.com/wardkeeper/wardkeeper/ward"
)

// exportAtOnce is how many rows are read at a time while a list is written out.
const exportAtOnce = 1000

// exported gives every row that a query matches, a part at a time.
func (r *Register) exported(ctx context.Context, q Query, each func(*Row) error) error {
	q.Cursor = ""
	sq := q.search()
	var ids []string
	err := r.with(ctx, func(v *view) (err error) {
		ids, err = v.index.All(sq)
		return err
	})
	if err != nil {
		return &ward.Error{Kind: ward.Invalid, Op: "inventory.export", Msg: "This filter or order is not known.", Err: err}
	}
	for part := range slices.Chunk(ids, exportAtOnce) {
		rows, err := r.rows(ctx, part)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := each(&rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteDevicesCSV writes every device that a query matches as CSV (RFC 4180, UTF-8). Cells that a
// spreadsheet would run as a formula are defused with an apostrophe.
func (r *Register) WriteDevicesCSV(ctx context.Context, w io.Writer, q Query) error {
	c := csv.NewWriter(w)
	if err := c.Write(entry.Columns); err != nil {
		return err
	}
	err := r.exported(ctx, q, func(row *Row) error {
		return c.Write(row.Cells())
	})
	if err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// WriteDevicesJSON writes every device that a query matches as a JSON array of Row.
func (r *Register) WriteDevicesJSON(ctx context.Context, w io.Writer, q Query) error {
	separator := "[\n"
	err := r.exported(ctx, q, func(row *Row) error {
		b, err := json.Marshal(row)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s%s", separator, b)
		separator = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if separator == "[\n" {
		_, err = io.WriteString(w, "[]\n")
	} else {
		_, err = io.WriteString(w, "\n]\n")
	}
	return err
}

// WriteInterfacesCSV writes the catalogue as CSV, defused like WriteDevicesCSV.
func (r *Register) WriteInterfacesCSV(ctx context.Context, w io.Writer, q InterfaceQuery) error {
	all, err := r.Interfaces(ctx, q)
	if err != nil {
		return err
	}
	return traffic.WriteCSV(w, all)
}
