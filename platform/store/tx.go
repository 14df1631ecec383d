package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
)

// Tx is a running transaction. It is valid only during the function it was given to.
type Tx struct{ t *transaction }

type transaction struct {
	store *Store
	tx    *sql.Tx
	mail  []Message
}

// Query reads inside the transaction.
func (t Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.t.tx.QueryContext(ctx, t.t.store.bind(query), args...)
}

// QueryRow reads one row inside the transaction.
func (t Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return t.t.tx.QueryRowContext(ctx, t.t.store.bind(query), args...)
}

// Exec changes rows and says how many.
func (t Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.t.tx.ExecContext(ctx, t.t.store.bind(query), args...)
	if err != nil {
		return 0, fmt.Errorf("exec: %w", err)
	}
	return r.RowsAffected()
}

// Prepare makes a statement to run many times inside the transaction.
func (t Tx) Prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	return t.t.tx.PrepareContext(ctx, t.t.store.bind(query))
}

// Emit puts a message into the outbox; it appears there if and only if the transaction commits.
// Topics are dotted words, "device.changed"; subject is an id. The payload must hold no patient's value.
func (t Tx) Emit(topic, subject string, payload any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("outbox %s: %w", topic, err)
	}
	t.t.mail = append(t.t.mail, Message{Topic: topic, Subject: subject, Payload: b})
	return nil
}

// Bulk collects rows for one INSERT and sends them as each engine likes best: a few in a prepared
// statement to SQLite, where a call is cheap; hundreds to PostgreSQL, where it is not. Within one
// Bulk no two rows may hit the same ON CONFLICT target.
type Bulk struct {
	tx      Tx
	head    string
	tail    string
	columns int
	chunk   int
	args    []any
	full    *sql.Stmt
}

// Bulk begins a bulk insert: head is "INSERT INTO t (a, b) VALUES", tail what follows the rows
// ("ON CONFLICT ..."), columns how many values a row has.
func (t Tx) Bulk(head string, columns int, tail string) *Bulk {
	b := &Bulk{tx: t, head: head, tail: tail, columns: columns, chunk: 16}
	if t.t.store.engine == postgresEngine {
		b.chunk = min(1000, 60000/columns) // the protocol counts parameters in 16 bits
	}
	return b
}

// Add adds a row.
func (b *Bulk) Add(ctx context.Context, row ...any) error {
	if len(row) != b.columns {
		return fmt.Errorf("bulk insert: %d values for %d columns", len(row), b.columns)
	}
	b.args = append(b.args, row...)
	if len(b.args) < b.chunk*b.columns {
		return nil
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.Prepare(ctx, b.text(b.chunk)); err != nil {
			return fmt.Errorf("bulk insert: %w", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := b.full.ExecContext(context.WithoutCancel(ctx), b.args...) // SQLite's driver pays a goroutine for a context that can end
	b.args = b.args[:0]
	if err != nil {
		return fmt.Errorf("bulk insert: %w", err)
	}
	return nil
}

// Close sends what is left. It must be called.
func (b *Bulk) Close(ctx context.Context) error {
	if b.full != nil {
		defer b.full.Close()
	}
	if n := len(b.args) / b.columns; n > 0 {
		if _, err := b.tx.Exec(ctx, b.text(n), b.args...); err != nil {
			return fmt.Errorf("bulk insert: %w", err)
		}
	}
	b.args = nil
	return nil
}

func (b *Bulk) text(rows int) string {
	row := "(" + Marks(b.columns) + ")"
	return b.head + " " + strings.Repeat(row+", ", rows-1) + row + " " + b.tail
}
