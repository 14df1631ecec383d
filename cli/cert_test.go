package cli

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/ward"
)

// TestMain lets the test binary stand in for the program, for tests that need it in a shell.
func TestMain(m *testing.M) {
	if os.Getenv("WARDKEEPER_TEST_AS_PROGRAM") != "" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// freePort gives an address on the loopback that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()[strings.LastIndexByte(l.Addr().String(), ':')+1:]
}

// register puts a device with an address into the store that a configuration names.
func register(t *testing.T, config, ip string) {
	t.Helper()
	c, err := app.LoadConfig(config, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	s, err := app.Open(t.Context(), c, logger(certCommand(), false))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	_, err = s.Register.Upsert(t.Context(), inventory.Batch{Sensor: "test", Until: now, Devices: []ward.Device{{
		ID: "d1", MACs: []string{"00:1b:44:01:02:03"}, IPs: []string{ip}, First: now, Last: now}}})
	if err != nil {
		t.Fatal(err)
	}
}

// The page about device certificates is run as it stands, block by block, in one shell.
func TestWalkthroughOfDeviceCertificates(t *testing.T) {
	for _, tool := range []string{"bash", "openssl", "curl", "awk", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("SKIPPED: " + tool + " is not installed")
		}
	}
	page, err := os.ReadFile("../docs/operations/device-certificates.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text := string(page)
	for _, port := range []string{"8080", "8443", "8082"} {
		text = strings.ReplaceAll(text, ":"+port, ":"+freePort(t))
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "wardkeeper"), []byte("#!/bin/sh\nWARDKEEPER_TEST_AS_PROGRAM=1 exec "+self+` "$@"`+"\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	var script strings.Builder
	script.WriteString("set -euo pipefail\n")
	blocks := 0
	for _, rest := range strings.Split(text, "```sh\n")[1:] {
		block, _, _ := strings.Cut(rest, "```")
		blocks++
		switch {
		case blocks == 1: // the configuration
			run(t, dir, "set -e\n"+block)
			register(t, in(t, dir, "wardkeeper.yaml"), "10.20.110.16")
			continue
		case strings.HasPrefix(block, "wardkeeper serve "):
			block = strings.TrimSpace(block) + " > serve.log 2>&1 &\nSERVER=$!\ntrap 'kill $SERVER; wait $SERVER || true' EXIT\n" +
				"for i in $(seq 300); do grep -q 'Devices enrol' serve.log && break; sleep 0.1; done\n"
		}
		script.WriteString(block)
	}
	if blocks < 9 {
		t.Fatalf("the page has %d blocks", blocks)
	}
	out := run(t, dir, script.String())
	for _, want := range []string{"issues certificates from now on", "device.pem: OK", "next.pem: OK", "certificate revoked", "device.pem: revoked",
		"keyCompromise", "valid", "Example Medical"} {
		if !strings.Contains(out, want) {
			t.Errorf("the walk-through does not show %q:\n%s", want, out)
		}
	}
}

// in makes a path of the configuration's data folder absolute, since the test runs elsewhere.
func in(t *testing.T, dir, name string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("data: data"), []byte("data: "+filepath.Join(dir, "data")), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func run(t *testing.T, dir, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "serve.log")) //nolint:errcheck // there may be none
		t.Fatalf("%v\n%s\nserver:\n%s", err, out.Bytes(), log)
	}
	return out.String()
}

func TestCertificateCommandsRefuse(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("WARDKEEPER_DATA_DIR", filepath.Join(dir, "data"))
	t.Setenv("WARDKEEPER_ROOT_PASSPHRASE", "four words of your own")
	file := filepath.Join(dir, "root.age")
	var out, errs bytes.Buffer
	try := func(args ...string) int {
		out.Reset()
		errs.Reset()
		return Main(append([]string{"cert"}, args...), strings.NewReader(""), &out, &errs)
	}
	if code := try("root", "create", file, "--name", "Root"); code != 0 {
		t.Fatal(code, errs.String())
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code := try("root", "create", file, "--name", "Root"); code != ward.Invalid.ExitCode() {
		t.Error("a root was written over:", code)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Error("the root's file changed", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	for want, args := range map[ward.Kind][][]string{
		ward.NotFound:  {{"password", "10.0.0.1"}, {"revoke", "00ff"}, {"anchors", "remove", "x"}},
		ward.Invalid:   {{"revoke", "00ff", "--reason", "whim"}, {"issuing", "install", file}, {"issuing", "sign", filepath.Join(dir, "none")}, {"anchors", "import", file, "--maker", "x"}},
		ward.Forbidden: nil,
	} {
		for _, a := range args {
			if code := try(a...); code != want.ExitCode() {
				t.Errorf("cert %v: %d %s", a, code, errs.String())
			}
		}
	}
	t.Setenv("WARDKEEPER_ROOT_PASSPHRASE", "")
	if code := try("root", "export", file); code != ward.Invalid.ExitCode() || !strings.Contains(errs.String(), "terminal") {
		t.Error(code, errs.String())
	}
	t.Setenv("WARDKEEPER_ROOT_PASSPHRASE", "four words of another")
	if code := try("root", "export", file); code != ward.Invalid.ExitCode() || out.Len() > 0 || strings.Contains(errs.String(), "another") {
		t.Error(code, errs.String())
	}
}
