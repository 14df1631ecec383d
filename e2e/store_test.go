package e2e

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/app"
	"github.com/wardkeeper/wardkeeper/cli"
	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store/storetest"
)

// run works a command as a person would and gives what it printed.
func run(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	if got := cli.Main(args, strings.NewReader(""), &out, &complaints); got != code {
		t.Fatalf("%v ended with %d: %s", args, got, complaints.String())
	}
	return out.String() + complaints.String()
}

// canSignIn opens a store as a whole Wardkeeper and signs in the one who was there before.
func canSignIn(t *testing.T, c app.Config) {
	t.Helper()
	s, err := app.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // only read
	if _, _, err := s.Door.SignIn(t.Context(), "administrator", password, "test"); err != nil {
		t.Errorf("in %s: %v", c.Store, err)
	}
}

// TestStoreMoves: a move to PostgreSQL keeps everything, and does not overwrite a store in use.
func TestStoreMoves(t *testing.T) {
	c := app.DefaultConfig()
	c.Data = filepath.Join(t.TempDir(), "data")
	c.Store = "sqlite:" + filepath.Join(c.Data, "from.db")
	s, err := app.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Door.AddPerson(access.AsSystem(t.Context(), "test"), "administrator", password, access.Administrator); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	t.Run("postgres", func(t *testing.T) {
		b := c
		b.Store = storetest.PostgresURL(t)
		if text := run(t, 0, "migrate-store", c.Store, b.Store); !strings.Contains(text, "access_people") {
			t.Errorf("it does not say what it copied: %s", text)
		}
		canSignIn(t, b)
		var out, complaints bytes.Buffer
		if cli.Main([]string{"migrate-store", c.Store, b.Store}, strings.NewReader(""), &out, &complaints) == 0 {
			t.Error("a store that is in use was overwritten")
		}
	})
	var out, complaints bytes.Buffer
	if cli.Main([]string{"migrate-store", "mysql://x", "sqlite:" + filepath.Join(t.TempDir(), "x.db")}, strings.NewReader(""), &out, &complaints) == 0 {
		t.Error("an unknown kind of store was taken")
	}
}
