//go:build !linux

package vault

import (
	"syscall"

	"github.com/wardkeeper/wardkeeper/ward"
)

// ForbidCoreDumps makes sure that a crash leaves no copy of the memory, with its keys, on a disk.
// Call it first thing at the start.
func ForbidCoreDumps() error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return &ward.Error{Kind: ward.Internal, Op: "vault.ForbidCoreDumps",
			Msg: "Core dumps could not be forbidden: a crash might leave keys on the disk.", Err: err}
	}
	return nil
}
