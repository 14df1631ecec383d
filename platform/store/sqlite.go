package store

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"

	"modernc.org/sqlite"
)

// openSQLite opens one connection that writes and a pool that reads. Writers take the write lock
// at the start of the transaction, so none fails half-way because another was quicker.
func (s *Store) openSQLite(path string) error {
	if path == "" {
		return errors.New("sqlite: needs a path")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	s.path = path
	s.write, err = sql.Open("sqlite", sqliteURL(path, "_txlock=immediate",
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(15000)",
		"cache_size(-65536)", "temp_store(MEMORY)", "wal_autocheckpoint(4000)", "secure_delete(FAST)"))
	if err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.write.Ping(); err != nil { // makes the file before readers look for it
		return err
	}
	s.read, err = sql.Open("sqlite", sqliteURL(path, "",
		"query_only(1)", "busy_timeout(15000)", "cache_size(-16384)", "temp_store(MEMORY)"))
	if err != nil {
		return err
	}
	n := max(4, runtime.NumCPU())
	s.read.SetMaxOpenConns(n)
	s.read.SetMaxIdleConns(n)
	return nil
}

func sqliteURL(path, extra string, pragmas ...string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: extra}
	for _, p := range pragmas {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += "_pragma=" + p
	}
	return u.String()
}

// sqliteConstraint is SQLITE_CONSTRAINT; extended codes carry it in the low byte.
const sqliteConstraint = 19

func isSQLiteConflict(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqliteConstraint
}
