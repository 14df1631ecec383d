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

// VendorName is the maker behind a BACnet vendor identifier, or nothing when it is not assigned. It
// searches the lines of vendors.txt by halves: they stand in order of their numbers.
func VendorName(id uint32) string {
	lo, hi := strings.IndexByte(vendors, '\n')+1, len(vendors) // the first line is a remark
	for lo < hi {
		start := lo + (hi-lo)/2
		start = max(lo, strings.LastIndexByte(vendors[:start], '\n')+1)
		end := start + strings.IndexByte(vendors[start:], '\n')
		number, name, _ := strings.Cut(vendors[start:end], "\t")
		n, err := strconv.ParseUint(number, 10, 32)
		switch {
		case err != nil:
			return ""
		case uint32(n) == id:
			return name
		case uint32(n) < id:
			lo = end + 1
		default:
			hi = start
		}
	}
	return ""
}
