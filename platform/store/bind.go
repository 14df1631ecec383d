package store

import (
	"strconv"
	"strings"
	"sync"
)

// bound remembers rewritten statements: their texts are few and fixed. It is a cache of a pure
// function, bounded by maxBound.
type boundTexts struct {
	mu    sync.RWMutex
	texts map[string]string
}

const maxBound = 4096

func (b *boundTexts) get(query string) string {
	b.mu.RLock()
	text, ok := b.texts[query]
	b.mu.RUnlock()
	if ok {
		return text
	}
	text = numbered(query)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.texts == nil || len(b.texts) >= maxBound {
		b.texts = map[string]string{}
	}
	b.texts[query] = text
	return text
}

// bind gives a statement as the engine wants it: SQLite takes `?`, PostgreSQL `$1`, `$2`.
func (s *Store) bind(query string) string {
	if s.engine == sqliteEngine {
		return query
	}
	return s.bound.get(query)
}

// numbered replaces each `?` outside quotes by $1, $2 and so on.
func numbered(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	var quote byte
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '?':
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Marks gives n parameters for an IN list: "?, ?, ?".
func Marks(n int) string {
	if n <= 0 {
		return "NULL" // IN (NULL) matches nothing on both engines
	}
	return strings.Repeat("?, ", n-1) + "?"
}
