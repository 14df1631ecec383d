package decodetest

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

type flowKey struct {
	a, b   ward.IP
	ap, bp uint16
}

// flow is one TCP connection of a replayed capture.
type flow struct {
	client  flowKey // as seen from the client
	out     decode.Out
	decoder *decode.Decoder
	session decode.Session
	side    [2]side
}

type side struct {
	next    uint32
	started bool
	done    bool
	data    []byte            // in order, not used yet
	early   map[uint32][]byte // out of order
}

const syn = 2

// segment puts one TCP segment in its place. A connection of which the SYN was missed belongs to
// the side with the higher port.
func (r *replay) segment(p *decode.Packet, out decode.Out, flags byte, seq uint32, data []byte) {
	key := flowKey{p.Src, p.Dst, p.SrcPort, p.DstPort}
	back := flowKey{p.Dst, p.Src, p.DstPort, p.SrcPort}
	dir := decode.Client
	f := r.flows[key]
	if f == nil || flags&(syn|0x10) == syn && f.side[0].started && f.side[0].next != seq+1 {
		if g := r.flows[back]; g != nil && f == nil {
			f = g
		} else {
			f = &flow{client: key, out: out}
			if flags&(syn|0x10) == syn|0x10 || flags&syn == 0 && p.SrcPort < p.DstPort {
				f.client = back
				f.out.Sender, f.out.Peer = out.Peer, out.Sender
			}
			f.out.Client, f.out.Server = f.out.Sender, f.out.Peer
			f.out.Service = ward.Service{Transport: 6, Port: f.client.bp}
			r.flows[key], r.order = f, append(r.order, f)
			delete(r.flows, back)
		}
	}
	if key != f.client {
		dir = decode.Server
	}
	s := &f.side[dir]
	if flags&syn != 0 {
		seq++
		if !s.started {
			s.started, s.next = true, seq
		}
	}
	if len(data) == 0 {
		return
	}
	if !s.started {
		s.started, s.next = true, seq
	}
	f.out.Time, f.out.Frame = out.Time, out.Frame
	s.add(seq, data)
	f.deliver(dir, r)
}

func (s *side) add(seq uint32, data []byte) {
	if s.early == nil {
		s.early = map[uint32][]byte{}
	}
	s.early[seq] = data
	for again := true; again; {
		again = false
		for at, d := range s.early {
			behind := int32(s.next - at) //nolint:gosec // sequence arithmetic wraps by design
			if behind < 0 {
				continue
			}
			delete(s.early, at)
			if int(behind) < len(d) {
				s.data = append(s.data, d[behind:]...)
				s.next += uint32(len(d)) - uint32(behind) //nolint:gosec // both small
				again = true
			}
		}
	}
}

func (f *flow) deliver(dir decode.Dir, r *replay) {
	if f.session == nil && f.decoder == nil {
		for i := range r.decoders {
			d := &r.decoders[i]
			if d.Match != nil && len(f.side[dir].data) > 0 && d.Match(dir, f.side[dir].data, f.client.bp) == decode.Yes {
				f.decoder, f.session = d, d.Open()
				f.point(dir)
				r.notes.NoteSpeaks(&f.out, d.Name)
				f.read(1 - dir)
				break
			}
		}
	}
	if f.session != nil {
		f.read(dir)
	}
}

func (f *flow) point(dir decode.Dir) {
	f.out.Sender, f.out.Peer = f.out.Client, f.out.Server
	if dir == decode.Server {
		f.out.Sender, f.out.Peer = f.out.Server, f.out.Client
	}
}

func (f *flow) read(dir decode.Dir) {
	s := &f.side[dir]
	f.point(dir)
	for !s.done && len(s.data) > 0 {
		n := f.session.Read(dir, s.data, &f.out)
		if n == decode.Done {
			s.done = true
		}
		if n <= 0 {
			return
		}
		s.data = s.data[n:]
	}
}
