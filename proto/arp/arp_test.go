package arp

import "testing"

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := Packet{Operation: Reply, SenderMAC: [6]byte{2, 0, 0, 0, 0, 9}, SenderIP: [4]byte{10, 0, 0, 9}, TargetMAC: [6]byte{2, 0, 0, 0, 0, 1}, TargetIP: [4]byte{10, 0, 0, 1}}
	b := Append(nil, &want)
	var got Packet
	if !Parse(b, &got) || got != want {
		t.Errorf("got %+v", got)
	}
	for n := range b {
		if Parse(b[:n], &got) {
			t.Fatalf("took %d bytes", n)
		}
	}
	b[7] = 9
	if Parse(b, &got) {
		t.Error("took an unknown operation")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Append(nil, &Packet{Operation: Request}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Packet
		if Parse(b, &p) {
			var again Packet
			if !Parse(Append(nil, &p), &again) || again != p {
				t.Error("what was read cannot be written")
			}
		}
	})
}
