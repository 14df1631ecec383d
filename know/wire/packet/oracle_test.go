package packet_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/wardkeeper/wardkeeper/know/wire/capture"
	"github.com/wardkeeper/wardkeeper/know/wire/packet"
	"github.com/wardkeeper/wardkeeper/ward"
)

// sharedCaptures lists the public captures, which are not part of the repository.
func sharedCaptures(t testing.TB) []string {
	t.Helper()
	dir := os.Getenv("WARDKEEPER_DATA")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; root != "/"; root = filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
		}
		dir = filepath.Join(root, "../shared/data")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "pcaps", "*.pcap*"))
	if len(files) == 0 {
		t.Skipf("SKIPPED: no captures in %s; set WARDKEEPER_DATA to the folder that holds pcaps/", dir)
	}
	sort.Strings(files)
	return files
}

// eachPacket reads all packets of a file.
func eachPacket(t testing.TB, file string, f func(rec *capture.Record)) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := capture.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBuffer(make([]byte, capture.BufferSize))
	var rec capture.Record
	for more := true; more; r.Compact() {
		more = r.Fill()
		for {
			ok, err := r.Next(&rec)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			f(&rec)
		}
	}
}

// view is what both parsers must agree on.
type view struct {
	srcMAC, dstMAC ward.MAC
	vlan           uint16
	src, dst       ward.IP
	proto          string
	sport, dport   uint16
	seq            uint32
	payload        []byte
}

func (v view) String() string {
	return fmt.Sprintf("%s>%s vlan %d %s:%d>%s:%d %s seq %d payload %x", v.srcMAC, v.dstMAC, v.vlan,
		v.src.Addr(), v.sport, v.dst.Addr(), v.dport, v.proto, v.seq, v.payload)
}

func ours(in *packet.Info) view {
	v := view{srcMAC: in.SrcMAC, dstMAC: in.DstMAC, vlan: in.VLAN, src: in.Src, dst: in.Dst}
	switch in.Kind {
	case packet.TCP:
		v.proto, v.seq = "tcp", in.Seq
	case packet.UDP:
		v.proto = "udp"
	default:
		return v
	}
	v.sport, v.dport, v.payload = in.SrcPort, in.DstPort, in.Payload
	return v
}

// theirs reads the layers up to the first transport.
func theirs(p gopacket.Packet) (v view, fragment bool) {
	for _, l := range p.Layers() {
		switch l := l.(type) {
		case *layers.Ethernet:
			v.srcMAC, v.dstMAC = ward.MAC(l.SrcMAC), ward.MAC(l.DstMAC)
		case *layers.LinuxSLL:
			if l.AddrLen == 6 && l.AddrType == 1 {
				v.srcMAC = ward.MAC(l.Addr[:6])
			}
		case *layers.Dot1Q:
			if l.VLANIdentifier != 0 {
				v.vlan = l.VLANIdentifier
			}
		case *layers.IPv4:
			v.src, v.dst = ward.IP4(l.SrcIP.To4()), ward.IP4(l.DstIP.To4())
			if v.src.IsZero() {
				v.src = ward.IP{}
			}
			if l.FragOffset != 0 || l.Flags&layers.IPv4MoreFragments != 0 {
				return v, true
			}
		case *layers.IPv6:
			v.src, v.dst = ward.IP6(l.SrcIP), ward.IP6(l.DstIP)
		case *layers.IPv6Fragment:
			return v, true
		case *layers.TCP:
			v.proto, v.sport, v.dport, v.seq, v.payload = "tcp", uint16(l.SrcPort), uint16(l.DstPort), l.Seq, l.Payload
			return v, false
		case *layers.UDP:
			v.proto, v.sport, v.dport, v.payload = "udp", uint16(l.SrcPort), uint16(l.DstPort), l.Payload
			return v, false
		case *layers.GRE, *layers.ICMPv4, *layers.ICMPv6:
			return v, false
		}
		if v.src != (ward.IP{}) && l.LayerType() == layers.LayerTypeIPv4 {
			if ip := l.(*layers.IPv4); ip.Protocol == layers.IPProtocolIPv6 || ip.Protocol == layers.IPProtocolIPv4 {
				return v, false // a tunnel: its inside is compared by tests of its own
			}
		}
	}
	return v, false
}

// TestAgainstGopacket parses every packet of the public captures twice: by our parser and by
// gopacket. Addresses, tags, ports, sequence numbers and payloads must agree.
func TestAgainstGopacket(t *testing.T) {
	compared, fragments := 0, 0
	for _, file := range sharedCaptures(t) {
		p := packet.Parser{Key: packet.NewKey()}
		n := 0
		eachPacket(t, file, func(rec *capture.Record) {
			n++
			var infos [packet.MaxInfos]packet.Info
			used := p.Parse(rec.Link, rec.Data, rec.Wire, rec.Time, 1, 0, infos[:])
			link := layers.LinkType(rec.Link)
			switch rec.Link {
			case packet.LinkRaw, packet.LinkRaw4, packet.LinkRaw6:
				link = layers.LinkTypeRaw
			}
			other := gopacket.NewPacket(rec.Data, link, gopacket.DecodeOptions{NoCopy: true})
			want, fragment := theirs(other)
			if fragment || used == 0 {
				if !fragment || used != 0 {
					t.Errorf("%s packet %d: fragment %v, ours used %d", filepath.Base(file), n, fragment, used)
				}
				fragments++
				return
			}
			got := ours(&infos[0])
			if got.String() != want.String() {
				t.Errorf("%s packet %d:\nours   %.300s\ntheirs %.300s\n%v", filepath.Base(file), n, got, want, other.ErrorLayer())
			}
			compared++
		})
	}
	t.Logf("%d packets agree, %d fragments", compared, fragments)
	if compared < 20_000 {
		t.Errorf("only %d packets compared", compared)
	}
}
