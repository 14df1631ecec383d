package flow

import (
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

// owner hashes flows by a number that the test hides in the first port.
type owner struct {
	hash  func(port uint16) uint64
	ended []uint16
	moved int
	t     *Table
}

func (o *owner) Ended(i uint32)      { o.ended = append(o.ended, o.t.At(i).Port[0]) }
func (o *owner) Moved(*Flow, uint32) { o.moved++ }
func (o *owner) Hash(f *Flow) uint64 { return o.hash(f.Port[0]) }
func spread(port uint16) uint64      { return (uint64(port) + 1) * 0x9e3779b97f4a7c15 }
func sameBucket(port uint16) uint64  { return uint64(port+1) << 48 }
func ip(n byte) ward.IP              { return ward.IP4([]byte{10, 0, 0, n}) }

func table(capacity int, hash func(uint16) uint64) (*Table, *owner) {
	o := &owner{hash: hash}
	o.t = NewTable(capacity, o)
	return o.t, o
}

func (o *owner) insert(port uint16, now int64) uint32 {
	i := o.t.Insert(o.hash(port), now)
	f := o.t.At(i)
	f.IP, f.Port, f.Proto = [2]ward.IP{ip(1), ip(2)}, [2]uint16{port, 80}, 6
	return i
}

func (o *owner) find(port uint16) (uint32, int) {
	a, b := ip(1), ip(2)
	return o.t.Find(o.hash(port), &a, &b, port, 80, 0, 6, 0)
}

func TestFind(t *testing.T) {
	tab, o := table(64, spread)
	i := o.insert(1, 0)
	if k, side := o.find(1); k != i || side != 0 {
		t.Errorf("found %d, side %d", k, side)
	}
	a, b := ip(2), ip(1)
	if k, side := tab.Find(spread(1), &a, &b, 80, 1, 0, 6, 0); k != i || side != 1 {
		t.Errorf("the other direction: found %d, side %d", k, side)
	}
	for name, side := range map[string]int{
		"vlan":      at(tab.Find(spread(1), &b, &a, 1, 80, 7, 6, 0)),
		"transport": at(tab.Find(spread(1), &b, &a, 1, 80, 0, 17, 0)),
		"ethertype": at(tab.Find(spread(1), &b, &a, 1, 80, 0, 6, 9)),
		"port":      at(tab.Find(spread(1), &b, &a, 1, 81, 0, 6, 0)),
	} {
		if side != -1 {
			t.Errorf("another %s is found as side %d", name, side)
		}
	}
	tab.Remove(i)
	if _, side := o.find(1); side != -1 || len(o.ended) != 1 {
		t.Errorf("still there after %v ended", o.ended)
	}
}

func at(_ uint32, side int) int { return side }

// TestGrow: while flows are alive the table grows, and all are found again.
func TestGrow(t *testing.T) {
	const n = 20_000
	tab, o := table(1<<17, spread)
	for p := range uint16(n) {
		o.insert(p, int64(p)*1e6)
	}
	for p := range uint16(n) {
		if _, side := o.find(p); side != 0 {
			t.Fatalf("flow %d is lost", p)
		}
	}
	if tab.Evicted != 0 || o.moved == 0 {
		t.Errorf("%d evicted, %d moved", tab.Evicted, o.moved)
	}
	count := 0
	tab.Each(func(uint32) { count++ })
	if count != n {
		t.Errorf("%d flows", count)
	}
	tab.Empty()
	if len(o.ended) != n {
		t.Errorf("%d ended", len(o.ended))
	}
}

// TestWhoGoes: in a full bucket the closed and the silent go first, and connections last.
func TestWhoGoes(t *testing.T) {
	const second = int64(1e9)
	tab, o := table(64, sameBucket)
	var index [ways]uint32
	for p := range uint16(ways) {
		index[p] = o.insert(p, int64(p)*second)
	}
	tab.Seen(index[0], 0, Long) // the oldest is a connection
	tab.Seen(index[5], 5*second, None)
	o.insert(100, 10*second)
	o.insert(101, 10*second)
	if len(o.ended) != 2 || o.ended[0] != 5 || o.ended[1] != 1 {
		t.Errorf("ended %v, want the closed 5, then the silent 1", o.ended)
	}
	if tab.Evicted != 2 {
		t.Errorf("%d evicted alive", tab.Evicted)
	}
	o.insert(102, 300*second)
	if tab.Evicted != 2 {
		t.Errorf("a flow that was over counts as evicted")
	}
}
