package wire

import (
	"sync"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/flow"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// chunk is how many packets wait for memory together.
const chunk = 64

// States of a flow, beside its decoder.
const (
	ignored  = 1 << iota // nothing in it is read any more until a new connection starts
	roleSure             // who opened the connection was seen
	nextA                // the next sequence number of side 0 is known
	nextB                // of side 1
	spoke                // the protocol was noted
	refusedA             // nobody knows what side 0 says
	refusedB             // what side 1 says
	over                 // the connection was closed
)

// backwards is how far, in nanoseconds of capture time, a clock may go back without everything
// starting afresh.
const backwards = 60e9

// worker looks after a share of the flows: all packets of a flow come to the same worker.
type worker struct {
	mu    sync.Mutex // held while a batch is worked on, and while its notes are taken
	plan  *plan
	key   packet.Key
	table *flow.Table
	notes *decode.Notebook
	clerk clerk
	conns conns
	out   decode.Out
	cand  [chunk]uint32
	sink  uint64

	current   int16 // decoder at work, from 1, to name it when it panics
	currently uint32
	panics    map[string]uint64
	gaps      uint64
	stalled   uint64 // connections given up for want of room
}

func newWorker(p *plan, key packet.Key, acct *account, opt *Options, first *worker) *worker {
	w := &worker{plan: p, key: key, clerk: newClerk(acct), panics: map[string]uint64{}}
	if first == nil {
		w.notes = decode.NewNotebook(opt.Mask)
	} else {
		w.notes = first.notes.Sibling()
	}
	w.out.Notes = w.notes
	w.table = flow.NewTable(opt.FlowCapacity/opt.Workers, w)
	w.conns = newConns(max(16, opt.Connections/opt.Workers), opt.Reassembly/opt.Workers)
	return w
}

// work takes the packets of a batch that are this worker's, named by their positions.
func (w *worker) work(infos []packet.Info, list []uint16) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(list) > 0 {
		n := min(chunk, len(list))
		w.batch(infos, list[:n])
		list = list[n:]
	}
}

// batch works in phases, so that the memory of all packets is fetched at once: buckets, then
// flows, then the work itself.
func (w *worker) batch(infos []packet.Info, list []uint16) {
	sink := uint64(0)
	for _, k := range list {
		sink += w.table.Touch(infos[k].Hash)
	}
	for n, k := range list {
		w.cand[n] = w.table.Guess(infos[k].Hash, infos[k].Time)
	}
	for _, i := range w.cand[:len(list)] {
		sink += w.table.TouchFlow(i)
	}
	w.sink += sink
	for n := 0; n < len(list); {
		n = w.run(infos, list, n)
	}
}

// run works on packets from position n on. When a decoder panics it is counted and its flow set
// aside; work goes on with the next packet.
func (w *worker) run(infos []packet.Info, list []uint16, n int) (next int) {
	defer func() {
		if r := recover(); r != nil {
			w.panicked()
			next++
		}
	}()
	for next = n; next < len(list); next++ {
		w.one(&infos[list[next]], w.cand[next])
	}
	return next
}

func (w *worker) panicked() {
	name := "engine"
	if w.current > 0 {
		name = w.plan.decoders[w.current-1].Name
	}
	w.panics[name]++
	f := w.table.At(w.currently)
	f.State |= ignored
	if f.Conn != 0 {
		c := w.conns.at(f.Conn)
		c.session = nil
		w.conns.put(f.Conn)
		f.Conn = 0
	}
	w.current = 0
}

// one accounts for a packet and offers it to the decoders.
func (w *worker) one(in *packet.Info, guess uint32) {
	a, b := in.Ends()
	ether := in.Ether()
	i := guess
	side := w.table.At(guess).Side(a, b, in.SrcPort, in.DstPort, in.VLAN, in.Transport, ether)
	if side < 0 {
		i, side = w.table.Find(in.Hash, a, b, in.SrcPort, in.DstPort, in.VLAN, in.Transport, ether)
	}
	var f *flow.Flow
	if side < 0 {
		i, f = w.start(in, a, b, ether)
		side = 0
	} else {
		f = w.table.At(i)
		if w.over(in, i, f) {
			*f = flow.Flow{}
			w.begin(in, f, a, b, ether)
			w.table.Seen(i, in.Time, flow.Short)
			side = 0
		}
	}
	w.current, w.currently = 0, i
	w.count(in, i, f, side)
	if in.Outer != packet.NoTunnel {
		return
	}
	switch in.Kind {
	case packet.TCP:
		w.segment(in, i, f, side)
	case packet.UDP, packet.Frame, packet.ICMPv6:
		w.datagram(in, i, f, side)
	}
}

// start makes a flow.
func (w *worker) start(in *packet.Info, a, b *ward.IP, ether uint16) (uint32, *flow.Flow) {
	i := w.table.Insert(in.Hash, in.Time)
	f := w.table.At(i)
	w.begin(in, f, a, b, ether)
	return i, f
}

// begin fills in a new flow from its first packet.
func (w *worker) begin(in *packet.Info, f *flow.Flow, a, b *ward.IP, ether uint16) {
	f.IP = [2]ward.IP{*a, *b}
	f.Port = [2]uint16{in.SrcPort, in.DstPort}
	f.VLAN, f.Proto, f.Ether = in.VLAN, in.Transport, ether
	f.MAC[0] = in.SrcMAC
	if !in.DstMAC.IsGroup() {
		f.MAC[1] = in.DstMAC
	}
	w.roles(in, f)
	if in.Outer != packet.NoTunnel {
		f.Decoder = -int16(in.Outer)
		w.speakTunnel(in, f, in.Outer)
	}
	if in.Via != packet.NoTunnel {
		w.speakTunnel(in, f, in.Via)
	}
}

// roles decides which side serves, as far as one packet tells.
func (w *worker) roles(in *packet.Info, f *flow.Flow) {
	side, ambiguous := w.plan.serverSide(in.Transport, in.SrcPort, in.DstPort)
	f.Server = side
	if in.Group || ambiguous && in.SrcPort == in.DstPort {
		f.Server = 1
	}
}

// patience is how long a flow may be silent.
func patience(f *flow.Flow) flow.Patience {
	switch {
	case f.State&over != 0:
		return flow.None
	case f.Proto == 6 && f.Sent == 3:
		return flow.Long
	}
	return flow.Short
}

// over looks whether a packet comes too late to belong to what its flow was, and ends that. The
// outcome is the same whether or not the table had given the flow up in the meantime.
func (w *worker) over(in *packet.Info, i uint32, f *flow.Flow) bool {
	last := max(f.Last[0], f.Last[1])
	switch d := in.Time - last; {
	case d > patience(f).Nanoseconds() || d < -backwards:
		w.take(i)
		w.endConn(f)
		return true
	case d > 0 && !flow.SameAge(in.Time, last):
		w.table.Seen(i, in.Time, patience(f))
	}
	return false
}

// count adds a packet to its flow.
func (w *worker) count(in *packet.Info, i uint32, f *flow.Flow, side int) {
	s := side & 1
	bit := uint8(1) << s
	if f.MAC[s] != in.SrcMAC || f.Bytes[s] > 1<<31 {
		if f.Seen&bit != 0 {
			w.take(i)
		}
		f.MAC[s] = in.SrcMAC
	}
	if f.Seen&bit == 0 {
		f.Seen |= bit
		if f.Sent |= bit; f.Sent == 3 {
			w.table.Seen(i, max(in.Time, f.Last[1-s]), patience(f))
		}
		c := w.table.Cold(i)
		c.First[s], c.Frame[s], c.Source = in.Time, in.Frame, int32(in.Source) //nolint:gosec // a small index
		f.Hops[s] = in.Hops
		f.Last[s] = in.Time
	}
	f.Hops[s] = min(f.Hops[s], in.Hops)
	f.Last[s] = max(f.Last[s], in.Time)
	f.Packets[s] += uint32(in.Frames)
	f.Bytes[s] += in.Wire
}

// Ended is told of a flow that the table gives up.
func (w *worker) Ended(i uint32) {
	w.take(i)
	w.endConn(w.table.At(i))
}

// Moved is told of a flow that has another index now.
func (w *worker) Moved(f *flow.Flow, i uint32) {
	if f.Conn != 0 {
		w.conns.at(f.Conn).flow = i
	}
}

// Hash is a flow's hash once more.
func (w *worker) Hash(f *flow.Flow) uint64 {
	return w.key.Of(&f.IP[0], &f.IP[1], f.Port[0], f.Port[1], f.Proto, f.VLAN, f.Ether)
}

// take moves a flow's counters into the account.
func (w *worker) take(i uint32) {
	f := w.table.At(i)
	if f.Seen == 0 {
		return
	}
	w.clerk.add(f, w.table.Cold(i))
	f.Seen, f.Packets, f.Bytes = 0, [2]uint32{}, [2]uint32{}
}

// realIP is the network address of an end, or none when it stands for a hardware address.
func realIP(ip ward.IP) ward.IP {
	if ip[6] == 0xff && ip[7] == 0xff && [6]byte(ip[:6]) == [6]byte{} && ip[8]|ip[9] == 0 {
		return ward.IP{}
	}
	return ip
}

func (w *worker) dropped(put func(string, uint64)) {
	put("flows evicted", w.table.Evicted)
	put("connections not read", w.stalled)
	put("connections broken by gaps", w.gaps)
	for name, n := range w.panics {
		put("decoder panic: "+name, n)
	}
	for reason, n := range w.notes.Dropped {
		put(reason, n)
	}
}
