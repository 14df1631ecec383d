package sim

import (
	"bufio"
	"encoding/binary"
	"io"
	"time"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Port is where a device is plugged in: its addresses and its VLAN. TTL is the lifetime its packets
// start with, 64 when it is 0. A Port without a MAC stands outside, behind the router.
type Port struct {
	MAC  ward.MAC
	IP   ward.IP
	VLAN uint16
	TTL  byte
}

// Tape is a mirror port: devices put frames on it and a pcap stream comes out.
type Tape struct {
	Gateway func(vlan uint16) ward.MAC // the router's address on a VLAN, for traffic between VLANs
	now     time.Time
	out     *bufio.Writer
	err     error
	id      uint16
	frame   []byte
	Frames  uint64
}

// NewTape writes a pcap file header (nanosecond timestamps, Ethernet) and is then ready for frames.
func NewTape(w io.Writer) *Tape {
	t := &Tape{out: bufio.NewWriterSize(w, 64<<10)}
	var h [24]byte
	binary.LittleEndian.PutUint32(h[0:], 0xa1b23c4d)
	binary.LittleEndian.PutUint16(h[4:], 2)
	binary.LittleEndian.PutUint16(h[6:], 4)
	binary.LittleEndian.PutUint32(h[16:], 65535)
	binary.LittleEndian.PutUint32(h[20:], 1)
	_, t.err = t.out.Write(h[:])
	return t
}

// At sets the time of the next frames. It never goes back: what is still being played comes first.
func (t *Tape) At(now time.Time) {
	if now.After(t.now) {
		t.now = now
	}
}

// Flush hands buffered frames to the reader and reports the first error of writing.
func (t *Tape) Flush() error {
	if err := t.out.Flush(); t.err == nil {
		t.err = err
	}
	return t.err
}

func (t *Tape) put(frame []byte) {
	if t.err != nil {
		return
	}
	var h [16]byte
	binary.LittleEndian.PutUint32(h[0:], uint32(t.now.Unix()))       //nolint:gosec // pcap has 32-bit seconds
	binary.LittleEndian.PutUint32(h[4:], uint32(t.now.Nanosecond())) //nolint:gosec // below 1e9
	binary.LittleEndian.PutUint32(h[8:], uint32(len(frame)))         //nolint:gosec // below 64 KiB
	binary.LittleEndian.PutUint32(h[12:], uint32(len(frame)))        //nolint:gosec // below 64 KiB
	if _, t.err = t.out.Write(h[:]); t.err == nil {
		_, t.err = t.out.Write(frame)
	}
	t.Frames++
	t.now = t.now.Add(time.Duration(25+t.Frames*7919%60) * time.Microsecond)
}

// Ethernet puts a frame of an EtherType on the wire.
func (t *Tape) Ethernet(from Port, to ward.MAC, etherType uint16, payload []byte) {
	b := append(t.frame[:0], to[:]...)
	b = append(b, from.MAC[:]...)
	if from.VLAN != 0 {
		b = append(b, 0x81, 0x00, byte(from.VLAN>>8), byte(from.VLAN))
	}
	b = append(b, byte(etherType>>8), byte(etherType))
	b = append(b, payload...)
	t.frame = b
	t.put(b)
}

// LLC puts an IEEE 802.3 frame with an LLC header (and what follows it) on the wire.
func (t *Tape) LLC(from Port, to ward.MAC, payload []byte) {
	t.Ethernet(from, to, uint16(len(payload)), payload) //nolint:gosec // below 1500
}

// UDP puts a datagram on the wire.
func (t *Tape) UDP(from, to Port, sport, dport uint16, payload []byte) {
	b := make([]byte, 0, 8+len(payload))
	b = binary.BigEndian.AppendUint16(b, sport)
	b = binary.BigEndian.AppendUint16(b, dport)
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload))) //nolint:gosec // below 64 KiB
	b = append(b, 0, 0)
	b = append(b, payload...)
	if binary.BigEndian.PutUint16(b[6:], sumOf(from.IP, to.IP, 17, b)); b[6]|b[7] == 0 {
		b[6], b[7] = 0xff, 0xff // zero would mean that there is none (RFC 768)
	}
	t.ip(from, to, 17, b)
}

// sumOf is the checksum of a transport segment with the pseudo header of IPv4.
func sumOf(from, to ward.IP, proto byte, segment []byte) uint16 {
	b := make([]byte, 0, 13+len(segment))
	b = append(append(b, from[12:]...), to[12:]...)
	b = append(b, 0, proto, byte(len(segment)>>8), byte(len(segment)))
	b = append(b, segment...)
	if len(b)&1 == 1 {
		b = append(b, 0)
	}
	return checksum(b)
}

// ip wraps a transport segment. Traffic between VLANs is on the mirror twice: from its sender to
// the router, and from the router, one hop older, to its receiver.
func (t *Tape) ip(from, to Port, proto byte, segment []byte) {
	ttl := from.TTL
	if ttl == 0 {
		ttl = 64
	}
	t.id++
	b := make([]byte, 20, 20+len(segment))
	b[0], b[9] = 0x45, proto
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(segment))) //nolint:gosec // below 64 KiB
	binary.BigEndian.PutUint16(b[4:], t.id)
	copy(b[12:], from.IP[12:])
	copy(b[16:], to.IP[12:])
	b = append(b, segment...)
	send := func(src Port, dst ward.MAC, ttl byte) {
		b[8], b[10], b[11] = ttl, 0, 0
		binary.BigEndian.PutUint16(b[10:], checksum(b[:20]))
		t.Ethernet(src, dst, 0x0800, b)
	}
	switch inside := !from.MAC.IsZero(); {
	case to.IP.IsGroup():
		send(from, groupMAC(to.IP), ttl)
	case inside && to.VLAN == from.VLAN && !to.MAC.IsZero():
		send(from, to.MAC, ttl)
	default:
		if inside {
			send(from, t.Gateway(from.VLAN), ttl)
			ttl--
		} else {
			ttl = 52
		}
		if !to.MAC.IsZero() {
			send(Port{MAC: t.Gateway(to.VLAN), VLAN: to.VLAN}, to.MAC, ttl)
		}
	}
}

func checksum(b []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum) //nolint:gosec // folded to 16 bits
}

// groupMAC is the hardware address of a multicast group (RFC 1112) or of broadcast.
func groupMAC(ip ward.IP) ward.MAC {
	if ip[12] >= 224 && ip[12] < 240 {
		return ward.MAC{0x01, 0x00, 0x5e, ip[13] & 0x7f, ip[14], ip[15]}
	}
	return ward.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
}

// Conn is a TCP connection being played.
type Conn struct {
	t              *Tape
	client, server Port
	cport, sport   uint16
	seq            [2]uint32
}

// Dial plays the handshake of a connection.
func (t *Tape) Dial(client, server Port, cport, sport uint16) *Conn {
	c := &Conn{t: t, client: client, server: server, cport: cport, sport: sport, seq: [2]uint32{1000 + uint32(cport), 900000 + uint32(sport)}}
	c.segment(0, 0x02, nil)
	c.seq[0]++
	c.segment(1, 0x12, nil)
	c.seq[1]++
	c.segment(0, 0x10, nil)
	return c
}

// Send plays bytes from the client to the server.
func (c *Conn) Send(data []byte) *Conn { return c.stream(0, data) }

// Answer plays bytes from the server to the client.
func (c *Conn) Answer(data []byte) *Conn { return c.stream(1, data) }

// Close plays the end of the connection.
func (c *Conn) Close() {
	c.segment(0, 0x11, nil)
	c.seq[0]++
	c.segment(1, 0x11, nil)
	c.seq[1]++
	c.segment(0, 0x10, nil)
}

func (c *Conn) stream(side int, data []byte) *Conn {
	const mss = 1400
	for len(data) > 0 {
		n := min(len(data), mss)
		c.segment(side, 0x18, data[:n])
		c.seq[side] += uint32(n) //nolint:gosec // n <= mss
		data = data[n:]
	}
	return c
}

func (c *Conn) segment(side int, flags byte, data []byte) {
	from, to, sp, dp := c.client, c.server, c.cport, c.sport
	if side == 1 {
		from, to, sp, dp = c.server, c.client, c.sport, c.cport
	}
	b := make([]byte, 20, 20+len(data))
	binary.BigEndian.PutUint16(b[0:], sp)
	binary.BigEndian.PutUint16(b[2:], dp)
	binary.BigEndian.PutUint32(b[4:], c.seq[side])
	if flags&0x10 != 0 {
		binary.BigEndian.PutUint32(b[8:], c.seq[1-side])
	}
	b[12], b[13] = 0x50, flags
	binary.BigEndian.PutUint16(b[14:], 64240)
	b = append(b, data...)
	binary.BigEndian.PutUint16(b[16:], sumOf(from.IP, to.IP, 6, b))
	c.t.ip(from, to, 6, b)
}
