package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Copied says what Copy did.
type Copied struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// Copy fills an empty, migrated database with everything in another one: `migrate-store` from
// SQLite to PostgreSQL, and back. It reads one snapshot, writes one transaction, and compares the
// counts before it commits. It knows tables only by their columns. progress may be nil.
func Copy(ctx context.Context, from, to *Store, progress func(Copied)) ([]Copied, error) {
	var done []Copied
	err := from.Snapshot(ctx, func(src Reader) error {
		tables, err := from.tables(ctx, src)
		if err != nil {
			return err
		}
		return to.Write(ctx, func(tx Tx) error {
			if err := to.ready(ctx, tx, tables); err != nil {
				return err
			}
			for _, table := range tables {
				n, err := copyTable(ctx, src, tx, table)
				if err != nil {
					return fmt.Errorf("table %s: %w", table, err)
				}
				c := Copied{table, n}
				done = append(done, c)
				if progress != nil {
					progress(c)
				}
			}
			return nil
		})
	})
	return done, err
}

// ready checks that the target has the tables and nothing in them but what migrations put there,
// which it removes, children first.
func (s *Store) ready(ctx context.Context, tx Tx, tables []string) error {
	have, err := s.tables(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if !slices.Contains(have, t) {
			return &ward.Error{Kind: ward.Invalid, Op: "store.Copy",
				Msg: fmt.Sprintf("The target has no table %s: both databases must be brought up to date by the same program first.", t)}
		}
	}
	var used int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM store_outbox LIMIT 1) AS o`).Scan(&used); err != nil {
		return err
	}
	if used > 0 {
		return &ward.Error{Kind: ward.Conflict, Op: "store.Copy", Msg: "The target is in use already. Give an empty database."}
	}
	for _, t := range slices.Backward(tables) {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t); err != nil {
			return err
		}
	}
	return nil
}

// tables gives the tables to copy, those that others refer to first, without the records of migrations.
func (s *Store) tables(ctx context.Context, r Reader) ([]string, error) {
	list, refs := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
		`SELECT m.name, f."table" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	if s.engine == postgresEngine {
		list = `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
		refs = `SELECT c.relname::text, f.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
			JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE k.contype = 'f' AND n.nspname = current_schema()`
	}
	names, err := All(ctx, r, func(r *sql.Rows, name *string) error { return r.Scan(name) }, list)
	if err != nil {
		return nil, err
	}
	pairs, err := All(ctx, r, func(r *sql.Rows, p *[2]string) error { return r.Scan(&p[0], &p[1]) }, refs)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_migrations") })
	return parentsFirst(names, pairs)
}

func parentsFirst(names []string, childParent [][2]string) ([]string, error) {
	var out []string
	for len(names) > 0 {
		var rest []string
		for _, n := range names {
			waits := slices.ContainsFunc(childParent, func(p [2]string) bool {
				return p[0] == n && p[1] != n && slices.Contains(names, p[1])
			})
			if waits {
				rest = append(rest, n)
			} else {
				out = append(out, n)
			}
		}
		if len(rest) == len(names) {
			return nil, fmt.Errorf("tables refer to each other in a circle: %v", rest)
		}
		names = rest
	}
	return out, nil
}

func copyTable(ctx context.Context, src Reader, tx Tx, table string) (int64, error) {
	rows, err := src.Query(ctx, `SELECT * FROM `+table)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	b := tx.Bulk(`INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) VALUES`, len(columns), "")
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	row := make([]any, len(columns))
	at := make([]any, len(columns))
	for i := range row {
		at[i] = &row[i]
	}
	var n int64
	for rows.Next() {
		if err := rows.Scan(at...); err != nil {
			return n, err
		}
		for i, v := range row {
			switch v := v.(type) {
			case int64: // SQLite keeps flags as numbers
				if types[i].DatabaseTypeName() == "BOOLEAN" {
					row[i] = v != 0
				}
			case []byte: // its driver gives no bytes as nil, which PostgreSQL would take for NULL
				if v == nil {
					row[i] = []byte{}
				}
			}
		}
		if err := b.Add(ctx, row...); err != nil {
			return n, fmt.Errorf("row %d: %w", n+1, err)
		}
		n++
	}
	if err := errors.Join(rows.Err(), b.Close(ctx)); err != nil {
		return n, err
	}
	var got int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+table).Scan(&got); err != nil {
		return n, err
	}
	if got != n {
		return n, fmt.Errorf("%d rows read but %d written", n, got)
	}
	return n, nil
}

// Backup writes a consistent copy of the whole database to a new SQLite file, while work goes on.
// PostgreSQL is copied into a SQLite file too, so that one kind of backup restores to either. The
// stages are those given to Migrate. Its integrity is checked before it counts.
func (s *Store) Backup(ctx context.Context, path string, stages ...Migrations) error {
	if _, err := os.Stat(path); err == nil {
		return &ward.Error{Kind: ward.Conflict, Op: "store.Backup", Msg: "The backup file is there already."}
	}
	path, err := filepath.Abs(path) // a relative one has no place in a file: address
	if err != nil {
		return err
	}
	part := path + ".part"
	os.Remove(part) //nolint:errcheck // left by a backup that was interrupted
	err = s.backup(ctx, part, stages)
	if err == nil {
		err = check(ctx, part)
	}
	if err != nil {
		os.Remove(part) //nolint:errcheck // the backup failed already
		return &ward.Error{Kind: ward.Unavailable, Op: "store.Backup", Msg: "The backup could not be written.", Err: err}
	}
	return os.Rename(part, path)
}

func (s *Store) backup(ctx context.Context, path string, stages []Migrations) error {
	if s.engine == sqliteEngine {
		db, err := sql.Open("sqlite", sqliteURL(s.path, "", "busy_timeout(15000)")) // the read pool may not even do this
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
		return err
	}
	to, err := Open(ctx, "sqlite:"+path)
	if err != nil {
		return err
	}
	if err := to.Migrate(ctx, stages...); err != nil {
		return errors.Join(err, to.Close())
	}
	if _, err := Copy(ctx, s, to, nil); err != nil {
		return errors.Join(err, to.Close())
	}
	err = to.read.Close()
	_, mode := to.write.ExecContext(ctx, `PRAGMA journal_mode = DELETE`) // one file, no log beside it
	return errors.Join(err, mode, to.write.Close())
}

func check(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", sqliteURL(path, "mode=ro"))
	if err != nil {
		return err
	}
	defer db.Close()
	var word string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&word); err != nil {
		return err
	}
	if word != "ok" {
		return fmt.Errorf("the copy is damaged: %s", word)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
