package e2e

import (
	"bytes"
	"encoding/binary"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wardkeeper/wardkeeper/proto/dhcp"
	"github.com/wardkeeper/wardkeeper/sim"
	"github.com/wardkeeper/wardkeeper/ward"
)

// The two devices of every small capture.
var (
	serverPort = sim.Port{MAC: ward.MAC{0x00, 0x1e, 0xf6, 1, 2, 3}, IP: ward.IP4([]byte{10, 9, 0, 1})}
	clientPort = sim.Port{MAC: ward.MAC{0x18, 0x66, 0xda, 1, 2, 3}, IP: ward.IP4([]byte{10, 9, 0, 2})}
	everyone   = sim.Port{MAC: ward.MAC{255, 255, 255, 255, 255, 255}, IP: ward.IP4([]byte{255, 255, 255, 255})}
)

// newTape starts a capture at a fixed time.
func newTape(b *bytes.Buffer) *sim.Tape {
	tape := sim.NewTape(b)
	tape.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	return tape
}

// hostileNames are what an attacker may call a device. Each holds "Ostia", by which it is found.
var hostileNames = []string{
	"\x1b[31mOstia\x1b[0m\x1b]0;gotcha\x07",
	"\u202eOstia-gpj.exe\u2066",
	"=HYPERLINK(\"http://evil\",\"Ostia\")",
	"+Ostia|calc", "-Ostia+1", "@SUM(Ostia)", "\tOstia", "\rOstia", "\n=Ostia",
	"<script>alert('Ostia')</script>", "\"><img src=x onerror=alert(1)>Ostia", "Ostia'-alert(1)-'",
	"Ostia\x00null", "Ostia\xff\xfe\xc3\x28", "\xef\xbb\xbfOstia", "Ostia\u2028line\u2029", "Ostia,\"quoted\";semi",
	"level=ERROR msg=\"Ostia forged\"\nlevel=INFO",
	"javascript:Ostia", "../../Ostia/%2e%2e", "{{.Ostia}} ${Ostia} %s%n",
}

// asks plays a device that asks for an address under a name and a vendor class of its choice.
func asks(tape *sim.Tape, n byte, name, class string) sim.Port {
	p := sim.Port{MAC: ward.MAC{0x00, 0x1e, 0xf6, 9, 9, n}, IP: ward.IP4([]byte{10, 9, 0, 10 + n})}
	m := dhcp.Message{
		Op: 1, XID: 7000 + uint32(n), Hardware: p.MAC, Type: dhcp.Request, HostName: []byte(name), VendorClass: []byte(class),
		ParameterList: []byte{1, 3, 6, 15}, Requested: p.IP[12:],
	}
	nobody := p
	nobody.IP = ward.IP4([]byte{0, 0, 0, 0})
	tape.UDP(nobody, everyone, 68, 67, dhcp.Append(nil, &m))
	answer := dhcp.Message{Op: 2, XID: m.XID, Hardware: p.MAC, Your: [4]byte(p.IP[12:]), Type: dhcp.Ack, ServerID: serverPort.IP[12:]}
	tape.UDP(serverPort, p, 67, 68, dhcp.Append(nil, &answer))
	return p
}

// makeCapture writes a small capture that our own generator made: capture KIND FILE.
func makeCapture(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: capture KIND FILE")
	}
	text, ok := craft(args[0])
	if !ok {
		ts.Fatalf("no capture of kind %q", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

func craft(kind string) ([]byte, bool) {
	var b bytes.Buffer
	tape := newTape(&b)
	switch kind {
	case "empty":
	case "hostile":
		for i, name := range hostileNames {
			asks(tape, byte(i), name, name) //nolint:gosec // a short list
		}
	default:
		tape.Dial(clientPort, serverPort, 40000, 21).
			Answer([]byte("220 ProFTPD 1.3.5e Server ready.\r\n")).
			Send([]byte("USER operator\r\n")).Answer([]byte("331 Password required\r\n")).
			Send([]byte("PASS CANARY-s3cret\r\n")).Answer([]byte("230 Logged in\r\n")).Close()
	}
	if tape.Flush() != nil {
		return nil, false
	}
	switch kind {
	case "ftp", "hostile", "empty":
		return b.Bytes(), true
	case "pcapng":
		return asPcapng(b.Bytes(), binary.LittleEndian), true
	case "pcapng-big":
		return asPcapng(b.Bytes(), binary.BigEndian), true
	case "big-endian":
		return swapped(b.Bytes()), true
	}
	return nil, false
}

// swapped turns a little-endian pcap into the same in big-endian order.
func swapped(pcap []byte) []byte {
	out := bytes.Clone(pcap)
	flip := func(at, n int) {
		for i, j := at, at+n-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	flip(0, 4)
	flip(4, 2)
	flip(6, 2)
	for at := 8; at < 24; at += 4 {
		flip(at, 4)
	}
	for at := 24; at+16 <= len(pcap); at += 16 + int(binary.LittleEndian.Uint32(pcap[at+8:])) {
		for i := 0; i < 16; i += 4 {
			flip(at+i, 4)
		}
	}
	return out
}

// asPcapng writes the packets of a nanosecond pcap as pcapng.
func asPcapng(pcap []byte, order binary.AppendByteOrder) []byte {
	block := func(out []byte, kind uint32, body []byte) []byte {
		body = append(body, make([]byte, -len(body)&3)...)
		size := uint32(12 + len(body)) //nolint:gosec // small
		out = order.AppendUint32(order.AppendUint32(out, kind), size)
		return order.AppendUint32(append(out, body...), size)
	}
	head := order.AppendUint32(nil, 0x1a2b3c4d)
	head = order.AppendUint16(order.AppendUint16(head, 1), 0)
	out := block(nil, 0x0a0d0d0a, order.AppendUint64(head, ^uint64(0)))
	link := order.AppendUint32(order.AppendUint16(order.AppendUint16(nil, 1), 0), 0)
	link = append(order.AppendUint16(order.AppendUint16(link, 9), 1), 9, 0, 0, 0) // nanoseconds
	out = block(out, 1, order.AppendUint32(link, 0))
	for at := 24; at+16 <= len(pcap); {
		n := binary.LittleEndian.Uint32(pcap[at+8:])
		nanos := uint64(binary.LittleEndian.Uint32(pcap[at:]))*1e9 + uint64(binary.LittleEndian.Uint32(pcap[at+4:]))
		b := order.AppendUint32(nil, 0)
		b = order.AppendUint32(order.AppendUint32(b, uint32(nanos>>32)), uint32(nanos)) //nolint:gosec // halves
		b = order.AppendUint32(order.AppendUint32(b, n), n)
		out = block(out, 6, append(b, pcap[at+16:at+16+int(n)]...))
		at += 16 + int(n)
	}
	return out
}
