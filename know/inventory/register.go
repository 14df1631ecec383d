package inventory

import (
	"context"
	"embed"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/evidence"
	"github.com/wardkeeper/wardkeeper/know/inventory/search"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of the register.
func Migrations() store.Migrations { return store.FromEmbed("inventory", files) }

// Register is the register of devices. The fields are set before first use.
type Register struct {
	Store    *store.Store
	Evidence *evidence.Journal // for conversations and addresses over time; nil leaves those empty
	Site     string
	Now      func() time.Time // nil means time.Now
	// Fresh is how old the stored word on a device may be when only its last time and counts
	// changed; 0 means a minute. What is shown as last heard is always current.
	Fresh time.Duration

	feed sync.Mutex // one batch at a time
	mu   sync.Mutex // guards view
	view *view
}

func (r *Register) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// view is what the register holds in memory: the search index and the way from any identifier to
// a device. It is made from the table, and follows it by revision.
type view struct {
	revision int64
	swept    time.Time // when silent devices were last looked for
	index    *search.Index
	known    map[string]*known // by register id
	byKey    map[string]string // strong key: register id
	byIP     map[string]string
	byEngine map[string]string
	byTag    map[string]string // asset tag, lower case
}

// known is what is kept in memory of one device. A merged one is only its id and the other's.
type known struct {
	id, merged, engine  string
	title, zone, name   string
	serial, tag         string
	keys, ips, macs     []string
	status              Status // without regard to silence
	category            ward.Category
	scope               ward.Scope
	first, last, stored time.Time // stored: last heard according to the table
	open                int
	registered, named   bool
	sum                 int64 // fingerprint of what identity said last
}

// with runs f on the view, brought up to date with the table.
func (r *Register) with(ctx context.Context, f func(*view) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.follow(ctx, r.Store); err != nil {
		return err
	}
	return f(r.view)
}
