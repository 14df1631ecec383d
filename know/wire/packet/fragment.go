package packet

import "github.com/wardkeeper/wardkeeper/ward"

// Limits of reassembly: beyond them the oldest datagram is given up and its frames counted.
const (
	maxDatagrams = 1024
	maxDatagram  = 65535
	maxPieces    = 64 // of one datagram; 45 carry 64 KiB over Ethernet
	maxHeld      = 8 << 20
	fragTimeout  = 30e9 // nanoseconds of capture time (RFC 8200 says 60 s, senders give up sooner)
)

// Fragments puts datagrams together. It belongs to one goroutine.
type Fragments struct {
	Dropped uint64 // frames of datagrams that were given up

	held  int
	open  map[fragKey]*datagram
	order []*datagram // oldest first; entries already closed are nil or marked
}

type fragKey struct {
	src, dst ward.IP
	id       uint32
	vlan     uint16
	proto    uint8
}

type datagram struct {
	key    fragKey
	first  int64
	wire   uint32
	frames uint16
	frame  uint64
	total  int // length once the last piece is known, else 0
	data   []byte
	pieces []piece
	closed bool
}

type piece struct{ from, to int }

// NewFragments makes an empty table.
func NewFragments() *Fragments { return &Fragments{open: map[fragKey]*datagram{}} }

func (f *Fragments) drop() {
	if f != nil {
		f.Dropped++
	}
}

// add keeps one piece and returns the whole payload when nothing is missing any more. Where pieces
// overlap the first bytes stay.
func (f *Fragments) add(id uint32, proto uint8, offset int, more bool, b []byte, in *Info) []byte {
	if offset+len(b) > maxDatagram || len(b) == 0 || more && len(b)%8 != 0 {
		f.Dropped++
		return nil
	}
	f.expire(in.Time)
	k := fragKey{in.Src, in.Dst, id, in.VLAN, proto}
	d := f.open[k]
	if d == nil {
		d = &datagram{key: k, first: in.Time, frame: in.Frame}
		f.open[k] = d
		f.order = append(f.order, d)
	}
	d.frames++
	d.wire += in.Wire
	if len(d.pieces) >= maxPieces {
		f.close(d, true)
		return nil
	}
	if !more {
		if d.total != 0 && d.total != offset+len(b) {
			f.close(d, true)
			return nil
		}
		d.total = offset + len(b)
	}
	f.put(d, offset, b)
	whole := d.total > 0 && len(d.pieces) == 1 && d.pieces[0].from == 0 && d.pieces[0].to >= d.total
	if !whole {
		return nil
	}
	f.close(d, false)
	in.Wire, in.Frames = d.wire, d.frames
	return d.data[:d.total]
}

// put copies the bytes that are new and joins the pieces they touch. Pieces stay sorted.
func (f *Fragments) put(d *datagram, from int, b []byte) {
	to := from + len(b)
	if to > len(d.data) {
		grown := make([]byte, to, max(to, min(maxDatagram, 2*cap(d.data))))
		copy(grown, d.data)
		f.held += len(grown) - len(d.data)
		d.data = grown
	}
	at := from
	var joined []piece
	merged := piece{from, to}
	for _, p := range d.pieces {
		if p.to < from || p.from > to {
			joined = append(joined, p)
			continue
		}
		if at < p.from {
			copy(d.data[at:p.from], b[at-from:])
		}
		at = max(at, p.to)
		merged.from, merged.to = min(merged.from, p.from), max(merged.to, p.to)
	}
	if at < to {
		copy(d.data[at:to], b[at-from:])
	}
	at = 0
	for at < len(joined) && joined[at].from < merged.from {
		at++
	}
	joined = append(joined, piece{})
	copy(joined[at+1:], joined[at:])
	joined[at] = merged
	d.pieces = joined
}

func (f *Fragments) close(d *datagram, drop bool) {
	if drop {
		f.Dropped += uint64(d.frames)
	}
	delete(f.open, d.key)
	f.held -= len(d.data)
	d.closed = true
	if drop {
		d.data = nil
	}
}

// expire gives up datagrams that are too old or too many.
func (f *Fragments) expire(now int64) {
	n := 0
	for n < len(f.order) {
		d := f.order[n]
		if !d.closed {
			if len(f.open) < maxDatagrams && f.held < maxHeld && now-d.first < fragTimeout && now >= d.first-fragTimeout {
				break
			}
			f.close(d, true)
		}
		f.order[n] = nil
		n++
	}
	f.order = f.order[n:]
}

// Close gives up whatever is still incomplete.
func (f *Fragments) Close() {
	for _, d := range f.order {
		if d != nil && !d.closed {
			f.close(d, true)
		}
	}
	f.order = nil
}

// Held is how many bytes of incomplete datagrams are kept.
func (f *Fragments) Held() int { return f.held }
