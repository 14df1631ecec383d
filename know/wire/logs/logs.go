// Package logs reads what other sensors wrote down: Zeek's JSON logs and Suricata's EVE JSON, one
// object a line. In comes a line, out goes the same ward.Observation that packets give, under the
// same field names, so that one set of fingerprints serves both. A line number takes the place of
// the frame number.
//
// What those sensors leave out stays unknown: without a hardware address in the log a device is
// known by its network address alone.
package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/ward"
)

// maxLine bounds one line; sensors write far shorter ones.
const maxLine = 1 << 20

// maxSummaries bounds distinct stations, and distinct conversations, between two flushes.
const maxSummaries = 1 << 18

// Reader turns lines into observations. It belongs to one goroutine.
type Reader struct {
	out           decode.Out
	stations      map[ward.Subject]*ward.Station
	conversations map[conversationKey]*ward.Conversation
	until         int64
	dropped       uint64
}

type conversationKey struct {
	from, to ward.Subject
	service  ward.Service
	protocol string
}

// New makes a reader. mask hides people's names; nil keeps them.
func New(mask func(string) string) *Reader {
	r := &Reader{out: decode.Out{Notes: decode.NewNotebook(mask)}}
	r.reset()
	return r
}

func (r *Reader) reset() {
	r.stations = map[ward.Subject]*ward.Station{}
	r.conversations = map[conversationKey]*ward.Conversation{}
}

// Flush gives what the lines since the last flush said.
func (r *Reader) Flush(sensor string) *ward.Observation {
	o := &ward.Observation{Sensor: sensor, Until: r.until}
	o.Sightings, o.Bindings, o.Exchanges = r.out.Notes.Flush()
	for _, s := range r.stations {
		o.Stations = append(o.Stations, *s)
	}
	for _, c := range r.conversations {
		o.Conversations = append(o.Conversations, *c)
	}
	r.reset()
	return o
}

// Dropped counts the stations and conversations that did not fit.
func (r *Reader) Dropped() uint64 { return r.dropped }

// Kind says what a file holds by its name: "eve" for Suricata's EVE, else the name of the Zeek log
// ("conn" for conn.log and conn.2026-03-01-08.log).
func Kind(path string) string {
	name := strings.ToLower(filepath.Base(path))
	if strings.HasPrefix(name, "eve") {
		return "eve"
	}
	name, _, _ = strings.Cut(name, ".")
	return name
}

// Line reads one line of a log of that kind (see Kind). Lines of other kinds of log, comments and
// records that say nothing about devices are passed over. An error means that the line is no
// record; the next line is unharmed.
func (r *Reader) Line(kind string, number uint64, line []byte) error {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	if len(line) > maxLine {
		return fmt.Errorf("line %d is longer than %d bytes", number, maxLine)
	}
	r.out.Frame = number
	if kind == "eve" {
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		return r.eve(&e)
	}
	var z record
	if err := json.Unmarshal(line, &z); err != nil {
		return fmt.Errorf("line %d: %w", number, err)
	}
	if z.Path != "" {
		kind = z.Path
	}
	return r.zeek(kind, &z)
}

// ends sets the two ends of what is said next: the client and the server of a conversation.
func (r *Reader) ends(client, server ward.Subject, service ward.Service, at int64) {
	r.out.Client, r.out.Server, r.out.Service, r.out.Time = client, server, service, at
	r.until = max(r.until, at)
}

// fromClient says a field as the client's own word; fromServer as the server's.
func (r *Reader) fromClient(f *ward.Field, value string) {
	r.out.Sender, r.out.Peer = r.out.Client, r.out.Server
	r.out.SayString(f, value)
}

func (r *Reader) fromServer(f *ward.Field, value string) {
	r.out.Sender, r.out.Peer = r.out.Server, r.out.Client
	r.out.SayString(f, value)
}

// speaks notes the protocol of a conversation for both ends.
func (r *Reader) speaks(protocol string) {
	r.out.Sender, r.out.Peer = r.out.Client, r.out.Server
	for _, p := range strings.Split(protocol, ",") {
		if p = known(p); p != "" {
			r.out.Speaks(p)
		}
	}
}

// known gives our name of a protocol that another sensor names.
func known(protocol string) string {
	switch p := strings.ToLower(protocol); p {
	case "", "-", "failed", "unknown":
		return ""
	case "ssl":
		return "tls"
	case "krb", "krb5", "krb_tcp", "krb_udp":
		return "kerberos"
	case "gssapi", "spnego", "ntlm":
		return ""
	case "dce_rpc":
		return "dcerpc"
	case "rfb":
		return "vnc"
	default:
		return p
	}
}

// sent counts a sender's packets.
func (r *Reader) sent(s ward.Subject, packets, bytes uint64, first, last int64) {
	if packets == 0 || s.IP.IsZero() {
		return
	}
	st, ok := r.stations[s]
	if !ok {
		if len(r.stations) >= maxSummaries {
			r.dropped++
			return
		}
		st = &ward.Station{MAC: s.MAC, IP: s.IP, VLAN: s.VLAN, Hops: 255, First: first, Frame: r.out.Frame}
		if !s.MAC.IsZero() {
			st.Hops = 0
		}
		r.stations[s] = st
	}
	st.Packets += packets
	st.Bytes += bytes
	st.First, st.Last = min(st.First, first), max(st.Last, last)
}

// talk counts a conversation.
func (r *Reader) talk(protocol string, out, in, bytesOut, bytesIn uint64, first, last int64) {
	k := conversationKey{r.out.Client, r.out.Server, r.out.Service, protocol}
	c, ok := r.conversations[k]
	if !ok {
		if len(r.conversations) >= maxSummaries {
			r.dropped++
			return
		}
		c = &ward.Conversation{From: k.from, To: k.to, Service: k.service, Protocol: protocol, First: first, Frame: r.out.Frame}
		r.conversations[k] = c
	}
	c.Packets += out + in
	c.Bytes += bytesOut + bytesIn
	c.PacketsOut += out
	c.BytesOut += bytesOut
	c.Answered = c.Answered || in > 0
	c.First, c.Last = min(c.First, first), max(c.Last, last)
}

func subject(ip, mac string, vlan uint16) ward.Subject {
	s := ward.Subject{VLAN: vlan}
	if a, err := netip.ParseAddr(ip); err == nil {
		s.IP = ward.IPFrom(a.WithZone(""))
	}
	if m, err := ward.ParseMAC(mac); err == nil && !m.IsGroup() {
		s.MAC = m
	}
	return s
}

func transport(proto string) uint8 {
	switch strings.ToLower(proto) {
	case "tcp":
		return 6
	case "udp":
		return 17
	case "icmp":
		return 1
	case "ipv6-icmp", "icmp6":
		return 58
	case "sctp":
		return 132
	}
	return 0
}

// moment is a time as sensors write it: seconds since 1970, or ISO 8601.
type moment int64

// UnmarshalJSON implements json.Unmarshaler.
func (m *moment) UnmarshalJSON(b []byte) error {
	if len(b) > 1 && b[0] == '"' {
		text := string(b[1 : len(b)-1])
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999-0700"} {
			if t, err := time.Parse(layout, text); err == nil {
				*m = moment(t.UnixNano())
				return nil
			}
		}
		return fmt.Errorf("%q is not a time", text)
	}
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	sec := int64(f)
	*m = moment(sec*1e9 + int64((f-float64(sec))*1e6)*1e3)
	return nil
}
