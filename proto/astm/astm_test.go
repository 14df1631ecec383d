package astm

import (
	"strings"
	"testing"
)

var frames = AppendFrames(nil, `H|\^&|||Acme^L9^2.1|||||||P|1|20260101`, `P|1||77||DOE^JANE`, `O|1|S1||^^^GLU`, `R|1|^^^GLU|5.1|mmol/L`, `L|1|N`)

func read(b []byte, chunk int) string {
	var s Stream
	var out strings.Builder
	for len(b) > 0 {
		n := min(chunk, len(b))
		pending := b[:n]
		b = b[n:]
		for {
			used, ev := s.Next(pending)
			switch ev {
			case Line:
				out.Write(s.Record.Raw)
				out.WriteByte('\n')
			case End:
				out.WriteString("end\n")
			case Broken:
				return out.String() + "broken"
			}
			if pending = pending[used:]; ev == NeedMore {
				break
			}
		}
	}
	return out.String()
}

func TestFrames(t *testing.T) {
	want := "H|\\^&|||Acme^L9^2.1|||||||P|1|20260101\nP|1||77||DOE^JANE\nO|1|S1||^^^GLU\nR|1|^^^GLU|5.1|mmol/L\nL|1|N\nend\n"
	for _, chunk := range []int{1, 5, 1000} {
		if got := read(frames, chunk); got != want {
			t.Errorf("chunk %d: %q", chunk, got)
		}
	}
}

func TestRecordOverTwoFrames(t *testing.T) {
	b := "\x05\x021H|\\^&|||Ac\x1799\r\n\x022me^L9\r\x0300\r\n\x04"
	if got := read([]byte(b), 1); got != "H|\\^&|||Acme^L9\nend\n" {
		t.Errorf("got %q", got)
	}
}

func TestWholeMessageInOneFrame(t *testing.T) {
	b := "\x021H|\\^&|||X\rP|1\rL|1|N\r\x0300\r\n"
	if got := read([]byte(b), 3); got != "H|\\^&|||X\nP|1\nL|1|N\n" {
		t.Errorf("got %q", got)
	}
}

func TestFields(t *testing.T) {
	r := Record{Raw: []byte("P|1||77|^^|DOE^JANE"), Field: '|', Component: '^'}
	if r.Kind() != 'P' || string(r.Of(4)) != "77" || r.Present(5) || !r.Present(6) || r.Of(9) != nil {
		t.Errorf("fields of %q", r.Raw)
	}
}

func TestRecognise(t *testing.T) {
	for s, want := range map[string]Verdict{
		string(frames): IsASTM, "\x05": Unsure, "": Unsure, "\x05\x021H": Unsure, "\x021H|\\^&\r": IsASTM, "\x05\x05\x021H|\\^&||": IsASTM,
		"\x05\x021P|1": NotASTM, "\x05\x01\x00": NotASTM, "\x05\x021H||^&|": NotASTM, "\x021Hello world": NotASTM, "\x05\x021H|\\^&\x00": NotASTM,
	} {
		if got := Recognise([]byte(s)); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add(frames)
	f.Add([]byte("\x05\x021H|\\^&|||Ac\x1799\r\n\x022me^L9\r\x0300\r\n\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		Recognise(b)
		var s Stream
		for {
			n, ev := s.Next(b)
			if ev == Line {
				s.Record.Kind()
				s.Record.Present(5)
			}
			if ev == NeedMore || ev == Broken {
				return
			}
			if n == 0 {
				t.Fatal("used nothing")
			}
			b = b[n:]
		}
	})
}
