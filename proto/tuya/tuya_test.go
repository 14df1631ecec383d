package tuya

import "testing"

func TestIs(t *testing.T) {
	b := Append(nil, 0x13, make([]byte, 32), 7)
	if !Is(b) || Is(b[:len(b)-1]) || Is(make([]byte, 60)) {
		t.Error("prefix, length and suffix must all fit")
	}
}

func FuzzIs(f *testing.F) {
	f.Add(Append(nil, 1, nil, 0))
	f.Fuzz(func(_ *testing.T, b []byte) { Is(b) })
}
