// Package bacnet reads and writes the part of BACnet/IP (ANSI/ASHRAE 135, annex J) by which
// devices make themselves known: the virtual link and network headers, Who-Is and I-Am, and the
// answers to ReadProperty and ReadPropertyMultiple.
//
// Parsed values are slices of the input; nothing is copied until text is wanted.
package bacnet

//go:generate go run gen_vendors.go

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed vendors.txt
var vendors string

// VendorName is the maker behind a BACnet vendor identifier, or nothing when it is not assigned.
func VendorName(id uint32) string {
	key := "\n" + strconv.FormatUint(uint64(id), 10) + "\t"
	i := strings.Index(vendors, key)
	if i < 0 {
		return ""
	}
	name, _, _ := strings.Cut(vendors[i+len(key):], "\n")
	return name
}
