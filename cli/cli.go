// Package cli is the command line: one file a command. A command parses its flags, asks app or the
// API client to do the work, and prints; it holds no logic of its own.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Main runs the command that args name and returns its exit code: 0 when all went well, 2 for bad
// input, 130 when it was interrupted, else the code of the error's kind. The first interrupt ends the work in order; a second
// one ends the program.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // once the first signal has cancelled ctx, give the next one its default meaning back
		<-ctx.Done()
		stop()
	}()
	root := &cobra.Command{
		Use:           "wardkeeper",
		Short:         "Know, judge, guard and prove a hospital's connected devices",
		Version:       app.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return &ward.Error{Kind: ward.Invalid, Op: "cli", Msg: err.Error() + ". See --help."}
	})
	root.AddCommand(commands()...)
	if err := root.ExecuteContext(ctx); err != nil {
		complain(stderr, err)
		return exitCode(err)
	}
	return 0
}

// commands lists every command.
func commands() []*cobra.Command {
	return append([]*cobra.Command{scanCommand(), demoCommand(), serveCommand(), configCommand(), certCommand()}, append(remoteCommands(), storeCommands()...)...)
}

// complain prints what happened and what to do, one line an error.
func complain(w io.Writer, err error) {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		for _, e := range several.Unwrap() {
			complain(w, e)
		}
		return
	}
	text := err.Error()
	var known *ward.Error
	if errors.As(err, &known) && known.Msg != "" {
		text = known.Msg
		if known.Err != nil {
			text += " (" + known.Err.Error() + ")"
		}
	}
	fmt.Fprintln(w, "wardkeeper:", safe(text))
}

// errInterrupted ends a command that a person stopped, after it has printed what it had.
var errInterrupted = errors.New("interrupted")

func exitCode(err error) int {
	if errors.Is(err, errInterrupted) {
		return 128 + int(syscall.SIGINT) // as shells expect
	}
	var known *ward.Error
	if errors.As(err, &known) {
		return known.Kind.ExitCode()
	}
	if strings.HasPrefix(err.Error(), "unknown command") || strings.HasPrefix(err.Error(), "accepts ") || strings.HasPrefix(err.Error(), "requires ") {
		return ward.Invalid.ExitCode()
	}
	return ward.KindOf(err).ExitCode()
}
