package vault

import (
	"context"
	"errors"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Shred destroys the key of a subject in a transaction. With its commit every value sealed for
// them is unreadable, in every process and in every copy of the database made afterwards; copies
// made before keep their copy of the key. Nothing can be sealed for this subject any more. Rows,
// and entries of blind indexes, are for their owners to delete. It reports whether there was a key.
func (v *Vault) Shred(ctx context.Context, tx store.Tx, subject string) (bool, error) {
	if subject == "" {
		return false, &ward.Error{Kind: ward.Invalid, Op: "vault.Shred", Msg: "Say whose values are to be erased."}
	}
	name, err := v.subjectName(ctx, &tx, subject)
	if err != nil {
		return false, err
	}
	row, err := newestKey(ctx, tx, name)
	if err != nil {
		return false, failed("vault.Shred", err)
	}
	if row == nil || row.state == shredded {
		return false, nil
	}
	if err := destroyKey(ctx, tx, row, shredded, store.Micros(v.now())); err != nil {
		return false, failed("vault.Shred", err)
	}
	return true, nil
}

// Scrub empties SQLite's log, in which the bytes of a destroyed key may still stand until it is
// next written back. It is a courtesy after Shred's commit: another reader may hold it up, then it
// happens with a later one. On PostgreSQL it does nothing; see docs/operations/keys.md.
func (v *Vault) Scrub(ctx context.Context) error {
	if v.store.Engine() != "SQLite" {
		return nil
	}
	var busy, pages, written int64
	if err := v.store.QueryRow(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &written); err != nil {
		return failed("vault.Scrub", err)
	}
	if busy != 0 {
		return &ward.Error{Kind: ward.Unavailable, Op: "vault.Scrub", Msg: "Somebody is reading; the log is emptied later.", Err: errors.New("checkpoint: busy")}
	}
	return nil
}
