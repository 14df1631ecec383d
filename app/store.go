package app

import (
	"context"
	"errors"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// MigrateStore copies everything from one store into an empty one.
func MigrateStore(ctx context.Context, from, to string, each func(table string, rows int64)) error {
	src, err := store.Open(ctx, from)
	if err != nil {
		return err
	}
	defer src.Close() //nolint:errcheck // only read
	dst, err := store.Open(ctx, to)
	if err != nil {
		return err
	}
	for _, s := range []*store.Store{src, dst} {
		if err := s.Migrate(ctx, Stages()...); err != nil {
			return errors.Join(err, dst.Close())
		}
	}
	_, err = store.Copy(ctx, src, dst, func(c store.Copied) { each(c.Table, c.Rows) })
	return errors.Join(err, dst.Close())
}
