package wire

import "time"

// Health says how a live interface is doing.
type Health struct {
	Interface string
	Packets   uint64 // received by us
	Drops     uint64 // lost in the kernel for want of room in the ring
	Freezes   uint64 // times the ring was full
	LastFrame time.Time
	Err       error // why it is no longer read; nil while it is
}
