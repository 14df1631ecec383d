package app

import (
	"context"
	"errors"

	"github.com/wardkeeper/wardkeeper/platform/audit"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
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
	// Every change leaves a leaf, also one that told nobody through the outbox: a store with leaves is in use.
	if head, err := (&audit.Log{Store: dst}).Head(ctx); err != nil || head.Size > 0 {
		if err == nil {
			err = &ward.Error{Kind: ward.Conflict, Op: "app.MigrateStore", Msg: "The target is in use already. Give an empty database."}
		}
		return errors.Join(err, dst.Close())
	}
	_, err = store.Copy(ctx, src, dst, func(c store.Copied) { each(c.Table, c.Rows) })
	return errors.Join(err, dst.Close())
}
