package vault

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const coreChild = "WARDKEEPER_TEST_CORE_CHILD"

// TestNoCoreDumps asks a process of its own, for the setting cannot be taken back.
func TestNoCoreDumps(t *testing.T) {
	if mode := os.Getenv(coreChild); mode != "" {
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}) //nolint:errcheck // an ordinary user may not raise it
		if mode == "forbidden" {
			if err := ForbidCoreDumps(); err != nil {
				t.Fatal(err)
			}
		}
		limits, err := os.ReadFile("/proc/self/limits")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(limits)) {
			if strings.HasPrefix(line, "Max core file size") {
				t.Log("LIMIT " + strings.Join(strings.Fields(line)[4:6], " "))
			}
		}
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		t.Log("DUMPABLE", dumpable, err)
		if mode == "crash" || os.Getenv(coreChild+"_CRASH") != "" {
			unix.Kill(os.Getpid(), unix.SIGABRT) //nolint:errcheck // there is no afterwards
			select {}
		}
		return
	}
	child := func(mode string, env ...string) (string, error) {
		c := exec.Command(os.Args[0], "-test.run=^TestNoCoreDumps$", "-test.v") //nolint:gosec // ourselves
		c.Dir = t.TempDir()
		c.Env = append(append(os.Environ(), coreChild+"="+mode, "GOTRACEBACK=crash"), env...)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := child("forbidden")
	if err != nil || !strings.Contains(out, "LIMIT 0 0") || !strings.Contains(out, "DUMPABLE 0 <nil>") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = child("plain"); err != nil || strings.Contains(out, "DUMPABLE 0") {
		t.Errorf("the check cannot fail: %v\n%s", err, out)
	}
	_, err = child("forbidden", coreChild+"_CRASH=1")
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the crash did not end the process: %v", err)
	}
	if exit.Sys().(syscall.WaitStatus).CoreDump() {
		t.Error("a crash left a core dump")
	}
}
