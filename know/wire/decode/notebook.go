package decode

import (
	"encoding/binary"
	"hash/maphash"
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
	seed      maphash.Seed
	index     map[uint64]int32 // hash of subject, field and value: position in sightings
	perField  map[uint64]uint8
	sightings []ward.Sighting
	bindings  map[bindingKey]*ward.Binding
	exchanges map[exchangeKey]*exchange
	key       []byte
	mask      func(string) string

	// Dropped counts what did not fit, by reason.
	Dropped map[string]uint64
	// Novel grows with everything that was not known before. Whoever offers bytes can tell by it
	// whether they were worth reading.
	Novel uint64
}

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
	n.reset()
	return n
}

func (n *Notebook) reset() {
	n.index = map[uint64]int32{}
	n.perField = map[uint64]uint8{}
	n.sightings = nil
	n.bindings = map[bindingKey]*ward.Binding{}
	n.exchanges = map[exchangeKey]*exchange{}
}

// Sibling makes an empty notebook whose notes can be joined with this one's.
func (n *Notebook) Sibling() *Notebook {
	s := NewNotebook(n.mask)
	s.seed = n.seed
	return s
}

// Join takes over the notes of a sibling, which is empty afterwards. The result does not depend on
// which of two goroutines noted a thing first.
func (n *Notebook) Join(o *Notebook) {
	for h, i := range o.index {
		s := &o.sightings[i]
		if k, ok := n.index[h]; ok {
			e := &n.sightings[k]
			e.Count += s.Count
			e.First, e.Last = min(e.First, s.First), max(e.Last, s.Last)
			if earlier(s.Source, s.Frame, e.Source, e.Frame) {
				e.Source, e.Frame, e.Peer = s.Source, s.Frame, s.Peer
			}
			continue
		}
		if len(n.sightings) >= maxSightings {
			n.Dropped["sightings"]++
			continue
		}
		n.index[h] = int32(len(n.sightings)) //nolint:gosec // bounded by maxSightings
		n.sightings = append(n.sightings, *s)
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
	s = n.sightings
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
	k := append(n.key[:0], s.MAC[:]...)
	k = append(k, s.IP[:]...)
	k = binary.LittleEndian.AppendUint16(k, s.VLAN)
	k = append(k, s.Part...)
	k = binary.LittleEndian.AppendUint64(k, uint64(uintptr(unsafe.Pointer(f))))
	if kind != "" { // the same field may be flagged towards several peers
		k = append(k, kind...)
		k = append(k, o.Peer.IP[:]...)
	}
	group := maphash.Bytes(n.seed, k)
	k = append(k, 0)
	k = append(k, value...)
	n.key = k
	h := maphash.Bytes(n.seed, k)
	if i, ok := n.index[h]; ok {
		e := &n.sightings[i]
		e.Count++
		e.First, e.Last = min(e.First, o.Time), max(e.Last, o.Time)
		if earlier(o.Source, o.Frame, e.Source, e.Frame) {
			e.Source, e.Frame = o.Source, o.Frame
		}
		return
	}
	n.Novel++
	if len(n.sightings) >= maxSightings {
		n.Dropped["sightings"]++
		return
	}
	if n.perField[group] >= maxPerField {
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
	n.perField[group]++
	n.index[h] = int32(len(n.sightings)) //nolint:gosec // bounded by maxSightings
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
	n.sightings = append(n.sightings, sight)
}

func (n *Notebook) bind(o *Out, mac ward.MAC, ip ward.IP, how string) {
	if mac.IsZero() || mac.IsGroup() || ip.IsZero() || ip.IsGroup() {
		return
	}
	k := bindingKey{mac, ip, o.Sender.VLAN}
	if e, ok := n.bindings[k]; ok {
		e.Count++
		e.First, e.Last = min(e.First, o.Time), max(e.Last, o.Time)
		return
	}
	n.Novel++
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
	n.Novel++ // each message counts
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
	e.Last = max(e.Last, o.Time)
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
