package identity

import (
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Forget lets go of stations, leases and flows that were not heard since a moment, so that an Engine
// that runs for months keeps room for what is there. Devices that lived by them alone are reported
// by Gone. It costs as much as a fresh start on what remains.
func (e *Engine) Forget(since time.Time) {
	e.resolve()
	limit := since.UnixNano()
	old := *e
	fresh := New(e.opt)
	fresh.until, fresh.dropped, fresh.gone = e.until, e.dropped, e.gone
	fresh.owners, fresh.reads, fresh.memo = e.owners, e.reads, e.memo
	*e = *fresh
	for subject, st := range old.stations {
		if st.lastHeard() >= limit {
			e.adopt(subject, st)
		}
	}
	for _, c := range old.cards {
		for _, l := range c.leases {
			if l.last >= limit {
				e.bind(&ward.Binding{
					MAC: c.mac, IP: l.ip.ip, VLAN: l.vlan, How: l.how, First: l.first, Last: l.last, Count: l.count, Source: l.src, Frame: l.frame,
				})
			}
		}
	}
	for i := range old.flows {
		if old.flows[i].Last >= limit {
			e.converse(&old.flows[i])
		}
	}
	for _, x := range old.interfaces {
		if x.Last >= limit {
			e.exchange(x)
		}
	}
	e.resolve()
	e.settle(&old)
}

// lastHeard is when a station last sent or was last spoken of.
func (st *station) lastHeard() int64 {
	last := st.last
	for i := range st.facts {
		last = max(last, st.facts[i].last)
	}
	return last
}

// adopt takes over a station with all that it said.
func (e *Engine) adopt(subject ward.Subject, from *station) {
	if from.heard {
		e.hear(&ward.Station{
			MAC: subject.MAC, IP: subject.IP, VLAN: subject.VLAN, Hops: from.hops, Packets: from.packets, Bytes: from.bytes,
			First: from.first, Last: from.last, Source: from.source, Frame: from.frame,
		})
	}
	for i := range from.facts {
		f := &from.facts[i]
		e.see(&ward.Sighting{
			Subject: subject, Peer: f.peer, Field: f.field, Value: f.value, Finding: f.finding,
			First: f.first, Last: f.last, Count: f.count, Source: f.source, Frame: f.frame,
		})
	}
	if st := e.stations[subject]; st != nil {
		st.spoken = from.spoken
	}
}

// settle works out what became of the devices there were: those without a successor are gone, and
// of the rest only those that were waiting to be told are still news.
func (e *Engine) settle(old *Engine) {
	now := make(map[string]bool, len(e.devices))
	for _, d := range e.devices {
		now[d.doc.ID] = d.shown
	}
	for _, d := range old.devices {
		if d.shown && !now[d.doc.ID] {
			e.gone[d.doc.ID] = true
		}
	}
	waiting := make(map[string]bool, len(old.changed))
	for _, d := range old.changed {
		waiting[d.doc.ID] = true
	}
	e.changed = e.changed[:0]
	for _, d := range e.devices {
		if waiting[d.doc.ID] && d.shown {
			e.changed = append(e.changed, d)
		}
	}
}
