package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"github.com/wardkeeper/wardkeeper/ward"
)

// unpack decrypts a backup into an empty folder and compares every file with the manifest. Any
// changed, missing or added byte of the backup is an error. It writes at most 1 GiB and 250 times
// the size of the backup, in case somebody made one that explodes. With sync, what was written is
// on the disk afterwards.
func unpack(ctx context.Context, path string, identities []age.Identity, into string, sync bool) (*Manifest, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, &ward.Error{Kind: ward.NotFound, Op: "backup.unpack", Msg: "The backup cannot be opened.", Err: err}
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, unable("backup.unpack", "The backup cannot be read.", err)
	}
	return unpackFrom(ctx, bufio.NewReaderSize(&patient{ctx, f}, 1<<20), info.Size(), identities, into, sync)
}

// unpackFrom is unpack on a stream of size bytes.
func unpackFrom(ctx context.Context, r io.Reader, size int64, identities []age.Identity, into string, sync bool) (*Manifest, error) {
	plain, err := age.Decrypt(r, identities...)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, &ward.Error{Kind: ward.Forbidden, Op: "backup.unpack", Msg: "This key does not open this backup."}
	}
	if err != nil {
		return nil, damagedFile(err)
	}
	root, err := os.OpenRoot(into)
	if err != nil {
		return nil, unable("backup.unpack", "The folder to restore into cannot be opened.", err)
	}
	defer root.Close() //nolint:errcheck // nothing is pending
	x := &extraction{ctx: ctx, root: root, sync: sync, left: 1<<30 + 250*size, seen: map[string]File{}}
	if err := x.run(plain); err != nil {
		if ctx.Err() != nil {
			return nil, &ward.Error{Kind: ward.Timeout, Op: "backup.unpack", Msg: "Reading the backup was interrupted.", Err: ctx.Err()}
		}
		var known *ward.Error
		if errors.As(err, &known) {
			return nil, err
		}
		return nil, damagedFile(err)
	}
	return x.manifest, x.compare()
}

func damagedFile(err error) error {
	return broken("backup.unpack", "The backup is damaged: it was changed or cut off since it was made. Take another one.", err)
}

type extraction struct {
	ctx      context.Context //nolint:containedctx // of one call of unpack
	root     *os.Root
	sync     bool
	left     int64
	seen     map[string]File
	manifest *Manifest
}

// run reads the archive to its very end: only there is the last byte authenticated.
func (x *extraction) run(plain io.Reader) error {
	packed, err := gzip.NewReader(plain)
	if err != nil {
		return err
	}
	archive := tar.NewReader(packed)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := x.entry(h, archive); err != nil {
			return err
		}
	}
	for _, r := range []io.Reader{packed, plain} {
		n, err := io.Copy(io.Discard, io.LimitReader(r, 1<<20))
		if err != nil {
			return err
		}
		if n == 1<<20 {
			return errors.New("something follows the archive")
		}
	}
	return nil
}

func (x *extraction) entry(h *tar.Header, r io.Reader) error {
	if x.manifest != nil {
		return errors.New("a file follows the manifest")
	}
	if x.left -= h.Size; h.Size < 0 || x.left < 0 {
		return &ward.Error{Kind: ward.Invalid, Op: "backup.unpack", Msg: "The backup unpacks to far more than its size: it was not made by Wardkeeper."}
	}
	if h.Name == manifestName {
		return x.readManifest(h, r)
	}
	known := h.Name == databaseName || h.Name == siteKeyName || strings.HasPrefix(h.Name, dataPrefix)
	if h.Typeflag != tar.TypeReg || !known || !filepath.IsLocal(h.Name) || filepath.ToSlash(filepath.Clean(h.Name)) != h.Name || len(x.seen) > maxFiles+10 {
		return &ward.Error{Kind: ward.Invalid, Op: "backup.unpack", Msg: "The backup holds a file that has no place in it: it was not made by Wardkeeper."}
	}
	if _, twice := x.seen[h.Name]; twice {
		return errors.New("a file is there twice")
	}
	name := filepath.FromSlash(h.Name)
	if err := x.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return unable("backup.unpack", "A folder cannot be made.", err)
	}
	out, err := x.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return unable("backup.unpack", "A file cannot be made.", err)
	}
	sha := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sha), r)
	if x.sync && err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	x.seen[h.Name] = File{h.Name, n, sum(sha)}
	return nil
}

func (x *extraction) readManifest(h *tar.Header, r io.Reader) error {
	if h.Size > maxManifest {
		return errors.New("the manifest is too long")
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.manifest = new(Manifest)
	return json.Unmarshal(text, x.manifest)
}

func (x *extraction) compare() error {
	if x.manifest == nil {
		return damagedFile(errors.New("there is no manifest"))
	}
	if x.manifest.Format != manifestFormat {
		return &ward.Error{Kind: ward.Invalid, Op: "backup.unpack", Msg: "The backup was made by a newer Wardkeeper. Restore it with that one."}
	}
	if len(x.manifest.Files) != len(x.seen) {
		return damagedFile(errors.New("files are missing or were added"))
	}
	for _, want := range x.manifest.Files {
		if x.seen[want.Name] != want {
			return damagedFile(fmt.Errorf("%q is not the file that was saved", want.Name))
		}
	}
	if _, ok := x.seen[databaseName]; !ok {
		return damagedFile(errors.New("there is no database"))
	}
	return nil
}
