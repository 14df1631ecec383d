package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/backup"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// databaseFile and siteKeyFile are where things stand in the data folder unless configured otherwise.
const (
	databaseFile = "wardkeeper.db"
	siteKeyFile  = "site.key"
)

// sealedColumns lists every column whose values the vault seals: a rotation looks there.
func sealedColumns() []vault.Column {
	return append(backup.Columns(), vault.Column{Table: "cert_authorities", Key: "id", Name: "key"})
}

// siteKeyPath is the key file that the configuration means.
func (c *Config) siteKeyPath() string {
	if c.SiteKey != "" {
		return c.SiteKey
	}
	return filepath.Join(c.Data, siteKeyFile)
}

// keySource is where the configuration has the site key come from.
func (c *Config) keySource() (vault.Source, error) {
	if c.Passphrase == "" {
		return vault.File(c.siteKeyPath()), nil
	}
	phrase, err := os.ReadFile(c.Passphrase)
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "app.keySource", Msg: "The file with the passphrase cannot be read.", Err: err}
	}
	defer clear(phrase)
	return vault.Passphrase(phrase, vault.DefaultCost), nil
}

// openVault opens the vault and what makes backups. From here on keys are in memory, so a crash may
// leave no copy of it.
func (s *System) openVault(ctx context.Context) error {
	if err := vault.ForbidCoreDumps(); err != nil {
		s.Log.WarnContext(ctx, "core dumps are not forbidden", "err", err)
	}
	source, err := s.Config.keySource()
	if err != nil {
		return err
	}
	s.Vault, err = vault.Open(ctx, s.Store, vault.Options{Source: source, Columns: sealedColumns(), Now: s.Now})
	if err != nil {
		return err
	}
	skip := []string{databaseFile, databaseFile + "-wal", databaseFile + "-shm", siteKeyFile, siteKeyFile + ".next"}
	for _, path := range []string{s.Config.siteKeyPath(), s.Config.Passphrase, strings.TrimPrefix(s.Config.storeURL(), "sqlite:"), s.Config.Backups} {
		if rel, err := filepath.Rel(s.Config.Data, path); err == nil && path != "" && filepath.IsLocal(rel) {
			skip = append(skip, rel, rel+"-wal", rel+"-shm")
		}
	}
	s.Backups = &backup.Backups{
		Store: s.Store, Stages: Stages(), Vault: s.Vault, Source: source, Data: s.Config.Data, Folder: s.Config.Backups,
		Skip: skip, Site: s.Config.Site, Version: Version(), Now: s.Now,
	}
	return nil
}

// KeyState is what may be told about the keys.
type KeyState struct {
	Site   vault.Site
	Keys   int64             // that the site key opens
	Tables map[string]string // table to the day of its newest key
}

// Keys checks every key of a store.
func Keys(ctx context.Context, c Config) (*KeyState, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // only read
	state := &KeyState{Site: s.Vault.Site(), Tables: map[string]string{}}
	if state.Keys, err = s.Vault.Verify(ctx); err != nil {
		return nil, err
	}
	for _, t := range s.Vault.Tables() {
		at, err := s.Vault.Rotation(ctx, t)
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			state.Tables[t] = at.Format("2006-01-02")
		}
	}
	return state, nil
}

// RotateKeys replaces the site key file and gives every table a new key, beside a Wardkeeper that
// serves. Old keys of tables are destroyed by the hourly job once nothing needs them.
func RotateKeys(ctx context.Context, c Config) (vault.Rotated, error) {
	var done vault.Rotated
	if c.Passphrase != "" {
		return done, &ward.Error{Kind: ward.Invalid, Op: "app.RotateKeys", Msg: "The site key comes from a passphrase. Use a key file to rotate it: see docs/operations/keys.md."}
	}
	s, err := openStore(ctx, c)
	if err != nil {
		return done, err
	}
	defer s.Close() //nolint:errcheck // every change was committed or reported
	ctx = access.AsSystem(ctx, "command line")
	for _, t := range s.Vault.Tables() {
		err := s.Door.Do(ctx, access.Action{Verb: "keys.rotate", Permission: access.SystemChange, Object: t, Summary: "gave a table a new key"},
			func(tx store.Tx) error { return s.Vault.RotateTable(ctx, tx, t) })
		if err != nil && ward.KindOf(err) != ward.NotFound {
			return done, err
		}
	}
	if done, err = s.Vault.RotateSiteFile(ctx, c.siteKeyPath()); err != nil {
		return done, err
	}
	tidied, err := s.Vault.Tidy(ctx, nil)
	done.Resealed, done.Damaged, done.Retired = tidied.Resealed, tidied.Damaged, tidied.Retired
	if err != nil {
		return done, err
	}
	return done, s.Door.Do(ctx, access.Action{Verb: "keys.rotate", Permission: access.SystemChange, Object: "site key",
		Summary: "replaced the site key by " + s.Vault.Site().ID}, func(store.Tx) error { return nil })
}
