package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Tend is the kind of the job that carries keys and values over after a rotation; Tidy does it.
const Tend = "tend keys"

// batch is how many keys or rows one transaction carries over.
const batch = 200

// grace is how long a replaced key is kept at least: another process may still hold it as its
// newest for cacheAge.
const grace = 10 * cacheAge

// Rotated says what a rotation or a round of Tidy did.
type Rotated struct {
	Wrapped  int64 `json:"wrapped"`  // keys wrapped anew with the active site key
	Resealed int64 `json:"resealed"` // values sealed anew with the newest key of their table
	Damaged  int64 `json:"damaged"`  // values that do not verify; they hold up the end of their key
	Retired  int64 `json:"retired"`  // old keys destroyed
}

// RotateTable gives a table a new key in a transaction. New values take it; the Tend job carries the others
// over and then destroys the old key. Until then both open.
func (v *Vault) RotateTable(ctx context.Context, tx store.Tx, table string) error {
	last, err := newestKey(ctx, tx, "table:"+table)
	if err != nil {
		return failed("vault.RotateTable", err)
	}
	if last == nil {
		return &ward.Error{Kind: ward.NotFound, Op: "vault.RotateTable", Msg: "This table has no key."}
	}
	row, err := v.makeKey(ctx, tx, last.name, last)
	if err != nil {
		return failed("vault.RotateTable", err)
	}
	if row.ref.version != last.ref.version+1 {
		return &ward.Error{Kind: ward.Conflict, Op: "vault.RotateTable", Msg: "Somebody else is rotating this key."}
	}
	_, err = tx.Exec(ctx, `UPDATE vault_keys SET state = ?, ended = ? WHERE id = ? AND version = ?`,
		old, store.Micros(v.now()), last.ref.uuid(), int64(last.ref.version))
	if err != nil {
		return failed("vault.RotateTable", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	clear(v.cache)
	return nil
}

// Tables names the tables whose keys can be rotated.
func (v *Vault) Tables() []string {
	var names []string
	seen := map[string]bool{}
	for _, c := range v.columns {
		if !c.Person && !seen[c.Table] {
			seen[c.Table] = true
			names = append(names, c.Table)
		}
	}
	return names
}

// RotateSiteFile replaces the site key in a key file and wraps every key anew. It may run beside a
// serving Wardkeeper, whose vault fetches the new key when it first needs it, and it may be
// interrupted and run again: the file keeps the old key until nothing needs it.
func (v *Vault) RotateSiteFile(ctx context.Context, path string) (Rotated, error) {
	keys, err := readKeyFile(path)
	if err != nil {
		return Rotated{}, &ward.Error{Kind: ward.Unavailable, Op: "vault.RotateSiteFile", Msg: "The site key file cannot be read.", Err: err}
	}
	next := keys[0]
	if known, err := sites(ctx, v.store); err != nil {
		return Rotated{}, failed("vault.RotateSiteFile", err)
	} else if hasSite(known, next.Site().ID) { // else an interrupted rotation made it already
		if next, err = newLocalKey(newKey(), Site{Kind: "file"}); err != nil {
			return Rotated{}, err
		}
		if err := replaceKeyFile(path, append([]SiteKey{next}, keys...)...); err != nil {
			return Rotated{}, &ward.Error{Kind: ward.Unavailable, Op: "vault.RotateSiteFile", Msg: "The site key file cannot be replaced.", Err: err}
		}
	}
	done, err := v.RotateSite(ctx, next)
	if err != nil {
		return done, err
	}
	if err := replaceKeyFile(path, next); err != nil {
		return done, &ward.Error{Kind: ward.Unavailable, Op: "vault.RotateSiteFile", Msg: "The old site key could not be removed from its file. Rotate once more.", Err: err}
	}
	return done, nil
}

func hasSite(known []Site, id string) bool {
	for _, s := range known {
		if s.ID == id {
			return true
		}
	}
	return false
}

// RotateSite makes next the site key and wraps every key anew with it. The caller sees to it that
// the vault's source gives next from now on, and the old one until this returns.
func (v *Vault) RotateSite(ctx context.Context, next SiteKey) (Rotated, error) {
	var done Rotated
	err := v.store.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE vault_sites SET state = ?, ended = ? WHERE state = ? AND id <> ?`,
			old, store.Micros(v.now()), active, next.Site().ID)
		if err != nil {
			return err
		}
		return insertSite(ctx, tx, next.Site(), store.Micros(v.now()))
	})
	if err != nil {
		return done, failed("vault.RotateSite", err)
	}
	v.mu.Lock()
	v.ring[next.Site().ID], v.active = next, next.Site().ID
	v.mu.Unlock()
	done.Wrapped, err = v.rewrap(ctx)
	return done, err
}

// rewrap wraps with the active site key whatever is wrapped with another one, then retires the others.
func (v *Vault) rewrap(ctx context.Context) (int64, error) {
	site, err := v.siteKey(ctx, "")
	if err != nil {
		return 0, err
	}
	id := site.Site().ID
	var total int64
	for {
		rows, err := foreignKeys(ctx, v.store, id, batch)
		if err != nil {
			return total, failed("vault.rewrap", err)
		}
		if len(rows) == 0 {
			break
		}
		err = v.store.Write(ctx, func(tx store.Tx) error {
			for i := range rows {
				if err := v.rewrapOne(ctx, tx, site, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, failed("vault.rewrap", err)
		}
		total += int64(len(rows))
	}
	err = v.store.Write(ctx, func(tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE vault_sites SET state = ? WHERE state = ? AND id <> ? AND NOT EXISTS
			(SELECT 1 FROM vault_keys k WHERE k.site = vault_sites.id AND k.state IN ('active', 'old'))`, retired, old, id)
		return err
	})
	if err != nil {
		return total, failed("vault.rewrap", err)
	}
	return total, nil
}

func (v *Vault) rewrapOne(ctx context.Context, tx store.Tx, site SiteKey, row *keyRow) error {
	key, err := v.unwrap(ctx, row)
	if err != nil {
		return err
	}
	defer clear(key)
	wrapped, err := site.Wrap(ctx, key, row.place())
	if err != nil {
		return err
	}
	// A key that was destroyed since it was read stays destroyed.
	_, err = tx.Exec(ctx, `UPDATE vault_keys SET wrapped = ?, site = ? WHERE id = ? AND version = ? AND site = ? AND state = ?`,
		wrapped, site.Site().ID, row.ref.uuid(), int64(row.ref.version), row.site, row.state)
	return err
}

// Job does the work of a Tend job.
func (v *Vault) Job(ctx context.Context, job *store.Job) error {
	done, err := v.Tidy(ctx, func(n int64) error { return job.Progress(ctx, n, 0, "sealing values with the new key") })
	job.Note = fmt.Sprintf("%d keys wrapped and %d values sealed anew, %d old keys destroyed", done.Wrapped, done.Resealed, done.Retired)
	if err == nil && done.Damaged > 0 {
		return damaged(fmt.Errorf("%d values do not verify", done.Damaged))
	}
	return err
}

// Tidy carries over whatever a rotation left behind: keys to the active site key, values to the
// newest key of their table. An old key is destroyed once no value needs it. It may be interrupted
// and run again. progress may be nil.
func (v *Vault) Tidy(ctx context.Context, progress func(values int64) error) (Rotated, error) {
	var done Rotated
	if err := v.reload(ctx); err != nil {
		return done, err
	}
	var err error
	if done.Wrapped, err = v.rewrap(ctx); err != nil {
		return done, err
	}
	for _, table := range v.Tables() {
		if err := v.tidyTable(ctx, table, &done, progress); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (v *Vault) tidyTable(ctx context.Context, table string, done *Rotated, progress func(int64) error) error {
	start := v.now()
	olds, err := oldKeys(ctx, v.store, "table:"+table)
	if err != nil {
		return failed("vault.Tidy", err)
	}
	if len(olds) == 0 {
		return nil
	}
	var damaged int64
	for _, c := range v.columns {
		if c.Table != table || c.Person {
			continue
		}
		bad, err := v.resealColumn(ctx, c, done, progress)
		if err != nil {
			return err
		}
		damaged += bad
	}
	done.Damaged += damaged
	if damaged > 0 {
		return nil
	}
	return v.store.Write(ctx, func(tx store.Tx) error {
		for i := range olds {
			if start.Sub(store.Time(olds[i].ended)) < grace {
				continue
			}
			if err := destroyKey(ctx, tx, &olds[i], retired, store.Micros(v.now())); err != nil {
				return err
			}
			done.Retired++
		}
		return nil
	})
}

// value is a sealed value and the row it stands in.
type value struct {
	row    string
	sealed []byte
}

// resealColumn seals the values of a column with the newest key, some rows a transaction. A value
// that changed meanwhile is left as it is: whoever changed it used the newest key or the next
// round finds it.
func (v *Vault) resealColumn(ctx context.Context, c Column, done *Rotated, progress func(int64) error) (int64, error) {
	var bad int64
	after := ""
	for first := true; ; first = false {
		rows, err := store.All(ctx, v.store, func(r *sql.Rows, x *value) error { return r.Scan(&x.row, &x.sealed) },
			`SELECT `+c.Key+`, `+c.Name+` FROM `+c.Table+` WHERE (? OR `+c.Key+` > ?) AND `+c.Name+` IS NOT NULL
			ORDER BY `+c.Key+` LIMIT ?`, first, after, batch)
		if err != nil {
			return bad, failed("vault.Tidy", err)
		}
		if len(rows) == 0 {
			return bad, nil
		}
		after = rows[len(rows)-1].row
		err = v.store.Write(ctx, func(tx store.Tx) error {
			for _, x := range rows {
				n, err := v.resealOne(ctx, tx, c, x)
				if ward.KindOf(err) == ward.Conflict || ward.KindOf(err) == ward.Invalid {
					bad++
					continue
				}
				if err != nil {
					return err
				}
				done.Resealed += n
			}
			return nil
		})
		if err != nil {
			return bad, failed("vault.Tidy", err)
		}
		if progress != nil {
			if err := progress(done.Resealed); err != nil {
				return bad, err
			}
		}
	}
}

func (v *Vault) resealOne(ctx context.Context, tx store.Tx, c Column, x value) (int64, error) {
	ref, _, err := parse(x.sealed)
	if err != nil {
		return 0, err
	}
	p := Place{Table: c.Table, Row: x.row, Column: c.Name}
	newest, err := v.current(ctx, &tx, "table:"+c.Table)
	if err != nil || newest.ref == ref {
		return 0, err
	}
	plain, err := v.Open(ctx, v.store, p, x.sealed)
	if err != nil {
		return 0, err
	}
	defer clear(plain)
	sealed, err := newest.seal(p, plain)
	if err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `UPDATE `+c.Table+` SET `+c.Name+` = ? WHERE `+c.Key+` = ? AND `+c.Name+` = ?`, sealed, x.row, x.sealed)
}

// Verify opens every wrapped key and says how many there are: proof that the site key at hand fits
// the store, and that no wrapped key was changed.
func (v *Vault) Verify(ctx context.Context) (int64, error) {
	var n int64
	rows, err := v.store.Query(ctx, `SELECT `+keyColumns+` FROM vault_keys WHERE state IN ('active', 'old')`)
	if err != nil {
		return 0, failed("vault.Verify", err)
	}
	defer rows.Close() //nolint:errcheck // only read
	for rows.Next() {
		var row keyRow
		if err := scanKey(rows.Scan, &row); err != nil {
			return n, damaged(errors.New("a key's row cannot be read"))
		}
		key, err := v.unwrap(ctx, &row)
		if err != nil {
			return n, err
		}
		clear(key)
		n++
	}
	return n, rows.Err()
}

// Rotation reports since when the newest key of a table is in use.
func (v *Vault) Rotation(ctx context.Context, table string) (time.Time, error) {
	var us int64
	err := v.store.QueryRow(ctx, `SELECT COALESCE(MAX(created), 0) FROM vault_keys WHERE name = ?`, "table:"+table).Scan(&us)
	if err != nil {
		return time.Time{}, failed("vault.Rotation", err)
	}
	return store.Time(us), nil
}
