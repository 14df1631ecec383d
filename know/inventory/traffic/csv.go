package traffic

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/inventory/entry"
)

// WriteCSV writes the catalogue as CSV (RFC 4180, UTF-8), safe for a spreadsheet.
func WriteCSV(w io.Writer, all []Interface) error {
	c := csv.NewWriter(w)
	err := c.Write([]string{
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
			encrypted = entry.YesNo(*x.Secured)
		}
		err := c.Write(entry.Defuse(x.Protocol, x.From.Title, x.FromAddr, x.From.Zone, x.To.Title, x.ToAddr, x.To.Zone, strconv.Itoa(int(x.Port)),
			encrypted, entry.YesNo(x.Patient), entry.YesNo(x.Internet), strings.Join(x.What, "; "), strings.Join(x.Names, "; "),
			strconv.FormatUint(x.Messages, 10), strconv.FormatUint(x.Bytes, 10), entry.Stamp(x.First), entry.Stamp(x.Last)))
		if err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
