package prints

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wardkeeper/wardkeeper/ward"
)

// replay parses every built-in file and hands over each print with the fields it reads.
func replay(t *testing.T, each func(where string, fields []string, p *fingerprint)) {
	t.Helper()
	files, err := data.ReadDir("data")
	if err != nil || len(files) == 0 {
		t.Fatal("no data", err)
	}
	s := NewSet()
	for _, f := range files {
		text, err := data.ReadFile("data/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var all []*fingerprint
		var fields [][]string
		if err := s.parse(f.Name(), string(text), func(f []string, p *fingerprint) {
			all, fields = append(all, p), append(fields, f)
		}); err != nil {
			t.Fatal(err)
		}
		for i, p := range all {
			each(f.Name()+" "+p.id, fields[i], p)
		}
	}
}

func TestEveryPrintReplaysItsExamples(t *testing.T) {
	ids := map[string]string{}
	replay(t, func(where string, _ []string, p *fingerprint) {
		if before, ok := ids[p.id]; ok {
			t.Errorf("%s: the id is taken by %s", where, before)
		}
		ids[p.id] = where
		if _, err := compile(p.pattern); err != nil {
			t.Errorf("%s: %v", where, err)
			return
		}
		if len(p.yes) == 0 || len(p.no) == 0 {
			t.Errorf("%s: wants an example that matches and one that does not", where)
		}
		x := newIndex([]*fingerprint{p})
		for _, y := range p.yes {
			if p.match(y) == nil {
				t.Errorf("%s does not match %q", where, y)
			} else if len(x.candidates(y)) == 0 {
				t.Errorf("%s: the index leaves out %q", where, y)
			}
		}
		for _, n := range p.no {
			if p.match(n) != nil {
				t.Errorf("%s matches %q", where, n)
			}
		}
		for _, c := range p.claims {
			if c.Attr == ward.Type && !strings.Contains(c.Value, "$") {
				if _, ok := ward.Types[c.Value]; !ok {
					t.Errorf("%s: %q is no type", where, c.Value)
				}
			}
			if c.If != nil {
				if _, err := compile(c.If.pattern); err != nil {
					t.Errorf("%s: condition: %v", where, err)
				}
			}
		}
	})
}

// Patterns without three letters that must occur run on every value of their field: a few are
// affordable.
func TestMostPrintsAreIndexed(t *testing.T) {
	var bare []string
	total := 0
	replay(t, func(where string, _ []string, p *fingerprint) {
		total++
		if required(p.pattern) == nil {
			bare = append(bare, where)
		}
	})
	if len(bare) > total/20 {
		t.Errorf("%d of %d prints have no text to index by: %v", len(bare), total, bare)
	}
}

func TestMatchTakesTheFirstPrintPerAttribute(t *testing.T) {
	s := NewSet()
	if err := s.Parse("x", "[a b] banner\none: ^Ubuntu (\\d+) => os=Ubuntu $1; type=server@weak\n  + Ubuntu 14\n  - x\ntwo: Ubuntu => os=Linux; role=$9\n"); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(s.Match("a b", "ubuntu 14"))
	if !strings.Contains(got, "Ubuntu 14") || strings.Contains(got, "Linux") || strings.Contains(got, "role") {
		t.Error(got)
	}
	if c := s.Match("a c", "Ubuntu 14"); c != nil {
		t.Error("a print answered for a field it does not read", c)
	}
}

func TestParseNamesThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"[a] banner\nx: a => colour=red\n": "f:2", "x: a => os=b\n": "f:1", "[a] strong\n": "f:1",
		"[a] hint\nx: a => os=b@never\n": "f:2", "[a] hint\nx: a\n": "f:2", "[a] hint\n  + a\n": "f:2",
	} {
		if err := NewSet().Parse("f", text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestRequired(t *testing.T) {
	for pattern, want := range map[string][]string{
		`^MSFT 5\.0$`: {"msft 5.0"}, `(foo|barr)\d+`: {"foo", "barr"}, `a.b`: nil, `x(abc)?`: nil, `^HS\d`: {"hs"},
		`(?:ab|cde)x`: {"ab", "cde"}, `Windows NT (6\.[0-3])`: {"windows nt "},
	} {
		if got := required(pattern); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[a b] banner\none: ^U(\\d+) => os=U $1@hint\n  + U1\n  - x\n  & c d: y\n", "U1")
	f.Fuzz(func(_ *testing.T, text, value string) {
		s := NewSet()
		_ = s.Parse("f", text)
		for _, field := range s.Fields() {
			s.Match(field, value)
		}
	})
}

func BenchmarkMatchNothing(b *testing.B) {
	s, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	fields := s.Fields()
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range fields {
			s.Match(f, "host-4711.example.org")
		}
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}
