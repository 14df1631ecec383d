package vault

import (
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of the vault.
func Migrations() store.Migrations { return store.FromEmbed("vault", files) }

// Column says where sealed values of a table stand. Whoever seals lists its columns, so that a
// rotation finds every value.
type Column struct {
	Table  string
	Key    string // the TEXT column that names the row
	Name   string // the BLOB column that holds the sealed value, or NULL
	Person bool   // its values are sealed with the key of their subject, not of the table
}

// Vault seals and opens values. It is safe for concurrent use.
type Vault struct {
	store   *store.Store
	source  Source
	columns []Column
	now     func() time.Time

	mu     sync.Mutex
	ring   map[string]SiteKey
	active string // id of the site key for new keys
	cache  map[any]cached
}

// cached is an unwrapped key of a table or an index. Keys of subjects are never cached: destroying
// one takes effect with its commit, in every process.
type cached struct {
	ref    keyRef
	aead   cipher.AEAD
	mac    []byte // of an index
	loaded time.Time
}

const (
	cacheAge = time.Minute
	maxCache = 1024
)

// Options are what a vault needs beside the store.
type Options struct {
	Source  Source
	Columns []Column
	Now     func() time.Time // nil means time.Now
}

var word = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// Open opens the vault of a store: it fetches the site key and checks that it is the one the
// store's keys are wrapped with. A new store takes the key that the source makes.
func Open(ctx context.Context, s *store.Store, o Options) (*Vault, error) {
	v := &Vault{store: s, source: o.Source, columns: o.Columns, now: o.Now, cache: map[any]cached{}}
	if v.now == nil {
		v.now = time.Now
	}
	for _, c := range o.Columns {
		if !word.MatchString(c.Table) || !word.MatchString(c.Key) || !word.MatchString(c.Name) {
			return nil, &ward.Error{Kind: ward.Internal, Op: "vault.Open", Err: fmt.Errorf("column %q of table %q has a strange name", c.Name, c.Table)}
		}
	}
	known, err := sites(ctx, s)
	if err != nil {
		return nil, failed("vault.Open", err)
	}
	keys, err := o.Source(ctx, known)
	if err != nil {
		return nil, err
	}
	if len(known) == 0 && len(keys) > 0 {
		err := s.Write(ctx, func(tx store.Tx) error { return insertSite(ctx, tx, keys[0].Site(), store.Micros(v.now())) })
		if err != nil && !store.IsConflict(err) { // another process was quicker: then its key it is
			return nil, failed("vault.Open", err)
		}
	}
	return v, v.reload(ctx)
}

func failed(op string, err error) error {
	var e *ward.Error
	if errors.As(err, &e) {
		return err
	}
	return &ward.Error{Kind: ward.Unavailable, Op: op, Msg: "The keys cannot be read just now. Try again.", Err: err}
}

// reload fetches the site keys again, as after somebody replaced them.
func (v *Vault) reload(ctx context.Context) error {
	known, err := sites(ctx, v.store)
	if err != nil {
		return failed("vault.reload", err)
	}
	keys, err := v.source(ctx, known)
	if err != nil {
		return err
	}
	ring, current := map[string]SiteKey{}, ""
	for _, k := range keys {
		ring[k.Site().ID] = k
	}
	for _, s := range known {
		if s.State == active {
			current = s.ID
		}
	}
	if ring[current] == nil {
		return &ward.Error{Kind: ward.Forbidden, Op: "vault.Open",
			Msg: "The site key does not fit this store: the key file or the passphrase is another one than the values were sealed with."}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ring, v.active = ring, current
	return nil
}

// siteKey gives a site key by its id, fetching them anew when it is not at hand; an empty id means
// the active one.
func (v *Vault) siteKey(ctx context.Context, id string) (SiteKey, error) {
	find := func() SiteKey {
		v.mu.Lock()
		defer v.mu.Unlock()
		if id == "" {
			return v.ring[v.active]
		}
		return v.ring[id]
	}
	if k := find(); k != nil {
		return k, nil
	}
	if err := v.reload(ctx); err != nil {
		return nil, err
	}
	if k := find(); k != nil {
		return k, nil
	}
	return nil, &ward.Error{Kind: ward.Unavailable, Op: "vault.siteKey", Msg: "A key is wrapped with a site key that is not at hand."}
}

// Site describes the site key in use.
func (v *Vault) Site() Site {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ring[v.active].Site()
}

// Export gives a copy of the site key in use for an encrypted backup, when its kind allows that.
// The caller clears it.
func (v *Vault) Export() ([]byte, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.ring[v.active].(Exporter)
	if !ok {
		return nil, false
	}
	return e.Export(), true
}

// unwrap opens a wrapped key. The caller clears it.
func (v *Vault) unwrap(ctx context.Context, row *keyRow) ([]byte, error) {
	switch row.state {
	case shredded:
		return nil, &ward.Error{Kind: ward.NotFound, Op: "vault.Open", Msg: "This was erased: the key to it was destroyed on request."}
	case retired:
		return nil, damaged(errors.New("its key was destroyed after a rotation"))
	}
	site, err := v.siteKey(ctx, row.site)
	if err != nil {
		return nil, err
	}
	key, err := site.Unwrap(ctx, row.wrapped, row.place())
	if err != nil || len(key) != keySize {
		return nil, damaged(errors.New("its wrapped key does not verify"))
	}
	return key, nil
}

func damaged(err error) error {
	return &ward.Error{Kind: ward.Conflict, Op: "vault.Open",
		Msg: "A sealed value does not verify: it or its key was changed, or stands where it does not belong. Keep the database as it is and call your security officer.", Err: err}
}

func (v *Vault) recall(k any) (cached, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, ok := v.cache[k]
	return c, ok && v.now().Sub(c.loaded) < cacheAge
}

func (v *Vault) remember(c cached, as ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.cache) >= maxCache {
		clear(v.cache)
	}
	for _, k := range as {
		v.cache[k] = c
	}
}

// load unwraps a key and makes it ready for use. Only keys that are committed may be remembered: a
// key whose transaction is undone must not seal anything.
func (v *Vault) load(ctx context.Context, row *keyRow, committed bool) (cached, error) {
	key, err := v.unwrap(ctx, row)
	if err != nil {
		return cached{}, err
	}
	c := cached{ref: row.ref, loaded: v.now()}
	if strings.HasPrefix(row.name, "index:") {
		c.mac = key
	} else {
		c.aead, err = newAEAD(key)
		clear(key)
		if err != nil {
			return cached{}, err
		}
	}
	if committed && !strings.HasPrefix(row.name, "subject:") {
		if row.state == active {
			v.remember(c, row.name, row.ref)
		} else {
			v.remember(c, row.ref)
		}
	}
	return c, nil
}

// current gives the newest key of a name for sealing; with a transaction it makes one when there
// is none.
func (v *Vault) current(ctx context.Context, tx *store.Tx, name string) (cached, error) {
	if c, ok := v.recall(name); ok {
		return c, nil
	}
	private := strings.HasPrefix(name, "subject:")
	if !private || tx == nil {
		row, err := newestKey(ctx, v.store, name)
		if err != nil {
			return cached{}, failed("vault.Seal", err)
		}
		if row != nil {
			return v.load(ctx, row, true)
		}
	}
	if tx == nil {
		return cached{}, &ward.Error{Kind: ward.NotFound, Op: "vault.Seal", Msg: "There is no key for this yet."}
	}
	row, err := newestKey(ctx, *tx, name)
	if err == nil && row == nil {
		row, err = v.makeKey(ctx, *tx, name, nil)
	}
	if err != nil {
		return cached{}, failed("vault.Seal", err)
	}
	return v.load(ctx, row, false)
}

// makeKey makes the first key of a name, or the version after last.
func (v *Vault) makeKey(ctx context.Context, tx store.Tx, name string, last *keyRow) (*keyRow, error) {
	site, err := v.siteKey(ctx, "")
	if err != nil {
		return nil, err
	}
	ok, err := countOnSite(ctx, tx, site.Site().ID)
	if err == nil && !ok { // the site key was replaced a moment ago
		if err = v.reload(ctx); err == nil {
			if site, err = v.siteKey(ctx, ""); err == nil {
				ok, err = countOnSite(ctx, tx, site.Site().ID)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "vault.makeKey", Msg: "The site key is being replaced. Try again."}
	}
	ref, err := parseRef(store.NewID(v.now()), 1)
	if err != nil {
		return nil, err
	}
	if last != nil {
		ref = keyRef{last.ref.id, last.ref.version + 1}
	}
	row := &keyRow{ref: ref, name: name, site: site.Site().ID, state: active}
	key := newKey()
	defer clear(key)
	if row.wrapped, err = site.Wrap(ctx, key, row.place()); err != nil {
		return nil, err
	}
	if err := insertKey(ctx, tx, row, store.Micros(v.now())); err != nil {
		return nil, err
	}
	row, err = newestKey(ctx, tx, name) // ours, or that of who was quicker
	if err == nil && row == nil {
		err = errors.New("a new key is not there")
	}
	return row, err
}

// Seal encrypts a value for its place, in the transaction that will write it there. The first use
// of a table or a subject makes its key.
func (v *Vault) Seal(ctx context.Context, tx store.Tx, p Place, plain []byte) ([]byte, error) {
	name, err := v.keyName(ctx, &tx, p)
	if err != nil {
		return nil, err
	}
	c, err := v.current(ctx, &tx, name)
	if err != nil {
		return nil, err
	}
	return c.seal(p, plain)
}

func (c cached) seal(p Place, plain []byte) ([]byte, error) {
	if len(plain) > maxPlain {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "vault.Seal", Msg: "The value is too long to seal."}
	}
	if c.aead == nil {
		return nil, &ward.Error{Kind: ward.Internal, Op: "vault.Seal", Err: errors.New("a key of another purpose")}
	}
	header := c.ref.header()
	out := append(make([]byte, 0, overhead+len(plain)), header...)
	return c.aead.Seal(out, nil, plain, p.bound(header)), nil
}

// keyName is the name of the key that seals a place.
func (v *Vault) keyName(ctx context.Context, tx *store.Tx, p Place) (string, error) {
	for _, c := range v.columns {
		if c.Table != p.Table || c.Name != p.Column {
			continue
		}
		if c.Person != (p.Subject != "") {
			return "", &ward.Error{Kind: ward.Internal, Op: "vault.Seal", Err: fmt.Errorf("column %s of table %s and its place disagree about a subject", c.Name, c.Table)}
		}
		if c.Person {
			return v.subjectName(ctx, tx, p.Subject)
		}
		return "table:" + p.Table, nil
	}
	return "", &ward.Error{Kind: ward.Internal, Op: "vault.Seal", Err: fmt.Errorf("column %s of table %s is not listed in the vault", p.Column, p.Table)}
}

// subjectName hides whose key it is from readers of the database.
func (v *Vault) subjectName(ctx context.Context, tx *store.Tx, subject string) (string, error) {
	c, err := v.current(ctx, tx, "index:vault.subject")
	if err != nil {
		return "", err
	}
	m := hmac.New(sha256.New, c.mac)
	m.Write([]byte(subject))
	return "subject:" + hex.EncodeToString(m.Sum(nil)), nil
}

// Open decrypts a value that was sealed for this place; r reads the keys, in a transaction of its
// own when the value was written there. What was changed, moved or sealed by another store is
// ward.Conflict, what was erased ward.NotFound.
func (v *Vault) Open(ctx context.Context, r store.Reader, p Place, sealed []byte) ([]byte, error) {
	ref, body, err := parse(sealed)
	if err != nil {
		return nil, err
	}
	c, ok := v.recall(ref)
	if !ok {
		row, err := keyByRef(ctx, r, ref)
		if err != nil {
			return nil, failed("vault.Open", err)
		}
		if row == nil {
			return nil, damaged(errors.New("its key is not known here"))
		}
		_, inside := r.(store.Tx)
		if c, err = v.load(ctx, row, !inside); err != nil {
			return nil, err
		}
	}
	if c.aead == nil {
		return nil, damaged(errors.New("it names a key of another purpose"))
	}
	plain, err := c.aead.Open(nil, nil, body, p.bound(ref.header()))
	if err != nil {
		return nil, damaged(errors.New("it does not authenticate"))
	}
	return plain, nil
}
