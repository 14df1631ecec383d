package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/api"
	"github.com/wardkeeper/wardkeeper/api/client"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// remote is how commands reach a running Wardkeeper.
type remote struct {
	client.Client
	json bool
}

func (r *remote) flags(c *cobra.Command) *cobra.Command {
	server := os.Getenv("WARDKEEPER_SERVER")
	if server == "" {
		server = "http://localhost:8080"
	}
	c.Flags().StringVar(&r.Server, "server", server, "address of Wardkeeper (WARDKEEPER_SERVER)")
	r.Token = os.Getenv("WARDKEEPER_TOKEN") // never a flag: other users could read it
	return c
}

func (r *remote) jsonFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&r.json, "json", false, "print JSON")
	return r.flags(c)
}

const tokenHelp = `
The API token is read from WARDKEEPER_TOKEN; make one on the page about yourself.`

func remoteCommands() []*cobra.Command {
	return []*cobra.Command{devicesCommand(), deviceCommand(), claimsCommand(), interfacesCommand(), importCommand(), exportCommand()}
}

func asJSON(c *cobra.Command, v any) error {
	enc := json.NewEncoder(c.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

func devicesCommand() *cobra.Command {
	var r remote
	var filters []string
	var limit int
	var sort string
	c := &cobra.Command{
		Use:     "devices [WORD...]",
		Short:   "List devices of the register that match all words and filters",
		Long:    "List devices of the register that match all words and filters.\n" + tokenHelp,
		Example: "  wardkeeper devices windows 7 imaging\n  wardkeeper devices --filter zone=ICU --filter type=ventilator",
		RunE: func(c *cobra.Command, args []string) error {
			q := url.Values{"q": {strings.Join(args, " ")}, "limit": {fmt.Sprint(limit)}}
			if sort != "" {
				q.Set("sort", sort)
			}
			for _, f := range filters {
				key, value, ok := strings.Cut(f, "=")
				if !ok {
					return &ward.Error{Kind: ward.Invalid, Op: "cli.devices", Msg: fmt.Sprintf("--filter %q: write key=value, as zone=ICU. Keys: %s", f, strings.Join(inventory.FilterKeys, ", "))}
				}
				q.Add(key, value)
			}
			p, err := r.Devices(c.Context(), q)
			if err != nil {
				return err
			}
			if r.json {
				return asJSON(c, p)
			}
			return printPage(c, p)
		},
	}
	c.Flags().StringArrayVar(&filters, "filter", nil, "`key=value`; several values of one key are alternatives")
	c.Flags().IntVar(&limit, "limit", 50, "rows at most, up to 1,000")
	c.Flags().StringVar(&sort, "sort", "", "sort by: "+strings.Join(inventory.SortKeys, ", "))
	return r.jsonFlag(c)
}

func printPage(c *cobra.Command, p *inventory.Page) error {
	t := table{head: []string{"STATUS", "DEVICE", "TYPE", "MANUFACTURER", "MODEL", "OS", "ZONE", "ADDRESS", "SURE", "HEARD", "ID"}}
	for i := range p.Rows {
		d := &p.Rows[i]
		address := ""
		if len(d.IPs) > 0 {
			address = d.IPs[0]
		} else if len(d.MACs) > 0 {
			address = d.MACs[0]
		}
		t.add(string(d.Status), d.Title, d.Type, d.Manufacturer, d.Model, d.OS, d.Zone, address,
			fmt.Sprintf("%.2f", d.Confidence), d.Last.Local().Format("2006-01-02 15:04"), d.ID)
	}
	width, _ := terminal(c.OutOrStdout())
	if err := t.print(c.OutOrStdout(), width); err != nil {
		return err
	}
	c.Printf("\n%d of %d devices match", p.Matches, p.Total)
	if len(p.Rows) < p.Matches {
		c.Printf("; the first %d are shown", len(p.Rows))
	}
	c.Println(".")
	if p.Undecided != nil {
		c.Printf("%s could not be decided:\n", count(p.Undecided.Count, "more device"))
		for _, why := range p.Undecided.Reasons {
			c.Printf("  %d: %s\n", why.Count, safe(why.Why))
		}
	}
	return nil
}

func deviceCommand() *cobra.Command {
	var r remote
	c := &cobra.Command{
		Use: "device WHICH", Short: "Show one device, by id, address, name or serial", Args: cobra.ExactArgs(1),
		Long: "Show one device, by id, address, name or serial.\n" + tokenHelp,
		RunE: func(c *cobra.Command, args []string) error {
			d, err := r.Find(c.Context(), args[0])
			if err != nil {
				return err
			}
			if r.json {
				return asJSON(c, d)
			}
			c.Printf("%s  (%s)\n%s, zone %s, %s\n\n", safe(d.Title), d.ID, d.Status, safe(orUnknown(d.Zone)), d.Category)
			t := table{head: []string{"WHAT", "VALUE", "SURE", "BY", "AGAINST"}}
			for _, a := range append(ward.IdentityAttrs, ward.Hostname, ward.Place) {
				if e, ok := d.Effective[a]; ok {
					t.add(string(a), e.Value, fmt.Sprintf("%.2f", e.Confidence), e.By, fmt.Sprint(e.Against))
				}
			}
			if err := t.print(c.OutOrStdout(), 0); err != nil {
				return err
			}
			c.Printf("\naddresses  %s\nprotocols  %s\nheard      %s to %s\n", strings.Join(append(append([]string{}, d.IPs...), d.MACs...), "  "),
				safe(strings.Join(d.Protocols, ", ")), d.First.Local().Format("2006-01-02 15:04"), d.Last.Local().Format("2006-01-02 15:04"))
			for _, f := range inventory.Fields {
				if v := d.Fields[f]; v != "" {
					c.Printf("%-10s %s\n", f, safe(v))
				}
			}
			for i := range d.Open {
				c.Printf("finding    %s: %s\n", d.Open[i].Kind, safe(d.Open[i].Title))
			}
			return nil
		},
	}
	return r.jsonFlag(c)
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func claimsCommand() *cobra.Command {
	var r remote
	c := &cobra.Command{
		Use: "claims WHICH", Short: "Print each claim about a device with its evidence and what speaks against it", Args: cobra.ExactArgs(1),
		Long: "Print each claim about a device with its evidence and what speaks against it.\n" + tokenHelp,
		RunE: func(c *cobra.Command, args []string) error {
			d, err := r.Find(c.Context(), args[0])
			if err != nil {
				return err
			}
			claims, err := r.Claims(c.Context(), d.ID)
			if err != nil {
				return err
			}
			if r.json {
				return asJSON(c, claims)
			}
			return printExplain(c.OutOrStdout(), &ward.Document{Devices: []ward.Device{d.Device}}, d.ID)
		},
	}
	return r.jsonFlag(c)
}

func interfacesCommand() *cobra.Command {
	var r remote
	var patient, clear bool
	c := &cobra.Command{
		Use: "interfaces [WORD...]", Short: "List who sends what to whom: DICOM, HL7, FHIR and the like",
		Long: "List who sends what to whom: DICOM, HL7, FHIR and the like.\n" + tokenHelp,
		RunE: func(c *cobra.Command, args []string) error {
			q := url.Values{"q": {strings.Join(args, " ")}, "patient": {fmt.Sprint(patient)}, "clear": {fmt.Sprint(clear)}}
			list, err := r.Interfaces(c.Context(), q)
			if err != nil {
				return err
			}
			if r.json {
				return asJSON(c, list)
			}
			t := table{head: []string{"PROTOCOL", "FROM", "TO", "PORT", "SECURED", "PATIENT DATA", "WHAT", "NAMES", "MESSAGES"}}
			for i := range list {
				l := &list[i]
				t.add(l.Protocol, l.From.Title, l.To.Title, fmt.Sprint(l.Port), secured(l.Secured), map[bool]string{true: "yes", false: "no"}[l.Patient],
					strings.Join(l.What, ", "), strings.Join(l.Names, ", "), fmt.Sprint(l.Messages))
			}
			width, _ := terminal(c.OutOrStdout())
			return t.print(c.OutOrStdout(), width)
		},
	}
	c.Flags().BoolVar(&patient, "patient", false, "only those that carry patient data")
	c.Flags().BoolVar(&clear, "clear", false, "only those without encryption")
	return r.jsonFlag(c)
}

func secured(s *bool) string {
	switch {
	case s == nil:
		return "cannot tell"
	case *s:
		return "yes"
	}
	return "in clear"
}

func importCommand() *cobra.Command {
	var r remote
	var mapping []string
	var apply, strict bool
	c := &cobra.Command{
		Use: "import FILE", Short: "Bring another register in (CSV or JSON): shows what would happen; --apply writes", Args: cobra.ExactArgs(1),
		Long: "Bring another register in (CSV or JSON). Without --apply it shows matches, conflicts and rejects and writes nothing.\n" + tokenHelp,
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return &ward.Error{Kind: ward.Invalid, Op: "cli.import", Msg: "The file could not be opened.", Err: err}
			}
			defer f.Close() //nolint:errcheck // only read
			got, err := r.Import(c.Context(), filepath.Base(args[0]), f, mapping, apply, strict)
			if err != nil {
				return err
			}
			if r.json {
				return asJSON(c, got)
			}
			return printImport(c, got)
		},
	}
	c.Flags().StringSliceVar(&mapping, "mapping", nil, "what each column means, in order; empty ignores one")
	c.Flags().BoolVar(&apply, "apply", false, "write")
	c.Flags().BoolVar(&strict, "strict", false, "all or nothing")
	return r.jsonFlag(c)
}

func printImport(c *cobra.Command, got *api.Imported) error {
	p := got.Preview
	for i, h := range got.Header {
		meaning := "ignored"
		if p != nil && i < len(p.Mapping) && p.Mapping[i] != "" {
			meaning = string(p.Mapping[i])
		}
		c.Printf("column %-24s %s\n", safe(h), meaning)
	}
	if p != nil {
		c.Printf("\n%s, %d the same already, %d not heard yet, %s, %s\n", fmt.Sprintf("%d matched", len(p.Matches)), p.Same, len(p.New), count(len(p.Conflicts), "conflict"), count(len(p.Rejects), "reject"))
		for _, x := range p.Conflicts {
			c.Printf("  line %d: %s of %s: the file says %s, the network says %s (%.2f)\n", x.Line, x.Target, safe(x.Device.Title), safe(x.Theirs), safe(x.Ours), x.Certain)
		}
		for _, x := range p.Rejects {
			c.Printf("  line %d: %s\n", x.Line, safe(x.Why))
		}
	}
	if got.Result != nil {
		c.Printf("Written: %d updated, %d added, %d the same.\n", got.Result.Updated, got.Result.Added, got.Result.Same)
	} else {
		c.Println("Nothing is written. Add --apply to write.")
	}
	return nil
}

func exportCommand() *cobra.Command {
	var r remote
	var format string
	c := &cobra.Command{
		Use: "export devices|interfaces", Short: "Write a whole list to standard output", Args: cobra.ExactArgs(1), ValidArgs: []string{"devices", "interfaces"},
		Long: "Write a whole list to standard output. Cells that a spreadsheet would run as a formula are defused.\n" + tokenHelp,
		RunE: func(c *cobra.Command, args []string) error {
			return r.Export(c.Context(), args[0], format, nil, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&format, "format", "csv", "csv, or json for devices")
	return r.flags(c)
}
