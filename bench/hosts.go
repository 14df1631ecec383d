package main

import (
	"bufio"
	"encoding/binary"
	"math/rand/v2"
	"os"

	"github.com/wardkeeper/wardkeeper/know/wire/wiretest"
)

// The many-hosts capture: hosts, packets, and conversations under way at a time.
const (
	hosts       = 120_000
	manyPackets = 6_000_000
	alive       = 100_000
)

// conversation is one of those under way.
type conversation struct {
	a, b   wiretest.Host
	port   uint16
	server uint16
	left   int
	seq    [2]uint32
	udp    bool
	opened int
}

// writeMany writes what a large site looks like to a tap: very many hosts, most of whose traffic
// is opaque; one packet in two hundred says who somebody is.
func writeMany(path string) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	p := wiretest.NewPcap(w, 1)
	r := rand.New(rand.NewPCG(7, 7))
	open := make([]conversation, alive)
	for i := range open {
		open[i] = newConversation(r)
	}
	opaque := make([]byte, 1400)
	for i := range opaque {
		opaque[i] = byte(r.Uint32())
	}
	now := int64(1_700_000_000e9)
	for n := range manyPackets {
		now += 20_000
		if n%200 == 0 {
			h := wiretest.HostN(r.Uint32N(hosts))
			if n%400 == 0 {
				p.Write(now, arp(h, wiretest.HostN(r.Uint32N(hosts))))
			} else {
				p.Write(now, dhcp(h, r))
			}
			continue
		}
		c := &open[r.IntN(alive)]
		p.Write(now, c.next(r, opaque))
		if c.left--; c.left <= 0 {
			*c = newConversation(r)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return p.Err()
}

func newConversation(r *rand.Rand) conversation {
	ports := [...]uint16{443, 443, 443, 80, 445, 8443, 3389, 9100, 5000, 8883}
	c := conversation{
		a: wiretest.HostN(r.Uint32N(hosts)), b: wiretest.HostN(r.Uint32N(hosts)),
		port: uint16(32768 + r.Uint32N(28000)), server: ports[r.IntN(len(ports))], left: 4 + r.IntN(18),
	}
	c.seq = [2]uint32{r.Uint32(), r.Uint32()}
	if c.udp = r.IntN(4) == 0; c.udp {
		c.server = uint16(10000 + r.Uint32N(20000))
	}
	return c
}

// next is the conversation's next packet: handshake, then data and acknowledgements both ways.
func (c *conversation) next(r *rand.Rand, opaque []byte) []byte {
	from := c.opened & 1
	c.opened++
	size := 0
	if r.IntN(3) > 0 {
		size = 20 + r.IntN(120)
	}
	at := r.IntN(1000)
	data := opaque[at : at+size]
	a, b, pa, pb := c.a, c.b, c.port, c.server
	if from == 1 {
		a, b, pa, pb = b, a, pb, pa
	}
	if c.udp {
		return wiretest.UDP(a, b, pa, pb, data)
	}
	flags, seq := byte(wiretest.ACK), c.seq[from]
	switch c.opened {
	case 1:
		flags, data = wiretest.SYN, nil
		c.seq[0]++
	case 2:
		flags, data = wiretest.SYN|wiretest.ACK, nil
		c.seq[1]++
	default:
		if c.left == 1 {
			flags |= wiretest.FIN
		}
		c.seq[from] += uint32(len(data)) //nolint:gosec // small
	}
	return wiretest.TCP(a, b, pa, pb, seq, c.seq[1-from], flags, data)
}

func arp(h, who wiretest.Host) []byte {
	b := []byte{0, 1, 8, 0, 6, 4, 0, 1}
	b = append(append(b, h.MAC[:]...), h.IP[:]...)
	b = append(append(b, 0, 0, 0, 0, 0, 0), who.IP[:]...)
	return wiretest.Ethernet([6]byte{255, 255, 255, 255, 255, 255}, h.MAC, 0x0806, b)
}

func dhcp(h wiretest.Host, r *rand.Rand) []byte {
	b := make([]byte, 240)
	copy(b, []byte{1, 1, 6, 0})
	binary.BigEndian.PutUint32(b[4:], r.Uint32())
	copy(b[28:], h.MAC[:])
	copy(b[236:], []byte{99, 130, 83, 99})
	b = append(b, 53, 1, 3, 50, 4)
	b = append(b, h.IP[:]...)
	b = append(b, 12, 6, 'p', 'u', 'm', 'p', '0'+h.MAC[4]%10, '0'+h.MAC[5]%10)
	b = append(b, 55, 6, 1, 3, 6, 15, 51, 54, 60, 8)
	b = append(b, "udhcp 1."...)
	b = append(b, 255)
	zero := wiretest.Host{MAC: h.MAC}
	all := wiretest.Host{MAC: [6]byte{255, 255, 255, 255, 255, 255}, IP: [4]byte{255, 255, 255, 255}}
	return wiretest.UDP(zero, all, 68, 67, b)
}

// writeFlood writes packets of made-up senders, nearly each a conversation of its own.
func writeFlood(path string) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	p := wiretest.NewPcap(w, 1)
	r := rand.New(rand.NewPCG(9, 9))
	const packets, flows = 4_000_000, 3_700_000
	now := int64(1_700_000_000e9)
	payload := make([]byte, 18)
	for n := range packets {
		now += 5_000
		k := uint64(n)
		if n >= flows {
			k = r.Uint64N(flows)
		}
		f := rand.New(rand.NewPCG(k, 11))
		a, b := wiretest.HostN(f.Uint32()), wiretest.HostN(f.Uint32N(4096))
		port := uint16(1024 + f.Uint32N(60000))
		if k%3 == 0 {
			binary.LittleEndian.PutUint64(payload, f.Uint64())
			p.Write(now, wiretest.UDP(a, b, port, uint16(f.Uint32N(65535)), payload))
		} else {
			p.Write(now, wiretest.TCP(a, b, port, uint16(1+f.Uint32N(1024)), f.Uint32(), 0, wiretest.SYN, nil))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return p.Err()
}
