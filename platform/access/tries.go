package access

import (
	"fmt"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Limits of failed sign-ins. They count per name at one address, and per address over all names,
// so that nobody can lock a colleague out from elsewhere.
const (
	freeForName    = 5
	freeForAddress = 50
	forgetAfter    = 15 * time.Minute
	longestWait    = time.Minute
	maxTried       = 20_000 // names and addresses remembered
)

type tries struct {
	mu   sync.Mutex
	seen map[string]tried
}

type tried struct {
	failures int
	last     time.Time
}

func tryKeys(login, from string) [2]string {
	return [2]string{"n\x00" + login + "\x00" + from, "a\x00" + from}
}

// allowed says whether a try may be made now.
func (t *tries) allowed(now time.Time, login, from string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for i, k := range tryKeys(login, from) {
		free := freeForName
		if i == 1 {
			free = freeForAddress
		}
		e := t.seen[k]
		if over := e.failures - free; over >= 0 && now.Sub(e.last) < forgetAfter {
			wait = max(wait, min(longestWait, time.Second<<min(over, 6))-now.Sub(e.last))
		}
	}
	if wait <= 0 {
		return nil
	}
	return &ward.Error{Kind: ward.Unavailable, Op: "access.SignIn",
		Msg: fmt.Sprintf("Too many tries. Wait %d seconds and try again.", int(wait/time.Second)+1)}
}

func (t *tries) failed(now time.Time, login, from string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]tried{}
	}
	if len(t.seen) >= maxTried {
		for k, e := range t.seen {
			if now.Sub(e.last) > forgetAfter || len(t.seen) > maxTried*3/4 {
				delete(t.seen, k)
			}
		}
	}
	for _, k := range tryKeys(login, from) {
		e := t.seen[k]
		if now.Sub(e.last) >= forgetAfter {
			e.failures = 0
		}
		e.failures++
		e.last = now
		t.seen[k] = e
	}
}

func (t *tries) succeeded(login, from string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, tryKeys(login, from)[0])
}
