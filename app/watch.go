package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/inventory"
)

// captureFile remembers a capture of the watched folder that was read, so that it is read once,
// across restarts, and again only when it has changed.
type captureFile struct {
	Size  int64     `json:"size"`
	Mtime time.Time `json:"mtime"`
}

// watchFolder reads every capture that appears in the watched folder, once it stops growing. The
// folder itself is never changed.
func (s *System) watchFolder(ctx context.Context) error {
	ledger := filepath.Join(s.Config.Data, "watched.json")
	read := map[string]captureFile{}
	if text, err := os.ReadFile(ledger); err == nil { //nolint:gosec // our own file
		if err := json.Unmarshal(text, &read); err != nil {
			return fmt.Errorf("%s: %w", ledger, err)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	seen := map[string]captureFile{} // as at the last look
	clock := time.NewTicker(2 * time.Second)
	defer clock.Stop()
	for {
		now, err := capturesIn(s.Config.Watch)
		state := inventory.Sensor{Name: s.Config.Watch, Kind: "folder", State: "live", Updated: s.Now()}
		if err != nil {
			state.State, state.Detail = "failed", "the folder cannot be read: "+err.Error()
		}
		for name, f := range now {
			if read[name] == f || seen[name] != f {
				continue
			}
			if src, err := s.Wire.ReadFile(ctx, filepath.Join(s.Config.Watch, name)); err != nil {
				state.Detail = name + ": " + err.Error()
				s.Log.WarnContext(ctx, "a capture of the watched folder could not be read", "file", name, "err", err)
			} else {
				state.Packets, state.Bytes, state.Last, state.Torn = src.Packets, src.Bytes, src.Last, src.Torn
				state.Detail = "last read: " + name
			}
			if ctx.Err() != nil {
				return nil
			}
			read[name] = f
			if err := keepLedger(ledger, read); err != nil {
				return err
			}
		}
		seen = now
		if err := s.Register.Heartbeat(ctx, state); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "sensor health could not be recorded", "sensor", state.Name, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

func capturesIn(folder string) (map[string]captureFile, error) {
	entries, err := os.ReadDir(folder)
	found := map[string]captureFile{}
	for _, e := range entries {
		name := strings.TrimSuffix(strings.ToLower(e.Name()), ".gz")
		if e.IsDir() || !strings.HasSuffix(name, ".pcap") && !strings.HasSuffix(name, ".pcapng") && !strings.HasSuffix(name, ".cap") {
			continue
		}
		if info, err := e.Info(); err == nil { // else it has just gone
			found[e.Name()] = captureFile{Size: info.Size(), Mtime: info.ModTime().UTC()}
		}
	}
	return found, err
}

func keepLedger(path string, read map[string]captureFile) error {
	text, err := json.Marshal(read)
	if err != nil {
		return err
	}
	return replaceFile(path, text)
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
