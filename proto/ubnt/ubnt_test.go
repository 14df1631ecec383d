package ubnt

import "testing"

func TestAppendAndReadAgree(t *testing.T) {
	b := Append(nil, [6]byte{1, 2, 3, 4, 5, 6}, [4]byte{10, 0, 0, 1}, map[byte]string{Hostname: "ap4", Platform: "U7"})
	fields, ok := Read(b)
	if !ok {
		t.Fatal("not recognised")
	}
	got := map[byte]string{}
	for typ, v := range Fields(fields) {
		got[typ] = string(v)
	}
	if got[Hostname] != "ap4" || got[Platform] != "U7" || len(got[Addresses]) != 10 {
		t.Errorf("%v", got)
	}
	if _, ok := Read([]byte{1, 0, 0, 0}); ok || !IsQuestion([]byte{1, 0, 0, 0}) {
		t.Error("a question is no announcement")
	}
	if _, ok := Read(b[:len(b)-1]); ok {
		t.Error("a cut announcement")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(Append(nil, [6]byte{1}, [4]byte{1}, nil))
	f.Fuzz(func(_ *testing.T, b []byte) {
		fields, _ := Read(b)
		for range Fields(fields) {
			continue
		}
	})
}
