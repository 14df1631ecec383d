package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres opens two pools on the same database; the one that reads cannot write.
func (s *Store) openPostgres(url string) error {
	c, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("the address is malformed") // the cause may quote a password
	}
	c.RuntimeParams["application_name"] = "wardkeeper"
	s.write = stdlib.OpenDB(*c)
	s.write.SetMaxOpenConns(8)
	s.write.SetMaxIdleConns(4)
	r := c.Copy()
	r.RuntimeParams["default_transaction_read_only"] = "on"
	s.read = stdlib.OpenDB(*r)
	s.read.SetMaxOpenConns(16)
	s.read.SetMaxIdleConns(8)
	return nil
}

// isPostgresConflict reports an integrity constraint violation (SQLSTATE class 23).
func isPostgresConflict(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && strings.HasPrefix(e.Code, "23")
}

// IsConflict reports whether an error means that a row with that key is there already, or that one
// it refers to is not.
func IsConflict(err error) bool { return isSQLiteConflict(err) || isPostgresConflict(err) }
