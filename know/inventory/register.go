package inventory

import (
	"errors"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Register is the register of devices.
type Register struct {
	Store    *store.Store
	Evidence *evidence.Journal // for conversations: peers and the talk matrix
	Site     string
	Now      func() time.Time // nil means time.Now
}

var errSkeleton = errors.New("not filled in yet")
