package backup

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Rehearsal is the report of one attempt to restore a backup into a scratch folder.
type Rehearsal struct {
	ID         string        `json:"id"`
	At         time.Time     `json:"at"`
	Took       time.Duration `json:"took"`
	File       string        `json:"file"` // its name, without folders
	Size       int64         `json:"size"`
	Good       bool          `json:"good"`
	Problem    string        `json:"problem,omitempty"`
	OpenedWith string        `json:"openedWith"` // "recovery key" or "this server's own key"
	Made       time.Time     `json:"made"`
	Version    string        `json:"version"`
	Files      int           `json:"files"`
	LeftOut    int           `json:"leftOut"`
	Tables     int           `json:"tables"`
	Rows       int64         `json:"rows"`
	AuditSize  int64         `json:"auditSize"`
	AuditRoot  string        `json:"auditRoot"`
	Keys       int64         `json:"keys"`    // wrapped keys that the site key opens
	SiteKey    string        `json:"siteKey"` // whose site key was tried: "the backup", "this server", or why none
}

// Rehearse restores a backup into a scratch folder, checks it and removes it again. Without
// identities it opens the backup with the server's own key; then the site key inside, which only
// the recovery key opens, stays unproven, and the server's own is tried on the copy instead. That
// the backup is bad is said by the report, not by an error.
func (b *Backups) Rehearse(ctx context.Context, path string, identities []age.Identity) (*Rehearsal, error) {
	start := b.now()
	r := &Rehearsal{ID: store.NewID(start), At: start.UTC(), File: filepath.Base(path), OpenedWith: "recovery key"}
	if len(identities) == 0 {
		own, err := b.ownIdentities(ctx)
		if err != nil {
			return nil, err
		}
		identities, r.OpenedWith = own, "this server's own key"
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "backup.Rehearse", Msg: "There is no such backup.", Err: err}
	}
	r.Size = info.Size()
	scratch, err := b.scratch()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // the next one removes what is left
	m, err := unpack(ctx, path, identities, scratch, false)
	if err == nil {
		err = examine(ctx, scratch, m, b.Stages, b.keysFor(m, siteKey(scratch, identities), r), r)
	}
	if err == nil && r.Problem != "" {
		err = broken("backup.Rehearse", r.Problem, nil)
	}
	if ctx.Err() != nil {
		return nil, &ward.Error{Kind: ward.Timeout, Op: "backup.Rehearse", Msg: "The rehearsal was interrupted.", Err: ctx.Err()}
	}
	if err != nil {
		r.Problem = ward.Message(err)
		if kind := ward.KindOf(err); kind == ward.Forbidden || kind == ward.NotFound {
			return nil, err // it was not the backup's fault
		}
	}
	r.Good = err == nil
	r.Took = b.now().Sub(start)
	return r, nil
}

// keysFor says with which site key to try the keys in a backup: the one inside, else the server's,
// else, when that was replaced since, none.
func (b *Backups) keysFor(m *Manifest, inside []byte, r *Rehearsal) vault.Source {
	switch {
	case inside != nil:
		r.SiteKey = "the backup"
		return vault.Fixed(inside)
	case m.SiteKey == "" || m.SiteKey == b.Vault.Site().ID:
		r.SiteKey = "this server"
		return b.Source
	}
	r.SiteKey = "not tried: it was replaced since, and the one inside needs the recovery key"
	return nil
}

// siteKey gives the site key inside an unpacked backup; nil when these identities do not open it.
func siteKey(folder string, identities []age.Identity) []byte {
	wrapped, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(siteKeyName))) //nolint:gosec // our own scratch
	if err != nil {
		return nil
	}
	plain, err := age.Decrypt(bytes.NewReader(wrapped), identities...)
	if err != nil {
		return nil
	}
	key, err := io.ReadAll(io.LimitReader(plain, 64))
	if err != nil || len(key) != 32 {
		return nil
	}
	return key
}

// examine proves that the unpacked database is whole: SQLite's own checks, the rows of each table,
// every hash of the audit log and its root, that this program can bring it up to date, and that
// the site key opens every wrapped key.
func examine(ctx context.Context, folder string, m *Manifest, stages []store.Migrations, source vault.Source, r *Rehearsal) error {
	r.Made, r.Version, r.Files, r.LeftOut = m.Made, m.Version, len(m.Files), len(m.LeftOut)
	s, err := store.Open(ctx, "sqlite:"+filepath.Join(folder, filepath.FromSlash(databaseName)))
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // closed below
	if err := sound(ctx, s); err != nil {
		return err
	}
	have, err := tables(ctx, s)
	if err != nil {
		return broken("backup.examine", "The restored database cannot be read.", err)
	}
	if err := sameTables(have, m.Tables, r); err != nil {
		return err
	}
	log := &audit.Log{Store: s}
	head, err := log.Verify(ctx)
	r.AuditSize, r.AuditRoot = head.Size, head.Root.String()
	switch {
	case err != nil && m.Audit.Problem != "": // damaged already when it was saved: told, but no reason to lose the rest
		r.AuditRoot, r.Problem = "", m.Audit.Problem
	case err != nil:
		return err
	case head.Size != m.Audit.Size || r.AuditRoot != m.Audit.Root:
		return broken("backup.examine", "The audit log in the backup is not the one that was saved.", nil)
	}
	if err := s.Migrate(ctx, stages...); err != nil {
		return broken("backup.examine", "This program cannot bring the restored database up to date.", err)
	}
	if source != nil {
		v, err := vault.Open(ctx, s, vault.Options{Source: source})
		if err == nil {
			r.Keys, err = v.Verify(ctx)
		}
		if err != nil {
			return broken("backup.examine", "The site key does not open the keys in the backup.", err)
		}
	}
	return s.Close()
}

func sound(ctx context.Context, s *store.Store) error {
	var word string
	if err := s.QueryRow(ctx, `PRAGMA integrity_check`).Scan(&word); err != nil || word != "ok" {
		return broken("backup.examine", "The restored database is damaged.", err)
	}
	loose, err := store.All(ctx, s, func(r *sql.Rows, t *string) error {
		var row, parent, key any
		return r.Scan(t, &row, &parent, &key)
	}, `PRAGMA foreign_key_check`)
	if err != nil || len(loose) > 0 {
		return broken("backup.examine", "Rows of the restored database refer to others that are not there.", err)
	}
	return nil
}

func sameTables(have, want []Table, r *Rehearsal) error {
	rows := map[string]int64{}
	for _, t := range have {
		rows[t.Name] = t.Rows
		r.Tables++
		r.Rows += t.Rows
	}
	for _, t := range want {
		n, ok := rows[t.Name]
		if !ok || n != t.Rows {
			return broken("backup.examine", fmt.Sprintf("Table %q should hold %d rows after the restore, but holds %d.", t.Name, t.Rows, n), nil)
		}
	}
	if len(have) != len(want) {
		return broken("backup.examine", "The restored database has tables that were not saved.", nil)
	}
	return nil
}
