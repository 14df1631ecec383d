package vault

import (
	"context"
	"database/sql"
	"errors"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// States of keys and site keys.
const (
	active   = "active"   // new values take it
	old      = "old"      // readable; being carried over to the active one
	retired  = "retired"  // destroyed: nothing needed it any more
	shredded = "shredded" // destroyed together with all that was sealed with it
)

// keyRow is a row of vault_keys.
type keyRow struct {
	ref     keyRef
	name    string // "table:NAME", "subject:HMAC" or "index:TABLE.COLUMN"
	site    string
	wrapped []byte
	state   string
	ended   int64
}

const keyColumns = `id, version, name, site, wrapped, state, ended`

func scanKey(scan func(...any) error, k *keyRow) error {
	var id string
	var version int64
	if err := scan(&id, &version, &k.name, &k.site, &k.wrapped, &k.state, &k.ended); err != nil {
		return err
	}
	var err error
	k.ref, err = parseRef(id, version)
	return err
}

// place is what the wrapped key is bound to.
func (k *keyRow) place() []byte { return place("vault key", k.name, string(k.ref.header())) }

// newestKey gives the newest version of a name; nil when there is none.
func newestKey(ctx context.Context, r store.Reader, name string) (*keyRow, error) {
	return oneKey(r.QueryRow(ctx, `SELECT `+keyColumns+` FROM vault_keys WHERE name = ? ORDER BY version DESC LIMIT 1`, name))
}

// keyByRef gives the key that a sealed value names; nil when there is none.
func keyByRef(ctx context.Context, r store.Reader, ref keyRef) (*keyRow, error) {
	return oneKey(r.QueryRow(ctx, `SELECT `+keyColumns+` FROM vault_keys WHERE id = ? AND version = ?`, ref.uuid(), int64(ref.version)))
}

func oneKey(row *sql.Row) (*keyRow, error) {
	var k keyRow
	err := scanKey(row.Scan, &k)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // no key is an answer
	}
	return &k, err
}

// insertKey adds a key; it does nothing when somebody else was quicker.
func insertKey(ctx context.Context, tx store.Tx, k *keyRow, now int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_keys (id, version, name, site, wrapped, state, created, ended)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
		k.ref.uuid(), int64(k.ref.version), k.name, k.site, k.wrapped, k.state, now)
	return err
}

// destroyKey overwrites a wrapped key in place before it changes anything else in the row, so that
// the old bytes are not left behind in the page.
func destroyKey(ctx context.Context, tx store.Tx, k *keyRow, state string, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE vault_keys SET wrapped = ? WHERE id = ? AND version = ?`,
		make([]byte, len(k.wrapped)), k.ref.uuid(), int64(k.ref.version))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE vault_keys SET state = ?, ended = ? WHERE id = ? AND version = ?`,
		state, now, k.ref.uuid(), int64(k.ref.version))
	return err
}

// countOnSite counts a key more under a site key, and reports whether that one is active. The row
// stays locked until the transaction ends, so a rotation that runs meanwhile sees the new key.
func countOnSite(ctx context.Context, tx store.Tx, site string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE vault_sites SET keys = keys + 1 WHERE id = ? AND state = ?`, site, active)
	return n == 1, err
}

func sites(ctx context.Context, r store.Reader) ([]Site, error) {
	return store.All(ctx, r, func(r *sql.Rows, s *Site) error {
		var created, ended int64
		err := r.Scan(&s.ID, &s.Kind, &s.Salt, &s.Cost.Memory, &s.Cost.Passes, &s.Cost.Threads, &s.State, &created, &ended)
		s.Created, s.Ended = store.Time(created), store.Time(ended)
		return err
	}, `SELECT id, kind, salt, memory, passes, threads, state, created, ended FROM vault_sites ORDER BY created DESC, id`)
}

func insertSite(ctx context.Context, tx store.Tx, s Site, now int64) error {
	salt := s.Salt
	if salt == nil {
		salt = []byte{}
	}
	_, err := tx.Exec(ctx, `INSERT INTO vault_sites (id, kind, salt, memory, passes, threads, state, keys, created, ended)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, 0) ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended = 0`,
		s.ID, s.Kind, salt, int64(s.Cost.Memory), int64(s.Cost.Passes), int64(s.Cost.Threads), active, now)
	return err
}

// foreignKeys gives up to limit keys that are not wrapped with the site key.
func foreignKeys(ctx context.Context, r store.Reader, site string, limit int) ([]keyRow, error) {
	return store.All(ctx, r, func(r *sql.Rows, k *keyRow) error { return scanKey(r.Scan, k) },
		`SELECT `+keyColumns+` FROM vault_keys WHERE site <> ? AND state IN ('active', 'old') ORDER BY id, version LIMIT ?`, site, limit)
}

// oldKeys gives the replaced keys of a table.
func oldKeys(ctx context.Context, r store.Reader, name string) ([]keyRow, error) {
	return store.All(ctx, r, func(r *sql.Rows, k *keyRow) error { return scanKey(r.Scan, k) },
		`SELECT `+keyColumns+` FROM vault_keys WHERE name = ? AND state = 'old' ORDER BY version`, name)
}
