package identity

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/wardkeeper/wardkeeper/ward"
)

type flowKey struct {
	from, to endpointKey
	service  ward.Service
}

// endpointKey is one end of a conversation: the network address, or the hardware address where
// there is none.
type endpointKey struct {
	ip  ward.IP
	mac ward.MAC
}

func keyOf(s ward.Subject) endpointKey {
	if s.IP.IsZero() {
		return endpointKey{mac: s.MAC}
	}
	return endpointKey{ip: s.IP}
}

type interfaceKey struct {
	protocol string
	from, to endpointKey
	port     uint16
}

func (e *Engine) converse(c *ward.Conversation) {
	if c.From.IP == c.To.IP && !c.From.IP.IsZero() {
		if p := e.places[c.From.IP]; p != nil {
			p.talks += c.Packets
			e.touch(nil, p)
			for _, owner := range p.owners {
				e.touch(owner, nil)
			}
		}
	}
	k := flowKey{keyOf(c.From), keyOf(c.To), c.Service}
	if i, ok := e.flowAt[k]; ok {
		f := &e.flows[i]
		f.Packets += c.Packets
		f.Bytes += c.Bytes
		if earlier(c.First, c.From, c.To, f.First, f.From, f.To) {
			f.From, f.To = c.From, c.To
		}
		f.First, f.Last = min(f.First, c.First), max(f.Last, c.Last)
		f.Answered = f.Answered || c.Answered
		if f.Protocol == "" || c.Protocol != "" && c.Protocol < f.Protocol {
			f.Protocol = c.Protocol
		}
		return
	}
	if len(e.flows) >= maxFlows {
		e.dropped["flows"]++
		return
	}
	e.flowAt[k] = int32(len(e.flows)) //nolint:gosec // bounded by maxFlows
	e.flows = append(e.flows, *c)
}

// earlier decides between the hardware addresses of two conversations of the same network addresses:
// those heard first count, whatever order they are told in.
func earlier(a int64, aFrom, aTo ward.Subject, b int64, bFrom, bTo ward.Subject) bool {
	return cmp.Or(cmp.Compare(a, b), bytes.Compare(aFrom.MAC[:], bFrom.MAC[:]), bytes.Compare(aTo.MAC[:], bTo.MAC[:])) < 0
}

func (e *Engine) exchange(x *ward.Exchange) {
	k := interfaceKey{x.Protocol, keyOf(x.From), keyOf(x.To), x.Port}
	o, ok := e.interfaces[k]
	if !ok {
		if len(e.interfaces) >= maxInterfaces {
			e.dropped["interfaces"]++
			return
		}
		c := *x
		c.What, c.Names = slices.Clone(x.What), slices.Clone(x.Names)
		e.interfaces[k] = &c
		return
	}
	o.Messages += x.Messages
	o.Bytes += x.Bytes
	o.Patient = o.Patient || x.Patient
	if earlier(x.First, x.From, x.To, o.First, o.From, o.To) {
		o.From, o.To = x.From, x.To
	}
	o.First, o.Last = min(o.First, x.First), max(o.Last, x.Last)
	if o.Secured == nil {
		o.Secured = x.Secured
	}
	for _, w := range x.What {
		addText(&o.What, w)
	}
	for _, n := range x.Names {
		addText(&o.Names, n)
	}
}

// deviceOf is the device behind an address, or nil.
func (e *Engine) deviceOf(s ward.Subject) *device {
	p := e.places[s.IP]
	c := e.cards[s.MAC]
	var d *device
	switch {
	case p != nil && c != nil && slices.Contains(p.owners, c):
		d = c.unit.device
	case p != nil && len(p.owners) > 0:
		d = p.owners[0].unit.device
	case p != nil:
		d = p.unit.device
	case c != nil && s.IP.IsZero():
		d = c.unit.device
	}
	if d == nil || s.Part == "" {
		return d
	}
	for _, part := range d.parts {
		if part.part == s.Part {
			return part
		}
	}
	return d
}

// nameOf is the id of the device behind an address when it is one that is shown, else the address.
func (e *Engine) nameOf(s ward.Subject) string {
	if d := e.deviceOf(s); d != nil && d.shown {
		return d.doc.ID
	}
	return s.String()
}

// traffic lists the flows between devices; several addresses of one device make one flow.
func (e *Engine) traffic() []ward.Flow {
	type way struct {
		from, to string
		service  ward.Service
	}
	out := make([]ward.Flow, 0, len(e.flows))
	at := map[way]int32{}
	services := map[ward.Service]string{}
	for i := range e.flows {
		c := &e.flows[i]
		from, several := e.end(c.From)
		to, more := e.end(c.To)
		if several || more {
			k := way{from, to, c.Service}
			if n, ok := at[k]; ok {
				addFlow(&out[n], c)
				continue
			}
			at[k] = int32(len(out)) //nolint:gosec // bounded by maxFlows
		}
		name, ok := services[c.Service]
		if !ok {
			name = c.Service.String()
			services[c.Service] = name
		}
		out = append(out, ward.Flow{
			From: from, To: to, Service: name, Protocol: c.Protocol,
			Packets: c.Packets, Bytes: c.Bytes, First: when(c.First), Last: when(c.Last),
		})
	}
	return inOrder(out)
}

func addFlow(f *ward.Flow, c *ward.Conversation) {
	f.Packets += c.Packets
	f.Bytes += c.Bytes
	if t := when(c.First); t.Before(f.First) {
		f.First = t
	}
	if t := when(c.Last); t.After(f.Last) {
		f.Last = t
	}
	if f.Protocol == "" || c.Protocol != "" && c.Protocol < f.Protocol {
		f.Protocol = c.Protocol
	}
}

// inOrder sorts flows by time, then by who and what. Flows are large, so their places are sorted.
func inOrder(flows []ward.Flow) []ward.Flow {
	places := make([]int32, len(flows))
	for i := range places {
		places[i] = int32(i) //nolint:gosec // bounded by maxFlows
	}
	slices.SortFunc(places, func(x, y int32) int {
		a, b := &flows[x], &flows[y]
		if c := a.First.Compare(b.First); c != 0 {
			return c
		}
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(a.Service, b.Service))
	})
	out := make([]ward.Flow, len(flows))
	for i, p := range places {
		out[i] = flows[p]
	}
	return out
}

// end names one end of a flow and tells whether the device there has other addresses, so that
// several flows may be one.
func (e *Engine) end(s ward.Subject) (name string, several bool) {
	d := e.deviceOf(s)
	if d == nil || !d.shown {
		return s.String(), false
	}
	return d.doc.ID, len(d.doc.IPs)+len(d.doc.MACs) > 2
}

// Interfaces lists the interfaces over which records travel.
func (e *Engine) Interfaces() []ward.Interface {
	e.resolve()
	out := make([]ward.Interface, 0, len(e.interfaces))
	for _, x := range e.interfaces {
		i := ward.Interface{
			Protocol: x.Protocol, From: e.nameOf(x.From), To: e.nameOf(x.To), Port: x.Port, Secured: x.Secured,
			What: slices.Clone(x.What), Names: slices.Clone(x.Names), Messages: x.Messages, Bytes: x.Bytes, Patient: x.Patient,
		}
		if i.What == nil {
			i.What = []string{}
		}
		slices.Sort(i.What)
		slices.Sort(i.Names)
		if i.Bytes == 0 {
			if n, ok := e.flowAt[flowKey{keyOf(x.From), keyOf(x.To), ward.Service{Transport: 6, Port: x.Port}}]; ok {
				i.Bytes = e.flows[n].Bytes
			}
		}
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b ward.Interface) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Messages, b.Messages))
	})
	return out
}
