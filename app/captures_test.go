package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestOrphanedCapturesAreRemoved(t *testing.T) {
	s := &System{Config: DefaultConfig(), Now: time.Now}
	s.Config.Data = t.TempDir()
	folder := filepath.Join(s.Config.Data, "captures")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"dropped-old": 48 * time.Hour, "dropped-new": time.Hour, "a-document.json": 48 * time.Hour} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	s.sweepCaptures()
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("left %v (%v), want the waiting capture and the document", left, err)
	}
}
