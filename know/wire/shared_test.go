package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
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

// text is a decoder for tests: it reads lines of printable text over TCP and UDP.
func text() decode.Decoder {
	field := &ward.Field{Protocol: "text", Name: "line"}
	say := func(data []byte, out *decode.Out) int {
		n := bytes.IndexByte(data, '\n')
		if n < 0 {
			return 0
		}
		out.Say(field, []byte{'a' + data[0]%26})
		return n + 1
	}
	printable := func(b []byte) bool {
		for _, c := range b[:min(len(b), 12)] {
			if c < ' ' || c >= 0x7f {
				return false
			}
		}
		return len(b) > 0
	}
	return decode.Decoder{
		Name: "text", TCPPorts: []uint16{80},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if !printable(first) {
				return decode.No
			}
			if len(first) < 4 {
				return decode.More
			}
			return decode.Yes
		},
		Open: func() decode.Session { return textSession(say) },
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if !printable(p.Payload) {
				return false
			}
			out.Say(field, []byte{'a' + p.Payload[0]%26})
			return true
		},
	}
}

type textSession func([]byte, *decode.Out) int

func (s textSession) Read(_ decode.Dir, data []byte, out *decode.Out) int { return s(data, out) }

// canonical writes an observation in an order that depends on its content alone.
func canonical(t *testing.T, o *ward.Observation) []string {
	t.Helper()
	var lines []string
	add := func(kind string, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, kind+" "+string(b))
	}
	for _, s := range o.Sightings {
		add("sighting "+s.Field.Protocol+" "+s.Field.Name, s)
	}
	for _, s := range o.Bindings {
		add("binding", s)
	}
	for _, s := range o.Stations {
		add("station", s)
	}
	for _, s := range o.Conversations {
		add("talk", s)
	}
	for _, s := range o.Exchanges {
		add("exchange", s)
	}
	sort.Strings(lines)
	return lines
}

// TestSameWhateverWorkers reads every capture with one worker and with three, each with its own
// random hash key: what is found must be the same.
func TestSameWhateverWorkers(t *testing.T) {
	files := sharedCaptures(t)
	read := func(workers int) ([]string, ward.Counts, []ward.Source) {
		e := New(Options{Workers: workers, Decoders: []decode.Decoder{text()}})
		var sources []ward.Source
		for _, f := range files {
			s, err := e.ReadFile(context.Background(), f)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			sources = append(sources, s)
		}
		return canonical(t, e.Close()), e.Counts(), sources
	}
	one, counts, sources := read(1)
	three, counts3, _ := read(3)
	if len(one) < 1000 {
		t.Fatalf("only %d lines found", len(one))
	}
	for i := range one {
		if i >= len(three) || one[i] != three[i] {
			t.Fatalf("line %d differs:\n%s\n%s", i, one[i], three[min(i, len(three)-1)])
		}
	}
	if len(three) != len(one) {
		t.Errorf("%d lines with one worker, %d with three", len(one), len(three))
	}
	if counts.Packets != counts3.Packets || counts.Decoded != counts3.Decoded {
		t.Errorf("counts %+v and %+v", counts, counts3)
	}
	sum := uint64(0)
	for _, s := range sources {
		sum += s.Packets
		if s.LinkType == "" || s.Torn {
			t.Errorf("%s: %+v", s.File, s)
		}
	}
	if sum != counts.Packets || counts.Decoded+counts.Undecoded != counts.Packets {
		t.Errorf("sources hold %d packets, counts say %+v", sum, counts)
	}
	t.Logf("%+v", counts)
}
