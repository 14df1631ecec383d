package pjl

import "testing"

func TestAnswer(t *testing.T) {
	b := AppendAnswer(nil, "Acme LaserPrint 9")
	category, text, size, ok := Answer(append(b, "more"...))
	if string(category) != "ID" || string(text) != `"Acme LaserPrint 9"` || size != len(b) || !ok {
		t.Errorf("%q %q %d %v", category, text, size, ok)
	}
	if _, _, size, ok := Answer(b[:20]); size != 0 || !ok {
		t.Error("half an answer was read")
	}
	if _, _, _, ok := Answer([]byte("%PDF-1.4")); ok {
		t.Error("a document was taken for an answer")
	}
	if v := Value([]byte("ProductName = Acme 9\r\nSerialNumber=\"X1\"\r\n"), "SerialNumber"); string(v) != "X1" {
		t.Errorf("serial %q", v)
	}
}

func TestIsJob(t *testing.T) {
	for s, want := range map[string][2]bool{
		"\x1b%-12345X@PJL": {true, false}, "@PJL INFO ID": {true, false}, "\x1b%-": {false, true}, "%!PS": {false, false},
	} {
		if yes, more := IsJob([]byte(s)); yes != want[0] || more != want[1] {
			t.Errorf("%q: %v %v", s, yes, more)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(AppendAnswer(nil, "x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, text, size, _ := Answer(b)
		if size > len(b) {
			t.Fatal("too long")
		}
		Value(text, "a")
		IsJob(b)
	})
}
