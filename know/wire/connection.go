package wire

import (
	"math/bits"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/flow"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
)

// conn is the state of one TCP connection that is being read.
type conn struct {
	session decode.Session // nil while nobody has recognised it
	limit   int            // bytes of each direction the session wants
	last    int64
	flow    uint32
	used    bool
	source  int
	side    [2]stream
	cand    [2][2]mask // by guess of roles (as presumed, swapped) and side: who may still say yes
}

// conns is a pool of connections.
type conns struct {
	pool  pool
	all   []*conn // index 1 and up
	free  []int32
	limit int
	hand  int // where the search for the least used begins
}

func newConns(limit, budget int) conns {
	return conns{limit: limit, all: make([]*conn, 1, 64), pool: pool{left: budget}}
}

func (c *conns) at(i int32) *conn { return c.all[i] }

// get finds a free connection, 0 when all are in use.
func (c *conns) get() int32 {
	if n := len(c.free); n > 0 {
		i := c.free[n-1]
		c.free = c.free[:n-1]
		return i
	}
	if len(c.all) > c.limit {
		return 0
	}
	c.all = append(c.all, &conn{})
	return int32(len(c.all) - 1) //nolint:gosec // bounded by limit
}

// put gives a connection and all it holds back.
func (c *conns) put(i int32) {
	k := c.all[i]
	for s := range k.side {
		k.side[s].release(&c.pool)
	}
	*k = conn{side: [2]stream{{later: k.side[0].later[:0]}, {later: k.side[1].later[:0]}}}
	c.free = append(c.free, i)
}

// stalest is the connection that has been silent for longest among some.
func (c *conns) stalest() int32 {
	best := int32(0)
	for range min(16, len(c.all)-1) {
		c.hand = c.hand%(len(c.all)-1) + 1
		k := c.all[c.hand]
		if k.used && (best == 0 || k.last < c.all[best].last) {
			best = int32(c.hand) //nolint:gosec // bounded by limit
		}
	}
	return best
}

// segment follows a TCP connection: who opened it, its bytes in order, its end.
func (w *worker) segment(in *packet.Info, i uint32, f *flow.Flow, side int) {
	s := side & 1
	if in.Flags&packet.SYN != 0 {
		w.opened(in, i, f, s)
		in.Seq++
	}
	if f.State&ignored != 0 {
		if in.Flags&(packet.FIN|packet.RST) != 0 {
			w.closed(i, f)
		}
		return
	}
	known := uint8(nextA << s)
	if len(in.Payload) == 0 && in.Flags&(packet.FIN|packet.RST) == 0 {
		return
	}
	if c := w.conn(in, i, f, s); c != nil && (len(in.Payload) > 0 || in.Missing > 0) {
		if f.State&known == 0 {
			f.State |= known
			f.Next[s] = in.Seq
		}
		w.arrived(c, in, f, s)
	}
	switch {
	case f.Conn == 0:
		if in.Flags&(packet.FIN|packet.RST) != 0 {
			w.closed(i, f)
		}
	case in.Flags&packet.RST != 0:
		if d := int32(in.Seq - f.Next[s]); f.State&known == 0 || d >= 0 && d < 1<<20 { //nolint:gosec // sequence numbers wrap
			w.drop(f)
			w.closed(i, f)
		}
	case in.Flags&packet.FIN != 0:
		c := w.conns.at(f.Conn)
		c.side[s].fin = true
		c.side[s].finSeq = in.Seq + uint32(len(in.Payload)) + in.Missing //nolint:gosec // sequence numbers wrap
		w.finish(c, f, s)
		if f.Conn == 0 {
			w.closed(i, f)
		}
	}
}

// closed notes that a connection was closed.
func (w *worker) closed(i uint32, f *flow.Flow) {
	f.State |= over
	w.table.Seen(i, max(f.Last[0], f.Last[1]), flow.None)
}

// opened notes who opened the connection. A new initial sequence number on old ends is a new
// connection.
func (w *worker) opened(in *packet.Info, i uint32, f *flow.Flow, s int) {
	if in.Flags&packet.ACK == 0 {
		if f.State&roleSure != 0 && f.ISN != in.Seq || f.State&roleSure == 0 && f.State&(nextA|nextB) != 0 {
			w.take(i)
			w.endConn(f)
			f.State, f.Decoder, f.Tries = 0, 0, [2]uint8{}
		}
		f.ISN = in.Seq
		f.Server = uint8(1 - s) //nolint:gosec // a bit
	} else if f.State&roleSure == 0 {
		f.Server = uint8(s) //nolint:gosec // a bit
	}
	f.State |= roleSure
	if f.Conn == 0 {
		f.Next[s] = in.Seq + 1
		f.State |= nextA << s
	}
}

// conn is the state of a flow's connection; nil when there is none to be had, or none is needed.
func (w *worker) conn(in *packet.Info, i uint32, f *flow.Flow, s int) *conn {
	if f.Conn == 0 {
		if len(in.Payload) == 0 || f.State&(refusedA<<s) != 0 || len(w.plan.tcp) == 0 {
			return nil
		}
		n := w.conns.get()
		if n == 0 {
			w.stalled++
			if old := w.conns.stalest(); old != 0 {
				g := w.table.At(w.conns.at(old).flow)
				w.endConn(g)
				g.State |= ignored
				n = w.conns.get()
			}
		}
		if n == 0 {
			f.State |= ignored
			return nil
		}
		c := w.conns.at(n)
		c.used, c.flow, c.source = true, i, in.Source
		c.cand = [2][2]mask{{w.plan.all, w.plan.all}, {w.plan.all, w.plan.all}}
		for side := range 2 {
			if f.State&(refusedA<<side) != 0 {
				c.side[side].closed = true
				c.cand[0][side], c.cand[1][side] = mask{}, mask{}
			}
		}
		f.Conn = n
	}
	c := w.conns.at(f.Conn)
	c.last = in.Time
	return c
}

// endConn ends a flow's connection and lets its session know.
func (w *worker) endConn(f *flow.Flow) {
	if f.Conn == 0 {
		return
	}
	n := f.Conn
	c := w.conns.at(n)
	f.Conn = 0
	if e, ok := c.session.(decode.Ender); ok {
		w.end(e, c, f)
	}
	w.conns.put(n)
}

// end calls a session's End; a panic there costs only the session.
func (w *worker) end(e decode.Ender, c *conn, f *flow.Flow) {
	defer func() {
		if r := recover(); r != nil {
			w.panics[w.plan.decoders[max(1, f.Decoder)-1].Name]++
		}
	}()
	side := 0
	if later(&c.side[1], &c.side[0]) {
		side = 1
	}
	w.aim(f, side)
	w.out.Time, w.out.Frame, w.out.Source = c.side[side].time, c.side[side].frame, c.source
	e.End(&w.out)
}

func later(a, b *stream) bool { return a.frame > b.frame }

// park gives up the state of a connection of which one side has spoken and nobody knows what it
// said. Should the other side speak, it is heard alone.
func (w *worker) park(f *flow.Flow, s int) {
	w.endConn(f)
	f.State |= refusedA << s
}

// drop gives a connection up: nobody recognises it, or nothing more of it is wanted.
func (w *worker) drop(f *flow.Flow) {
	w.endConn(f)
	f.State |= ignored
}

// decide asks the decoders about the first bytes of a side. It reports whether the connection is
// still of interest.
func (w *worker) decide(c *conn, f *flow.Flow, s int, first []byte) (still bool) {
	guesses := 2
	if f.State&roleSure != 0 {
		guesses = 1
	}
	for guess := range guesses {
		server := int(f.Server) ^ guess
		dir := decode.Client
		if s == server {
			dir = decode.Server
		}
		if id := w.match(&c.cand[guess][s], dir, first, f.Port[server]); id > 0 {
			f.Server = uint8(server) //nolint:gosec // a bit
			w.adopt(c, f, id)
			return true
		}
	}
	if other := &c.side[1-s]; len(other.buf) > 0 || f.State&(refusedA<<(1-s)) != 0 {
		// Both sides have spoken: who says no to one and is not sure of the other is out.
		for guess := range guesses {
			c.cand[guess][s].keep(&c.cand[guess][1-s])
			c.cand[guess][1-s].keep(&c.cand[guess][s])
		}
	}
	for guess := range guesses {
		if !c.cand[guess][0].empty() || !c.cand[guess][1].empty() {
			return true
		}
	}
	return false
}

// match asks the decoders that are still in question, those that name the port first, and strikes
// out who says no. It returns who says yes, from 1.
func (w *worker) match(m *mask, dir decode.Dir, first []byte, port uint16) int16 {
	if m.empty() {
		return 0
	}
	hinted := w.plan.tcpList[w.plan.tcpHint[port]]
	for _, n := range hinted {
		if m.has(n) {
			if id := w.try(m, n, dir, first, port); id > 0 {
				return id
			}
		}
	}
	m.likely(&w.plan.first[dir][first[0]], hinted)
	for word := range m {
		for rest := m[word]; rest != 0; rest &= rest - 1 {
			n := uint8(word<<6 | bits.TrailingZeros64(rest)) //nolint:gosec // below maxTCP
			if contains8(hinted, n) {
				continue
			}
			if id := w.try(m, n, dir, first, port); id > 0 {
				return id
			}
		}
	}
	return 0
}

func contains8(list []uint8, n uint8) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

func (w *worker) try(m *mask, n uint8, dir decode.Dir, first []byte, port uint16) int16 {
	id := w.plan.tcp[n]
	w.current = id + 1
	switch w.plan.decoders[id].Match(dir, first, port) {
	case decode.Yes:
		return id + 1
	case decode.No:
		m.clear(n)
	}
	return 0
}

// adopt gives a connection to the decoder that recognised it.
func (w *worker) adopt(c *conn, f *flow.Flow, id int16) {
	d := &w.plan.decoders[id-1]
	f.Decoder = id
	w.current = id
	c.limit = d.Limit
	if c.limit <= 0 {
		c.limit = decode.DefaultLimit
	}
	c.session = d.Open()
}
