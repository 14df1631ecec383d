package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/backup"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// openStore opens the store that a configuration means, its vault and its door, for a command that
// works on it. The store must be there: a slip in a path must not make a new one.
func openStore(ctx context.Context, c Config) (*System, error) {
	if path, ok := strings.CutPrefix(c.storeURL(), "sqlite:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, &ward.Error{Kind: ward.NotFound, Op: "app.openStore", Msg: "There is no store at " + path + ". Name the configuration with --config."}
		}
	}
	s := &System{Config: c, Log: slog.Default(), Now: time.Now}
	var err error
	if s.Store, err = store.Open(ctx, c.storeURL()); err != nil {
		return nil, err
	}
	if err = s.Store.Migrate(ctx, Stages()...); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	s.Audit = &audit.Log{Store: s.Store}
	s.Door = &access.Door{Store: s.Store, Audit: s.Audit, Site: c.Site}
	if err = s.openVault(ctx); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	return s, nil
}

// backUp does the nightly job.
func (s *System) backUp(ctx context.Context, job *store.Job) error {
	return s.Backups.Night(access.AsSystem(ctx, "nightly backup"), job, s.recordRehearsal)
}

func (s *System) recordRehearsal(ctx context.Context, r *backup.Rehearsal) error {
	summary := "rehearsed the backup " + r.File + ": good"
	if !r.Good {
		summary = "rehearsed the backup " + r.File + ": it could not be restored"
	}
	return s.Door.Do(ctx, access.Action{Verb: "backup.rehearse", Permission: access.SystemChange, Object: r.File, Summary: summary},
		func(tx store.Tx) error { return s.Backups.Record(ctx, tx, r) })
}

// BackUp makes a backup. On the first one, and when newKey asks for another, it also gives the
// recovery key, which must be shown: it is kept nowhere.
func BackUp(ctx context.Context, c Config, to string, recipients []string, newKey bool) (*backup.Made, *backup.RecoveryKey, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close() //nolint:errcheck // every change was committed or reported
	ctx = access.AsSystem(ctx, "command line")
	var key *backup.RecoveryKey
	if newKey || len(recipients) == 0 && !s.Backups.HasRecoveryKey() {
		err := s.Door.Do(ctx, access.Action{Verb: "backup.key", Permission: access.SystemChange, Object: "recovery key", Summary: "made a recovery key for backups"},
			func(store.Tx) error {
				k, err := s.Backups.NewRecoveryKey(newKey)
				key = &k
				return err
			})
		if err != nil {
			return nil, nil, err
		}
	}
	made, err := s.Backups.Make(ctx, to, recipients)
	if err != nil {
		return nil, key, err
	}
	return made, key, s.Door.Do(ctx, access.Action{Verb: "backup.make", Permission: access.SystemChange, Object: filepath.Base(made.Path), Summary: "made a backup"},
		func(store.Tx) error { return nil })
}

// Rehearse rehearses a backup, the newest when path is empty, and keeps the report. The recovery
// key is read from identity; nil means the server's own key.
func Rehearse(ctx context.Context, c Config, path string, identity io.Reader) (*backup.Rehearsal, error) {
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // every change was committed or reported
	if path == "" {
		list, err := s.Backups.List()
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, &ward.Error{Kind: ward.NotFound, Op: "app.Rehearse", Msg: "There is no backup in the usual folder. Name a file."}
		}
		path = list[0]
	}
	r := &backup.Rehearsal{}
	if identity == nil {
		r, err = s.Backups.Rehearse(ctx, path, nil)
	} else if ids, parseErr := backup.Identities(identity); parseErr != nil {
		return nil, parseErr
	} else {
		r, err = s.Backups.Rehearse(ctx, path, ids)
	}
	if err != nil {
		return nil, err
	}
	return r, s.recordRehearsal(access.AsSystem(ctx, "command line"), r)
}

// Restore brings a backup back into a new data folder, with the recovery key alone. With url it
// fills an empty store there instead of making a database in the folder.
func Restore(ctx context.Context, path, data, url string, identity io.Reader) (*backup.Rehearsal, error) {
	ids, err := backup.Identities(identity)
	if err != nil {
		return nil, err
	}
	r, err := backup.Restore(ctx, path, ids, backup.Target{Data: data, Store: url, Database: databaseFile, KeyFile: siteKeyFile, Stages: Stages()})
	if err != nil {
		return nil, err
	}
	c := DefaultConfig()
	c.Data, c.Store = data, url
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // the leaf was committed or reported
	return r, s.Door.Do(access.AsSystem(ctx, "command line"), access.Action{Verb: "backup.restore", Permission: access.SystemChange, Object: r.File,
		Summary: fmt.Sprintf("restored the backup of %s", r.Made.Format(time.RFC3339))}, func(store.Tx) error { return nil })
}
