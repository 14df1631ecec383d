package wire

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// batchSize is how many packets go to the workers at once: few enough for the cache of one core,
// and when there are several workers enough to make the hand-over cheap.
const (
	batchSize     = 64
	batchSizeMany = 1024
)

// ReadFile reads a capture file: pcap or pcapng, plain or gzip. Files are sources in the order in
// which they are read. A file that breaks off yields everything up to the tear and is marked Torn;
// one that cannot be read at all is an error of Kind Invalid. When ctx ends, reading stops and the
// error is ctx's.
func (e *Engine) ReadFile(ctx context.Context, path string) (ward.Source, error) {
	f, err := os.Open(path)
	if err != nil {
		kind, msg := ward.Invalid, "The capture file "+path+" cannot be opened."
		if errors.Is(err, os.ErrNotExist) {
			kind, msg = ward.NotFound, "There is no file "+path+"."
		}
		return ward.Source{}, &ward.Error{Kind: kind, Op: "wire.ReadFile", Msg: msg, Err: err}
	}
	defer f.Close()
	total := int64(0)
	if st, err := f.Stat(); err == nil {
		if st.IsDir() {
			return ward.Source{}, &ward.Error{Kind: ward.Invalid, Op: "wire.ReadFile", Msg: path + " is a folder, not a capture file."}
		}
		total = st.Size()
	}
	return e.read(ctx, f, path, total)
}

// Read reads a capture from a stream.
func (e *Engine) Read(ctx context.Context, r io.Reader, name string) (ward.Source, error) {
	return e.read(ctx, r, name, 0)
}

// progress counts what is read and reports it.
type progress struct {
	in    io.Reader
	tell  func(read, total int64)
	read  int64
	total int64
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.in.Read(b)
	p.read += int64(n)
	if p.tell != nil && n > 0 {
		p.tell(p.read, p.total)
	}
	return n, err
}

func (e *Engine) read(ctx context.Context, in io.Reader, name string, total int64) (ward.Source, error) {
	e.reading.Lock()
	defer e.reading.Unlock()
	src := ward.Source{File: name}
	r, err := capture.NewReader(&progress{in: in, tell: e.opt.Progress, total: total})
	if err != nil {
		return src, &ward.Error{
			Kind: ward.Invalid, Op: "wire.Read", Err: err,
			Msg: name + " is not a capture file: it is neither pcap nor pcapng.",
		}
	}
	e.mu.Lock()
	index := e.sources
	e.sources++
	e.mu.Unlock()
	d := newDispatcher(e, index)
	err = d.file(ctx, r)
	d.close()
	src.LinkType, src.Packets, src.Bytes = strings.Join(d.linkNames, ", "), d.frame, d.bytes
	if d.frame > 0 {
		src.First, src.Last = time.Unix(0, d.first).UTC(), time.Unix(0, d.last).UTC()
	}
	if errors.Is(err, capture.ErrTorn) {
		src.Torn, err = true, nil
	}
	if err != nil && ctx.Err() == nil {
		err = &ward.Error{Kind: ward.Invalid, Op: "wire.Read", Msg: name + " cannot be read to its end.", Err: err}
	}
	return src, err
}

// block is a buffer of captured bytes, free again when all batches that point into it are done.
type block struct {
	buf  []byte
	refs atomic.Int32
}

// batch is a stretch of parsed packets and which of them are whose.
type batch struct {
	infos []packet.Info
	lists [][]uint16
	block *block
	refs  atomic.Int32
}

// dispatcher parses packets and hands them to the workers that look after their flows.
type dispatcher struct {
	e      *Engine
	parser packet.Parser
	source int
	many   bool
	size   int
	n      int // used entries of the batch
	cur    *batch
	block  *block

	tally       tally
	frame       uint64
	bytes       uint64
	first, last int64
	linkNames   []string
	link        uint16
	linkKnown   bool

	queues  []chan *batch
	batches chan *batch
	blocks  chan *block
	done    sync.WaitGroup
}

func newDispatcher(e *Engine, source int) *dispatcher {
	d := &dispatcher{e: e, source: source, many: len(e.workers) > 1, size: batchSize, link: 0xffff}
	d.tally.links = map[uint16]uint64{}
	d.parser = packet.Parser{Key: e.key, Frags: packet.NewFragments()}
	if d.many {
		d.size = batchSizeMany
		d.start()
	} else {
		d.block = &block{buf: make([]byte, capture.BufferSize)}
		d.cur = d.newBatch()
	}
	return d
}

func (d *dispatcher) newBatch() *batch {
	b := &batch{infos: make([]packet.Info, d.size), lists: make([][]uint16, len(d.e.workers))}
	for i := range b.lists {
		b.lists[i] = make([]uint16, 0, d.size)
	}
	return b
}

// start sets the workers going.
func (d *dispatcher) start() {
	const spare = 3
	n := spare + len(d.e.workers)
	d.batches, d.blocks = make(chan *batch, 2*n), make(chan *block, n)
	for range n {
		d.blocks <- &block{buf: make([]byte, capture.BufferSize)}
	}
	for range 2 * n {
		d.batches <- d.newBatch()
	}
	for i, w := range d.e.workers {
		q := make(chan *batch, 2*n)
		d.queues = append(d.queues, q)
		d.done.Go(func() {
			for b := range q {
				w.work(b.infos, b.lists[i])
				d.release(b)
			}
		})
	}
	d.cur = <-d.batches
	d.block = <-d.blocks
	d.block.refs.Store(1)
}

func (d *dispatcher) release(b *batch) {
	if b.refs.Add(-1) > 0 {
		return
	}
	blk := b.block
	b.block = nil
	d.batches <- b
	d.letGo(blk)
}

func (d *dispatcher) letGo(blk *block) {
	if blk.refs.Add(-1) == 0 {
		d.blocks <- blk
	}
}

// file reads until the end, the tear or the end of ctx.
func (d *dispatcher) file(ctx context.Context, r *capture.Reader) error {
	var rec capture.Record
	r.SetBuffer(d.block.buf)
	for {
		more := r.Fill()
		for {
			ok, err := r.Next(&rec)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			d.packet(&rec)
		}
		d.flush()
		d.e.add(&d.tally, d.last)
		if !more {
			return r.End()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.many {
			next := <-d.blocks
			next.refs.Store(1)
			r.SetBuffer(next.buf)
			d.letGo(d.block)
			d.block = next
		} else {
			r.Compact()
		}
	}
}

// packet parses one record into the batch.
func (d *dispatcher) packet(rec *capture.Record) {
	d.frame++
	d.bytes += uint64(rec.Wire)
	if d.first == 0 || rec.Time < d.first {
		d.first = rec.Time
	}
	d.last = max(d.last, rec.Time)
	if rec.Link != d.link {
		d.newLink(rec.Link)
	}
	d.tally.packets++
	if !d.linkKnown {
		d.tally.links[rec.Link]++
		return
	}
	if d.n+packet.MaxInfos > d.size {
		d.flush()
	}
	n := d.parser.Parse(rec.Link, rec.Data, rec.Wire, rec.Time, d.frame, d.source, d.cur.infos[d.n:])
	if n == 0 {
		d.tally.decoded++
		return
	}
	in := &d.cur.infos[d.n]
	if in.Kind > packet.Frame || in.Kind == packet.Frame && d.e.plan.knows(in.EtherType) {
		d.tally.decoded++
	}
	for range n {
		in := &d.cur.infos[d.n]
		if in.Kind != packet.Undecoded {
			w := 0
			if d.many {
				w = d.e.workerOf(in.Hash)
			}
			d.cur.lists[w] = append(d.cur.lists[w], uint16(d.n)) //nolint:gosec // below batchSizeMany
		}
		d.n++
	}
}

func (d *dispatcher) newLink(link uint16) {
	d.link = link
	name := linkText(link)
	d.linkKnown = packet.LinkName(link) != ""
	if !slices.Contains(d.linkNames, name) {
		d.linkNames = append(d.linkNames, name)
	}
}

func linkText(link uint16) string {
	if name := packet.LinkName(link); name != "" {
		return name
	}
	return strconv.Itoa(int(link))
}

// flush hands the batch over, and takes a fresh one.
func (d *dispatcher) flush() {
	if d.n == 0 {
		return
	}
	b := d.cur
	if !d.many {
		d.e.workers[0].work(b.infos, b.lists[0])
		b.lists[0] = b.lists[0][:0]
		d.n = 0
		return
	}
	b.block = d.block
	d.block.refs.Add(1)
	b.refs.Store(int32(len(d.queues))) //nolint:gosec // at most 64
	for _, q := range d.queues {
		q <- b
	}
	d.cur = <-d.batches
	for i := range d.cur.lists {
		d.cur.lists[i] = d.cur.lists[i][:0]
	}
	d.n = 0
}

// close waits for the workers.
func (d *dispatcher) close() {
	d.flush()
	d.parser.Frags.Close()
	d.tally.fragments = d.parser.Frags.Dropped
	d.e.add(&d.tally, d.last)
	for _, q := range d.queues {
		close(q)
	}
	d.done.Wait()
}
