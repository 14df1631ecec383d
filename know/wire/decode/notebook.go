package decode

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/wardkeeper/wardkeeper/ward"
)

// Limits of a notebook: what lies beyond is counted in Dropped, never stored.
const (
	maxValue     = 256     // bytes of one value
	maxPerField  = 64      // distinct values of one field of one subject; readers keep the first 32
	maxSightings = 1 << 20 // distinct sightings between two flushes
	maxExchanges = 1 << 16
	maxWhat      = 32 // distinct message kinds and names of one exchange
)

// Notebook counts what decoders say. Repetition costs a hash and no allocation. It belongs to one
// goroutine.
type Notebook struct {
	key       [4]uint64
	seed      maphash.Seed
	slots     []slot // found by hash; a power of two of them, at most three quarters in use
	used      int
	pages     [][]ward.Sighting
	n         int
	bindings  map[bindingKey]*ward.Binding
	exchanges map[exchangeKey]*exchange
	carried   uint64
	mask      func(string) string

	// Dropped counts what did not fit, by reason.
	Dropped map[string]uint64
	// Said grows by the hash of whatever is noted. Two stretches of traffic from which the same
	// was learnt, in whatever order, add the same. Messages of interfaces always add another.
	Said uint64
}

// slot leads from a hash to a sighting, or counts the values of one field of one subject.
type slot struct {
	hash uint64
	at   int32 // -1: a count of values
	n    int32
}

const pageSightings = 1024

type bindingKey struct {
	mac  ward.MAC
	ip   ward.IP
	vlan uint16
}

// exchange is an entry of the catalogue being written.
type exchange struct{ ward.Exchange }

// join adds what another worker noted of the same interface.
func (e *exchange) join(x *exchange) {
	if earlier(x.Source, x.Frame, e.Source, e.Frame) {
		e.Source, e.Frame, e.Secured = x.Source, x.Frame, x.Secured
	}
	for _, w := range x.What {
		e.What = insert(e.What, w)
	}
	for _, w := range x.Names {
		e.Names = insert(e.Names, w)
	}
	e.Messages += x.Messages
	e.Patient = e.Patient || x.Patient
	e.First, e.Last = min(e.First, x.First), max(e.Last, x.Last)
}

type exchangeKey struct {
	protocol string
	from, to ward.Subject
	port     uint16
}

// NewNotebook makes an empty notebook. mask hides people's names in the values of Personal fields;
// nil keeps them, which only a person's explicit permission allows.
func NewNotebook(mask func(string) string) *Notebook {
	n := &Notebook{seed: maphash.MakeSeed(), mask: mask, Dropped: map[string]uint64{}}
	for i := range n.key {
		n.key[i] = maphash.Comparable(n.seed, i) | 1
	}
	n.reset()
	return n
}

func (n *Notebook) reset() {
	n.slots, n.used = make([]slot, 256), 0
	n.pages, n.n = nil, 0
	n.bindings = map[bindingKey]*ward.Binding{}
	n.exchanges = map[exchangeKey]*exchange{}
}

// find is the slot of a hash: in use when its hash is not zero.
func (n *Notebook) find(h uint64) *slot {
	mask := uint64(len(n.slots) - 1)
	for at := h & mask; ; at = (at + 1) & mask {
		if s := &n.slots[at]; s.hash == h || s.hash == 0 {
			return s
		}
	}
}

// take puts a hash into its slot, which find gave.
func (n *Notebook) take(h uint64, at int32) *slot {
	if n.used++; 4*n.used > 3*len(n.slots) {
		old := n.slots
		n.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.hash != 0 {
				*n.find(s.hash) = s
			}
		}
	}
	s := n.find(h)
	*s = slot{hash: h, at: at}
	return s
}

func (n *Notebook) sighting(at int32) *ward.Sighting {
	return &n.pages[at/pageSightings][at%pageSightings]
}

// add keeps a new sighting.
func (n *Notebook) add(h uint64, s *ward.Sighting) {
	if n.n/pageSightings == len(n.pages) {
		n.pages = append(n.pages, make([]ward.Sighting, 0, pageSightings))
	}
	last := &n.pages[len(n.pages)-1]
	*last = append(*last, *s)
	n.take(h, int32(n.n)) //nolint:gosec // bounded by maxSightings
	n.n++
}

// Sibling makes an empty notebook whose notes can be joined with this one's.
func (n *Notebook) Sibling() *Notebook {
	s := NewNotebook(n.mask)
	s.seed, s.key = n.seed, n.key
	return s
}

// Join takes over the notes of a sibling, which is empty afterwards. The result does not depend on
// which of two goroutines noted a thing first.
func (n *Notebook) Join(o *Notebook) {
	for _, from := range o.slots {
		if from.hash == 0 || from.at < 0 {
			continue
		}
		s := o.sighting(from.at)
		if at := n.find(from.hash); at.hash != 0 {
			e := n.sighting(at.at)
			e.Count += s.Count
			e.First, e.Last = min(e.First, s.First), max(e.Last, s.Last)
			if earlier(s.Source, s.Frame, e.Source, e.Frame) {
				e.Source, e.Frame, e.Peer = s.Source, s.Frame, s.Peer
			}
			continue
		}
		if n.n >= maxSightings {
			n.Dropped["sightings"]++
			continue
		}
		n.add(from.hash, s)
	}
	for k, b := range o.bindings {
		e, ok := n.bindings[k]
		if !ok {
			n.bindings[k] = b
			continue
		}
		e.Count += b.Count
		e.First, e.Last = min(e.First, b.First), max(e.Last, b.Last)
		if earlier(b.Source, b.Frame, e.Source, e.Frame) {
			e.Source, e.Frame, e.How = b.Source, b.Frame, b.How
		}
	}
	for k, x := range o.exchanges {
		e, ok := n.exchanges[k]
		if !ok {
			n.exchanges[k] = x
			continue
		}
		e.join(x)
	}
	o.reset()
}

func earlier(sourceA int, frameA uint64, sourceB int, frameB uint64) bool {
	return sourceA < sourceB || sourceA == sourceB && frameA < frameB
}

// Flush hands over what was noted since the last flush and starts afresh.
func (n *Notebook) Flush() (s []ward.Sighting, b []ward.Binding, x []ward.Exchange) {
	s = make([]ward.Sighting, 0, n.n)
	for _, page := range n.pages {
		s = append(s, page...)
	}
	for _, e := range n.bindings {
		b = append(b, *e)
	}
	for _, e := range n.exchanges {
		sort.Strings(e.What)
		sort.Strings(e.Names)
		x = append(x, e.Exchange)
	}
	n.reset()
	return s, b, x
}

func (n *Notebook) noteString(o *Out, s ward.Subject, f *ward.Field, value string, kind ward.FindingKind) {
	n.note(o, s, f, unsafe.Slice(unsafe.StringData(value), len(value)), kind)
}

func (n *Notebook) note(o *Out, s ward.Subject, f *ward.Field, value []byte, kind ward.FindingKind) {
	if len(value) > maxValue {
		value = value[:maxValue]
	}
	if len(value) == 0 {
		return
	}
	group := n.group(o, &s, f, kind)
	h := mix(group^maphash.Bytes(n.seed, value), n.key[3]) | 1
	n.Said += h
	if at := n.find(h); at.hash != 0 {
		e := n.sighting(at.at)
		e.Count++
		e.First, e.Last = min(e.First, o.Time), max(e.Last, o.Time)
		if earlier(o.Source, o.Frame, e.Source, e.Frame) {
			e.Source, e.Frame = o.Source, o.Frame
		}
		return
	}
	if n.n >= maxSightings {
		n.Dropped["sightings"]++
		return
	}
	values := n.find(group)
	if values.hash == 0 {
		values = n.take(group, -1)
	}
	if values.n >= maxPerField {
		n.Dropped["values of one field"]++
		return
	}
	text := Clean(string(value))
	if f.Personal && n.mask != nil {
		text = n.mask(text)
	}
	if text == "" {
		return
	}
	values.n++
	sight := ward.Sighting{
		Subject: s, Field: f, Value: text, Finding: kind,
		First: o.Time, Last: o.Time, Count: 1, Source: o.Source, Frame: o.Frame,
	}
	if kind != "" || s != o.Sender {
		sight.Peer = o.Peer
		if s != o.Sender {
			sight.Peer = o.Sender
		}
	}
	n.add(h, &sight)
}

// group hashes whose field it is. The same field may be flagged towards several peers.
func (n *Notebook) group(o *Out, s *ward.Subject, f *ward.Field, kind ward.FindingKind) uint64 {
	who := uint64(binary.LittleEndian.Uint32(s.MAC[:])) | uint64(s.MAC[4])<<32 | uint64(s.MAC[5])<<40 | uint64(s.VLAN)<<48
	h := mix(word(s.IP[:8])^n.key[0], word(s.IP[8:])^n.key[1])
	h = mix(h^who, uint64(uintptr(unsafe.Pointer(f)))^n.key[2])
	if s.Part != "" {
		h = mix(h^maphash.String(n.seed, s.Part), n.key[0])
	}
	if kind != "" {
		h = mix(h^maphash.String(n.seed, string(kind)), n.key[1]^word(o.Peer.IP[8:])^bits.ReverseBytes64(word(o.Peer.IP[:8])))
	}
	return h&^1 | 2 // sightings are odd, and nothing is zero
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

func (n *Notebook) bind(o *Out, mac ward.MAC, ip ward.IP, how string) {
	if mac.IsZero() || mac.IsGroup() || ip.IsZero() || ip.IsGroup() {
		return
	}
	k := bindingKey{mac, ip, o.Sender.VLAN}
	n.Said += mix(uint64(binary.LittleEndian.Uint32(mac[2:]))^n.key[0], binary.LittleEndian.Uint64(ip[8:])^n.key[1])
	if e, ok := n.bindings[k]; ok {
		e.Count++
		e.First, e.Last = min(e.First, o.Time), max(e.Last, o.Time)
		if earlier(o.Source, o.Frame, e.Source, e.Frame) {
			e.Source, e.Frame = o.Source, o.Frame
		}
		return
	}
	if len(n.bindings) >= maxSightings {
		n.Dropped["bindings"]++
		return
	}
	n.bindings[k] = &ward.Binding{
		MAC: mac, IP: ip, VLAN: o.Sender.VLAN, How: how,
		First: o.Time, Last: o.Time, Count: 1, Source: o.Source, Frame: o.Frame,
	}
}

// NoteSpeaks notes for both ends that they speak a protocol. The wire calls it for the decoder
// that took a packet or connection.
func (n *Notebook) NoteSpeaks(o *Out, protocol string) { n.speaks(o, protocol) }

func (n *Notebook) speaks(o *Out, protocol string) {
	n.noteString(o, o.Sender, &Speaks, protocol, "")
	n.noteString(o, o.Peer, &Speaks, protocol, "")
}

func (n *Notebook) carry(o *Out, c Carried) {
	n.carried++
	n.Said += mix(n.carried, n.key[3])
	k := exchangeKey{c.Protocol, o.Client, o.Server, o.Service.Port}
	e, ok := n.exchanges[k]
	if !ok {
		if len(n.exchanges) >= maxExchanges {
			n.Dropped["interfaces"]++
			return
		}
		e = &exchange{Exchange: ward.Exchange{
			Protocol: c.Protocol, From: o.Client, To: o.Server, Port: o.Service.Port,
			First: o.Time, Source: o.Source, Frame: o.Frame,
		}}
		n.exchanges[k] = e
	}
	if e.Secured == nil {
		secured := c.Secured
		e.Secured = &secured
	}
	if c.What != "" {
		e.Messages++
		e.What = insert(e.What, Clean(c.What))
	}
	if c.Name != "" {
		e.Names = insert(e.Names, Clean(c.Name))
	}
	e.Patient = e.Patient || c.Patient
	e.First, e.Last = min(e.First, o.Time), max(e.Last, o.Time)
}

// insert keeps a short list of distinct words in the order in which they came.
func insert(list []string, word string) []string {
	for _, w := range list {
		if w == word {
			return list
		}
	}
	if len(list) >= maxWhat {
		return list
	}
	return append(list, word)
}

// Clean makes text from the wire safe to print: valid UTF-8, one line, no control or format
// characters, no surrounding space or padding.
func Clean(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f {
			clean = false
			break
		}
	}
	if !clean {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == utf8.RuneError, r == 0, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
				return -1
			case unicode.IsControl(r), r == '\u2028', r == '\u2029':
				return ' '
			}
			return r
		}, strings.ToValidUTF8(s, ""))
	}
	return strings.TrimSpace(s)
}
