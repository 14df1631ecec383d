package e2e

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wardkeeper/wardkeeper/cli"
	"github.com/wardkeeper/wardkeeper/sim"
	"github.com/wardkeeper/wardkeeper/ward"
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
		},
		RequireExplicitExec: true,
	})
}

// makeCapture writes a small capture that our own generator made: capture KIND FILE.
func makeCapture(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: capture KIND FILE")
	}
	var b bytes.Buffer
	tape := sim.NewTape(&b)
	tape.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	server := sim.Port{MAC: ward.MAC{0x00, 0x1e, 0xf6, 1, 2, 3}, IP: ward.IP4([]byte{10, 9, 0, 1})}
	client := sim.Port{MAC: ward.MAC{0x18, 0x66, 0xda, 1, 2, 3}, IP: ward.IP4([]byte{10, 9, 0, 2})}
	ftp := func(banner string) {
		tape.Dial(client, server, 40000, 21).
			Answer([]byte("220 " + banner + "\r\n")).
			Send([]byte("USER operator\r\n")).Answer([]byte("331 Password required\r\n")).
			Send([]byte("PASS CANARY-s3cret\r\n")).Answer([]byte("230 Logged in\r\n")).Close()
	}
	switch args[0] {
	case "ftp":
		ftp("Archive FTP service ready")
	case "hostile":
		ftp("\x1b[31mred\x1b[0m\u202Egpj.exe \x07=HYPERLINK(\"http://evil\")")
	case "empty":
	default:
		ts.Fatalf("no capture of kind %q", args[0])
	}
	ts.Check(tape.Flush())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o600))
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
