package telnet

import "testing"

func plain(r *Reader, s string) string {
	var out []byte
	b := []byte(s)
	for {
		c, rest, ok := r.Next(b)
		if !ok {
			return string(out)
		}
		out, b = append(out, c), rest
	}
}

func TestReaderDropsCommands(t *testing.T) {
	in := "\xff\xfb\x01lo\xff\xfa\x18\x00xterm\xff\xf0gin\xff\xff: \xff\xf1"
	if got := plain(&Reader{}, in); got != "login\xff: " {
		t.Errorf("text = %q", got)
	}
	var r Reader
	got := ""
	for i := range in { // one byte at a time must give the same
		got += plain(&r, in[i:i+1])
	}
	if got != "login\xff: " {
		t.Errorf("cut up, text = %q", got)
	}
}

func TestIs(t *testing.T) {
	for s, want := range map[string]bool{
		"\xff\xfd\x25": true, "\xff\xfa\x18\x00": true, "\xff\xfb": false, "login: ": false, "\xff\xd8\xff": false, "\xff\xfb\x7f": false,
	} {
		if Is([]byte(s)) != want {
			t.Errorf("%q: not %v", s, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("\xff\xfb\x01login: "))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(plain(&Reader{}, string(b))) > len(b) {
			t.Fatal("more text than bytes")
		}
	})
}
