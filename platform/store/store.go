package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Store is an open database: a read pool and a way to write. It is safe for concurrent use.
type Store struct {
	engine engine
	path   string // of the SQLite file
	read   *sql.DB
	write  *sql.DB
	bell   bell
	bound  boundTexts
}

// engine is which database stands behind the store.
type engine uint8

const (
	sqliteEngine engine = iota
	postgresEngine
)

// String names the engine as people do.
func (e engine) String() string {
	if e == postgresEngine {
		return "PostgreSQL"
	}
	return "SQLite"
}

// Open opens the database that url names: "sqlite:PATH" (made when absent) or
// "postgres://user@host/database" with the parameters of libpq. It does not migrate; see Migrate.
func Open(ctx context.Context, url string) (*Store, error) {
	s := &Store{}
	var err error
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		err = s.openSQLite(strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		s.engine = postgresEngine
		err = s.openPostgres(url)
	default:
		return nil, &ward.Error{Kind: ward.Invalid, Op: "store.Open",
			Msg: "The database address must begin with sqlite: or postgres://."}
	}
	if err == nil {
		err = errors.Join(s.write.PingContext(ctx), s.read.PingContext(ctx))
	}
	if err != nil {
		s.Close() //nolint:errcheck // the first error is the one to tell
		return nil, &ward.Error{Kind: ward.Unavailable, Op: "store.Open",
			Msg: "The database cannot be opened.", Err: err}
	}
	return s, nil
}

// Close closes all connections.
func (s *Store) Close() error {
	var err error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	return err
}

// Engine names the database: "SQLite" or "PostgreSQL".
func (s *Store) Engine() string { return s.engine.String() }

// Reader is what the read pool and a transaction have in common. Parameters are written `?`.
type Reader interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Query reads on the read pool.
func (s *Store) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.read.QueryContext(ctx, s.bind(query), args...)
}

// QueryRow reads one row on the read pool.
func (s *Store) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return s.read.QueryRowContext(ctx, s.bind(query), args...)
}

// Snapshot runs reads that must agree with each other.
func (s *Store) Snapshot(ctx context.Context, look func(Reader) error) error {
	tx, err := s.read.BeginTx(ctx, s.snapshotOptions())
	if err != nil {
		return unavailable("store.Snapshot", err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	return look(Tx{&transaction{store: s, tx: tx}})
}

func (s *Store) snapshotOptions() *sql.TxOptions {
	if s.engine == postgresEngine {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil // a SQLite read transaction in WAL mode is a snapshot
}

// Write runs change in a transaction and commits it; an error undoes everything. On SQLite one
// transaction writes at a time: do not call Write inside Write.
func (s *Store) Write(ctx context.Context, change func(Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return unavailable("store.Write", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	t := Tx{&transaction{store: s, tx: tx}}
	if err := change(t); err != nil {
		return err
	}
	if err := t.post(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return unavailable("store.Write", err)
	}
	if len(t.t.mail) > 0 {
		s.bell.ring()
	}
	return nil
}

func unavailable(op string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &ward.Error{Kind: ward.Timeout, Op: op, Msg: "The database took too long.", Err: err}
	}
	return &ward.Error{Kind: ward.Unavailable, Op: op, Msg: "The database did not answer. Try again.", Err: err}
}

// All reads all rows of a query with scan.
func All[T any](ctx context.Context, r Reader, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Micros is a time as the database keeps it: microseconds since 1970 UTC; the zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is a time from the database.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// bell wakes whoever waits for the outbox or a job.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
