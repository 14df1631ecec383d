package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Made is a backup that was made.
type Made struct {
	Path     string        `json:"path"`
	Size     int64         `json:"size"` // bytes of the encrypted file
	Took     time.Duration `json:"took"`
	Manifest Manifest      `json:"manifest"`
}

// Make writes a backup into a folder, or into the usual one when to is empty. The recipients, age
// public keys, stand in for the recovery key when there are any. Work goes on meanwhile.
func (b *Backups) Make(ctx context.Context, to string, recipients []string) (*Made, error) {
	start := b.now()
	outside, err := b.recovery(recipients)
	if err != nil {
		return nil, err
	}
	kind, err := kindOf(outside)
	if err != nil {
		return nil, err
	}
	own, err := b.ownRecipient(ctx, kind)
	if err != nil {
		return nil, err
	}
	if to == "" {
		to = b.folder()
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return nil, unable("backup.Make", "The folder for backups cannot be made.", err)
	}
	b.sweep(filepath.Join(to, "wardkeeper-*"+suffix+".part"))
	scratch, err := b.scratch()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // the next one removes what is left
	database := filepath.Join(scratch, "wardkeeper.db")
	if err := b.Store.Backup(ctx, database, b.Stages...); err != nil {
		return nil, err
	}
	made := &Made{Path: filepath.Join(to, "wardkeeper-"+start.UTC().Format(stamp)+suffix)}
	m := &made.Manifest
	*m = Manifest{Format: manifestFormat, Made: start.UTC().Truncate(time.Second), Site: b.Site, Version: b.Version, Engine: b.Store.Engine()}
	if err := describe(ctx, database, m); err != nil {
		return nil, err
	}
	if made.Size, err = b.write(ctx, made.Path, database, m, outside, own); err != nil {
		return nil, err
	}
	made.Took = b.now().Sub(start)
	return made, nil
}

// scratch makes a private folder, beside the data since a copy of it must fit, and removes what
// earlier ones that were killed left behind.
func (b *Backups) scratch() (string, error) {
	b.sweep(filepath.Join(b.Data, scratchPrefix+"*"))
	dir, err := os.MkdirTemp(b.Data, scratchPrefix) // 0700
	if err != nil {
		return "", unable("backup", "No scratch folder can be made in the data folder: is the disk full?", err)
	}
	return dir, nil
}

// sweep removes what a backup or a rehearsal that was killed a day ago left behind.
func (b *Backups) sweep(pattern string) {
	left, _ := filepath.Glob(pattern) //nolint:errcheck // a folder with brackets in its name is not swept
	for _, l := range left {
		if info, err := os.Lstat(l); err == nil && b.now().Sub(info.ModTime()) > 24*time.Hour {
			os.RemoveAll(l) //nolint:errcheck,gosec // tried again next time
		}
	}
}

// describe counts the rows of a copied database and reads the state of its audit log.
func describe(ctx context.Context, path string, m *Manifest) error {
	s, err := store.Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // closed below
	if m.Tables, err = tables(ctx, s); err != nil {
		return unable("backup.Make", "The copy of the database cannot be read.", err)
	}
	log := &audit.Log{Store: s}
	head, err := log.Verify(ctx)
	if err != nil { // a damaged log must not keep anybody from having a backup
		m.Audit.Problem = ward.Message(err)
	}
	m.Audit.Size = head.Size
	if m.Audit.Problem == "" {
		m.Audit.Root = head.Root.String()
	}
	return s.Close()
}

func tables(ctx context.Context, s *store.Store) ([]Table, error) {
	names, err := store.All(ctx, s, func(r *sql.Rows, t *Table) error { return r.Scan(&t.Name) },
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	for i := range names {
		quoted := `"` + strings.ReplaceAll(names[i].Name, `"`, `""`) + `"`
		if err := s.QueryRow(ctx, `SELECT COUNT(*) FROM `+quoted).Scan(&names[i].Rows); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// write puts everything into the file, which appears under its name only when it is whole.
func (b *Backups) write(ctx context.Context, path, database string, m *Manifest, outside []age.Recipient, own age.Recipient) (int64, error) {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a name of ours in a folder the operator chose
	if err != nil {
		return 0, unable("backup.Make", "The backup file cannot be made.", err)
	}
	err = func() error {
		sealed, err := age.Encrypt(f, append(slices.Clone(outside), own)...)
		if err != nil {
			return err
		}
		packed, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed)
		if err != nil {
			return err
		}
		w := &writer{tar: tar.NewWriter(packed), manifest: m, ctx: ctx}
		if err := b.fill(w, database, outside); err != nil {
			return err
		}
		return errors.Join(w.tar.Close(), packed.Close(), sealed.Close(), f.Sync())
	}()
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err == nil {
		if _, there := os.Lstat(path); there == nil {
			err = &ward.Error{Kind: ward.Conflict, Op: "backup.Make", Msg: "A backup of this very moment is there already."}
		} else {
			err = os.Rename(part, path)
		}
	}
	if err != nil {
		os.Remove(part) //nolint:errcheck,gosec // already failing
		var known *ward.Error
		if errors.As(err, &known) {
			return 0, err
		}
		return 0, unable("backup.Make", "The backup could not be written: is the disk full?", err)
	}
	return info.Size(), nil
}

func (b *Backups) fill(w *writer, database string, outside []age.Recipient) error {
	f, err := os.Open(database) //nolint:gosec // our own scratch file
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.add(databaseName, info.Size(), f); err != nil {
		return err
	}
	if key, ok := b.Vault.Export(); ok {
		wrapped, err := wrap(key, outside)
		clear(key)
		if err != nil {
			return err
		}
		w.manifest.SiteKey = b.Vault.Site().ID
		if err := w.add(siteKeyName, int64(len(wrapped)), bytes.NewReader(wrapped)); err != nil {
			return err
		}
	}
	if err := b.small(w); err != nil {
		return err
	}
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return err
	}
	return w.add(manifestName, int64(len(text)), bytes.NewReader(text))
}

// wrap encrypts the site key for those who can open the backup anywhere.
func wrap(key []byte, to []age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(key)
	if err = errors.Join(err, w.Close()); err != nil { // Close writes the last chunk
		return nil, err
	}
	return out.Bytes(), nil
}

// small adds the small files of the data folder. What is left out is said.
func (b *Backups) small(w *writer) error {
	root, err := os.OpenRoot(b.Data)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	skip := append([]string{"backups", recoveryFile + ".next"}, b.Skip...)
	count := 0
	return fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		top, _, _ := strings.Cut(path, "/")
		if d.IsDir() {
			if path != "." && (slices.Contains(skip, top) || strings.HasPrefix(top, scratchPrefix)) {
				return fs.SkipDir
			}
			return nil
		}
		if slices.Contains(skip, top) {
			return nil
		}
		info, err := d.Info()
		if err != nil { // gone since
			return nil
		}
		why := ""
		switch count++; {
		case !info.Mode().IsRegular():
			why = "no regular file"
		case info.Size() > maxFile:
			why = "too large"
		case count > maxFiles:
			why = "too many files"
		}
		if why == "" {
			text, err := root.ReadFile(filepath.FromSlash(path))
			if err == nil && len(text) <= maxFile {
				return w.add(dataPrefix+path, int64(len(text)), bytes.NewReader(text))
			}
			why = "could not be read"
		}
		if len(w.manifest.LeftOut) < 1000 {
			w.manifest.LeftOut = append(w.manifest.LeftOut, LeftOut{path, info.Size(), why})
		}
		return nil
	})
}

// writer adds files to the archive and to the manifest.
type writer struct {
	ctx      context.Context //nolint:containedctx // of one call of Make
	tar      *tar.Writer
	manifest *Manifest
}

func (w *writer) add(name string, size int64, r io.Reader) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: w.manifest.Made, Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w.tar, h), &patient{w.ctx, r})
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("%s changed while it was read", name)
	}
	if name != manifestName {
		w.manifest.Files = append(w.manifest.Files, File{name, size, sum(h)})
	}
	return nil
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// patient is a reader that ends with its context.
type patient struct {
	ctx context.Context //nolint:containedctx // it lives as long as one copy
	r   io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}
