package store

import (
	"context"
	"database/sql"
)

// Store is an open database.
type Store struct{}

// Reader is what the read pool and a transaction have in common. Parameters are written `?`.
type Reader interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a running transaction.
type Tx struct{ tx *sql.Tx }
