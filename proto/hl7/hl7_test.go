package hl7

import (
	"strings"
	"testing"
)

const adt = "MSH|^~\\&|ADT1^0001^EUI-64|GH|LAB|GH|20260101||ADT^A01^ADT_A01|7|P|2.5\rPID|1||77^^^MR~88||DOE^JANE||\"\"\rPV1||I|4W^401^2\r"

func segments(t *testing.T, b string, chunk int) (out []string) {
	t.Helper()
	var s Stream
	var pending []byte
	for len(b) > 0 {
		n := min(chunk, len(b))
		pending = append(pending, b[:n]...)
		b = b[n:]
		for {
			used, ev := s.Next(pending)
			switch ev {
			case Header, Line:
				out = append(out, string(s.Segment.Raw))
			case End:
				out = append(out, "end")
			case Broken:
				return append(out, "broken")
			}
			pending = pending[used:]
			if ev == NeedMore {
				break
			}
		}
	}
	return out
}

func TestStream(t *testing.T) {
	block := string(AppendBlock(nil, []byte(adt)))
	for _, b := range []string{
		block + block, block + "\r\n" + block, strings.ReplaceAll(block+block, "\r", "\r\n"), strings.ReplaceAll(block+block, "\r", "\n"),
	} {
		for _, chunk := range []int{1, 13, 1000} {
			got := segments(t, b, chunk)
			if len(got) != 8 || !strings.HasPrefix(got[1], "PID|") || got[3] != "end" || got[7] != "end" {
				t.Errorf("chunk %d of %q: %q", chunk, b[:9], got)
			}
		}
	}
}

func TestLongSegmentIsPassedOver(t *testing.T) {
	long := adt + "OBX|1|ED|X||" + strings.Repeat("A", 100_000) + "\rOBX|2\r"
	for _, chunk := range []int{1460, 1 << 20} {
		got := segments(t, string(AppendBlock(nil, []byte(long))), chunk)
		last := got[len(got)-2:]
		if last[0] != "OBX|2" || last[1] != "end" {
			t.Errorf("chunk %d: %.40q", chunk, last)
		}
	}
}

func TestFields(t *testing.T) {
	d, ok := ParseDelimiters([]byte(adt))
	if !ok || d != Standard {
		t.Fatalf("delimiters %v %v", d, ok)
	}
	lines := strings.Split(adt, "\r")
	msh := Segment{[]byte(lines[0]), d}
	pid := Segment{[]byte(lines[1]), d}
	for want, got := range map[string][]byte{
		"|": msh.Field(1), "^~\\&": msh.Field(2), "ADT1": msh.Component(3, 1), "EUI-64": msh.Component(3, 3), "2.5": msh.Field(12),
		"ADT^A01": msh.Kind(nil), "77": pid.Component(3, 1), "MR": pid.Component(3, 4), "": pid.Field(30),
	} {
		if string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if !pid.Present(5) || pid.Present(7) || pid.Present(2) || pid.Present(99) {
		t.Error("presence of fields")
	}
}

func TestRecognise(t *testing.T) {
	for s, want := range map[string]Verdict{
		"\x0bMSH|^~\\&|": IsHL7, "\r\n\x0bMSH|^~\\&|": IsHL7, "\x0bMSH|^~\\&#|": IsHL7, "\x0bBHS|^~\\&|A": IsHL7, "\x0b": Unsure, "": Unsure, "\x0bMS": Unsure,
		"\x0bMSH|^": Unsure, "\x0bMSH||||||": NotHL7, "\x0bMSHabcdefg": NotHL7, "MSH|^~\\&|": NotHL7, "\x0bHTTP/1.1 200 OK": NotHL7, "\x0b\x00\x00": NotHL7,
	} {
		if got := Recognise([]byte(s)); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}

func TestEscapedTextStaysInItsField(t *testing.T) {
	s := Segment{AppendSegment(nil, "OBX", "1", string(AppendEscaped(nil, "a|b^c\r\x1cd")), "end"), Standard}
	if got := string(s.Field(2)); got != `a\F\b\S\c  d` || !strings.HasPrefix(string(s.Field(3)), "end") {
		t.Errorf("got %q", got)
	}
}

func FuzzStream(f *testing.F) {
	f.Add(AppendBlock(nil, []byte(adt)))
	f.Add([]byte("\x0bMSH|^~\\&|\x1c\r\x0bPID\r\x0b"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Recognise(b)
		var s Stream
		for steps := 0; ; steps++ {
			n, ev := s.Next(b)
			if ev == Header || ev == Line {
				for i := range 30 {
					s.Segment.Component(i, 2)
					s.Segment.Present(i)
				}
				s.Segment.Kind(nil)
			}
			if ev == NeedMore || ev == Broken {
				return
			}
			if n == 0 {
				t.Fatalf("step %d used nothing", steps)
			}
			b = b[n:]
		}
	})
}

func BenchmarkMessage(b *testing.B) {
	p := AppendBlock(nil, []byte(adt))
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		var s Stream
		for rest := p; ; {
			n, ev := s.Next(rest)
			if rest = rest[n:]; ev == NeedMore {
				break
			}
		}
	}
}
