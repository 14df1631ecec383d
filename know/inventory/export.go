package inventory

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

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

var deviceColumns = []string{
	"id", "title", "status", "category", "scope", "zone", "manufacturer", "model", "type", "os", "firmware", "serial", "role", "confidence",
	"name", "ips", "macs", "vlans", "protocols", "tags", "owner", "department", "place", "asset tag", "criticality", "open findings",
	"randomised", "registered", "first heard", "last heard",
}

// WriteDevicesCSV writes every device that a query matches as CSV (RFC 4180, UTF-8). Cells that a
// spreadsheet would run as a formula are defused with an apostrophe.
func (r *Register) WriteDevicesCSV(ctx context.Context, w io.Writer, q Query) error {
	c := csv.NewWriter(w)
	if err := c.Write(deviceColumns); err != nil {
		return err
	}
	err := r.exported(ctx, q, func(row *Row) error {
		var vlans []string
		for _, v := range row.VLANs {
			vlans = append(vlans, strconv.Itoa(int(v)))
		}
		return c.Write(defuse(
			row.ID, row.Title, string(row.Status), string(row.Category), string(row.Scope), row.Zone, row.Manufacturer, row.Model, row.Type,
			row.OS, row.Firmware, row.Serial, row.Role, strconv.FormatFloat(row.Confidence, 'f', 2, 64), row.Name, strings.Join(row.IPs, " "),
			strings.Join(row.MACs, " "), strings.Join(vlans, " "), strings.Join(row.Protocols, " "), strings.Join(row.Tags, ", "), row.Owner,
			row.Department, row.Place, row.AssetTag, row.Criticality, strconv.Itoa(row.Findings), yes(row.Random), yes(row.Registered),
			stamp(row.First), stamp(row.Last)))
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
	c := csv.NewWriter(w)
	err = c.Write([]string{
		"protocol", "from", "from address", "from zone", "to", "to address", "to zone", "port", "encrypted", "patient data", "internet",
		"what", "names", "messages", "bytes", "first", "last",
	})
	if err != nil {
		return err
	}
	for i := range all {
		x := &all[i]
		encrypted := "cannot tell"
		if x.Secured != nil {
			encrypted = yes(*x.Secured)
		}
		err := c.Write(defuse(x.Protocol, x.From.Title, x.FromAddr, x.From.Zone, x.To.Title, x.ToAddr, x.To.Zone, strconv.Itoa(int(x.Port)),
			encrypted, yes(x.Patient), yes(x.Internet), strings.Join(x.What, "; "), strings.Join(x.Names, "; "),
			strconv.FormatUint(x.Messages, 10), strconv.FormatUint(x.Bytes, 10), stamp(x.First), stamp(x.Last)))
		if err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// defuse keeps spreadsheets from running a cell: what begins like a formula gets an apostrophe.
func defuse(cells ...string) []string {
	for i, s := range cells {
		if s != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(s[0])) {
			cells[i] = "'" + s
		}
	}
	return cells
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
