package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/identity"
	"github.com/wardkeeper/wardkeeper/know/inventory"
	"github.com/wardkeeper/wardkeeper/know/wire/logs"
)

// position is how far a log has been read. The head is its first bytes: a rotated file has others.
type position struct {
	Offset int64  `json:"offset"`
	Line   uint64 `json:"line"`
	Head   string `json:"head"`
}

const headBytes = 64

// followLogs reads what other sensors write, from where it stopped last, across restarts and
// rotation. Lines that are no records are counted and passed over.
func (s *System) followLogs(ctx context.Context) error {
	ledger := filepath.Join(s.Config.Data, "logs.json")
	at := map[string]position{}
	if text, err := os.ReadFile(ledger); err == nil { //nolint:gosec // our own file
		if err := json.Unmarshal(text, &at); err != nil {
			return fmt.Errorf("%s: %w", ledger, err)
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	mask := identity.Mask
	if s.Config.ShowNames {
		mask = nil
	}
	health := map[string]*inventory.Sensor{}
	clock := time.NewTicker(2 * time.Second)
	defer clock.Stop()
	for {
		for _, root := range s.Config.Logs {
			state := health[root]
			if state == nil {
				state = &inventory.Sensor{Name: root, Kind: "zeek", Dropped: map[string]uint64{}}
				health[root] = state
			}
			s.followOne(ctx, root, at, mask, state)
			state.Updated = s.Now()
			if err := s.Register.Heartbeat(ctx, *state); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "sensor health could not be recorded", "sensor", root, "err", err)
			}
		}
		text, err := json.Marshal(at)
		if err == nil {
			err = replaceFile(ledger, text)
		}
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

// followOne reads what is new in the logs of one file or folder.
func (s *System) followOne(ctx context.Context, root string, at map[string]position, mask func(string) string, state *inventory.Sensor) {
	files, err := logsIn(root)
	if err != nil {
		state.State, state.Detail = "failed", "cannot be read: "+err.Error()
		return
	}
	state.State = "live"
	for _, path := range files {
		kind := logs.Kind(path)
		if kind == "eve" {
			state.Kind = "suricata"
		}
		reader := logs.New(mask)
		was := at[path]
		now, bad, err := readNew(ctx, path, was, func(n uint64, line []byte) error { return reader.Line(kind, n, line) })
		if err != nil {
			state.Detail = filepath.Base(path) + ": " + err.Error()
			continue
		}
		if bad > 0 {
			state.Dropped["lines that are no records"] += bad
		}
		if now != was {
			seen := reader.Flush(filepath.Base(root))
			if err := s.learn(ctx, seen); err != nil {
				s.Log.WarnContext(ctx, "what a log said could not be recorded", "file", path, "err", err)
				continue // the same lines are read again at the next look
			}
			at[path] = now
			state.Packets += now.Line - min(was.Line, now.Line)
			if seen.Until > 0 {
				state.Last = time.Unix(0, seen.Until)
			}
		}
	}
}

func logsIn(root string) ([]string, error) {
	info, err := os.Stat(root)
	if err != nil || !info.IsDir() {
		return []string{root}, err
	}
	entries, err := os.ReadDir(root)
	var files []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && (strings.HasSuffix(name, ".log") || strings.HasSuffix(name, ".json")) {
			files = append(files, filepath.Join(root, name))
		}
	}
	return files, err
}

// readNew gives the complete lines behind a position, and the position behind them. A file that
// begins otherwise than it did, or is shorter, was rotated and is read from its start.
func readNew(ctx context.Context, path string, from position, each func(uint64, []byte) error) (to position, bad uint64, err error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return from, 0, err
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return from, 0, err
	}
	now := string(head[:n])
	if !strings.HasPrefix(now, from.Head) {
		from = position{}
	}
	from.Head = now
	if info, err := f.Stat(); err != nil || info.Size() < from.Offset {
		from = position{Head: now}
	}
	if _, err := f.Seek(from.Offset, io.SeekStart); err != nil {
		return from, 0, err
	}
	in := bufio.NewReaderSize(f, 1<<20)
	for ctx.Err() == nil {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			return from, bad, nil // the last line is still being written
		}
		from.Offset += int64(len(line))
		if errors.Is(err, bufio.ErrBufferFull) {
			bad++
			continue // the rest of an endless line fails to parse and is counted too
		}
		if err != nil {
			return from, bad, err
		}
		from.Line++
		if each(from.Line, line) != nil {
			bad++
		}
	}
	return from, bad, nil
}
