package ber

import (
	"bytes"
	"testing"
)

func TestAppendAndNextAgree(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 1000} {
		v := bytes.Repeat([]byte{7}, n)
		tag, got, rest, ok := Next(append(Append(nil, OctetString, v), 9))
		if !ok || tag != OctetString || !bytes.Equal(got, v) || len(rest) != 1 {
			t.Errorf("%d bytes: tag %#x, %d bytes, rest %d, %v", n, tag, len(got), len(rest), ok)
		}
	}
	for _, n := range []int64{0, 1, 127, 128, -1, -128, -129, 65535, 1 << 40} {
		v, _, ok := Expect(AppendInt(nil, n), Integer)
		if got, _ := Int(v); !ok || got != n {
			t.Errorf("%d came back as %d", n, got)
		}
	}
}

func TestNextRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty": nil, "cut": {4, 2, 1}, "indefinite": {0x30, 0x80, 0, 0}, "long tag": {0x1f, 1, 0},
		"huge length": {4, 0x84, 0xff, 0xff, 0xff, 0xff}, "cut length": {4, 0x82, 1},
	} {
		if _, _, _, ok := Next(b); ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzNext(f *testing.F) {
	f.Add(Append(nil, Sequence, AppendInt(nil, 5)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for n := 0; ; n++ {
			_, v, rest, ok := Next(b)
			if !ok {
				return
			}
			if len(rest) >= len(b) || len(v) > len(b) {
				t.Fatal("no progress")
			}
			Int(v)
			b = rest
		}
	})
}
