package eq3

import "testing"

func TestRead(t *testing.T) {
	if s, ok := Answer([]byte("eQ3MaxApKEQ0123456>I\x00\x01\x02\x03\x01\x13")); string(s) != "KEQ0123456" || !ok {
		t.Errorf("answer %q %v", s, ok)
	}
	s, f, ok := Hello(AppendHello(nil, "KEQ0123456", "0113"))
	if string(s) != "KEQ0123456" || string(f) != "0113" || !ok {
		t.Errorf("hello %q %q %v", s, f, ok)
	}
	if _, ok := Answer([]byte("eQ3Max*\x00**********I")); ok || !IsSearch([]byte("eQ3Max*\x00**********I")) {
		t.Error("a search is no answer")
	}
	if _, _, ok := Hello([]byte("H: some other greeting, no cube,,")); ok {
		t.Error("another greeting")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(AppendHello(nil, "KEQ0123456", "0113"))
	f.Fuzz(func(_ *testing.T, b []byte) { Answer(b); Hello(b); IsSearch(b) })
}
