package wire

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/flow"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
)

// Limits of one direction of a connection.
const (
	retain      = 512     // first bytes kept while nobody asks for more of them
	retainMore  = 4 << 10 // while somebody does
	maxSegments = 64      // that wait for what comes before them
	maxAhead    = 1 << 20 // bytes ahead of what is expected; further is another connection's
)

// stream is one direction of a connection.
type stream struct {
	closed bool // nothing more of it is given to the session
	fin    bool
	finSeq uint32
	given  int    // bytes handed on or kept for it
	buf    []byte // in order, not used up yet
	frame  uint64 // the packet that brought the latest byte
	time   int64
	later  []piece // sorted by sequence number, not overlapping
}

// piece is a segment that came before its time.
type piece struct {
	seq   uint32
	data  []byte
	frame uint64
	time  int64
}

func (s *stream) release(p *pool) {
	p.put(s.buf)
	s.buf = nil
	s.forget(p)
}

func (s *stream) forget(p *pool) {
	for k := range s.later {
		p.put(s.later[k].data)
		s.later[k].data = nil
	}
	s.later = s.later[:0]
}

func ahead(a, b uint32) int32 { return int32(a - b) } //nolint:gosec // sequence numbers wrap

// arrived brings a segment into order. What was received first wins over what comes again.
func (w *worker) arrived(c *conn, in *packet.Info, f *flow.Flow, s int) {
	st := &c.side[s]
	if st.closed {
		return
	}
	seq, data := in.Seq, in.Payload
	if d := ahead(f.Next[s], seq); d > 0 {
		if int(d) >= len(data) {
			return
		}
		seq, data = f.Next[s], data[d:]
	}
	switch d := ahead(seq, f.Next[s]); {
	case d > maxAhead:
		return
	case d > 0:
		if !w.keep(st, seq, data, in) {
			w.gap(c, f, s)
		}
		return
	}
	st.frame, st.time = in.Frame, in.Time
	w.inOrder(c, f, s, data)
	if f.Conn == 0 {
		return
	}
	if in.Missing > 0 { // cut when it was captured: what follows cannot be joined to it
		w.gap(c, f, s)
	}
	if f.Conn != 0 && st.fin {
		w.finish(c, f, s)
	}
}

// inOrder hands on the next bytes, and then what waited for them.
func (w *worker) inOrder(c *conn, f *flow.Flow, s int, data []byte) {
	st := &c.side[s]
	for {
		cut := len(data)
		if len(st.later) > 0 {
			cut = min(cut, int(ahead(st.later[0].seq, f.Next[s])))
		}
		if cut > 0 {
			f.Next[s] += uint32(cut) //nolint:gosec // bounded by the packet
			w.accept(c, f, s, data[:cut])
			if f.Conn == 0 || st.closed {
				st.forget(&w.conns.pool)
				return
			}
			data = data[cut:]
		}
		if len(st.later) == 0 || st.later[0].seq != f.Next[s] {
			return
		}
		p := st.later[0]
		copy(st.later, st.later[1:])
		st.later[len(st.later)-1] = piece{}
		st.later = st.later[:len(st.later)-1]
		f.Next[s] += uint32(len(p.data)) //nolint:gosec // bounded by the packet
		st.frame, st.time = max(st.frame, p.frame), max(st.time, p.time)
		w.accept(c, f, s, p.data)
		w.conns.pool.put(p.data)
		if f.Conn == 0 || st.closed {
			st.forget(&w.conns.pool)
			return
		}
		data = data[min(len(data), len(p.data)):]
	}
}

// keep stores a segment that came early, without what is stored already.
func (w *worker) keep(st *stream, seq uint32, data []byte, in *packet.Info) bool {
	at := 0
	for at < len(st.later) {
		p := &st.later[at]
		end := p.seq + uint32(len(p.data)) //nolint:gosec // bounded by the packet
		if ahead(seq, end) >= 0 {
			at++
			continue
		}
		before := min(len(data), max(0, int(ahead(p.seq, seq))))
		if before > 0 {
			if !w.insert(st, at, seq, data[:before], in) {
				return false
			}
			at++
		}
		skip := min(len(data), int(ahead(end, seq)))
		seq, data = seq+uint32(skip), data[skip:] //nolint:gosec // bounded by the packet
		if len(data) == 0 {
			return true
		}
		at++
	}
	return w.insert(st, at, seq, data, in)
}

func (w *worker) insert(st *stream, at int, seq uint32, data []byte, in *packet.Info) bool {
	if len(data) == 0 {
		return true
	}
	if len(st.later) >= maxSegments {
		return false
	}
	b := w.conns.pool.get(len(data))
	if b == nil {
		return false
	}
	st.later = append(st.later, piece{})
	copy(st.later[at+1:], st.later[at:])
	st.later[at] = piece{seq, append(b, data...), in.Frame, in.Time}
	return true
}

// gap ends a direction in which bytes are missing for good.
func (w *worker) gap(c *conn, f *flow.Flow, s int) {
	if c.session != nil {
		w.gaps++
	}
	w.shut(c, f, s)
}

// shut ends a direction. When neither is left, the connection is over.
func (w *worker) shut(c *conn, f *flow.Flow, s int) {
	st := &c.side[s]
	st.closed = true
	st.forget(&w.conns.pool)
	if c.side[1-s].closed {
		w.drop(f)
	}
}

// finish ends a direction whose FIN has been reached.
func (w *worker) finish(c *conn, f *flow.Flow, s int) {
	st := &c.side[s]
	if st.closed || f.Next[s] == st.finSeq || f.State&(nextA<<s) == 0 {
		w.shut(c, f, s)
	}
}

// accept takes the next bytes of a direction.
func (w *worker) accept(c *conn, f *flow.Flow, s int, data []byte) {
	if c.session == nil {
		w.consider(c, f, s, data)
		return
	}
	w.feed(c, f, s, data)
}

// consider looks whether somebody recognises the connection by what has come so far.
func (w *worker) consider(c *conn, f *flow.Flow, s int, data []byte) {
	st := &c.side[s]
	w.currently = c.flow
	first := data
	if len(st.buf) > 0 {
		if len(st.buf) >= retain && !w.wanted(c, f, s) || len(st.buf) >= retainMore {
			w.overfull(c, f, s)
			return
		}
		grown, ok := w.conns.pool.add(st.buf, data[:min(len(data), retainMore)])
		st.buf = grown
		if !ok {
			w.stalled++
			w.drop(f)
			return
		}
		first = st.buf
	}
	if !w.decide(c, f, s, first) {
		w.drop(f)
		return
	}
	if c.session == nil {
		if other := &c.side[1-s]; !w.wanted(c, f, s) && len(other.buf) == 0 && len(other.later) == 0 {
			w.park(f, s)
			return
		}
		if len(st.buf) == 0 {
			buf, ok := w.conns.pool.add(nil, data[:min(len(data), retainMore)])
			st.buf = buf
			if !ok {
				w.stalled++
				w.drop(f)
			}
		}
		return
	}
	w.hand(c, f, s, data, len(st.buf) > 0)
}

// wanted reports whether somebody asked for more of a side's first bytes.
func (w *worker) wanted(c *conn, f *flow.Flow, s int) bool {
	return !c.cand[0][s].empty() || f.State&roleSure == 0 && !c.cand[1][s].empty()
}

// overfull stops waiting for a side to become clear: who needs still more of it will not get it.
func (w *worker) overfull(c *conn, f *flow.Flow, s int) {
	c.cand[0][s], c.cand[1][s] = mask{}, mask{}
	w.gap(c, f, s)
	if f.Conn != 0 && !w.wanted(c, f, 1-s) {
		w.drop(f)
	}
}

// hand gives a session what was kept: the other side's first bytes, then this side's.
func (w *worker) hand(c *conn, f *flow.Flow, s int, data []byte, kept bool) {
	w.aim(f, s)
	w.out.Time, w.out.Frame, w.out.Source = c.side[s].time, c.side[s].frame, c.source
	w.speak(f, w.plan.decoders[f.Decoder-1].Name)
	other := 1 - s
	if buf := c.side[other].buf; len(buf) > 0 {
		c.side[other].buf = nil
		w.feed(c, f, other, buf)
		w.conns.pool.put(buf)
		if f.Conn == 0 {
			return
		}
	}
	if c.side[s].closed {
		return
	}
	if kept {
		data = c.side[s].buf
		c.side[s].buf = nil
	}
	w.feed(c, f, s, data)
	if kept {
		w.conns.pool.put(data)
	}
}

// feed gives the session the next bytes and keeps what it does not use yet.
func (w *worker) feed(c *conn, f *flow.Flow, s int, data []byte) {
	st := &c.side[s]
	if room := c.limit - st.given; len(data) > room {
		data = data[:max(0, room)]
	}
	st.given += len(data)
	held := len(st.buf) > 0
	if held {
		grown, ok := w.conns.pool.add(st.buf, data)
		st.buf = grown
		if !ok {
			w.stalled++
			w.shut(c, f, s)
			return
		}
		data = st.buf
	}
	w.aim(f, s)
	w.out.Time, w.out.Frame, w.out.Source = st.time, st.frame, c.source
	w.current, w.currently = f.Decoder, c.flow
	dir := decode.Client
	if int(f.Server) == s {
		dir = decode.Server
	}
	rest := data
	for len(rest) > 0 {
		n := c.session.Read(dir, rest, &w.out)
		if n == decode.Done {
			w.done(c, f, s)
			return
		}
		n = max(0, min(n, len(rest)))
		rest = rest[n:]
		if n == 0 {
			break
		}
	}
	if st.given >= c.limit {
		w.done(c, f, s)
		return
	}
	w.rest(c, f, s, rest, held)
}

// done ends a direction of which the session wants nothing more.
func (w *worker) done(c *conn, f *flow.Flow, s int) {
	st := &c.side[s]
	w.conns.pool.put(st.buf)
	st.buf = nil
	w.shut(c, f, s)
}

// rest keeps the bytes that the session has not used.
func (w *worker) rest(c *conn, f *flow.Flow, s int, rest []byte, held bool) {
	st := &c.side[s]
	switch {
	case held && len(rest) == 0:
		w.conns.pool.put(st.buf)
		st.buf = nil
	case held:
		st.buf = st.buf[:copy(st.buf, rest)]
	case len(rest) > 0:
		buf, ok := w.conns.pool.add(nil, rest)
		st.buf = buf
		if !ok {
			w.stalled++
			w.shut(c, f, s)
		}
	}
}
