package access

import (
	"context"
	"embed"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of people and their sessions. They come after those of audit.
func Migrations() store.Migrations { return store.FromEmbed("access", files) }

// Door is the one way through which changes come.
type Door struct {
	Store *store.Store
	Audit *audit.Log
	Now   func() time.Time // nil means time.Now
	Site  string           // given to new people and to system persons

	mu    sync.Mutex
	first string // the token of the first start, while nobody can sign in
	tries tries
	hash  hasher
}

func (d *Door) now() time.Time {
	if d.Now != nil {
		return d.Now()
	}
	return time.Now()
}

// Action says what somebody is about to do. It becomes the audit leaf, so nothing in it may be a
// patient's value or a secret.
type Action struct {
	Verb       string     // audit verb: "device.label"
	Permission Permission // what it asks for; empty asks only that somebody is signed in
	Object     string     // id of what is changed
	Summary    string     // one sentence for the auditor
}

// Do authorises the person in the context, opens a transaction, runs the change and writes the
// audit leaf in the same transaction. Any error undoes all of it. A refusal is ward.Forbidden.
func (d *Door) Do(ctx context.Context, a Action, change func(store.Tx) error) error {
	if a.Verb == "" {
		return &ward.Error{Kind: ward.Internal, Op: "access.Do", Err: errors.New("an action without an audit verb")}
	}
	if err := d.Allowed(ctx, a.Permission, a.Object); err != nil {
		return err
	}
	p, _ := From(ctx)
	return d.Store.Write(ctx, func(tx store.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return d.leaf(ctx, tx, p, a)
	})
}

func (d *Door) leaf(ctx context.Context, tx store.Tx, p Person, a Action) error {
	site := p.Site
	if site == "" {
		site = d.Site
	}
	return d.Audit.Append(ctx, tx, audit.Leaf{
		Time: d.now(), Site: site, Actor: p.ID, Action: a.Verb, Object: a.Object, Summary: a.Summary,
	})
}

// Allowed reports by its error whether the person in the context may do what the permission asks,
// to the object (empty for lists): nil means yes, a refusal is ward.Forbidden. An empty permission
// asks only that somebody is signed in.
func (d *Door) Allowed(ctx context.Context, p Permission, _ string) error {
	who, ok := From(ctx)
	switch {
	case !ok:
		return &ward.Error{Kind: ward.Forbidden, Op: "access.Allowed", Msg: "Sign in first.", Err: errSignedOut}
	case p == "" || who.System:
		return nil
	case who.Scopes != nil && !slices.Contains(who.Scopes, p):
		return refused("This token was not made for that: it lacks the scope " + string(p) + ".")
	}
	for _, r := range who.Roles {
		if slices.Contains(rolePermissions[r], p) {
			return nil
		}
	}
	return refused("Your role does not include this (" + string(p) + "). An administrator can change that.")
}

func refused(msg string) error {
	return &ward.Error{Kind: ward.Forbidden, Op: "access.Allowed", Msg: msg}
}

// SignedOut reports whether an error means that nobody is signed in.
func SignedOut(err error) bool { return errors.Is(err, errSignedOut) }

var errSignedOut = errors.New("nobody is signed in")
