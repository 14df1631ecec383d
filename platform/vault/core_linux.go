package vault

import (
	"golang.org/x/sys/unix"

	"github.com/wardkeeper/wardkeeper/ward"
)

// ForbidCoreDumps makes sure that a crash leaves no copy of the memory, with its keys, on a disk,
// and that other programs of the same user cannot look into it. Call it first thing at the start.
func ForbidCoreDumps() error {
	err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	if err == nil {
		err = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	}
	if err != nil {
		return &ward.Error{Kind: ward.Internal, Op: "vault.ForbidCoreDumps",
			Msg: "Core dumps could not be forbidden: a crash might leave keys on the disk.", Err: err}
	}
	return nil
}
