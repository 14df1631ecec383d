//go:build ignore

// Generate writes owners.txt.gz from public registries:
//
//	go run generate.go -ieee DIR -enterprises FILE -bacnet FILE
//
// DIR holds oui.csv, mam.csv, oui36.csv and iab.csv with the columns assignment and organisation;
// the other two are number and organisation. Only facts are kept: which number belongs to whom.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

type row struct {
	number uint64
	owner  string
}

func main() {
	ieee := flag.String("ieee", "", "directory of the IEEE listings")
	enterprises := flag.String("enterprises", "", "IANA private enterprise numbers")
	bacnet := flag.String("bacnet", "", "BACnet vendor identifiers")
	flag.Parse()

	tables := map[string][]row{
		"24": prefixes(filepath.Join(*ieee, "oui.csv"), 24),
		"28": prefixes(filepath.Join(*ieee, "mam.csv"), 28),
		"36": append(prefixes(filepath.Join(*ieee, "oui36.csv"), 36), prefixes(filepath.Join(*ieee, "iab.csv"), 36)...),
	}
	makers := map[string]bool{}
	for _, rows := range tables {
		for _, r := range rows {
			makers[stem(r.owner)] = true
		}
	}
	// A private enterprise number matters here when its holder also makes hardware; the rest of
	// the registry is universities, shops and people.
	for _, r := range numbers(*enterprises, '\t') {
		if makers[stem(r.owner)] {
			tables["pen"] = append(tables["pen"], r)
		}
	}
	tables["bacnet"] = numbers(*bacnet, ',')

	owners := map[string]int{}
	for _, rows := range tables {
		for _, r := range rows {
			owners[r.owner] = 0
		}
	}
	names := make([]string, 0, len(owners))
	for n := range owners {
		names = append(names, n)
	}
	sort.Strings(names)
	var out bytes.Buffer
	out.WriteString("# Facts: IEEE MA-L, MA-M, MA-S and IAB assignments (Debian package ieee-data, snapshot August 2022),\n")
	out.WriteString("# IANA private enterprise numbers (Debian libwireshark-data 4.0.17) of organisations that hold one of these,\n")
	out.WriteString("# BACnet vendor identifiers (ASHRAE, as listed in cisagov/icsnpp-bacnet, 2026). Made by generate.go.\n")
	fmt.Fprintf(&out, "owners %d\n", len(names))
	for i, n := range names {
		owners[n] = i
		out.WriteString(n + "\n")
	}
	for _, t := range []string{"24", "28", "36", "pen", "bacnet"} {
		rows := tables[t]
		sort.SliceStable(rows, func(i, j int) bool { return rows[i].number < rows[j].number })
		fmt.Fprintf(&out, "table %s %d\n", t, len(rows))
		last := uint64(0)
		for _, r := range rows { // numbers as steps from the one before: they compress far better
			fmt.Fprintf(&out, "%s %s\n", strconv.FormatUint(r.number-last, 36), strconv.FormatInt(int64(owners[r.owner]), 36))
			last = r.number
		}
	}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	w.Write(out.Bytes())
	w.Close()
	if err := os.WriteFile("owners.txt.gz", packed.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d owners, %d bytes, %d packed", len(names), out.Len(), packed.Len())
}

func prefixes(path string, bits int) []row {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	var rows []row
	for _, l := range lines[1:] {
		n, err := strconv.ParseUint(l[0], 16, 64)
		if err != nil || len(l[0]) != bits/4 {
			log.Fatalf("%s: %q", path, l)
		}
		rows = append(rows, row{n, tidy(l[1])})
	}
	return rows
}

func numbers(path string, comma byte) []row {
	text, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var rows []row
	for _, l := range strings.Split(string(text), "\n") {
		i := strings.IndexByte(l, comma)
		if i < 0 {
			continue
		}
		n, err := strconv.ParseUint(l[:i], 10, 64)
		if err != nil {
			continue
		}
		if owner := tidy(strings.Trim(l[i+1:], `"`)); owner != "" {
			rows = append(rows, row{n, owner})
		}
	}
	return rows
}

var (
	brackets = regexp.MustCompile(`\s*\((?:https?:|www|formerly|was ).*`)
	words    = regexp.MustCompile(`[a-z0-9]+`)
)

func tidy(s string) string {
	return strings.Join(strings.Fields(brackets.ReplaceAllString(s, "")), " ")
}

// stem is what two spellings of one organisation have in common: its first two words.
func stem(s string) string {
	w := words.FindAllString(strings.ToLower(s), -1)
	if len(w) > 2 {
		w = w[:2]
	}
	if len(w) == 2 && map[string]bool{"inc": true, "ltd": true, "gmbh": true, "corp": true, "co": true, "ag": true, "llc": true, "corporation": true, "limited": true, "sa": true, "ab": true, "bv": true}[w[1]] {
		w = w[:1]
	}
	return strings.Join(w, "")
}
