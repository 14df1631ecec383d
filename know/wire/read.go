package wire

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/ward"
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
	var c *crew
	if len(e.workers) > 1 {
		c = e.newCrew()
	}
	d := newDispatcher(e, index, c)
	err = d.file(ctx, r)
	d.close()
	c.close()
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

// buffers are what a file is read into: one, or with several workers enough to keep them busy.
func (d *dispatcher) buffers() chan *block {
	n := 1
	if d.crew != nil {
		n = spare + len(d.e.workers)
	}
	free := make(chan *block, n)
	for range n {
		b := &block{buf: make([]byte, capture.BufferSize)}
		b.refs.Store(1)
		b.free = func() { free <- b }
		free <- b
	}
	return free
}

// file reads until the end, the tear or the end of ctx.
func (d *dispatcher) file(ctx context.Context, r *capture.Reader) error {
	var rec capture.Record
	blocks := d.buffers()
	d.block = <-blocks
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
			d.packet(&rec, 0)
		}
		d.flush()
		d.e.add(&d.tally, d.last)
		if !more {
			return r.End()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.crew == nil {
			r.Compact()
			continue
		}
		next := <-blocks
		r.SetBuffer(next.buf)
		d.block.letGo()
		d.block = next
		d.block.refs.Store(1)
	}
}
