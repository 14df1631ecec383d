package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// run builds the captures and prints the table.
func run(dir, data string, rounds int, only string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, c := range []struct {
		name  string
		write func(string) error
	}{
		{"mixed.pcap", func(p string) error { return writeMixed(p, data, 500<<20) }},
		{"many.pcap", writeMany},
		{"flood.pcap", writeFlood},
	} {
		path := filepath.Join(dir, c.name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		fmt.Fprintln(os.Stderr, "building", path)
		if err := c.write(path + ".part"); err != nil {
			return err
		}
		if err := os.Rename(path+".part", path); err != nil {
			return err
		}
	}
	return nil
}
