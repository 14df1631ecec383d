package cli

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"github.com/wardkeeper/wardkeeper/ward"
)

const phraseHelp = `
The passphrase is asked for on the terminal; scripts give it with --passphrase-file or in
WARDKEEPER_ROOT_PASSPHRASE. It is never an argument, since other users could read that.`

// maxPhrase bounds a passphrase, in bytes.
const maxPhrase = 4096

// rootPassphrase gets the passphrase of a root's file; twice asks a person for it again.
func rootPassphrase(c *cobra.Command, file string, twice bool) (string, error) {
	if file != "" {
		f, err := os.Open(file) //nolint:gosec // the operator names the file
		if err != nil {
			return "", &ward.Error{Kind: ward.Invalid, Op: "cli.passphrase", Msg: "The file with the passphrase could not be opened.", Err: err}
		}
		defer f.Close() //nolint:errcheck // only read
		return firstLine(f)
	}
	if v := os.Getenv("WARDKEEPER_ROOT_PASSPHRASE"); v != "" {
		return v, nil
	}
	in, ok := c.InOrStdin().(*os.File)
	if !ok {
		return "", noTerminal(nil)
	}
	fd := int(in.Fd()) //nolint:gosec // a file descriptor is small
	old, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return "", noTerminal(err)
	}
	quiet := *old
	quiet.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, &quiet); err != nil {
		return "", noTerminal(err)
	}
	restore := func() { unix.IoctlSetTermios(fd, unix.TCSETS, old) } //nolint:errcheck // nothing else could be done
	defer restore()
	defer context.AfterFunc(c.Context(), restore)() // after an interrupt, the terminal shows what is typed
	lines := bufio.NewReader(io.LimitReader(in, 2*maxPhrase))
	c.PrintErr("Passphrase of the root: ")
	first, err := lines.ReadString('\n')
	c.PrintErrln()
	if err == nil && twice {
		var second string
		c.PrintErr("Once more: ")
		second, err = lines.ReadString('\n')
		c.PrintErrln()
		if err == nil && second != first {
			return "", &ward.Error{Kind: ward.Invalid, Op: "cli.passphrase", Msg: "The two differ."}
		}
	}
	return strings.TrimRight(first, "\r\n"), err
}

func noTerminal(err error) error {
	return &ward.Error{Kind: ward.Invalid, Op: "cli.passphrase", Err: err,
		Msg: "There is no terminal to ask for the passphrase on: use --passphrase-file or WARDKEEPER_ROOT_PASSPHRASE."}
}

func firstLine(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPhrase))
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimRight(line, "\r"), err
}
