package identity

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// many is an observation of n hosts with little evidence: an address, a host name for some, a
// protocol.
func many(n int) *ward.Observation {
	ouis := [][3]byte{{0x00, 0x24, 0xe8}, {0x00, 0x1b, 0x1b}, {0x18, 0x66, 0xda}, {0xb0, 0xc5, 0x54}, {0x00, 0x0c, 0x29}, {0x28, 0xcf, 0xda}}
	o := &ward.Observation{}
	for i := range n {
		var m ward.MAC
		copy(m[:], ouis[i%len(ouis)][:])
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(i)) //nolint:gosec // small
		m[3], m[4], m[5] = b[1], b[2], b[3]
		s := ward.Subject{MAC: m, IP: ward.IP4([]byte{10, b[1], b[2], b[3]}), VLAN: uint16(i % 8)} //nolint:gosec // small
		o.Stations = append(o.Stations, ward.Station{MAC: s.MAC, IP: s.IP, VLAN: s.VLAN, Packets: 3, Bytes: 300, First: int64(i), Last: int64(i) + 9, Frame: uint64(i + 1)})
		o.Sightings = append(o.Sightings, ward.Sighting{Subject: s, Field: &decode.Speaks, Value: "dns", Count: 1, Frame: uint64(i + 1)})
		if i%4 == 0 {
			o.Sightings = append(o.Sightings, ward.Sighting{Subject: s, Field: fName, Value: fmt.Sprintf("host-%06d", i), Count: 1, Frame: uint64(i + 1)})
		}
		o.Conversations = append(o.Conversations, ward.Conversation{From: s, To: subject("", "10.0.0.1"), Service: ward.Service{Transport: 17, Port: 53}, Packets: 3, Bytes: 300, Answered: true})
	}
	return o
}

func BenchmarkPictureOf100000(b *testing.B) {
	o := many(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if p := pictureOf(o); len(p.Devices) != 100_000 {
			b.Fatal(len(p.Devices))
		}
	}
}

// BenchmarkTick is one second of a live register of 100,000 devices in which 100 spoke.
func BenchmarkTick(b *testing.B) {
	e := New(Options{})
	e.Observe(many(100_000))
	e.Changes()
	o := many(100)
	b.ReportAllocs()
	for b.Loop() {
		e.Observe(o)
		if c := e.Changes(); len(c) != 100 {
			b.Fatal(len(c))
		}
	}
}
