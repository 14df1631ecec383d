package tftp

import "testing"

func TestRequest(t *testing.T) {
	op, file, ok := Request(AppendRequest(nil, "SEP001122334455.cnf.xml"))
	if op != ReadRequest || string(file) != "SEP001122334455.cnf.xml" || !ok {
		t.Errorf("%d %q %v", op, file, ok)
	}
	for _, s := range []string{"", "\x00\x01file\x00octe", "\x00\x03\x00\x01data", "\x00\x01file\x00binary\x00", "\x00\x01nomode12345"} {
		if _, _, ok := Request([]byte(s)); ok {
			t.Errorf("%q accepted", s)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add(AppendRequest(nil, "a"))
	f.Fuzz(func(_ *testing.T, b []byte) { Request(b) })
}
