package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/wardkeeper/wardkeeper/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"wardkeeper": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestCommandLine runs each script of testdata/cli on the real program, in a fresh folder each.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "cli"),
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"capture": makeCapture,
			"cut":     cutFile,
			"gz":      gzipFile,
			"poke":    pokeFile,
			"exits":   exits,
			"stops":   stops,
		},
		RequireExplicitExec: true,
	})
}

// cutFile keeps the first bytes of a file: cut FILE BYTES; a negative number cuts so many off.
func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path) //nolint:gosec // a file of the script
	ts.Check(err)
	if n < 0 {
		n += len(text)
	}
	ts.Check(os.WriteFile(path, text[:n], 0o600))
}

// gzipFile compresses a file: gz FILE.
func gzipFile(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(ts.MkAbs(args[0])) //nolint:gosec // a file of the script
	ts.Check(err)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err = z.Write(text)
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".gz"), b.Bytes(), 0o600))
}

// pokeFile overwrites bytes of a file: poke FILE OFFSET HEX; a negative offset counts from the end.
func pokeFile(ts *testscript.TestScript, _ bool, args []string) {
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	bytes, err := hex.DecodeString(args[2])
	ts.Check(err)
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path) //nolint:gosec // a file of the script
	ts.Check(err)
	if at < 0 {
		at += len(text)
	}
	copy(text[at:], bytes)
	ts.Check(os.WriteFile(path, text, 0o600))
}

// exits runs a program and asks for its exit code: exits CODE PROGRAM ARG...; its output can be
// matched as after exec.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var end *exec.ExitError
	if errors.As(err, &end) {
		code = end.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("%v ended with %d, not %s", args[1:], code, args[0])
	}
}

// stops feeds a capture to "scan ARG... PIPE", whose writer then says no more, interrupts it and
// checks that what was found is printed: stops CAPTURE WANTED ARG... The source is a named pipe, or
// standard input when the last argument is "-".
func stops(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(ts.MkAbs(args[0])) //nolint:gosec // a file of the script
	ts.Check(err)
	self, err := exec.LookPath("wardkeeper") // as testscript put it on the path
	if err != nil {
		self, err = os.Executable()
	}
	ts.Check(err)
	pipe := ts.MkAbs("pipe")
	ts.Check(syscall.Mkfifo(pipe, 0o600))
	keep, err := os.OpenFile(pipe, os.O_RDWR, 0) // held open: the reader never sees an end
	ts.Check(err)
	defer os.Remove(pipe)
	defer keep.Close()
	c := exec.Command(self, append([]string{"scan"}, args[2:]...)...) //nolint:gosec // ourselves
	if args[len(args)-1] == "-" {
		c.Stdin, err = os.Open(pipe)
		ts.Check(err)
	} else {
		c.Args = append(c.Args, pipe)
	}
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	c.Args[0] = "wardkeeper" // how testscript's binary knows which program to be
	ts.Check(c.Start())
	_, err = keep.Write(text)
	ts.Check(err)
	waitEmpty(ts, keep)
	ts.Check(c.Process.Signal(os.Interrupt))
	err = c.Wait()
	var end *exec.ExitError
	if !errors.As(err, &end) || end.ExitCode() != 130 {
		ts.Fatalf("ended with %v, not 130: %s", err, complaints.String())
	}
	if !strings.Contains(out.String(), args[1]) || !strings.Contains(complaints.String(), "until then") {
		ts.Fatalf("no %q in %s\n%s", args[1], out.String(), complaints.String())
	}
	if strings.Contains(complaints.String(), "torn") {
		ts.Fatalf("called torn: %s", complaints.String())
	}
}

// waitEmpty returns when everything written to a pipe has been read.
func waitEmpty(ts *testscript.TestScript, pipe *os.File) {
	for {
		n, err := unix.IoctlGetInt(int(pipe.Fd()), unix.TIOCINQ) //nolint:gosec // a descriptor is small
		ts.Check(err)
		if n == 0 {
			return
		}
		runtime.Gosched()
	}
}
