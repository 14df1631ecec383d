// Accuracy measures what Wardkeeper claims about the devices in a labelled corpus of captures:
// precision and recall of each attribute, wrong serial numbers, claims where nothing may be
// claimed, devices that do not exist, findings missed and raised in error, and how well the stated
// confidence fits.
//
//	go run ./bench/accuracy -corpus DIR [-v]
//
// DIR holds labels.json and the captures it names.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/identity/prints"
	"github.com/wardkeeper/wardkeeper/know/wire"
	"github.com/wardkeeper/wardkeeper/know/wire/decoders"
)

func main() {
	corpus := flag.String("corpus", "../shared/data/pcaps", "folder with labels.json and the captures")
	verbose := flag.Bool("v", false, "list every miss and every wrong claim")
	recog := flag.String("recog", "", "folder of recog files to load as a further source")
	only := flag.String("only", "", "one capture by name, with all its devices")
	flag.Parse()
	if err := run(*corpus, *recog, *only, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

func run(corpus, recog, only string, verbose bool) error {
	set, err := prints.Builtin()
	if err != nil {
		return err
	}
	if recog != "" {
		if _, err := set.LoadRecog(recog); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(corpus, "labels.json"))
	if err != nil {
		return err
	}
	var l labels
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("labels.json: %w", err)
	}
	names := make([]string, 0, len(l.Captures))
	for n := range l.Captures {
		if only == "" || n == only {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	r := newReport(&l)
	for _, name := range names {
		c := l.Captures[name]
		p, err := picture(filepath.Join(corpus, name), set)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if only != "" {
			printPicture(os.Stdout, p)
		}
		senders, err := sendersOf(filepath.Join(corpus, name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.judge(name, &c, p, senders)
	}
	r.print(os.Stdout, verbose)
	return nil
}

// picture reads one capture as `scan` does.
func picture(path string, set *prints.Set) (*identity.Picture, error) {
	w := wire.New(wire.Options{Decoders: decoders.All(), Mask: identity.Mask})
	if _, err := w.ReadFile(context.Background(), path); err != nil {
		return nil, err
	}
	e := identity.New(identity.Options{Prints: set})
	e.Observe(w.Close())
	return e.Picture(), nil
}

func printPicture(out *os.File, p *identity.Picture) {
	for i := range p.Devices {
		d := &p.Devices[i]
		fmt.Fprintf(out, "%s %v %v %s %s %v %v\n", d.ID, d.MACs, d.IPs, d.Scope, d.Category, d.Protocols, d.Names)
		for _, a := range slices.Sorted(keys(d.Claims)) {
			c := d.Claims[a]
			fmt.Fprintf(out, "    %-12s %.2f %q\n", a, c.Confidence, c.Value)
			for _, v := range c.Evidence {
				fmt.Fprintf(out, "        %s %s: %.80q frame %d from %s\n", v.Protocol, v.Field, v.Value, v.Frame, v.Sender)
			}
			for _, x := range c.Contradictions {
				fmt.Fprintf(out, "        not %q %.2f\n", x.Value, x.Confidence)
			}
		}
	}
	for _, f := range p.Findings {
		fmt.Fprintf(out, "! %s: %s %v\n", f.Kind, f.Title, f.Devices)
	}
}
