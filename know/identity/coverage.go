package identity

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/wardkeeper/wardkeeper/ward"
)

// subnet is how much of one address range was heard.
type subnet struct {
	prefix    netip.Prefix
	vlan      uint16
	hosts     int // senders on the segment
	far       int // senders heard only through a router
	unicast   int // conversations between two hosts, answered
	oneWay    int // conversations of which one side was heard
	announced int // broadcast and multicast
}

type subnetKey struct {
	prefix netip.Prefix
	vlan   uint16
}

// Subnets are guessed at 24 bits for IPv4 and 64 for IPv6, as hospitals cut them; a site that cuts
// differently says so in its configuration.
const (
	bits4 = 24
	bits6 = 64
)

func (e *Engine) prefixOf(a netip.Addr) (netip.Prefix, bool) {
	if !a.IsValid() || a.IsMulticast() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() {
		return netip.Prefix{}, false
	}
	for _, p := range e.opt.Expected {
		if p.Contains(a) {
			return p.Masked(), true
		}
	}
	n := bits4
	if a.Is6() {
		n = bits6
	}
	p, err := a.Prefix(n)
	return p, err == nil
}

// Coverage says how well each subnet is seen, from what was heard of it.
func (e *Engine) Coverage() ward.Coverage {
	e.resolve()
	subnets := map[subnetKey]*subnet{}
	get := func(s ward.Subject) *subnet {
		prefix, ok := e.prefixOf(s.IP.Addr())
		if !ok {
			return nil
		}
		k := subnetKey{prefix, s.VLAN}
		if subnets[k] == nil {
			subnets[k] = &subnet{prefix: prefix, vlan: s.VLAN}
		}
		return subnets[k]
	}
	for _, st := range e.stations {
		p := st.place
		if !st.heard || p == nil || st.subject.Part != "" {
			continue
		}
		near := st.card != nil && slices.Contains(p.owners, st.card)
		if a := st.subject.IP.Addr(); !near && !a.IsPrivate() {
			continue // the internet is nobody's subnet
		}
		if n := get(st.subject); n != nil {
			if near {
				n.hosts++
			} else {
				n.far++
			}
		}
	}
	count := func(s ward.Subject, f *ward.Conversation) {
		prefix, ok := e.prefixOf(s.IP.Addr())
		n := subnets[subnetKey{prefix, s.VLAN}]
		switch {
		case !ok || n == nil:
		case f.To.IP.IsGroup() || isBroadcast(f.To.IP):
			n.announced++
		case f.Answered:
			n.unicast++
		default:
			n.oneWay++
		}
	}
	for i := range e.flows {
		f := &e.flows[i]
		count(f.From, f)
		count(f.To, f)
	}
	for _, p := range e.opt.Expected {
		silent := true
		for k := range subnets {
			silent = silent && k.prefix != p.Masked()
		}
		if silent {
			subnets[subnetKey{p.Masked(), 0}] = &subnet{prefix: p.Masked()}
		}
	}
	// A subnet is judged where it is at home: what other VLANs hear of it came through a router.
	home := map[netip.Prefix]bool{}
	for k, n := range subnets {
		home[k.prefix] = home[k.prefix] || n.hosts > 0
	}
	for k, n := range subnets {
		if n.hosts == 0 && home[k.prefix] {
			delete(subnets, k)
		}
	}
	return ward.Coverage{Subnets: judgeSubnets(subnets)}
}

// isBroadcast reports an address that ends a usual subnet; whether it is one cannot be told
// without the mask.
func isBroadcast(ip ward.IP) bool { return ip.Is4() && ip[15] == 255 }

func judgeSubnets(subnets map[subnetKey]*subnet) []ward.Subnet {
	out := make([]ward.Subnet, 0, len(subnets))
	for _, n := range subnets {
		s := ward.Subnet{CIDR: n.prefix.String(), VLAN: n.vlan}
		switch {
		case n.hosts+n.far == 0:
			s.Quality, s.Reason = ward.NotSeen, "nothing was heard from it: mirror its switch ports or VLAN to a sensor"
		case n.hosts == 0:
			s.Quality, s.Reason = ward.SeenPoorly, fmt.Sprintf("%d devices heard only through a router: hardware addresses and broadcasts stay hidden", n.far)
		case n.unicast > 0 && n.unicast >= n.oneWay/4:
			s.Quality, s.Reason = ward.SeenWell, fmt.Sprintf("both sides of %d conversations", n.unicast)
		case n.oneWay > 0 || n.unicast > 0:
			s.Quality, s.Reason = ward.SeenPoorly, "of most conversations only one side was heard: mirror both directions"
		default:
			s.Quality, s.Reason = ward.SeenPoorly, "only broadcast and multicast was heard: mirror its ports to a sensor"
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b ward.Subnet) int {
		return cmp.Or(cmp.Compare(a.VLAN, b.VLAN), netip.MustParsePrefix(a.CIDR).Addr().Compare(netip.MustParsePrefix(b.CIDR).Addr()), cmp.Compare(a.CIDR, b.CIDR))
	})
	return out
}
