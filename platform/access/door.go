package access

import (
	"context"
	"errors"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Door is the one way through which changes come.
type Door struct {
	Store *store.Store
	Audit *audit.Log
	Now   func() time.Time // nil means time.Now
	Site  string           // given to new people
}

// Action says what somebody is about to do. It becomes the audit leaf, so nothing in it may be a
// patient's value or a secret.
type Action struct {
	Verb       string     // audit verb: "device.label"
	Permission Permission // what it asks for
	Object     string     // id of what is changed
	Summary    string     // one sentence for the auditor; may be set by the change through a pointer it holds
}

var errSkeleton = errors.New("not filled in yet")

// Do authorises the person in the context, opens a transaction, runs the change and writes the
// audit leaf in the same transaction. Any error undoes all of it. A refusal is ward.Forbidden.
func (d *Door) Do(ctx context.Context, a Action, change func(store.Tx) error) error {
	return errSkeleton
}

// Allowed reports by its error whether the person in the context may do what the permission asks,
// to the object (empty for lists). nil means yes; a refusal is ward.Forbidden, and nobody signed in
// is ward.Forbidden with Msg "Sign in first." (see SignedOut).
func (d *Door) Allowed(ctx context.Context, p Permission, object string) error { return errSkeleton }

// SignedOut reports whether an error of Allowed, Do or Session means that nobody is signed in.
func SignedOut(err error) bool { return errors.Is(err, errSignedOut) }

var errSignedOut = errors.New("nobody is signed in")
