package packet

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Key is the secret of the flow hash: random in each process, so that nobody can aim at a bucket.
type Key [3]uint64

// NewKey makes a random key.
func NewKey() Key {
	var k Key
	for i := range k {
		k[i] = maphash.Comparable(maphash.MakeSeed(), i) | 1
	}
	return k
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// end hashes one end of a conversation.
func (k *Key) end(ip *ward.IP, port uint16) uint64 {
	a := binary.LittleEndian.Uint64(ip[:8])
	b := binary.LittleEndian.Uint64(ip[8:])
	return mix(a^k[0], b^k[1]^uint64(port)<<16) ^ uint64(port)*0x9e3779b97f4a7c15
}

// Hash is the flow's hash, equal for both directions. An end without a network address counts by
// its hardware address: a thousand devices asking for a lease are not one flow.
func (k *Key) Hash(in *Info) uint64 {
	a, b := in.Ends()
	return k.Of(a, b, in.SrcPort, in.DstPort, in.Transport, in.VLAN, in.Ether())
}

// Of is the hash of a flow by its ends.
func (k *Key) Of(a, b *ward.IP, aPort, bPort uint16, transport uint8, vlan, ether uint16) uint64 {
	word := uint64(transport) | uint64(vlan)<<8 | uint64(ether)<<32
	return mix((k.end(a, aPort)+k.end(b, bPort))^k[2], word^k[1])
}

// Ether is the EtherType of a link-layer frame; 0 for packets, whose flow it does not tell apart.
func (in *Info) Ether() uint16 {
	if in.Kind == Frame {
		return in.EtherType
	}
	return 0
}

// Ends are the addresses by which the flow is told apart: network addresses, or hardware ones
// where there are none.
func (in *Info) Ends() (a, b *ward.IP) {
	a, b = &in.Src, &in.Dst
	if in.Src == (ward.IP{}) {
		in.keys[0] = macKey(in.SrcMAC)
		a = &in.keys[0]
	}
	if in.Dst == (ward.IP{}) {
		in.keys[1] = macKey(in.DstMAC)
		b = &in.keys[1]
	}
	return a, b
}

// macKey puts a hardware address where a network address stands, in a form no network address has.
func macKey(m ward.MAC) ward.IP {
	return ward.IP{6: 0xff, 7: 0xff, 10: m[0], 11: m[1], 12: m[2], 13: m[3], 14: m[4], 15: m[5]}
}
