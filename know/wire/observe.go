package wire

import (
	"github.com/wardkeeper/wardkeeper/ward"
)

// Flush hands over everything noted since the last flush. It ends nothing: connections under way
// go on. Flows that have been silent for long are forgotten.
func (e *Engine) Flush() *ward.Observation { return e.collect(false) }

// Close ends all flows and sessions and hands over the rest. The engine can be used again.
func (e *Engine) Close() *ward.Observation { return e.collect(true) }

func (e *Engine) collect(all bool) *ward.Observation {
	e.mu.Lock()
	o := &ward.Observation{Sensor: e.opt.Sensor, Until: e.until}
	e.mu.Unlock()
	first := e.workers[0]
	first.mu.Lock()
	defer first.mu.Unlock()
	for _, w := range e.workers {
		if w != first {
			w.mu.Lock()
		}
		w.sweep(all, o.Until)
		if w != first {
			first.notes.Join(w.notes)
			w.mu.Unlock()
		}
	}
	o.Sightings, o.Bindings, o.Exchanges = first.notes.Flush()
	o.Stations, o.Conversations = e.acct.export(e.plan)
	fillBytes(o)
	return o
}

// sweep takes the counters of all flows, and ends those that are over, or all.
func (w *worker) sweep(all bool, now int64) {
	if all {
		w.table.Empty()
		w.clerk.settle()
		return
	}
	w.table.Each(func(i uint32) {
		f := w.table.At(i)
		if now-max(f.Last[0], f.Last[1]) > patience(f).Nanoseconds() {
			w.table.Remove(i)
			return
		}
		w.take(i)
	})
	w.clerk.settle()
}

// fillBytes sets the bytes of each exchange to those of the conversations that carried it.
func fillBytes(o *ward.Observation) {
	if len(o.Exchanges) == 0 {
		return
	}
	type way struct {
		from, to ward.IP
		port     uint16
	}
	at := make(map[way][]int, len(o.Exchanges))
	for i := range o.Exchanges {
		x := &o.Exchanges[i]
		k := way{x.From.IP, x.To.IP, x.Port}
		at[k] = append(at[k], i)
	}
	for i := range o.Conversations {
		c := &o.Conversations[i]
		for _, n := range at[way{c.From.IP, c.To.IP, c.Service.Port}] {
			o.Exchanges[n].Bytes += c.Bytes
		}
	}
}
