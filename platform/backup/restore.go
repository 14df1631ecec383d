package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/platform/vault"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Target says where to restore to.
type Target struct {
	Data     string             // the new data folder: absent or empty
	Database string             // file name of the SQLite database in it
	KeyFile  string             // file name of the site key in it
	Store    string             // address of an empty PostgreSQL or SQLite store to fill instead
	Stages   []store.Migrations // all of them
}

// Restore brings a backup back, with nothing but the recovery key. Everything that a rehearsal
// checks is checked first; when anything is wrong, nothing is left behind.
func Restore(ctx context.Context, path string, identities []age.Identity, to Target) (*Rehearsal, error) {
	made, err := emptyFolder(to.Data)
	if err != nil {
		return nil, err
	}
	r, err := restore(ctx, path, identities, to)
	if err == nil {
		return r, nil
	}
	if made {
		return nil, errors.Join(err, os.RemoveAll(to.Data))
	}
	left, readErr := os.ReadDir(to.Data)
	for _, l := range left {
		readErr = errors.Join(readErr, os.RemoveAll(filepath.Join(to.Data, l.Name())))
	}
	return nil, errors.Join(err, readErr)
}

// emptyFolder makes the folder, or checks that there is nothing in it.
func emptyFolder(path string) (made bool, err error) {
	list, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(path, 0o700); err != nil {
			return false, unable("backup.Restore", "The folder to restore into cannot be made.", err)
		}
		return true, nil
	case err != nil:
		return false, unable("backup.Restore", "The folder to restore into cannot be read.", err)
	case len(list) > 0:
		return false, &ward.Error{Kind: ward.Conflict, Op: "backup.Restore", Msg: "The folder to restore into is not empty. Name another one: nothing is overwritten."}
	}
	return false, nil
}

func restore(ctx context.Context, path string, identities []age.Identity, to Target) (*Rehearsal, error) {
	scratch := filepath.Join(to.Data, ".restoring")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, unable("backup.Restore", "The folder to restore into cannot be written.", err)
	}
	m, err := unpack(ctx, path, identities, scratch, true)
	if err != nil {
		return nil, err
	}
	r := &Rehearsal{File: filepath.Base(path), OpenedWith: "recovery key"}
	var source vault.Source
	key := siteKey(scratch, identities)
	switch {
	case key != nil:
		source, r.SiteKey = vault.Fixed(append([]byte(nil), key...)), "the backup"
	case m.SiteKey != "":
		return nil, &ward.Error{Kind: ward.Forbidden, Op: "backup.Restore", Msg: "This key opens the backup, but not the site key in it. Restore needs the recovery key."}
	}
	if err := examine(ctx, scratch, m, to.Stages, source, r); err != nil {
		return nil, err
	}
	if err := place(ctx, scratch, key, m, to); err != nil {
		var known *ward.Error
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, unable("backup.Restore", "The restored files could not be put into place.", err)
	}
	return r, os.RemoveAll(scratch)
}

// place moves what was unpacked and examined to where a Wardkeeper looks for it.
func place(ctx context.Context, scratch string, key []byte, m *Manifest, to Target) error {
	database := filepath.Join(scratch, filepath.FromSlash(databaseName))
	if to.Store == "" {
		if err := os.Rename(database, filepath.Join(to.Data, to.Database)); err != nil {
			return err
		}
	} else if err := fill(ctx, database, to); err != nil {
		return err
	}
	for _, f := range m.Files {
		name, ok := strings.CutPrefix(f.Name, dataPrefix)
		if !ok || name == to.Database || name == to.KeyFile {
			continue
		}
		dest := filepath.Join(to.Data, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(dest), 0o700); err != nil {
			return err
		}
		if err := os.Rename(filepath.Join(scratch, filepath.FromSlash(f.Name)), dest); err != nil {
			return err
		}
	}
	if key == nil {
		return nil
	}
	keys, err := vault.Fixed(key)(ctx, nil)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if e, ok := k.(vault.Exporter); ok {
			return vault.WriteKeyFile(filepath.Join(to.Data, to.KeyFile), e)
		}
	}
	return nil
}

// fill copies the restored database into an empty store.
func fill(ctx context.Context, database string, to Target) error {
	from, err := store.Open(ctx, "sqlite:"+database)
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	into, err := store.Open(ctx, to.Store)
	if err != nil {
		return err
	}
	if err := into.Migrate(ctx, to.Stages...); err != nil {
		return errors.Join(err, into.Close())
	}
	_, err = store.Copy(ctx, from, into, nil)
	return errors.Join(err, into.Close())
}
