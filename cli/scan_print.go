package cli

import (
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// printScan prints the devices as a table, then findings and what was not seen.
func printScan(w io.Writer, doc *ward.Document, width int) error {
	t := table{head: []string{"DEVICE", "MANUFACTURER", "MODEL", "TYPE", "OS", "FIRMWARE", "SERIAL", "NAME", "ADDRESSES", "PROTOCOLS", "SURE"}}
	for i := range doc.Devices {
		d := &doc.Devices[i]
		name := ""
		if len(d.Names) > 0 {
			name = d.Names[0].Value
		}
		typ := d.Value(ward.Type)
		if typ == "" {
			typ = "unknown"
		}
		t.add(d.ID, d.Value(ward.Manufacturer), d.Value(ward.Model), typ, d.Value(ward.OS), d.Value(ward.Firmware),
			d.Value(ward.Serial), name, addresses(d), strings.Join(d.Protocols, " "), sureness(d))
	}
	if err := t.print(w, width); err != nil {
		return err
	}
	if len(doc.Findings) > 0 {
		fmt.Fprintln(w)
		f := table{head: []string{"FINDING", "WHAT", "DEVICES"}}
		for _, x := range doc.Findings {
			f.add(string(x.Kind), x.Title, strings.Join(x.Devices, " "))
		}
		if err := f.print(w, width); err != nil {
			return err
		}
	}
	named := 0
	for i := range doc.Devices {
		if doc.Devices[i].Value(ward.Type) != "" || doc.Devices[i].Value(ward.Model) != "" {
			named++
		}
	}
	_, err := fmt.Fprintf(w, "\n%s, %d with a type or model; %s, %s, %s in %s.\n",
		count(len(doc.Devices), "device"), named, count(len(doc.Interfaces), "interface"), count(len(doc.Flows), "flow"),
		count(len(doc.Findings), "finding"), count(int(doc.Counts.Packets), "packet")) //nolint:gosec // a count of packets fits
	return err
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// addresses gives the first network and hardware address and how many more there are.
func addresses(d *ward.Device) string {
	var all []string
	all = append(append(all, d.IPs...), d.MACs...)
	if len(all) > 2 {
		short := append([]string{}, d.IPs[:min(1, len(d.IPs))]...)
		short = append(short, d.MACs[:min(1, len(d.MACs))]...)
		if rest := len(all) - len(short); rest > 0 {
			return fmt.Sprintf("%s +%d", strings.Join(short, " "), rest)
		}
	}
	return strings.Join(all, " ")
}

// sureness is the confidence of the weakest claim in the table row: no more can be said of the
// whole row.
func sureness(d *ward.Device) string {
	lowest := 2.0
	for _, a := range ward.IdentityAttrs {
		if a == ward.Role {
			continue
		}
		if c, ok := d.Claims[a]; ok {
			lowest = min(lowest, c.Confidence)
		}
	}
	if lowest > 1 {
		return ""
	}
	return fmt.Sprintf("%.2f", lowest)
}

func sorted(list []string) []string {
	sort.Strings(list)
	return list
}

// find gives the devices that a person means by a word: an id, an address, a name or a serial.
func find(doc *ward.Document, word string) []*ward.Device {
	word = strings.ToLower(word)
	var found []*ward.Device
	for i := range doc.Devices {
		d := &doc.Devices[i]
		words := append([]string{d.ID, d.Value(ward.Serial)}, d.IPs...)
		words = append(words, d.MACs...)
		for _, n := range d.Names {
			words = append(words, n.Value)
		}
		for _, w := range words {
			if strings.ToLower(w) == word {
				found = append(found, d)
				break
			}
		}
	}
	return found
}

// printExplain prints every claim about a device with what speaks for and against it.
func printExplain(w io.Writer, doc *ward.Document, word string) error {
	found := find(doc, word)
	if len(found) == 0 {
		return &ward.Error{Kind: ward.NotFound, Op: "cli.explain", Msg: fmt.Sprintf("No device has the id, address, name or serial %q. Run without --explain for the list.", safe(word))}
	}
	for _, d := range found {
		fmt.Fprintf(w, "%s  %s\n", d.ID, safe(d.Title()))
		fmt.Fprintf(w, "  category %s, %s, heard %s to %s, %s\n", d.Category, d.Scope, d.First.UTC().Format("2006-01-02 15:04:05"), d.Last.UTC().Format("2006-01-02 15:04:05"), count(int(d.Packets), "packet")) //nolint:gosec // a count of packets fits
		fmt.Fprintf(w, "  addresses  %s\n", safe(strings.Join(append(append([]string{}, d.IPs...), d.MACs...), "  ")))
		for _, n := range d.Names {
			fmt.Fprintf(w, "  name       %s (%s)\n", safe(n.Value), safe(n.Source))
		}
		fmt.Fprintf(w, "  protocols  %s\n", safe(strings.Join(d.Protocols, ", ")))
		if len(d.Claims) == 0 {
			fmt.Fprintln(w, "  no claim: nothing it sent says what it is")
		}
		for _, a := range claimOrder(d) {
			c := d.Claims[a]
			fmt.Fprintf(w, "\n  %s: %s  (%.2f)\n", a, safe(c.Value), c.Confidence)
			printEvidence(w, doc, c.Evidence)
			for _, x := range c.Contradictions {
				fmt.Fprintf(w, "    against: %s  (%.2f)\n", safe(x.Value), x.Confidence)
				printEvidence(w, doc, x.Evidence)
			}
		}
		for _, f := range doc.Findings {
			for _, id := range f.Devices {
				if id == d.ID {
					fmt.Fprintf(w, "\n  finding: %s\n", safe(f.Title))
					printEvidence(w, doc, f.Evidence)
					break
				}
			}
		}
		fmt.Fprintln(w)
	}
	return nil
}

func claimOrder(d *ward.Device) []ward.Attr {
	var order, rest []ward.Attr
	for _, a := range ward.IdentityAttrs {
		if _, ok := d.Claims[a]; ok {
			order = append(order, a)
		}
	}
	for a := range d.Claims {
		known := false
		for _, o := range order {
			known = known || o == a
		}
		if !known {
			rest = append(rest, a)
		}
	}
	sort.Slice(rest, func(i, j int) bool { return rest[i] < rest[j] })
	return append(order, rest...)
}

func printEvidence(w io.Writer, doc *ward.Document, list []ward.Evidence) {
	for _, e := range list {
		where := ""
		if e.Frame > 0 {
			where = fmt.Sprintf(", frame %d", e.Frame)
			if len(doc.Sources) > 1 && e.Source < len(doc.Sources) {
				where += " of " + doc.Sources[e.Source].File
			}
		}
		times := ""
		if e.Count > 1 {
			times = fmt.Sprintf(", %d times until %s", e.Count, e.Last.UTC().Format("15:04:05"))
		}
		fmt.Fprintf(w, "    %s %s = %s\n      sent by %s at %s%s%s\n", safe(e.Protocol), safe(e.Field), safe(e.Value),
			safe(e.Sender), e.First.UTC().Format("2006-01-02 15:04:05"), times, safe(where))
	}
}
