package wire

import (
	"github.com/wardkeeper/wardkeeper/ward"
)

// account sums flows into stations and conversations.
type account struct {
	max       int
	stations  map[stationKey]*station
	talks     map[talkKey]*talk
	lostStat  uint64
	lostTalks uint64
}

type stationKey struct {
	ip   ward.IP
	mac  ward.MAC
	vlan uint16
}

type station struct {
	first, last    int64
	packets, bytes uint64
	frame          uint64
	source         int32
	hops           uint8
}

type talkKey struct {
	from, to       ward.IP
	fromMAC, toMAC ward.MAC
	vlan, port     uint16
	transport      uint8
}

type talk struct {
	first, last       int64
	packets, bytes    uint64 // both directions
	outPkts, outBytes uint64
	frame             uint64
	source            int32
	protocol          int16
	answered          bool
}

func newAccount(limit int) account {
	return account{max: limit, stations: map[stationKey]*station{}, talks: map[talkKey]*talk{}}
}

func earlier(sourceA int32, frameA uint64, sourceB int32, frameB uint64) bool {
	return sourceA < sourceB || sourceA == sourceB && frameA < frameB
}

func (a *account) addStation(k stationKey, s *station) {
	e := a.stations[k]
	if e == nil {
		if len(a.stations) >= a.max {
			a.lostStat++
			return
		}
		c := *s
		a.stations[k] = &c
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

func (a *account) addTalk(k talkKey, t *talk) {
	e := a.talks[k]
	if e == nil {
		if len(a.talks) >= a.max {
			a.lostTalks++
			return
		}
		c := *t
		a.talks[k] = &c
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

// join takes over what another account holds.
func (a *account) join(b *account) {
	for k, s := range b.stations {
		a.addStation(k, s)
	}
	for k, t := range b.talks {
		a.addTalk(k, t)
	}
	b.reset()
}

func (a *account) reset() {
	a.stations, a.talks = map[stationKey]*station{}, map[talkKey]*talk{}
}

func (a *account) export(p *plan) (st []ward.Station, tk []ward.Conversation) {
	st = make([]ward.Station, 0, len(a.stations))
	for k, s := range a.stations {
		st = append(st, ward.Station{
			MAC: k.mac, IP: k.ip, VLAN: k.vlan, Hops: s.hops, Packets: s.packets, Bytes: s.bytes,
			First: s.first, Last: s.last, Source: int(s.source), Frame: s.frame,
		})
	}
	tk = make([]ward.Conversation, 0, len(a.talks))
	for k, t := range a.talks {
		tk = append(tk, ward.Conversation{
			From:    ward.Subject{MAC: k.fromMAC, IP: k.from, VLAN: k.vlan},
			To:      ward.Subject{MAC: k.toMAC, IP: k.to, VLAN: k.vlan},
			Service: ward.Service{Transport: k.transport, Port: k.port}, Protocol: p.protocol(t.protocol),
			Packets: t.packets, Bytes: t.bytes, PacketsOut: t.outPkts, BytesOut: t.outBytes,
			First: t.first, Last: t.last, Answered: t.answered, Source: int(t.source), Frame: t.frame,
		})
	}
	return st, tk
}
