// Package audit is the append-only Merkle log of who did what. The leaf of a change is written in
// the change's own transaction, so neither can exist without the other.
//
// The tree is that of RFC 6962 as golang.org/x/mod/sumdb/tlog lays it out. A leaf's bytes are kept
// as they were hashed; the columns beside them exist only to find leaves.
//
// Tables it owns: audit_leaves, audit_hashes, audit_head.
package audit

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of the log.
func Migrations() store.Migrations { return store.FromEmbed("audit", files) }

// Log is the audit log.
type Log struct{ Store *store.Store }

// Leaf is one entry of the log. It holds no patient's value and no secret.
type Leaf struct {
	Position int64     `json:"position"` // from 0; Append sets it
	Time     time.Time `json:"time"`
	Site     string    `json:"site"`
	Actor    string    `json:"actor"`  // id of the person, or system:name
	Action   string    `json:"action"` // audit verb
	Object   string    `json:"object"`
	Summary  string    `json:"summary"`
}

// Append writes a leaf in the transaction of the change it tells of. It is the last thing a
// transaction does: from here on others wait for its commit.
func (l *Log) Append(ctx context.Context, tx store.Tx, leaf Leaf) error {
	if err := l.append(ctx, tx, leaf); err != nil {
		return &ward.Error{Kind: ward.Unavailable, Op: "audit.Append",
			Msg: "The change could not be written to the audit log, so it was not made.", Err: err}
	}
	return nil
}

func (l *Log) append(ctx context.Context, tx store.Tx, leaf Leaf) error {
	var size int64
	if err := tx.QueryRow(ctx, `UPDATE audit_head SET size = size + 1 WHERE id = 1 RETURNING size`).Scan(&size); err != nil {
		return err
	}
	leaf.Position = size - 1
	leaf.Time = leaf.Time.UTC().Truncate(time.Microsecond)
	text, err := json.Marshal(leaf)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_leaves (position, at, site, actor, action, object, leaf) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		leaf.Position, store.Micros(leaf.Time), leaf.Site, leaf.Actor, leaf.Action, leaf.Object, string(text))
	if err != nil {
		return err
	}
	hashes, err := tlog.StoredHashes(leaf.Position, text, hashReader(ctx, tx))
	if err != nil {
		return err
	}
	at := tlog.StoredHashIndex(0, leaf.Position)
	for i, h := range hashes {
		_, err := tx.Exec(ctx, `INSERT INTO audit_hashes (position, hash) VALUES (?, ?)`, at+int64(i), h[:])
		if err != nil {
			return err
		}
	}
	return nil
}

func hashReader(ctx context.Context, r store.Reader) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			var b []byte
			if err := r.QueryRow(ctx, `SELECT hash FROM audit_hashes WHERE position = ?`, x).Scan(&b); err != nil {
				return nil, fmt.Errorf("hash %d: %w", x, err)
			}
			if len(b) != tlog.HashSize {
				return nil, fmt.Errorf("hash %d is damaged", x)
			}
			out[i] = tlog.Hash(b)
		}
		return out, nil
	}
}

// Head is the number of leaves and the root hash over them.
type Head struct {
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
}

// Head gives the size and root of the log.
func (l *Log) Head(ctx context.Context) (Head, error) {
	var h Head
	err := l.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		if err = r.QueryRow(ctx, `SELECT size FROM audit_head WHERE id = 1`).Scan(&h.Size); err != nil {
			return err
		}
		h.Root, err = tlog.TreeHash(h.Size, hashReader(ctx, r))
		return err
	})
	return h, err
}

// Verify recomputes every hash of the log from its leaves and compares. The error names the first
// leaf or hash that is wrong.
func (l *Log) Verify(ctx context.Context) (Head, error) {
	var head Head
	err := l.Store.Snapshot(ctx, func(r store.Reader) error {
		if err := r.QueryRow(ctx, `SELECT size FROM audit_head WHERE id = 1`).Scan(&head.Size); err != nil {
			return err
		}
		hashes, err := recompute(ctx, r, head.Size)
		if err != nil {
			return err
		}
		if err := compare(ctx, r, hashes); err != nil {
			return err
		}
		head.Root, err = tlog.TreeHash(head.Size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
			out := make([]tlog.Hash, len(indexes))
			for i, x := range indexes {
				out[i] = hashes[x]
			}
			return out, nil
		}))
		return err
	})
	if err != nil {
		return head, &ward.Error{Kind: ward.Conflict, Op: "audit.Verify",
			Msg: "The audit log does not verify: " + err.Error() + ". Keep the database as it is and call your security officer.", Err: err}
	}
	return head, nil
}

// recompute gives all stored hashes as the leaves say they should be.
func recompute(ctx context.Context, r store.Reader, size int64) ([]tlog.Hash, error) {
	rows, err := r.Query(ctx, `SELECT position, at, site, actor, action, object, leaf FROM audit_leaves ORDER BY position`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	hashes := make([]tlog.Hash, 0, 2*size)
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	var n int64
	for rows.Next() {
		var col Leaf
		var at int64
		var text string
		if err := rows.Scan(&col.Position, &at, &col.Site, &col.Actor, &col.Action, &col.Object, &text); err != nil {
			return nil, err
		}
		if col.Position != n {
			return nil, fmt.Errorf("leaf %d is missing", n)
		}
		var leaf Leaf
		if err := json.Unmarshal([]byte(text), &leaf); err != nil {
			return nil, fmt.Errorf("leaf %d cannot be read", n)
		}
		col.Time, col.Summary = store.Time(at), leaf.Summary
		if !leaf.Time.Equal(col.Time) {
			return nil, fmt.Errorf("leaf %d and its columns differ", n)
		}
		if leaf.Time = col.Time; leaf != col {
			return nil, fmt.Errorf("leaf %d and its columns differ", n)
		}
		more, err := tlog.StoredHashes(n, []byte(text), read)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, more...)
		n++
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if n != size {
		return nil, fmt.Errorf("the log says it has %d leaves, but %d are there", size, n)
	}
	return hashes, nil
}

func compare(ctx context.Context, r store.Reader, want []tlog.Hash) error {
	rows, err := r.Query(ctx, `SELECT position, hash FROM audit_hashes ORDER BY position`)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var at int64
		var h []byte
		if err := rows.Scan(&at, &h); err != nil {
			return err
		}
		if n >= len(want) || at != int64(n) || string(h) != string(want[n][:]) {
			return fmt.Errorf("hash %d is not what the leaves give", at)
		}
		n++
	}
	if n != len(want) {
		return fmt.Errorf("%d hashes are there, the leaves give %d", n, len(want))
	}
	return rows.Err()
}

// Leaves gives leaves, newest first; actor, action prefix and object narrow them when set.
func (l *Log) Leaves(ctx context.Context, actor, action, object string, before int64, limit int) ([]Leaf, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	return store.All(ctx, l.Store, func(r *sql.Rows, leaf *Leaf) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), leaf)
	}, `SELECT leaf FROM audit_leaves WHERE position < ? AND (? = '' OR actor = ?) AND (? = '' OR substr(action, 1, ?) = ?)
		AND (? = '' OR object = ?) ORDER BY position DESC LIMIT ?`,
		before, actor, actor, action, len(action), action, object, object, limit)
}
