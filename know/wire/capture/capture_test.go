package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"
)

type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

func pcapFile(o order, magic uint32, link uint32, frac uint32, packets ...string) []byte {
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, 4)
	b = o.AppendUint32(o.AppendUint32(b, 0), 0)
	b = o.AppendUint32(o.AppendUint32(b, 65535), link)
	for i, p := range packets {
		b = o.AppendUint32(o.AppendUint32(b, uint32(100+i)), frac)
		b = o.AppendUint32(o.AppendUint32(b, uint32(len(p))), uint32(len(p)+10))
		if magic == 0xa1b2cd34 {
			b = append(b, make([]byte, 8)...)
		}
		b = append(b, p...)
	}
	return b
}

func block(o order, kind uint32, body []byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	n := uint32(12 + len(body))
	b := o.AppendUint32(o.AppendUint32(nil, kind), n)
	return o.AppendUint32(append(b, body...), n)
}

func section(o order) []byte {
	b := o.AppendUint32(nil, 0x1a2b3c4d)
	b = append(o.AppendUint16(o.AppendUint16(b, 1), 0), bytes.Repeat([]byte{255}, 8)...)
	return block(o, blockSection, b)
}

func iface(o order, link uint16, options ...byte) []byte {
	b := o.AppendUint16(o.AppendUint16(nil, link), 0)
	return block(o, blockInterface, append(o.AppendUint32(b, 65535), options...))
}

func enhanced(o order, id uint32, ticks uint64, p string) []byte {
	b := o.AppendUint32(o.AppendUint32(nil, id), uint32(ticks>>32))
	b = o.AppendUint32(b, uint32(ticks))
	b = o.AppendUint32(o.AppendUint32(b, uint32(len(p))), uint32(len(p)+10))
	return block(o, blockEnhanced, append(b, p...))
}

// read lists what a file holds as "time link wire data" and how it ended.
func read(in io.Reader, buffer int) (got []string, err error) {
	r, err := NewReader(in)
	if err != nil {
		return nil, err
	}
	r.SetBuffer(make([]byte, buffer))
	var rec Record
	for more := true; more; r.Compact() {
		more = r.Fill()
		for {
			ok, err := r.Next(&rec)
			if err != nil {
				return got, err
			}
			if !ok {
				break
			}
			got = append(got, fmt.Sprintf("%d %d %d %s", rec.Time, rec.Link, rec.Wire, rec.Data))
		}
	}
	return got, r.End()
}

func TestFormats(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	us := []string{"100000005000 1 13 abc", "101000005000 1 11 x"}
	ns := []string{"100000000005 1 13 abc", "101000000005 1 11 x"}
	tens := []byte{9, 0, 1, 0, 9, 0, 0, 0}
	binaryTicks := []byte{9, 0, 1, 0, 0x80 | 10, 0, 0, 0}
	offset := append([]byte{14, 0, 8, 0}, le.AppendUint64(nil, 1000)...)
	name := block(le, 4, bytes.Repeat([]byte{7}, 100_000))
	for _, c := range []struct {
		name string
		file []byte
		want []string
	}{
		{"pcap", pcapFile(le, 0xa1b2c3d4, 1, 5, "abc", "x"), us},
		{"pcap, big endian", pcapFile(be, 0xa1b2c3d4, 1, 5, "abc", "x"), us},
		{"pcap, nanoseconds", pcapFile(le, 0xa1b23c4d, 1, 5, "abc", "x"), ns},
		{"pcap, nanoseconds, big endian", pcapFile(be, 0xa1b23c4d, 1, 5, "abc", "x"), ns},
		{"pcap, long headers", pcapFile(le, 0xa1b2cd34, 1, 5, "abc", "x"), us},
		{"pcap with a frame check sequence", pcapFile(le, 0xa1b2c3d4, 1|0x24000000, 5, "abc", "x"), us},
		{"pcap without packets", pcapFile(le, 0xa1b2c3d4, 1, 5), nil},
		{"pcapng", bytes.Join([][]byte{section(le), iface(le, 1), enhanced(le, 0, 100_000_005, "abc")}, nil), us[:1]},
		{"pcapng, big endian", bytes.Join([][]byte{section(be), iface(be, 1), enhanced(be, 0, 100_000_005, "abc")}, nil), us[:1]},
		{"pcapng, nanoseconds", bytes.Join([][]byte{section(le), iface(le, 1, tens...), enhanced(le, 0, 100_000_000_005, "abc")}, nil), ns[:1]},
		{"pcapng, binary ticks", bytes.Join([][]byte{section(le), iface(le, 1, binaryTicks...), enhanced(le, 0, 1536, "abc")}, nil), []string{"1500000000 1 13 abc"}},
		{"pcapng, offset", bytes.Join([][]byte{section(le), iface(le, 1, offset...), enhanced(le, 0, 5, "abc")}, nil), []string{"1000000005000 1 13 abc"}},
		{"pcapng, two interfaces", bytes.Join([][]byte{section(le), iface(le, 1), iface(le, 113), enhanced(le, 1, 1, "a")}, nil), []string{"1000 113 11 a"}},
		{"pcapng, two sections", bytes.Join([][]byte{section(le), iface(le, 1), enhanced(le, 0, 1, "a"), section(be), iface(be, 101), enhanced(be, 0, 1, "b")}, nil), []string{"1000 1 11 a", "1000 101 11 b"}},
		{"pcapng, a large block to pass over", bytes.Join([][]byte{section(le), name, iface(le, 1), name, enhanced(le, 0, 1, "a")}, nil), []string{"1000 1 11 a"}},
		{"pcapng, simple packets", bytes.Join([][]byte{section(le), iface(le, 1), block(le, blockSimple, append(le.AppendUint32(nil, 3), "abc"...))}, nil), []string{"0 1 3 abc"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			_, _ = w.Write(c.file)
			_ = w.Close()
			for way, in := range map[string]io.Reader{
				"whole": bytes.NewReader(c.file), "bytewise": iotest.OneByteReader(bytes.NewReader(c.file)), "gzip": &z,
			} {
				got, err := read(in, 4096)
				if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("%s: got %q, %v; want %q", way, got, err, c.want)
				}
			}
		})
	}
}

// TestTorn cuts files at every byte: what lies before the cut is yielded, and the cut is told.
func TestTorn(t *testing.T) {
	le := binary.LittleEndian
	for name, file := range map[string][]byte{
		"pcap":   pcapFile(le, 0xa1b2c3d4, 1, 5, "abc", "x", "yz"),
		"pcapng": bytes.Join([][]byte{section(le), iface(le, 1), enhanced(le, 0, 1, "abc"), enhanced(le, 0, 2, "x"), enhanced(le, 0, 3, "yz")}, nil),
	} {
		whole, _ := read(bytes.NewReader(file), 4096)
		last := 0
		for cut := range file {
			got, err := read(bytes.NewReader(file[:cut]), 4096)
			if len(got) < last || len(got) > 0 && fmt.Sprint(got) != fmt.Sprint(whole[:len(got)]) {
				t.Fatalf("%s cut at %d: got %q", name, cut, got)
			}
			last = len(got)
			if err != nil && !errors.Is(err, ErrTorn) && !errors.Is(err, ErrFormat) {
				t.Fatalf("%s cut at %d: %v", name, cut, err)
			}
		}
		if last != 2 {
			t.Errorf("%s: %d packets before the last byte", name, last)
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(bytes.Repeat(file, 1))
		_ = w.Close()
		if _, err := read(bytes.NewReader(z.Bytes()[:z.Len()-6]), 4096); !errors.Is(err, ErrTorn) {
			t.Errorf("%s: torn gzip ends with %v", name, err)
		}
	}
}

func TestNotCaptures(t *testing.T) {
	for _, in := range []string{"", "abc", "hello, this is a text file and no capture", "\x1f\x8bnot gzip at all", "\xd4\xc3\xb2\xa1short"} {
		if got, err := read(bytes.NewReader([]byte(in)), 4096); err == nil || len(got) > 0 {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

// TestAbsurdLengths: a record that claims to be huge is a tear, and nothing is allocated for it.
func TestAbsurdLengths(t *testing.T) {
	le := binary.LittleEndian
	file := pcapFile(le, 0xa1b2c3d4, 1, 5, "abc", "x")
	le.PutUint32(file[24+16+3+8:], 0xfffffff0)
	if got, err := read(bytes.NewReader(file), 4096); !errors.Is(err, ErrTorn) || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
	ng := bytes.Join([][]byte{section(le), iface(le, 1), enhanced(le, 0, 1, "abc"), enhanced(le, 0, 2, "x")}, nil)
	at := len(ng) - len(enhanced(le, 0, 2, "x"))
	le.PutUint32(ng[at+4:], 0xfffffff0)
	if got, err := read(bytes.NewReader(ng), 4096); !errors.Is(err, ErrTorn) || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	le, be := binary.LittleEndian, binary.BigEndian
	f.Add(pcapFile(le, 0xa1b2c3d4, 1, 5, "abc", "x"))
	f.Add(pcapFile(be, 0xa1b23c4d, 1, 5, "abc"))
	f.Add(bytes.Join([][]byte{section(le), iface(le, 1), enhanced(le, 0, 1, "abc")}, nil))
	f.Add(bytes.Join([][]byte{section(be), iface(be, 1), block(be, blockSimple, be.AppendUint32(nil, 3))}, nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, _ := read(bytes.NewReader(file), 4096)
		if len(got) > len(file) {
			t.Errorf("%d packets in %d bytes", len(got), len(file))
		}
	})
}
