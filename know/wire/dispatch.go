package wire

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
)

// batchSize is how many packets go to the workers at once: few enough for the cache of one core,
// and when there are several workers enough to make the hand-over cheap.
const (
	batchSize     = 128
	batchSizeMany = 1024
)

// spare is how many buffers there are beyond one a worker.
const spare = 3

// block is a buffer of captured bytes, free again when all batches that point into it are done.
type block struct {
	buf  []byte
	refs atomic.Int32
	free func()
}

func (b *block) letGo() {
	if b.refs.Add(-1) == 0 {
		b.free()
	}
}

// batch is a stretch of parsed packets and which of them are whose.
type batch struct {
	infos []packet.Info
	lists [][]uint16
	block *block
	refs  atomic.Int32
	home  chan *batch // where it goes when all workers are done with it
}

func (b *batch) release() {
	if b.refs.Add(-1) > 0 {
		return
	}
	blk := b.block
	b.block = nil
	b.home <- b
	blk.letGo()
}

// crew is the workers at work, each with a queue of batches.
type crew struct {
	queues []chan *batch
	done   sync.WaitGroup
}

func (e *Engine) newCrew() *crew {
	c := &crew{}
	for i, w := range e.workers {
		q := make(chan *batch, 16)
		c.queues = append(c.queues, q)
		c.done.Go(func() {
			for b := range q {
				w.work(b.infos, b.lists[i])
				b.release()
			}
		})
	}
	return c
}

// close waits until all that was handed over is done.
func (c *crew) close() {
	if c == nil {
		return
	}
	for _, q := range c.queues {
		close(q)
	}
	c.done.Wait()
}

// dispatcher parses the packets of one source and hands them to the workers that look after their
// flows: to a crew, or when there is none to the only worker directly.
type dispatcher struct {
	e      *Engine
	crew   *crew
	parser packet.Parser
	source int
	live   bool
	size   int
	n      int // used entries of the batch
	cur    *batch
	block  *block
	spare  chan *batch

	tally       tally
	frame       uint64
	told        uint64 // frames that the interface's health counts already
	bytes       uint64
	first, last int64
	linkNames   []string
	link        uint16
	linkKnown   bool
}

func newDispatcher(e *Engine, source int, c *crew) *dispatcher {
	d := &dispatcher{e: e, crew: c, source: source, size: batchSize, link: 0xffff}
	d.tally.links = map[uint16]uint64{}
	d.parser = packet.Parser{Key: e.key, Frags: packet.NewFragments()}
	if c == nil {
		d.cur = d.newBatch()
		return d
	}
	d.size = batchSizeMany
	n := 2 * (spare + len(e.workers))
	d.spare = make(chan *batch, n)
	for range n {
		d.spare <- d.newBatch()
	}
	d.cur = <-d.spare
	return d
}

func (d *dispatcher) newBatch() *batch {
	b := &batch{infos: make([]packet.Info, d.size), lists: make([][]uint16, len(d.e.workers)), home: d.spare}
	for i := range b.lists {
		b.lists[i] = make([]uint16, 0, d.size)
	}
	return b
}

// packet parses one record into the batch. vlan is the tag that the network card took off.
func (d *dispatcher) packet(rec *capture.Record, vlan uint16) {
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
	d.parser.Tag = vlan
	frame := d.frame
	if d.live {
		frame = 0 // rings count apart: a number would mislead
	}
	n := d.parser.Parse(rec.Link, rec.Data, rec.Wire, rec.Time, frame, d.source, d.cur.infos[d.n:])
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
			if d.crew != nil {
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
	if d.crew == nil {
		d.e.workers[0].work(b.infos, b.lists[0])
		b.lists[0] = b.lists[0][:0]
		d.n = 0
		return
	}
	b.block = d.block
	d.block.refs.Add(1)
	b.refs.Store(int32(len(d.crew.queues))) //nolint:gosec // at most 64
	for _, q := range d.crew.queues {
		q <- b
	}
	d.cur = <-d.spare
	for i := range d.cur.lists {
		d.cur.lists[i] = d.cur.lists[i][:0]
	}
	d.n = 0
}

// close hands over what is left and gives up incomplete datagrams.
func (d *dispatcher) close() {
	d.flush()
	d.parser.Frags.Close()
	d.tally.fragments = d.parser.Frags.Dropped
	d.e.add(&d.tally, d.last)
}
