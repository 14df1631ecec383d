// Package registry holds facts from public registries: who owns which block of hardware addresses
// (IEEE), private enterprise number (IANA) or BACnet vendor identifier (ASHRAE).
//
// The facts are one compressed table beside generate.go, which made it and names its sources. It
// is unpacked when first asked.
package registry

import (
	"bytes"
	"compress/gzip"
	_ "embed" // owners.txt.gz
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"
)

//go:embed owners.txt.gz
var packed []byte

// Tables are the registries, ready to be asked. They do not change and may be shared.
type Tables struct {
	owners             []string
	oui, mam, mas      table
	enterprise, bacnet table
}

// table maps numbers to positions in the list of owners, sorted by number.
type table struct {
	number []uint64
	owner  []uint32
}

// Builtin returns the tables that are compiled in.
var Builtin = sync.OnceValue(func() *Tables { return load(packed) })

// load unpacks the table. It is compiled in and tested, so what does not parse is left out.
func load(packed []byte) *Tables {
	t := &Tables{}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return t
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return t
	}
	text := string(raw)
	line := func() string {
		l, rest, _ := strings.Cut(text, "\n")
		text = rest
		return l
	}
	for text != "" {
		kind, rest, _ := strings.Cut(line(), " ")
		switch kind {
		case "owners":
			n, _ := strconv.Atoi(rest)
			t.owners = make([]string, 0, n)
			for range n {
				t.owners = append(t.owners, line())
			}
		case "table":
			name, count, _ := strings.Cut(rest, " ")
			n, _ := strconv.Atoi(count)
			if to := t.table(name); to != nil {
				to.read(n, line)
			}
		}
	}
	return t
}

func (t *Tables) table(name string) *table {
	switch name {
	case "24":
		return &t.oui
	case "28":
		return &t.mam
	case "36":
		return &t.mas
	case "pen":
		return &t.enterprise
	case "bacnet":
		return &t.bacnet
	}
	return nil
}

func (t *table) read(n int, line func() string) {
	t.number, t.owner = make([]uint64, 0, n), make([]uint32, 0, n)
	last := uint64(0)
	for range n {
		step, owner, _ := strings.Cut(line(), " ")
		last += base36(step)
		t.number = append(t.number, last)
		t.owner = append(t.owner, uint32(base36(owner))) //nolint:gosec // fewer owners than 2^32
	}
}

func base36(s string) uint64 {
	var n uint64
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' {
			c -= 'a' - 10
		} else {
			c -= '0'
		}
		n = n*36 + uint64(c)
	}
	return n
}

func (t *Tables) find(in *table, n uint64) string {
	i := sort.Search(len(in.number), func(i int) bool { return in.number[i] >= n })
	if i == len(in.number) || in.number[i] != n || int(in.owner[i]) >= len(t.owners) {
		return ""
	}
	return t.owners[in.owner[i]]
}

// MAC returns who owns the block a hardware address lies in and how many bits the block fixes: 36,
// 28 or 24. The small blocks are asked first, since the IEEE itself holds the large block around
// them. It returns nothing for group and locally administered addresses.
func (t *Tables) MAC(mac [6]byte) (owner string, bits int) {
	if mac[0]&3 != 0 {
		return "", 0
	}
	n := uint64(mac[0])<<28 | uint64(mac[1])<<20 | uint64(mac[2])<<12 | uint64(mac[3])<<4 | uint64(mac[4])>>4
	if owner = t.find(&t.mas, n); owner != "" {
		return owner, 36
	}
	if owner = t.find(&t.mam, n>>8); owner != "" {
		return owner, 28
	}
	if owner = t.find(&t.oui, n>>12); owner != "" {
		return owner, 24
	}
	return "", 0
}

// Enterprise returns the holder of an IANA private enterprise number, the number after
// 1.3.6.1.4.1 in an object identifier. Only holders that also own hardware addresses are listed.
func (t *Tables) Enterprise(n uint32) string { return t.find(&t.enterprise, uint64(n)) }

// BACnet returns the holder of a BACnet vendor identifier (ASHRAE 135, clause 23).
func (t *Tables) BACnet(vendor uint16) string { return t.find(&t.bacnet, uint64(vendor)) }
