package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Message is one line of the outbox.
type Message struct {
	Position int64           `json:"position"` // grows by one in the order of commits; the SSE event id
	Time     time.Time       `json:"time"`
	Topic    string          `json:"topic"`
	Subject  string          `json:"subject"`
	Payload  json.RawMessage `json:"payload"`
}

// post writes the collected messages. The counter's row lock makes positions follow the order of
// commits, so that a reader who has seen n never misses one below n.
func (t Tx) post(ctx context.Context) error {
	if len(t.t.mail) == 0 {
		return nil
	}
	var last int64
	err := t.QueryRow(ctx, `UPDATE store_counters SET n = n + ? WHERE name = 'outbox' RETURNING n`,
		len(t.t.mail)).Scan(&last)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	first := last - int64(len(t.t.mail)) + 1
	at := time.Now().UnixMicro() // when it was posted, by the machine: only pruning reads it
	b := t.Bulk(`INSERT INTO store_outbox (position, at, topic, subject, payload) VALUES`, 5, "")
	for i, m := range t.t.mail {
		if err := b.Add(ctx, first+int64(i), at, m.Topic, m.Subject, string(m.Payload)); err != nil {
			return err
		}
	}
	return b.Close(ctx)
}

// Follower reads the outbox in order, at its own pace: the table is its queue, so a slow one costs
// no memory. It belongs to one goroutine.
type Follower struct {
	store    *Store
	position int64
	topics   []string
	poll     time.Duration
}

// Batch is the most messages a Follower gives at once.
const Batch = 256

// Follow reads messages after a position (an SSE client's Last-Event-ID); a negative position means
// from now on. Topics are prefixes; none means all.
func (s *Store) Follow(ctx context.Context, after int64, topics ...string) (*Follower, error) {
	f := &Follower{store: s, position: after, topics: topics, poll: time.Second}
	if after < 0 {
		var err error
		if f.position, err = s.Head(ctx); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Head is the position of the newest message.
func (s *Store) Head(ctx context.Context) (int64, error) {
	var n int64
	err := s.QueryRow(ctx, `SELECT n FROM store_counters WHERE name = 'outbox'`).Scan(&n)
	return n, err
}

// Position is the position of the last message given.
func (f *Follower) Position() int64 { return f.position }

// Next waits for messages and gives up to Batch of them; none when it has passed over many of other
// topics, so that a consumer can note how far it is. gap reports that messages between the
// position asked for and the first given were pruned: whoever follows must read the state afresh.
func (f *Follower) Next(ctx context.Context) (batch []Message, gap bool, err error) {
	for skipped := 0; ; {
		wake := f.store.bell.wait()
		all, err := f.store.after(ctx, f.position)
		if err != nil {
			return nil, false, err
		}
		if len(all) > 0 {
			gap = gap || all[0].Position != f.position+1
			f.position = all[len(all)-1].Position
			for _, m := range all {
				if f.wants(m.Topic) {
					batch = append(batch, m)
				}
			}
			skipped += len(all)
			if len(batch) > 0 || gap || skipped > 16*Batch {
				return batch, gap, nil
			}
			continue
		}
		timer := time.NewTimer(f.poll) // another process may have written
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, false, ctx.Err()
		case <-wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func (f *Follower) wants(topic string) bool {
	for _, t := range f.topics {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return len(f.topics) == 0
}

func (s *Store) after(ctx context.Context, position int64) ([]Message, error) {
	return All(ctx, s, func(r *sql.Rows, m *Message) error {
		var at int64
		var payload string
		err := r.Scan(&m.Position, &at, &m.Topic, &m.Subject, &payload)
		m.Time, m.Payload = Time(at), json.RawMessage(payload)
		return err
	}, `SELECT position, at, topic, subject, payload FROM store_outbox WHERE position > ? ORDER BY position LIMIT ?`,
		position, Batch)
}

// Consume gives a stage the messages it has not handled yet, each once: handle runs in the
// transaction that also records the position under the stage's name. It returns when ctx ends or
// handle fails.
func (s *Store) Consume(ctx context.Context, name string, topics []string, handle func(Tx, Message) error) error {
	var at int64
	err := s.QueryRow(ctx, `SELECT position FROM store_subscribers WHERE name = ?`, name).Scan(&at)
	if err != nil && err != sql.ErrNoRows { //nolint:errorlint // database/sql returns it bare
		return err
	}
	f, err := s.Follow(ctx, at, topics...)
	if err != nil {
		return err
	}
	for {
		batch, _, err := f.Next(ctx)
		if err != nil {
			return err
		}
		err = s.Write(ctx, func(tx Tx) error {
			for _, m := range batch {
				if err := handle(tx, m); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `INSERT INTO store_subscribers (name, position) VALUES (?, ?)
				ON CONFLICT (name) DO UPDATE SET position = excluded.position`, name, f.Position())
			return err
		})
		if err != nil {
			return err
		}
	}
}

// Prune removes outbox messages that are older than age, except what a consumer has not handled,
// and jobs that ended before then.
func (s *Store) Prune(ctx context.Context, now time.Time, age time.Duration) error {
	before := now.Add(-age).UnixMicro()
	return s.Write(ctx, func(tx Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM store_outbox WHERE at < ?
			AND position <= (SELECT COALESCE(MIN(position), 9223372036854775807) FROM store_subscribers)`, before)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM store_jobs WHERE finished > 0 AND finished < ?`, before)
		return err
	})
}
