//go:build !linux

package capture

import (
	"errors"
	"time"
)

// Ring is a kernel packet ring, which only Linux has.
type Ring struct {
	Name string
	Link uint16
}

// RingBlock is a stretch of packets of a ring.
type RingBlock struct{}

// OpenRing fails: live capture needs Linux.
func OpenRing(string, int, uint16) (*Ring, error) { return nil, errors.ErrUnsupported }

// Wait fails.
func (*Ring) Wait(time.Duration) (*RingBlock, error) { return nil, errors.ErrUnsupported }

// Stats are zero.
func (*Ring) Stats() (packets, drops, freezes uint32) { return 0, 0, 0 }

// Close does nothing.
func (*Ring) Close() {}

// Release does nothing.
func (*RingBlock) Release() {}

// Each yields nothing.
func (*RingBlock) Each(func(rec *Record, vlan uint16)) {}
