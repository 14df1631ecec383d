package decodetest

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Capture plays a real capture from the data folder to some decoders and returns what they said,
// one line a sighting: "10.0.0.2: dhcp option 60 = MSFT 5.0" (the hardware address when there is
// no network address), "10.0.0.2: speaks dhcp" for what they took, findings and bindings. The
// test is skipped where the data folder is absent. It reads packets in the plainest way there is,
// so that a decoder's test does not lean on the engine.
func Capture(t testing.TB, name string, decoders []decode.Decoder) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(DataDir(t), "pcaps", name)) //nolint:gosec // a test's own path
	if err != nil {
		t.Skipf("SKIPPED: the capture %s is not here (set WARDKEEPER_DATA): %v", name, err)
	}
	r := &replay{decoders: decoders, notes: decode.NewNotebook(nil), flows: map[flowKey]*flow{}}
	if err := r.file(b); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range r.order {
		if e, ok := f.session.(decode.Ender); ok {
			e.End(&f.out)
		}
	}
	return r.lines()
}

// DataDir is the folder of the shared captures and feeds, which may be absent.
func DataDir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("WARDKEEPER_DATA"); dir != "" {
		return dir
	}
	return filepath.Join(repoRoot(t), "..", "shared", "data")
}

func repoRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

type replay struct {
	decoders []decode.Decoder
	notes    *decode.Notebook
	flows    map[flowKey]*flow
	order    []*flow
	frame    uint64
	link     uint32
	seed     func(Seed) // when set, payloads are only collected
}

// file walks the records of a classic little-endian pcap or pcapng file.
func (r *replay) file(b []byte) error {
	if len(b) < 24 {
		return fmt.Errorf("too short for a capture")
	}
	le := binary.LittleEndian
	switch le.Uint32(b) {
	case 0xa1b2c3d4:
		r.link = le.Uint32(b[20:])
		for b = b[24:]; len(b) >= 16; {
			n := int(le.Uint32(b[8:]))
			if n < 0 || len(b) < 16+n {
				break
			}
			r.packet(b[16:16+n], int64(le.Uint32(b))*1e9+int64(le.Uint32(b[4:]))*1e3)
			b = b[16+n:]
		}
	case 0x0a0d0d0a:
		for len(b) >= 12 {
			n := int(le.Uint32(b[4:]))
			if n < 12 || n > len(b) {
				break
			}
			switch le.Uint32(b) {
			case 1:
				r.link = uint32(le.Uint16(b[8:]))
			case 6:
				size := int(le.Uint32(b[20:]))
				at := int64(le.Uint32(b[12:]))<<32 | int64(le.Uint32(b[16:]))
				if size >= 0 && 28+size <= n {
					r.packet(b[28:28+size], at*1e3)
				}
			}
			b = b[n:]
		}
	default:
		return fmt.Errorf("not a capture this test reads")
	}
	return nil
}

func (r *replay) packet(b []byte, at int64) {
	r.frame++
	p := decode.Packet{Time: at, Frame: r.frame}
	switch {
	case r.link == 1 && len(b) >= 14:
		copy(p.DstMAC[:], b)
		copy(p.SrcMAC[:], b[6:])
		p.EtherType = binary.BigEndian.Uint16(b[12:])
		b = b[14:]
		for p.EtherType == 0x8100 && len(b) >= 4 {
			p.VLAN = binary.BigEndian.Uint16(b) & 0xfff
			p.EtherType = binary.BigEndian.Uint16(b[2:])
			b = b[4:]
		}
		if n := int(p.EtherType); n < 0x600 {
			p.EtherType, b = llc(b[:min(n, len(b))])
		}
		if p.EtherType == 0x8864 && len(b) >= 8 && b[6] == 0 && b[7] == 0x21 { // PPPoE with IPv4
			p.EtherType, b = 0x0800, b[8:]
		}
	case r.link == 113 && len(b) >= 16: // Linux cooked
		p.EtherType, b = binary.BigEndian.Uint16(b[14:]), b[16:]
	case r.link == 0 && len(b) >= 4:
		b = b[4:]
		p.EtherType = 0x0800
	case r.link == 101 || r.link == 228:
		p.EtherType = 0x0800
	}
	if len(b) > 0 && p.EtherType == 0x0800 && b[0]>>4 == 6 {
		p.EtherType = 0x86dd
	}
	p.Payload = b
	out := decode.Out{Notes: r.notes, Time: at, Frame: r.frame}
	out.Sender.MAC, out.Peer.MAC, out.Sender.VLAN, out.Peer.VLAN = p.SrcMAC, p.DstMAC, p.VLAN, p.VLAN
	for i := range r.decoders {
		d := &r.decoders[i]
		for _, e := range d.EtherTypes {
			if e == p.EtherType && d.Frame != nil && d.Frame(&p, &out) {
				r.notes.NoteSpeaks(&out, d.Name)
			}
		}
	}
	switch {
	case p.EtherType == 0x0800 && len(b) >= 20 && b[0]>>4 == 4:
		head, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
		if binary.BigEndian.Uint16(b[6:])&0x1fff != 0 || head < 20 || total < head || total > len(b) {
			return
		}
		p.Src, p.Dst, p.Transport, p.TTL = ward.IP4(b[12:]), ward.IP4(b[16:]), b[9], b[8]
		p.Payload = b[head:total]
	case p.EtherType == 0x86dd && len(b) >= 40:
		p.Src, p.Dst, p.Transport, p.TTL = ward.IP6(b[8:]), ward.IP6(b[24:]), b[6], b[7]
		p.Payload = b[40:min(len(b), 40+int(binary.BigEndian.Uint16(b[4:])))]
		if p.Transport == 0 && len(p.Payload) >= 8 { // hop-by-hop options
			p.Transport, p.Payload = p.Payload[0], p.Payload[min(len(p.Payload), 8+8*int(p.Payload[1])):]
		}
	default:
		return
	}
	out.Sender.IP, out.Peer.IP = p.Src, p.Dst
	r.transport(&p, out)
}

// llc reads the LLC or SNAP header of a frame that carries a length instead of an EtherType.
func llc(b []byte) (etherType uint16, payload []byte) {
	switch {
	case len(b) >= 3 && b[0] == 0x42 && b[1] == 0x42:
		return decode.LLCSpanningTree, b[3:]
	case len(b) >= 8 && b[0] == 0xaa && b[1] == 0xaa && [3]byte(b[3:6]) == [3]byte{0, 0, 0x0c} && binary.BigEndian.Uint16(b[6:]) == 0x2000:
		return decode.LLCCisco, b[8:]
	}
	return decode.LLCOther, b
}

func (r *replay) transport(p *decode.Packet, out decode.Out) {
	b := p.Payload
	if r.seed != nil {
		r.collect(p)
		return
	}
	switch {
	case p.Transport == 58:
		for i := range r.decoders {
			if d := &r.decoders[i]; d.ICMPv6 != nil && d.ICMPv6(p, &out) {
				r.notes.NoteSpeaks(&out, d.Name)
				return
			}
		}
	case p.Transport == 17 && len(b) >= 8:
		p.SrcPort, p.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		p.Payload = b[8:]
		out.Client, out.Server, out.Service = out.Sender, out.Peer, ward.Service{Transport: 17, Port: p.DstPort}
		if p.SrcPort < p.DstPort {
			out.Client, out.Server, out.Service.Port = out.Peer, out.Sender, p.SrcPort
		}
		r.datagram(p, &out)
	case p.Transport == 6 && len(b) >= 20 && int(b[12]>>4)*4 <= len(b):
		p.SrcPort, p.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		r.segment(p, out, b[13], binary.BigEndian.Uint32(b[4:]), b[int(b[12]>>4)*4:])
	}
}

func (r *replay) collect(p *decode.Packet) {
	b := p.Payload
	at := 8
	if p.Transport == 6 && len(b) >= 20 {
		at = int(b[12]>>4) * 4
	}
	if (p.Transport == 17 || p.Transport == 6) && len(b) >= at && at >= 8 {
		r.seed(Seed{Port: min(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])), Payload: b[at:]})
	}
}

func (r *replay) datagram(p *decode.Packet, out *decode.Out) {
	for _, onPort := range []bool{true, false} {
		for i := range r.decoders {
			d := &r.decoders[i]
			mine := false
			for _, port := range d.UDPPorts {
				mine = mine || port == p.SrcPort || port == p.DstPort
			}
			if d.Datagram == nil || mine != onPort || !mine && d.Strict {
				continue
			}
			if d.Datagram(p, out) {
				r.notes.NoteSpeaks(out, d.Name)
				return
			}
		}
	}
}

func (r *replay) lines() []string {
	var lines []string
	sightings, bindings, exchanges := r.notes.Flush()
	for _, s := range sightings {
		switch {
		case s.Finding != "":
			lines = append(lines, fmt.Sprintf("%s: finding %s (%s %s = %s)", s.Subject, s.Finding, s.Field.Protocol, s.Field.Name, s.Value))
		case s.Field == &decode.Speaks:
			lines = append(lines, fmt.Sprintf("%s: speaks %s", s.Subject, s.Value))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s %s = %s", s.Subject, s.Field.Protocol, s.Field.Name, s.Value))
		}
	}
	for _, b := range bindings {
		lines = append(lines, fmt.Sprintf("binding %s %s %s", b.MAC, b.IP, b.How))
	}
	for _, x := range exchanges {
		lines = append(lines, fmt.Sprintf("interface %s %s -> %s what=%v names=%v patient=%v", x.Protocol, x.From, x.To, x.What, x.Names, x.Patient))
	}
	sort.Strings(lines)
	return lines
}
