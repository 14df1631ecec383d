//go:build ignore

// Writes vendors.txt from a list of BACnet vendor identifiers in CSV with a header line
// "vendor_id,vendor". Usage: go run gen_vendors.go [list.csv]
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	data := os.Getenv("WARDKEEPER_DATA")
	if data == "" {
		data = "../../../shared/data"
	}
	src := filepath.Join(data, "fingerprints", "bacnet-vendor-ids.csv")
	if len(os.Args) > 1 {
		src = os.Args[1]
	}
	f, err := os.Open(src)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# BACnet vendor identifiers: number, tab, organisation. Assigned by ASHRAE SSPC 135; numbers and names as listed by cisagov/icsnpp-bacnet b34b92eb2a82, read 2026-11-23. Written by gen_vendors.go.\n")
	for _, r := range rows[1:] {
		if _, err := strconv.ParseUint(r[0], 10, 16); err != nil {
			log.Fatalf("vendor id %q: %v", r[0], err)
		}
		name, _, _ := strings.Cut(r[1], " (Formerly")
		name = strings.Join(strings.Fields(name), " ")
		low := strings.ToLower(name)
		if name == "" || strings.HasPrefix(low, "reserved") || low == "test" {
			continue
		}
		fmt.Fprintf(&b, "%s\t%s\n", r[0], name)
	}
	if err := os.WriteFile("vendors.txt", []byte(b.String()), 0o644); err != nil {
		log.Fatal(err)
	}
}
