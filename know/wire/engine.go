package wire

import (
	"runtime"
	"sync"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Defaults of Options.
const (
	DefaultFlows       = 1 << 18
	DefaultConnections = 1 << 15
	DefaultReassembly  = 32 << 20
	DefaultSummaries   = 1 << 18
)

// Options says how packets are read. The zero value reads without decoders.
type Options struct {
	Decoders []decode.Decoder
	Workers  int                 // goroutines that decode; 0 means one a processor
	Mask     func(string) string // hides people's names; nil keeps them

	FlowCapacity int    // flows followed at a time
	Connections  int    // TCP connections read at a time
	Reassembly   int    // bytes that may wait for what comes before them
	Summaries    int    // distinct stations, and distinct conversations, between two flushes
	RingBytes    int    // kernel buffer of each live interface
	Sensor       string // name put on observations

	// Progress is called now and then while a file is read; total is 0 when it is not known.
	Progress func(read, total int64)
}

func (o *Options) defaults() {
	set := func(p *int, v int) {
		if *p <= 0 {
			*p = v
		}
	}
	set(&o.Workers, runtime.GOMAXPROCS(0))
	o.Workers = min(o.Workers, 64)
	set(&o.FlowCapacity, DefaultFlows)
	set(&o.Connections, DefaultConnections)
	set(&o.Reassembly, DefaultReassembly)
	set(&o.Summaries, DefaultSummaries)
}

// Engine reads packets. Its methods may be called from several goroutines; files are read one
// after another.
type Engine struct {
	opt     Options
	plan    *plan
	key     packet.Key
	acct    *account
	workers []*worker

	reading sync.Mutex // held while a file is read
	mu      sync.Mutex // guards what follows
	counts  tally
	sources int
	until   int64
	links   []*Health
}

// tally counts packets by what became of them.
type tally struct {
	packets, decoded uint64
	fragments        uint64 // frames of datagrams that never became whole
	links            map[uint16]uint64
}

// New makes an engine.
func New(opt Options) *Engine {
	opt.defaults()
	e := &Engine{opt: opt, plan: newPlan(opt.Decoders), key: packet.NewKey(), acct: newAccount(opt.Summaries)}
	e.counts.links = map[uint16]uint64{}
	var first *worker
	for range opt.Workers {
		w := newWorker(e.plan, e.key, e.acct, &opt, first)
		if first == nil {
			first = w
		}
		e.workers = append(e.workers, w)
	}
	return e
}

// workerOf is the worker that looks after a flow.
func (e *Engine) workerOf(hash uint64) int {
	return int((hash >> 20 & 0xffffff) * uint64(len(e.workers)) >> 24) //nolint:gosec // below 64
}

// add joins counts of one stretch of packets.
func (e *Engine) add(t *tally, until int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.counts.packets += t.packets
	e.counts.decoded += t.decoded
	e.counts.fragments += t.fragments
	for l, n := range t.links {
		e.counts.links[l] += n
	}
	e.until = max(e.until, until)
	*t = tally{links: t.links}
	clear(t.links)
}

// Counts is the account of every packet so far.
func (e *Engine) Counts() ward.Counts {
	e.mu.Lock()
	c := ward.Counts{
		Packets: e.counts.packets, Decoded: e.counts.decoded, Undecoded: e.counts.packets - e.counts.decoded,
		Dropped: map[string]uint64{},
	}
	put := func(reason string, n uint64) {
		if n > 0 {
			c.Dropped[reason] += n
		}
	}
	put("fragments", e.counts.fragments)
	for l, n := range e.counts.links {
		put("packets of unsupported link type "+linkText(l), n)
	}
	for _, h := range e.links {
		put("packets dropped by the kernel", h.Drops)
	}
	e.mu.Unlock()
	e.acct.mu.Lock()
	put("stations", e.acct.stations.lost)
	put("conversations", e.acct.talks.lost)
	e.acct.mu.Unlock()
	for _, w := range e.workers {
		w.mu.Lock()
		w.dropped(put)
		w.mu.Unlock()
	}
	return c
}
