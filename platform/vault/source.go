package vault

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Source gives the site keys at hand, the newest first. known are those the database has heard of;
// when it knows none, the store is new and the source may make a key.
type Source func(ctx context.Context, known []Site) ([]SiteKey, error)

const (
	keyLine     = "wardkeeper-site-key-1 "
	maxKeyFile  = 4 << 10
	maxKeyLines = 8
)

// File reads the site key from a file that only its owner may read. It holds one key a line,
// newest first; more than one only while the key is being replaced. A new store gets a new file.
func File(path string) Source {
	return func(_ context.Context, known []Site) ([]SiteKey, error) {
		keys, err := readKeyFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			if len(known) > 0 {
				return nil, &ward.Error{Kind: ward.Unavailable, Op: "vault.File", Err: err,
					Msg: "The site key is missing, and this store has values sealed with it. Bring the key file back, or restore a backup with the recovery key."}
			}
			if err = createKeyFile(path); err == nil || errors.Is(err, fs.ErrExist) {
				keys, err = readKeyFile(path)
			}
		}
		if err != nil {
			var known *ward.Error
			if errors.As(err, &known) {
				return nil, err
			}
			return nil, &ward.Error{Kind: ward.Unavailable, Op: "vault.File", Msg: "The site key file cannot be read.", Err: err}
		}
		return keys, nil
	}
}

func readKeyFile(path string) ([]SiteKey, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return nil, &ward.Error{Kind: ward.Forbidden, Op: "vault.File",
			Msg: "The site key file may be read by others than its owner. Make it private: chmod 600 " + path}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	defer clear(text)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeyFile(text)
	if err != nil {
		return nil, &ward.Error{Kind: ward.Invalid, Op: "vault.File", Msg: "The site key file is damaged: " + err.Error() + "."}
	}
	return keys, nil
}

// parseKeyFile reads the lines of a key file. Its errors name lines, never their content.
func parseKeyFile(text []byte) ([]SiteKey, error) {
	if len(text) > maxKeyFile {
		return nil, errors.New("it is too long")
	}
	var keys []SiteKey
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		rest, ok := bytes.CutPrefix(line, []byte(keyLine))
		key := make([]byte, base64.RawStdEncoding.DecodedLen(len(rest)))
		size, err := base64.RawStdEncoding.Strict().Decode(key, rest)
		if !ok || err != nil || size != keySize {
			return nil, fmt.Errorf("line %d holds no key", n)
		}
		k, err := newLocalKey(key[:size:size], Site{Kind: "file"})
		if err != nil {
			return nil, err
		}
		if keys = append(keys, k); len(keys) > maxKeyLines {
			return nil, errors.New("it holds too many keys")
		}
	}
	if err := lines.Err(); err != nil {
		return nil, errors.New("a line is too long")
	}
	if len(keys) == 0 {
		return nil, errors.New("it holds no key")
	}
	return keys, nil
}

func newKey() []byte {
	b := make([]byte, keySize)
	rand.Read(b) //nolint:errcheck // never fails since Go 1.24
	return b
}

func createKeyFile(path string) error {
	k, err := newLocalKey(newKey(), Site{Kind: "file"})
	if err != nil {
		return err
	}
	return WriteKeyFile(path, k)
}

// WriteKeyFile writes keys into a new file that only its owner may read. A file that is there
// already is not touched: the error is fs.ErrExist.
func WriteKeyFile(path string, keys ...Exporter) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	text := []byte("# Whoever has this file can read what is sealed in the database. Keep it apart from the backups.\n")
	defer clear(text[:cap(text)])
	for _, k := range keys {
		b := k.Export()
		text = append(text, keyLine...)
		text = base64.RawStdEncoding.AppendEncode(text, b)
		text = append(text, '\n')
		clear(b)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(path) //nolint:errcheck,gosec // already failing
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// replaceKeyFile puts new content where the old file was, in one step, for the same owner.
func replaceKeyFile(path string, keys ...SiteKey) error {
	var out []Exporter
	for _, k := range keys {
		e, ok := k.(Exporter)
		if !ok {
			return errors.New("this site key cannot be written to a file")
		}
		out = append(out, e)
	}
	next := path + ".next"
	os.Remove(next) //nolint:errcheck,gosec // left by a replacement that was interrupted
	if err := WriteKeyFile(next, out...); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil {
		if owner, ok := info.Sys().(*syscall.Stat_t); ok {
			if err := os.Chown(next, int(owner.Uid), int(owner.Gid)); err != nil {
				os.Remove(next) //nolint:errcheck,gosec // already failing
				return err
			}
		}
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // the folder of a file the operator names
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// DefaultCost takes about a second and a quarter of a gigabyte, once, at the start.
var DefaultCost = Cost{Memory: 256 << 10, Passes: 3, Threads: 2}

const minPassphrase = 16 // characters

// Passphrase derives the site key from a passphrase, with the salt that the database keeps.
// The caller's bytes are not kept; cost holds for a new store only.
func Passphrase(phrase []byte, cost Cost) Source {
	phrase = append([]byte(nil), bytes.TrimRight(phrase, "\r\n")...)
	return func(ctx context.Context, known []Site) ([]SiteKey, error) {
		if n := utf8.RuneCount(phrase); n < minPassphrase || len(phrase) > 1024 {
			return nil, &ward.Error{Kind: ward.Invalid, Op: "vault.Passphrase",
				Msg: fmt.Sprintf("The passphrase of the site key needs at least %d characters: six words chosen by dice are good.", minPassphrase)}
		}
		if len(known) == 0 {
			salt := make([]byte, 16)
			rand.Read(salt) //nolint:errcheck // never fails since Go 1.24
			known = []Site{{Kind: "passphrase", Salt: salt, Cost: cost}}
		}
		var keys []SiteKey
		for _, s := range known {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if s.Kind != "passphrase" || s.State == retired {
				continue
			}
			c := s.Cost
			if c.Memory > 4<<20 || c.Passes > 64 || c.Memory == 0 || c.Passes == 0 || c.Threads == 0 {
				return nil, &ward.Error{Kind: ward.Invalid, Op: "vault.Passphrase", Msg: "The database names an impossible cost for the passphrase."}
			}
			k, err := newLocalKey(argon2.IDKey(phrase, s.Salt, c.Passes, c.Memory, c.Threads, keySize), Site{Kind: "passphrase", Salt: s.Salt, Cost: c})
			if err != nil {
				return nil, err
			}
			keys = append(keys, k)
		}
		return keys, nil
	}
}

// Fixed gives one site key from its 32 bytes, which it takes over: for a key that came out of a
// backup.
func Fixed(key []byte) Source {
	return func(context.Context, []Site) ([]SiteKey, error) {
		k, err := newLocalKey(key, Site{Kind: "file"})
		if err != nil {
			return nil, err
		}
		return []SiteKey{k}, nil
	}
}

// place joins what a wrapped key is bound to, unambiguously.
func place(parts ...string) []byte {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%d:%s|", len(p), p)
	}
	return []byte(b.String())
}

// Either joins the keys of several sources: the old and the new passphrase, while a rotation from
// one to the other that was interrupted is finished.
func Either(sources ...Source) Source {
	return func(ctx context.Context, known []Site) ([]SiteKey, error) {
		var all []SiteKey
		for _, s := range sources {
			keys, err := s(ctx, known)
			if err != nil {
				return nil, err
			}
			all = append(all, keys...)
		}
		return all, nil
	}
}
