// Wardkeeper runs a hospital's Internet of Medical Things: see README.md.
package main

import (
	"os"

	"github.com/wardkeeper/wardkeeper/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
