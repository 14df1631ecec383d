package dns

import (
	"testing"
)

func announcement() []byte {
	b := AppendHeader(nil, 0, 0x8400, 0, 4, 0, 0)
	b = AppendRecord(b, "_http._tcp.local", PTR, IN, 4500, AppendName(nil, `Bed 4\.1 Camera._http._tcp.local`))
	b = AppendRecord(b, `Bed 4\.1 Camera._http._tcp.local`, SRV, 0x8001, 120, AppendSRV(nil, 80, "Cam-4.local"))
	b = AppendRecord(b, "x.local", TXT, IN, 120, AppendTXT(nil, "md=IC-3115W", "fv=1.2"))
	return AppendRecord(b, "Cam-4.LOCAL", A, IN, 120, []byte{10, 0, 0, 4})
}

func TestReadAnnouncement(t *testing.T) {
	p, ok := Parse(announcement())
	if !ok || !p.Response || !p.Authoritative || p.Answers != 4 {
		t.Fatalf("header %+v", p.Header)
	}
	var buf2 [256]byte
	var r Record
	var got []string
	for p.Next(&r) {
		line := string(r.Name())
		if name, ok := p.Target(&r, buf2[:]); ok && (r.Type == PTR || r.Type == SRV) {
			line += " -> " + string(name)
		}
		if r.Type == TXT {
			for s, rest := NextText(r.Data); s != nil; s, rest = NextText(rest) {
				line += " " + string(s)
			}
		}
		got = append(got, line)
	}
	want := []string{
		"_http._tcp.local -> Bed 4.1 Camera._http._tcp.local",
		"bed 4.1 camera._http._tcp.local -> Cam-4.local",
		"x.local md=IC-3115W fv=1.2",
		"cam-4.local",
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("got %q\nwant %q", got, want)
		}
	}
	if !p.Whole() {
		t.Error("something is left over")
	}
}

func TestCompressionPointers(t *testing.T) {
	b := AppendHeader(nil, 7, 0x0100, 2, 0, 0, 0)
	b = AppendQuestion(b, "iphone-ld.Apple.com", A, IN)
	b = append(b, 3, 'w', 'w', 'w', 0xc0, 12+10, 0, 28, 0x80, 1)
	p, _ := Parse(b)
	var buf [256]byte
	if name, _, _, _ := p.Question(buf[:]); string(name) != "iphone-ld.apple.com" {
		t.Errorf("first %q", name)
	}
	name, typ, class, ok := p.Question(buf[:])
	if !ok || string(name) != "www.apple.com" || typ != AAAA || class != IN {
		t.Errorf("second %q %d %d %v", name, typ, class, ok)
	}
	if !p.Whole() {
		t.Error("not whole")
	}
}

func TestBrokenNames(t *testing.T) {
	for what, tail := range map[string][]byte{
		"pointer to itself":     {0xc0, 12, 0, 1, 0, 1},
		"pointer forwards":      {0xc0, 16, 0, 1, 0, 1, 0},
		"pointer into header":   {0xc0, 2, 0, 1, 0, 1},
		"reserved label type":   {0x80, 1, 0, 0, 1, 0, 1},
		"label beyond the end":  {63, 'a', 0, 1, 0, 1},
		"name without its root": {1, 'a', 1, 'b', 1, 'c'},
	} {
		p, ok := Parse(append(AppendHeader(nil, 1, 0, 1, 0, 0, 0), tail...))
		if !ok {
			t.Fatalf("%s: header refused", what)
		}
		var buf [256]byte
		if name, _, _, ok := p.Question(buf[:]); ok {
			t.Errorf("%s was read as %q", what, name)
		}
	}
}

func TestReadingDoesNotAllocate(t *testing.T) {
	msg := announcement()
	n := testing.AllocsPerRun(100, func() {
		p, _ := Parse(msg)
		var r Record
		for p.Next(&r) {
			continue
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(announcement())
	f.Add(AppendQuestion(AppendHeader(nil, 1, 0x100, 1, 0, 0, 0), "a.example", A, IN))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := Parse(b)
		if !ok {
			return
		}
		var buf, buf2 [256]byte
		for {
			if _, _, _, ok := p.Question(buf[:]); !ok {
				break
			}
		}
		var r Record
		for p.Next(&r) {
			if name, ok := p.Target(&r, buf2[:]); ok && len(name) > maxName {
				t.Fatal("name too long")
			}
			for s, rest := NextText(r.Data); s != nil; s, rest = NextText(rest) {
				continue
			}
		}
	})
}
