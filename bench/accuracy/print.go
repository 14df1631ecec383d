package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// enough is how many devices a share needs behind it to be printed.
const enough = 30

// print writes the report.
func (r *report) print(out io.Writer, verbose bool) {
	if verbose {
		sort.Strings(r.lines)
		for _, l := range r.lines {
			fmt.Fprintln(out, l)
		}
		fmt.Fprintln(out)
	}
	for _, g := range []string{"all devices", "real captures", "synthetic captures", "clinical devices"} {
		fmt.Fprintf(out, "%s: %d labelled\n", g, r.devices[g])
		if r.devices[g] == 0 {
			continue
		}
		fmt.Fprintf(out, "  %-14s %9s %6s %6s %10s %8s\n", "attribute", "labelled", "right", "wrong", "precision", "recall")
		for _, a := range ward.IdentityAttrs[:6] {
			s := r.score(g, a)
			if r.devices[g] < enough {
				fmt.Fprintf(out, "  %-14s %9d %6d %6d %19s\n", a, s.labelled, s.right, s.wrong, "insufficient")
				continue
			}
			fmt.Fprintf(out, "  %-14s %9d %6d %6d %10s %8s\n", a, s.labelled, s.right, s.wrong, percent(s.right, s.right+s.wrong), percent(s.right, s.labelled))
		}
	}
	t := r.totals
	fmt.Fprintf(out, "\ndevices reported %d, ghosts %d, labelled devices absent %d\n", t["devices"], t["ghost"], t["absent"])
	fmt.Fprintf(out, "wrong serial numbers %d, claims where none may be made %d, claims of a forbidden value %d\n", t["wrong serials"], t["silent"], t["never"])
	fmt.Fprintf(out, "findings: raised as they must %d, missed %d, raised in error %d (of these alarms %d)\n", t["findings raised as they must"], t["unraised"], t["false"], t["false alarms"])
	r.calibration(out)
	if verbose {
		r.printStated(out)
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(of))
}

// bin is a group of claims with similar confidence.
type bin struct {
	said  float64
	right int
	n     int
}

// calibration compares stated confidence with the share that was right: as stated, and as it would
// be stated by a table fitted to the captures of all other sources.
func (r *report) calibration(out io.Writer) {
	fmt.Fprintf(out, "\ncalibration: %d claims about labelled attributes, bins of at least 20 claims, 95 %% Wilson interval\n", len(r.claims))
	stated := make([]float64, len(r.claims))
	for i, c := range r.claims {
		stated[i] = c.confidence
	}
	printBins(out, "as stated", bins(r.claims, stated))
	held := make([]float64, len(r.claims))
	for _, s := range r.sources() {
		fit := isotonic(r.claims, s)
		for i, c := range r.claims {
			if c.source == s {
				held[i] = fit(c.confidence)
			}
		}
	}
	printBins(out, "fitted to the other sources, held out by source ("+strings.Join(r.sources(), ", ")+")", bins(r.claims, held))
}

func (r *report) sources() []string {
	var list []string
	for _, c := range r.claims {
		if !slices.Contains(list, c.source) {
			list = append(list, c.source)
		}
	}
	slices.Sort(list)
	return list
}

// bins pools claims in order of confidence; claims of equal confidence stay together.
func bins(claims []claim, said []float64) []bin {
	order := make([]int, len(claims))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return said[order[i]] < said[order[j]] })
	var out []bin
	var b bin
	for k, i := range order {
		b.said += said[i]
		b.n++
		if claims[i].right {
			b.right++
		}
		last := k == len(order)-1
		if last || b.n >= 20 && said[order[k+1]] != said[i] {
			if last && b.n < 20 && len(out) > 0 { // too few left for a bin of their own
				o := &out[len(out)-1]
				o.said, o.n, o.right = o.said+b.said, o.n+b.n, o.right+b.right
			} else {
				out = append(out, b)
			}
			b = bin{}
		}
	}
	return out
}

func printBins(out io.Writer, title string, list []bin) {
	fmt.Fprintf(out, "  %s\n    %6s %6s %6s %16s\n", title, "said", "right", "of", "share, interval")
	for _, b := range list {
		low, high := wilson(b.right, b.n)
		fmt.Fprintf(out, "    %6.2f %6d %6d   %.2f, %.2f-%.2f\n", b.said/float64(b.n), b.right, b.n, float64(b.right)/float64(b.n), low, high)
	}
}

// wilson is the 95 % interval of a share (E. B. Wilson, 1927).
func wilson(k, n int) (low, high float64) {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	d := 1 + z*z/m
	return max(0, (mid-half)/d), min(1, (mid+half)/d)
}

// isotonic fits a rising step function from confidence to share right, leaving out one source, by
// pooling adjacent violators.
func isotonic(claims []claim, without string) func(float64) float64 {
	type block struct{ from, right, n float64 }
	var used []claim
	for _, c := range claims {
		if c.source != without {
			used = append(used, c)
		}
	}
	sort.SliceStable(used, func(i, j int) bool { return used[i].confidence < used[j].confidence })
	var blocks []block
	for _, c := range used {
		b := block{from: c.confidence, n: 1}
		if c.right {
			b.right = 1
		}
		if n := len(blocks); n > 0 && blocks[n-1].from == b.from {
			blocks[n-1].right += b.right
			blocks[n-1].n++
		} else {
			blocks = append(blocks, b)
		}
		for n := len(blocks); n > 1 && blocks[n-2].right/blocks[n-2].n >= blocks[n-1].right/blocks[n-1].n; n = len(blocks) {
			blocks[n-2].right += blocks[n-1].right
			blocks[n-2].n += blocks[n-1].n
			blocks = blocks[:n-1]
		}
	}
	return func(c float64) float64 {
		p := c
		for _, b := range blocks {
			if b.from <= c {
				p = (b.right + 1) / (b.n + 2) // a small sample never proves certainty
			}
		}
		return p
	}
}

// printStated lists how often claims of each stated confidence were right: the table from which the
// weights of package identity are set.
func (r *report) printStated(out io.Writer) {
	type tally struct{ right, of int }
	by := map[string]*tally{}
	for _, c := range r.claims {
		k := fmt.Sprintf("%.2f %s", c.confidence, c.attr)
		if by[k] == nil {
			by[k] = &tally{}
		}
		by[k].of++
		if c.right {
			by[k].right++
		}
	}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(out, "    %-18s %4d of %4d\n", k, by[k].right, by[k].of)
	}
}
