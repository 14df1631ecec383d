package wire

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/ward"
)

// DefaultRing is the size of each interface's rings together.
const DefaultRing = 64 << 20

// Times of live capture.
const (
	ringWait   = 100 * time.Millisecond // so that the end of ctx is noticed
	healthPace = time.Second
)

// Health says how a live interface is doing.
type Health struct {
	Interface string
	Packets   uint64 // read by us
	Drops     uint64 // lost in the kernel for want of room in the ring
	Freezes   uint64 // times the ring was full
	LastFrame time.Time
	Err       error // why it is not read at the moment; nil while it is
}

// Live reads interfaces until ctx ends and hands what was noted to sink, every so often and once
// at the end. Interfaces are opened for receiving only: nothing is ever sent. Each interface is a
// source, in the order given; its packets are spread over one ring for each worker. When the
// workers cannot keep up, the kernel drops packets and counts them: see Health.
func (e *Engine) Live(ctx context.Context, interfaces []string, every time.Duration, sink func(*ward.Observation)) error {
	return e.live(ctx, interfaces, every, sink, nil)
}

// live is Live; listening is called, if set, once all interfaces are open.
func (e *Engine) live(ctx context.Context, interfaces []string, every time.Duration, sink func(*ward.Observation), listening func()) error {
	e.reading.Lock()
	defer e.reading.Unlock()
	rings, err := e.openRings(interfaces)
	if err != nil {
		return err
	}
	crew := e.newCrew()
	var readers sync.WaitGroup
	for _, r := range rings {
		readers.Go(func() { r.run(ctx, e, crew) })
	}
	if listening != nil {
		listening()
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			sink(e.Flush())
		}
	}
	readers.Wait()
	crew.close()
	for _, r := range rings {
		r.ring.Close()
	}
	sink(e.Close())
	return nil
}

// Health tells how each live interface is doing.
func (e *Engine) Health() []Health {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Health, 0, len(e.links))
	for _, h := range e.links {
		out = append(out, *h)
	}
	return out
}

// ringReader reads one ring of an interface.
type ringReader struct {
	ring   *capture.Ring
	health *Health
	source int
}

func (e *Engine) openRings(interfaces []string) ([]*ringReader, error) {
	var rings []*ringReader
	size := e.opt.RingBytes
	if size <= 0 {
		size = DefaultRing
	}
	e.mu.Lock()
	e.links = nil
	e.mu.Unlock()
	for n, name := range interfaces {
		h := &Health{Interface: name}
		e.mu.Lock()
		source := e.sources
		e.sources++
		e.links = append(e.links, h)
		e.mu.Unlock()
		group := uint16(0)
		if len(e.workers) > 1 {
			group = uint16(os.Getpid()*8+n)&0x7fff | 1<<15 //nolint:gosec // any number that others are unlikely to use
		}
		for range e.workers {
			ring, err := capture.OpenRing(name, size/len(e.workers), group)
			if err != nil {
				for _, r := range rings {
					r.ring.Close()
				}
				return nil, liveError(name, err)
			}
			rings = append(rings, &ringReader{ring, h, source})
		}
	}
	return rings, nil
}

func liveError(name string, err error) error {
	e := &ward.Error{Kind: ward.Internal, Op: "wire.Live", Msg: "The interface " + name + " cannot be read.", Err: err}
	switch {
	case errors.Is(err, os.ErrNotExist):
		e.Kind, e.Msg = ward.NotFound, "There is no network interface "+name+"."
	case errors.Is(err, os.ErrPermission):
		e.Kind, e.Msg = ward.Forbidden, "Reading the interface "+name+" is not permitted: run as root, or give the program CAP_NET_RAW."
	case errors.Is(err, errors.ErrUnsupported):
		e.Kind, e.Msg = ward.Unavailable, "Live capture needs Linux."
	}
	return e
}

// run reads a ring until ctx ends.
func (r *ringReader) run(ctx context.Context, e *Engine, c *crew) {
	d := newDispatcher(e, r.source, c)
	d.live = true
	asked := time.Now()
	var held sync.WaitGroup // blocks that workers still use
	for ctx.Err() == nil {
		b, err := r.ring.Wait(ringWait)
		r.note(e, d, err)
		if time.Since(asked) >= healthPace {
			asked = time.Now()
			r.stats(e)
		}
		if err != nil {
			select { // an interface that is down comes back, or does not
			case <-ctx.Done():
			case <-time.After(ringWait):
			}
			continue
		}
		if b == nil {
			continue
		}
		held.Add(1)
		d.block = &block{free: func() { b.Release(); held.Done() }}
		d.block.refs.Store(1)
		b.Each(func(rec *capture.Record, vlan uint16) {
			rec.Link = r.ring.Link
			d.packet(rec, vlan)
		})
		d.flush()
		d.block.letGo()
		e.add(&d.tally, d.last)
	}
	d.close()
	held.Wait()
	r.note(e, d, nil)
	r.stats(e)
}

// note brings the health of the interface up to date.
func (r *ringReader) note(e *Engine, d *dispatcher, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r.health.Packets += d.frame - d.told
	d.told = d.frame
	r.health.Err = err
	if t := time.Unix(0, d.last).UTC(); d.last != 0 && t.After(r.health.LastFrame) {
		r.health.LastFrame = t
	}
}

func (r *ringReader) stats(e *Engine) {
	_, drops, freezes := r.ring.Stats()
	e.mu.Lock()
	defer e.mu.Unlock()
	r.health.Drops += uint64(drops)
	r.health.Freezes += uint64(freezes)
}
