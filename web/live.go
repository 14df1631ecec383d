package web

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/store"
)

// beat is how often the age of the last frame is refreshed where nothing else changes.
const beat = 5 * time.Second

// live is a page's one stream of changes: it says which topics changed, and the page fetches its
// regions anew. The outbox is the queue, so a slow reader costs no memory; what it missed collapses
// into one event. Last-Event-ID resumes; a reader that was away too long is told that all changed.
func (s *Server) live(q *request) error {
	control := http.NewResponseController(q.w)
	after := position(q.Request)
	f, err := s.Store.Follow(q.Context(), after)
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	q.wrote = true
	if _, err := fmt.Fprintf(q.w, "retry: 2000\n\n"); err != nil {
		return nil
	}
	for {
		if control.Flush() != nil {
			return nil
		}
		topics, err := s.changed(q.Context(), f)
		if err != nil {
			return nil // the client is gone, or the program ends
		}
		// The session may have ended meanwhile.
		if err := s.admit(q); err != nil {
			return nil
		}
		_ = control.SetWriteDeadline(time.Now().Add(30 * time.Second))
		if _, err := fmt.Fprintf(q.w, "id: %d\nevent: change\ndata: %s\n\n", f.Position(), topics); err != nil {
			return nil
		}
	}
}

// changed waits for changes, at most a beat, and gives their topics.
func (s *Server) changed(ctx context.Context, f *store.Follower) (string, error) {
	short, stop := context.WithTimeout(ctx, beat)
	defer stop()
	batch, gap, err := f.Next(short)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil && short.Err() == nil {
		return "", err
	}
	if gap {
		return "devices findings sensors interfaces jobs", nil
	}
	set := map[string]bool{"sensors": true}
	for _, m := range batch {
		set[topicOf(m.Topic)] = true
	}
	list := make([]string, 0, len(set))
	for t := range set {
		list = append(list, t)
	}
	sort.Strings(list)
	return strings.Join(list, " "), nil
}

// topicOf is the page topic of an outbox topic: its first word, in the plural.
func topicOf(topic string) string {
	first, _, _ := strings.Cut(topic, ".")
	switch first {
	case "finding", "sensor", "interface", "job":
		return first + "s"
	}
	return "devices"
}

func position(r *http.Request) int64 {
	v := r.Header.Get("Last-Event-ID")
	if v == "" {
		v = r.URL.Query().Get("after")
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n <= 0 {
		return -1
	}
	return n
}
