package it

import (
	"sync/atomic"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
)

// maxHeld bounds what all connections of one protocol hold of messages that are not complete.
const maxHeld = 8 << 20

// budget counts it. Decoders are shared by goroutines.
type budget struct{ used atomic.Int64 }

// take asks to hold n bytes more; a refusal is counted.
func (b *budget) take(n int, out *decode.Out) bool {
	if b.used.Add(int64(n)) <= maxHeld {
		return true
	}
	b.give(n)
	out.Notes.Dropped["incomplete messages"]++
	return false
}

func (b *budget) give(n int) { b.used.Add(-int64(n)) }
