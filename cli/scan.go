package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/ward"
)

func scanCommand() *cobra.Command {
	var scan app.Scan
	var asJSON, quiet bool
	var explain string
	c := &cobra.Command{
		Use:   "scan FILE...",
		Short: "Name the devices in packet captures (pcap, pcapng, gzip; - reads standard input)",
		Long: `Name the devices in packet captures: manufacturer, model, type, operating system, firmware,
serial, names, addresses and protocols, each with its evidence.

Nothing is sent anywhere and nothing is written. Personal names are masked; passwords and
patients' data are never read out of the traffic, only that they were there.`,
		Example: `  wardkeeper scan mirror.pcapng
  wardkeeper scan --explain 10.0.4.12 monday.pcap.gz tuesday.pcap.gz
  wardkeeper scan --json *.pcap | jq '.devices[].claims.model.value'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, a := range args {
				if a == "-" {
					scan.Input, scan.InputName = c.InOrStdin(), "standard input"
					continue
				}
				scan.Files = append(scan.Files, a)
			}
			bar := newProgress(c.ErrOrStderr())
			scan.Progress = bar.step
			doc, err := scan.Run(c.Context())
			bar.clear()
			if doc == nil || len(doc.Sources) == 0 {
				if c.Context().Err() != nil {
					err = errInterrupted
				} else if err == nil {
					err = &ward.Error{Kind: ward.Invalid, Op: "cli.scan", Msg: "Nothing was read."}
				}
				return err
			}
			warn(c.ErrOrStderr(), doc, c.Context().Err() != nil)
			out := bufio.NewWriterSize(c.OutOrStdout(), 64<<10)
			var print error
			switch {
			case quiet:
				print = printCounts(out, doc)
			case asJSON:
				print = printJSON(out, doc)
			case explain != "":
				print = printExplain(out, doc, explain)
			default:
				width, _ := terminal(c.OutOrStdout())
				print = printScan(out, doc, width)
			}
			err = errors.Join(err, print, out.Flush())
			if err == nil && c.Context().Err() != nil {
				return errInterrupted
			}
			return err
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print the whole document as JSON")
	f.BoolVarP(&quiet, "quiet", "q", false, "print only how much was found")
	f.StringVar(&explain, "explain", "", "print each claim about one `device` with its evidence (id, address, name or serial)")
	f.BoolVar(&scan.ShowNames, "show-names", false, "do not mask personal names")
	f.StringVar(&scan.Recog, "recog", "", "load recog fingerprint files from this `folder` too")
	f.IntVar(&scan.Workers, "workers", 0, "how many cores to use (0: all)")
	return c
}

func printJSON(w io.Writer, doc *ward.Document) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(doc)
}

// warn says on stderr what a reader of the result must know about its input.
func warn(w io.Writer, doc *ward.Document, interrupted bool) {
	for _, s := range doc.Sources {
		if s.Torn {
			fmt.Fprintf(w, "wardkeeper: %s is torn: it ends in the middle of a record after %d packets; everything before is used\n", safe(s.File), s.Packets)
		}
	}
	if interrupted {
		fmt.Fprintln(w, "wardkeeper: this is what was found until then")
	}
	var dropped []string
	for reason, n := range doc.Counts.Dropped {
		if n > 0 {
			dropped = append(dropped, fmt.Sprintf("%s: %d", reason, n))
		}
	}
	if len(dropped) > 0 {
		fmt.Fprintf(w, "wardkeeper: not everything fitted (%s)\n", safe(strings.Join(sorted(dropped), ", ")))
	}
}

func printCounts(w io.Writer, doc *ward.Document) error {
	claims := 0
	for i := range doc.Devices {
		claims += len(doc.Devices[i].Claims)
	}
	_, err := fmt.Fprintf(w, "%d packets, %d devices, %d claims, %d flows, %d interfaces, %d findings\n",
		doc.Counts.Packets, len(doc.Devices), claims, len(doc.Flows), len(doc.Interfaces), len(doc.Findings))
	return err
}
