package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress draws a bar on a terminal for work that takes longer than a second, and nothing
// anywhere else.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	width int
	start time.Time
	last  time.Time
	drawn bool
}

func newProgress(w io.Writer) *progress {
	p := &progress{start: time.Now()}
	if width, ok := terminal(w); ok {
		p.w, p.width = w, width
	}
	return p
}

func (p *progress) step(done, total int64) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.start) < time.Second || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.drawn = now, true
	if total <= 0 {
		fmt.Fprintf(p.w, "\r%d MB read\x1b[K", done>>20)
		return
	}
	share := float64(done) / float64(total)
	room := max(10, min(40, p.width-30))
	full := int(share * float64(room))
	fmt.Fprintf(p.w, "\r[%s%s] %3.0f %%  %d of %d MB\x1b[K", strings.Repeat("#", full), strings.Repeat(" ", room-full), share*100, done>>20, total>>20)
}

func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}
