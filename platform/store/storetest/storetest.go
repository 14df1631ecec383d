// Package storetest gives tests a store on each engine: SQLite in a temporary file, and a real
// PostgreSQL started for the test binary in a temporary directory on a unix socket.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes databases

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// Each runs a test on SQLite and on PostgreSQL, each with an empty store to which the migrations
// were applied. Without PostgreSQL that half is skipped, saying so.
func Each(t *testing.T, test func(*testing.T, *store.Store), stages ...store.Migrations) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t, stages...)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t, stages...)) })
}

// SQLite opens an empty store in a temporary file.
func SQLite(t testing.TB, stages ...store.Migrations) *store.Store {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), stages)
}

// Postgres opens a store on an empty database of the test binary's own PostgreSQL.
func Postgres(t testing.TB, stages ...store.Migrations) *store.Store {
	t.Helper()
	return open(t, PostgresURL(t), stages)
}

func open(t testing.TB, url string, stages []store.Migrations) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context(), stages...); err != nil {
		t.Fatal(err)
	}
	return s
}

// cluster is the test binary's PostgreSQL: made when first asked for, gone with the process.
var cluster struct {
	once sync.Once
	dir  string
	err  error
	skip string
	pipe io.Closer // held open until this process ends
}

// PostgresURL makes an empty database and gives its address.
func PostgresURL(t testing.TB) string {
	t.Helper()
	cluster.once.Do(start)
	if cluster.skip != "" {
		t.Skip("SKIPPED HALF OF THE STORE TESTS: " + cluster.skip)
	}
	if cluster.err != nil {
		t.Fatal(cluster.err)
	}
	var b [6]byte
	rand.Read(b[:])
	name := "t" + hex.EncodeToString(b[:])
	db, err := sql.Open("pgx", address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db, err := sql.Open("pgx", address("postgres"))
		if err == nil {
			db.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)") //nolint:errcheck // the cluster goes anyway
			db.Close()
		}
	})
	return address(name)
}

func address(db string) string {
	return "postgres://postgres@/" + db + "?host=" + url.QueryEscape(cluster.dir)
}

// start makes a cluster and starts its server, tied to this process: a watching shell stops the
// server and removes the directory when the pipe from us closes, however we end.
func start() {
	bin := binaries()
	if bin == "" {
		cluster.skip = "PostgreSQL is not installed (apt-get install postgresql)"
		return
	}
	dir, err := os.MkdirTemp("", "wkpg")
	if err != nil {
		cluster.err = err
		return
	}
	cluster.dir = dir
	as := func(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			cluster.skip = "running as root, and there is no user postgres to run PostgreSQL as"
			return
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if cluster.err = os.Chown(dir, uid, gid); cluster.err != nil {
			return
		}
		as = func(name string, args ...string) *exec.Cmd {
			c := exec.Command(name, args...)
			c.Dir = dir
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}} //nolint:gosec // ids of this machine
			return c
		}
	}
	data := filepath.Join(dir, "data")
	out, err := as(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N").CombinedOutput()
	if err != nil {
		cluster.err = fmt.Errorf("initdb: %w: %s", err, out)
		return
	}
	watch := as("/bin/sh", "-c", `read _; "$1/pg_ctl" -D "$2/data" -m immediate stop; rm -rf "$2"`, "watch", bin, dir)
	if cluster.pipe, cluster.err = watch.StdinPipe(); cluster.err != nil {
		return
	}
	out, err = as(filepath.Join(bin, "pg_ctl"), "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o",
		"-c listen_addresses='' -c unix_socket_directories="+dir+" -c fsync=off -c shared_buffers=64MB -c max_connections=200", "start").CombinedOutput()
	if err != nil {
		cluster.err = fmt.Errorf("pg_ctl start: %w: %s", err, out)
		return
	}
	cluster.err = watch.Start()
}

func binaries() string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") //nolint:errcheck // a fixed, sound pattern
	slices.Sort(dirs)
	for _, d := range slices.Backward(dirs) {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil {
			return d
		}
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p)
	}
	return ""
}
