package wire

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"sync"

	"github.com/wardkeeper/wardkeeper/know/wire/flow"
	"github.com/wardkeeper/wardkeeper/ward"
)

// account sums flows into stations and conversations, for all workers together. It holds no
// pointers but to its pages.
type account struct {
	mu       sync.Mutex
	key      [2]uint64
	stations book[station]
	talks    book[talk]
}

// clerk brings one worker's flows to the account, a few at a time, so that the memory they need is
// fetched together and the account is locked seldom.
type clerk struct {
	acct     *account
	stations []due[station]
	talks    []due[talk]
	touched  uint64
}

type station struct {
	ip             ward.IP
	mac            ward.MAC
	vlan           uint16
	first, last    int64
	packets, bytes uint64
	frame          uint64
	source         int32
	hops           uint8
}

type talk struct {
	from, to          ward.IP
	fromMAC, toMAC    ward.MAC
	vlan, port        uint16
	transport         uint8
	answered          bool
	protocol          int16
	source            int32
	first, last       int64
	packets, bytes    uint64 // both directions
	outPkts, outBytes uint64
	frame             uint64
}

// due is one sum to be made.
type due[T any] struct {
	hash   uint64
	worthy bool // answered, recognised or of several packets: no flood looks so
	sum    T
}

// severalPackets in a flow show that somebody means it.
const severalPackets = 3

// waitingFlows is about how many flows are summed together.
const waitingFlows = 32

func newAccount(limit int) *account {
	a := &account{key: [2]uint64{
		maphash.Comparable(maphash.MakeSeed(), 0) | 1, maphash.Comparable(maphash.MakeSeed(), 1) | 1,
	}}
	a.stations.limit, a.talks.limit = limit, max(1, limit/4*3)
	a.stations.crowded, a.talks.crowded = a.stations.limit/8, a.talks.limit/2
	return a
}

func (a *account) mix(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x^a.key[0], y^a.key[1])
	return hi ^ lo
}

func (a *account) hashStation(s *station) uint64 {
	h := a.mix(binary.LittleEndian.Uint64(s.ip[:8]), binary.LittleEndian.Uint64(s.ip[8:]))
	m := uint64(binary.LittleEndian.Uint32(s.mac[:])) | uint64(s.mac[4])<<32 | uint64(s.mac[5])<<40 | uint64(s.vlan)<<48
	return a.mix(h, m)
}

func (a *account) hashTalk(t *talk) uint64 {
	h := a.mix(binary.LittleEndian.Uint64(t.from[8:]), binary.LittleEndian.Uint64(t.to[8:]))
	h = a.mix(h, binary.LittleEndian.Uint64(t.from[:8])^bits.RotateLeft64(binary.LittleEndian.Uint64(t.to[:8]), 32))
	h = a.mix(h, uint64(t.port)|uint64(t.transport)<<16|uint64(t.vlan)<<32)
	return a.mix(h, uint64(binary.LittleEndian.Uint32(t.fromMAC[2:]))|uint64(binary.LittleEndian.Uint32(t.toMAC[2:]))<<32)
}

func newClerk(a *account) clerk {
	return clerk{
		acct:     a,
		stations: make([]due[station], 0, 2*waitingFlows), talks: make([]due[talk], 0, waitingFlows),
	}
}

// add lets a flow's counters wait for others.
func (k *clerk) add(f *flow.Flow, c *flow.Cold) {
	k.split(f, c)
	if len(k.stations) >= 2*waitingFlows-2 || len(k.talks) >= waitingFlows-1 {
		k.settle()
	}
}

// settle sums what waits, in phases: slots, entries, sums.
func (k *clerk) settle() {
	a := k.acct
	a.mu.Lock()
	defer a.mu.Unlock()
	touched := uint64(0)
	for i := range k.stations {
		touched += a.stations.touch(k.stations[i].hash)
	}
	for i := range k.talks {
		touched += a.talks.touch(k.talks[i].hash)
	}
	for i := range k.stations {
		if e := a.stations.guess(k.stations[i].hash); e != nil {
			touched += uint64(e.vlan) + e.frame
		}
	}
	for i := range k.talks {
		if e := a.talks.guess(k.talks[i].hash); e != nil {
			touched += uint64(e.port) + e.frame
		}
	}
	k.touched += touched // so that the touching is not optimised away
	for i := range k.stations {
		a.addStation(&k.stations[i])
	}
	for i := range k.talks {
		a.addTalk(&k.talks[i])
	}
	k.stations, k.talks = k.stations[:0], k.talks[:0]
}

// split makes the sums that one flow asks for: its senders, and the conversation.
func (k *clerk) split(f *flow.Flow, c *flow.Cold) {
	a := k.acct
	worthy := f.Sent == 3 || f.Decoder != 0 || f.Packets[0]+f.Packets[1] >= severalPackets
	for s := range 2 {
		if f.Seen>>s&1 == 0 {
			continue
		}
		k.stations = append(k.stations, due[station]{})
		d := &k.stations[len(k.stations)-1]
		d.sum = station{
			ip: realIP(f.IP[s]), mac: f.MAC[s], vlan: f.VLAN,
			first: c.First[s], last: f.Last[s], packets: uint64(f.Packets[s]), bytes: uint64(f.Bytes[s]),
			frame: c.Frame[s], source: c.Source, hops: f.Hops[s],
		}
		d.hash, d.worthy = a.hashStation(&d.sum), worthy
	}
	if f.Proto == 0 && (f.Decoder == 0 || f.Ether == 0x0806 || f.MAC[1].IsZero()) {
		return // between hardware addresses only what was recognised is a conversation
	}
	server := int(f.Server & 1)
	client := 1 - server
	k.talks = append(k.talks, due[talk]{})
	d := &k.talks[len(k.talks)-1]
	t := &d.sum
	*t = talk{
		from: realIP(f.IP[client]), to: realIP(f.IP[server]), fromMAC: f.MAC[client], toMAC: f.MAC[server],
		vlan: f.VLAN, port: f.Port[server], transport: f.Proto,
		packets: uint64(f.Packets[0]) + uint64(f.Packets[1]), bytes: uint64(f.Bytes[0]) + uint64(f.Bytes[1]),
		outPkts: uint64(f.Packets[client]), outBytes: uint64(f.Bytes[client]),
		source: c.Source, protocol: f.Decoder, answered: f.Sent>>server&1 == 1,
	}
	for s := range 2 {
		if f.Seen>>s&1 == 0 {
			continue
		}
		if t.first == 0 || c.First[s] < t.first {
			t.first = c.First[s]
		}
		if t.frame == 0 || c.Frame[s] < t.frame {
			t.frame = c.Frame[s]
		}
		t.last = max(t.last, f.Last[s])
	}
	d.hash, d.worthy = a.hashTalk(t), worthy
}

func earlier(sourceA int32, frameA uint64, sourceB int32, frameB uint64) bool {
	return sourceA < sourceB || sourceA == sourceB && frameA < frameB
}

func (a *account) addStation(d *due[station]) {
	s := &d.sum
	e, fresh := a.stations.find(d.hash, d.worthy, func(e *station) bool {
		return e.ip == s.ip && e.mac == s.mac && e.vlan == s.vlan
	})
	switch {
	case e == nil:
		return
	case fresh:
		*e = *s
		return
	}
	e.first, e.last = min(e.first, s.first), max(e.last, s.last)
	e.packets += s.packets
	e.bytes += s.bytes
	e.hops = min(e.hops, s.hops)
	if earlier(s.source, s.frame, e.source, e.frame) {
		e.source, e.frame = s.source, s.frame
	}
}

func (a *account) addTalk(d *due[talk]) {
	t := &d.sum
	e, fresh := a.talks.find(d.hash, d.worthy, func(e *talk) bool {
		return e.port == t.port && e.transport == t.transport && e.vlan == t.vlan &&
			e.from == t.from && e.to == t.to && e.fromMAC == t.fromMAC && e.toMAC == t.toMAC
	})
	switch {
	case e == nil:
		return
	case fresh:
		*e = *t
		return
	}
	e.first, e.last = min(e.first, t.first), max(e.last, t.last)
	e.packets += t.packets
	e.bytes += t.bytes
	e.outPkts += t.outPkts
	e.outBytes += t.outBytes
	e.answered = e.answered || t.answered
	if t.protocol != 0 && (e.protocol == 0 || t.protocol < e.protocol) {
		e.protocol = t.protocol
	}
	if earlier(t.source, t.frame, e.source, e.frame) {
		e.source, e.frame = t.source, t.frame
	}
}

// export hands everything over and starts afresh.
func (a *account) export(p *plan) (st []ward.Station, tk []ward.Conversation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	st = make([]ward.Station, 0, a.stations.n)
	a.stations.each(func(s *station) {
		st = append(st, ward.Station{
			MAC: s.mac, IP: s.ip, VLAN: s.vlan, Hops: s.hops, Packets: s.packets, Bytes: s.bytes,
			First: s.first, Last: s.last, Source: int(s.source), Frame: s.frame,
		})
	})
	a.stations.reset()
	tk = make([]ward.Conversation, 0, a.talks.n)
	a.talks.each(func(t *talk) {
		tk = append(tk, ward.Conversation{
			From:    ward.Subject{MAC: t.fromMAC, IP: t.from, VLAN: t.vlan},
			To:      ward.Subject{MAC: t.toMAC, IP: t.to, VLAN: t.vlan},
			Service: ward.Service{Transport: t.transport, Port: t.port}, Protocol: p.protocol(t.protocol),
			Packets: t.packets, Bytes: t.bytes, PacketsOut: t.outPkts, BytesOut: t.outBytes,
			First: t.first, Last: t.last, Answered: t.answered, Source: int(t.source), Frame: t.frame,
		})
	})
	a.talks.reset()
	return st, tk
}
