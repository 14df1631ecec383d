// Package cli is the command line: one file a command.
package cli

import (
	"fmt"
	"io"
)

// Main runs the command that args name and returns its exit code.
func Main(args []string, _ io.Reader, _, stderr io.Writer) int {
	fmt.Fprintln(stderr, "wardkeeper:", args)
	return 2
}
