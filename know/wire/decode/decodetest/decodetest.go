// Package decodetest runs one decoder on bytes and lists what it said, for tests and fuzzing.
package decodetest

import (
	"fmt"
	"sort"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// Addresses of the two ends in every test.
var (
	ClientMAC = ward.MAC{0x02, 0, 0, 0, 0, 1}
	ServerMAC = ward.MAC{0x02, 0, 0, 0, 0, 2}
	ClientIP  = ward.IP4([]byte{192, 0, 2, 1})
	ServerIP  = ward.IP4([]byte{192, 0, 2, 2})
)

// Result is what a decoder made of some bytes.
type Result struct {
	OK    bool     // it took them for its protocol
	Lines []string // one a sighting: "client: field = value", bindings, exchanges, findings; sorted
}

func newOut(dir decode.Dir, port uint16, transport uint8) *decode.Out {
	client := ward.Subject{MAC: ClientMAC, IP: ClientIP}
	server := ward.Subject{MAC: ServerMAC, IP: ServerIP}
	o := &decode.Out{
		Notes: decode.NewNotebook(nil), Client: client, Server: server,
		Service: ward.Service{Transport: transport, Port: port}, Frame: 1,
	}
	point(o, dir)
	return o
}

func point(o *decode.Out, dir decode.Dir) {
	o.Sender, o.Peer = o.Client, o.Server
	if dir == decode.Server {
		o.Sender, o.Peer = o.Server, o.Client
	}
}

// Datagram offers one UDP payload sent by dir to or from the server port.
func Datagram(d *decode.Decoder, dir decode.Dir, port uint16, payload []byte) Result {
	o := newOut(dir, port, 17)
	p := &decode.Packet{
		Frame: 1, SrcMAC: ClientMAC, DstMAC: ServerMAC, Src: ClientIP, Dst: ServerIP,
		SrcPort: 50000, DstPort: port, Transport: 17, TTL: 64, Payload: payload,
	}
	if dir == decode.Server {
		p.SrcMAC, p.DstMAC, p.Src, p.Dst, p.SrcPort, p.DstPort = ServerMAC, ClientMAC, ServerIP, ClientIP, port, 50000
	}
	return result(o, d.Datagram(p, o))
}

// Frame offers one link-layer frame sent by the client.
func Frame(d *decode.Decoder, etherType uint16, payload []byte) Result {
	o := newOut(decode.Client, 0, 0)
	o.Client.IP, o.Sender.IP = ward.IP{}, ward.IP{}
	p := &decode.Packet{Frame: 1, SrcMAC: ClientMAC, EtherType: etherType, Payload: payload}
	return result(o, d.Frame(p, o))
}

// Turn is what one side of a connection sends in one go.
type Turn struct {
	Dir  decode.Dir
	Data []byte
}

// Stream plays a TCP connection to a decoder, cutting every turn into pieces of at most chunk
// bytes (0: not at all), as the wire would deliver them.
func Stream(d *decode.Decoder, port uint16, chunk int, turns ...Turn) Result {
	o := newOut(decode.Client, port, 6)
	var first, pending [2][]byte
	var done [2]bool
	var session decode.Session
	feed := func(dir decode.Dir) {
		for !done[dir] && len(pending[dir]) > 0 {
			point(o, dir)
			n := session.Read(dir, pending[dir], o)
			if n == decode.Done {
				done[dir] = true
				return
			}
			if n < 0 || n > len(pending[dir]) {
				panic(fmt.Sprintf("session used %d of %d bytes", n, len(pending[dir])))
			}
			pending[dir] = pending[dir][n:]
			if n == 0 {
				return
			}
		}
	}
	for _, t := range turns {
		for data := t.Data; len(data) > 0; {
			n := len(data)
			if chunk > 0 {
				n = min(n, chunk)
			}
			pending[t.Dir] = append(pending[t.Dir], data[:n]...)
			if session == nil {
				first[t.Dir] = append(first[t.Dir], data[:n]...)
				if d.Match(t.Dir, first[t.Dir], port) == decode.Yes {
					session = d.Open()
					feed(1 - t.Dir)
				}
			}
			if session != nil {
				feed(t.Dir)
			}
			data = data[n:]
		}
	}
	if e, ok := session.(decode.Ender); ok {
		e.End(o)
	}
	return result(o, session != nil)
}

func result(o *decode.Out, ok bool) Result {
	r := Result{OK: ok}
	who := func(s ward.Subject) string {
		name := s.String()
		switch {
		case s.Part == "" && (s.IP == ClientIP || s.IP.IsZero() && s.MAC == ClientMAC):
			name = "client"
		case s.Part == "" && s.IP == ServerIP:
			name = "server"
		}
		return name
	}
	sightings, bindings, exchanges := o.Notes.Flush()
	for _, s := range sightings {
		line := fmt.Sprintf("%s: %s %s = %s", who(s.Subject), s.Field.Protocol, s.Field.Name, s.Value)
		if s.Finding != "" {
			line = fmt.Sprintf("%s: finding %s (%s %s = %s)", who(s.Subject), s.Finding, s.Field.Protocol, s.Field.Name, s.Value)
		}
		r.Lines = append(r.Lines, line)
	}
	for _, b := range bindings {
		r.Lines = append(r.Lines, fmt.Sprintf("binding %s %s %s", b.MAC, b.IP, b.How))
	}
	for _, x := range exchanges {
		r.Lines = append(r.Lines, fmt.Sprintf("interface %s %s -> %s what=%v names=%v patient=%v secured=%v", x.Protocol, who(x.From), who(x.To), x.What, x.Names, x.Patient, *x.Secured))
	}
	sort.Strings(r.Lines)
	return r
}
