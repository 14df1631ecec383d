package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Migrations are one stage's steps from nothing to its tables, in files 00001_word.sql with a
// "-- +goose Up" line. They go forward only. A stage's tables begin with its name.
type Migrations struct {
	Stage string // "inventory"
	Files fs.FS  // the files at its top
}

//go:embed migrations/*.sql
var own embed.FS

// Own are the store's own tables. Migrate applies them without being asked.
func Own() Migrations { return FromEmbed("store", own) }

// FromEmbed makes Migrations of an embedded folder named migrations.
func FromEmbed(stage string, files embed.FS) Migrations {
	sub, err := fs.Sub(files, "migrations")
	if err != nil { // only a malformed path literal can bring this about
		sub = fstest.MapFS{}
	}
	return Migrations{Stage: stage, Files: sub}
}

// Migrate brings the tables of the stages up to date, in the order given, the store's own first.
func (s *Store) Migrate(ctx context.Context, stages ...Migrations) error {
	for _, m := range append([]Migrations{Own()}, stages...) {
		if err := s.migrate(ctx, m); err != nil {
			return &ward.Error{Kind: ward.Internal, Op: "store.Migrate",
				Msg: "The tables of " + m.Stage + " could not be brought up to date. Nothing was half done; see the log.",
				Err: err}
		}
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, m Migrations) error {
	files, err := s.dialect(m.Files)
	if err != nil {
		return err
	}
	kind := database.DialectSQLite3
	if s.engine == postgresEngine {
		kind = database.DialectPostgres
	}
	versions, err := database.NewStore(kind, versionTable(m.Stage))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider("", s.write, files, goose.WithStore(versions), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err = p.Up(ctx); err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if list := p.ListSources(); len(list) > 0 && have > list[len(list)-1].Version {
		return fmt.Errorf("the database is at version %d of %s, newer than this program's %d", have, m.Stage, list[len(list)-1].Version)
	}
	return nil
}

func versionTable(stage string) string { return stage + "_migrations" }

var (
	textWord = regexp.MustCompile(`\bTEXT\b`)
	blobWord = regexp.MustCompile(`\bBLOB\b`)
	rowWord  = regexp.MustCompile(`\bINTEGER PRIMARY KEY\b`) // SQLite's own row number: the cheapest key
)

// dialect rewrites the few words in which the engines differ.
func (s *Store) dialect(files fs.FS) (fs.FS, error) {
	if s.engine == sqliteEngine {
		return files, nil
	}
	out := fstest.MapFS{}
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := files.Open(path)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(f)
		text = textWord.ReplaceAll(text, []byte(`TEXT COLLATE "C"`))
		text = blobWord.ReplaceAll(text, []byte("BYTEA"))
		text = rowWord.ReplaceAll(text, []byte("BIGINT PRIMARY KEY"))
		out[path] = &fstest.MapFile{Data: text, Mode: 0o444}
		return errors.Join(err, f.Close())
	})
	return out, err
}
