package wire

import (
	"hash/maphash"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/flow"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// maxTries is how many datagrams of each side may go unrecognised before a flow is left alone.
// On ports that no decoder names, fewer.
const (
	maxTries        = 3
	maxTriesAnyPort = 2
)

// After so many datagrams of a flow that said the same as the one before, one in eight is read,
// later one in thirty-two. Another word starts the count again.
const (
	quiet     = 64
	veryQuiet = 192
)

var payloadSeed = maphash.MakeSeed()

// datagram offers a UDP datagram, an ICMPv6 message or a link-layer frame to the decoders. The one
// that recognised the flow is asked first and, while it does, alone.
func (w *worker) datagram(in *packet.Info, i uint32, f *flow.Flow, side int) {
	if len(in.Payload) == 0 {
		return
	}
	if f.Decoder <= 0 { // below 0: the flow began as a tunnel, and this is none
		tries := uint8(maxTries)
		if in.Kind == packet.UDP && w.plan.udpHint[in.SrcPort]|w.plan.udpHint[in.DstPort] == 0 {
			tries = maxTriesAnyPort
		}
		if f.Tries[side&1] < tries {
			f.Tries[side&1]++
			w.recognise(in, i, f, side)
		}
		return
	}
	if h := uint32(maphash.Bytes(payloadSeed, in.Payload)); h != f.Next[side&1] { //nolint:gosec // half a hash will do
		f.Next[side&1] = h
	} else {
		return
	}
	if f.Quiet >= quiet {
		f.Quiet++
		if f.Quiet == 0 {
			f.Quiet = veryQuiet
		}
		if f.Quiet&7 != 0 || f.Quiet > veryQuiet && f.Quiet&31 != 0 {
			return
		}
	}
	w.aimPacket(in, f, side)
	before := w.notes.Said
	w.ask(f.Decoder-1, in, i)
	said := uint32(w.notes.Said - before) //nolint:gosec // half will do
	switch {
	case said != f.Said[side&1]:
		f.Quiet, f.Said[side&1] = 0, said
	case f.Quiet < quiet:
		f.Quiet++
	}
}

// recognise asks every decoder that may know the format, those that name the port first.
func (w *worker) recognise(in *packet.Info, i uint32, f *flow.Flow, side int) {
	p := w.plan
	var lists [3][]int16
	switch in.Kind {
	case packet.Frame:
		lists[0] = p.ether[in.EtherType]
	case packet.ICMPv6:
		lists[0] = p.icmp6
	default:
		lists[0], lists[1], lists[2] = p.udpList[p.udpHint[in.DstPort]], p.udpList[p.udpHint[in.SrcPort]], p.udpAny
		if f.Server == uint8(1-side&1) { //nolint:gosec // a bit
			break
		}
		lists[0], lists[1] = lists[1], lists[0]
	}
	aimed := false
	for n, list := range lists {
		for _, id := range list {
			if n == 2 && (contains(lists[0], id) || contains(lists[1], id)) {
				continue
			}
			if !aimed {
				w.aimPacket(in, f, side)
				aimed = true
			}
			if w.ask(id, in, i) {
				f.Decoder = id + 1
				w.speak(f, w.plan.decoders[id].Name)
				return
			}
		}
	}
}

func contains(list []int16, id int16) bool {
	for _, v := range list {
		if v == id {
			return true
		}
	}
	return false
}

func (w *worker) ask(id int16, in *packet.Info, i uint32) bool {
	w.current, w.currently = id+1, i
	d := &w.plan.decoders[id]
	switch in.Kind {
	case packet.Frame:
		return d.Frame(&in.Packet, &w.out)
	case packet.ICMPv6:
		return d.ICMPv6(&in.Packet, &w.out)
	}
	return d.Datagram(&in.Packet, &w.out)
}

// aimPacket sets who speaks to whom, for one packet.
func (w *worker) aimPacket(in *packet.Info, f *flow.Flow, side int) {
	o := &w.out
	w.aim(f, side)
	if in.DstMAC.IsGroup() {
		o.Peer.MAC = ward.MAC{}
	} else if in.DstMAC != (ward.MAC{}) {
		o.Peer.MAC = in.DstMAC
	}
	o.Time, o.Frame, o.Source = in.Time, in.Frame, in.Source
}

// aim sets who speaks to whom when a side of a flow sends.
func (w *worker) aim(f *flow.Flow, side int) {
	o := &w.out
	s := side & 1
	o.Sender = subject(f, s)
	o.Peer = subject(f, 1-s)
	if int(f.Server) == s {
		o.Client, o.Server = o.Peer, o.Sender
	} else {
		o.Client, o.Server = o.Sender, o.Peer
	}
	o.Service = ward.Service{Transport: f.Proto, Port: f.Port[f.Server&1]}
}

func subject(f *flow.Flow, side int) ward.Subject {
	return ward.Subject{MAC: f.MAC[side], IP: realIP(f.IP[side]), VLAN: f.VLAN}
}

// speak notes the protocol of a flow for both ends, as far as they are devices.
func (w *worker) speak(f *flow.Flow, name string) {
	if f.State&spoke != 0 {
		return
	}
	f.State |= spoke
	for s := range 2 {
		who := subject(f, s)
		if who.IP.IsGroup() || who.IP.IsZero() && who.MAC.IsZero() || s == 1 && f.Sent&2 == 0 && who.MAC.IsZero() && !w.out.Sender.MAC.IsZero() {
			continue
		}
		w.out.SayOf(who, &decode.Speaks, name)
	}
}

// speakTunnel notes a tunnel for the two ends of it.
func (w *worker) speakTunnel(in *packet.Info, f *flow.Flow, t packet.Tunnel) {
	w.aimPacket(in, f, 0)
	spoken := f.State & spoke
	f.State &^= spoke
	w.speak(f, t.String())
	f.State = f.State&^spoke | spoken
}

// protocol is the name of who recognised a flow: a decoder from 1, a tunnel below 0.
func (p *plan) protocol(id int16) string {
	switch {
	case id > 0:
		return p.decoders[id-1].Name
	case id < 0:
		return packet.Tunnel(-id).String()
	}
	return ""
}
