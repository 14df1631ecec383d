package dhcp

import (
	"reflect"
	"testing"
)

func sample() Message {
	return Message{
		Op: BootRequest, HType: 1, XID: 0x01020304, Hardware: [6]byte{2, 0, 0, 0, 0, 7},
		Relay: [4]byte{10, 0, 0, 1}, Type: Request, HostName: []byte("pump-4711"), Requested: []byte{10, 0, 0, 9},
		ServerID: []byte{10, 0, 0, 2}, ParameterList: []byte{1, 3, 6, 15}, VendorClass: []byte("MSFT 5.0"),
		ClientID: []byte{1, 2, 0, 0, 0, 0, 7}, FQDN: []byte("pump-4711.ward.example"), CircuitID: []byte("Gi1/0/7"),
		RemoteID: []byte("sw-4w"),
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := sample()
	var got Message
	if !Parse(Append(nil, &want), &got) {
		t.Fatal("not taken for DHCP")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestOptionsInTheFileField(t *testing.T) {
	m := sample()
	b := Append(nil, &m)
	b = append(b[:len(b)-1], 52, 1, 1, 255)
	copy(b[108:], []byte{77, 3, 'a', 'b', 'c', 255})
	var got Message
	if !Parse(b, &got) || string(got.UserClass) != "abc" {
		t.Errorf("user class %q", got.UserClass)
	}
}

func TestTornOptions(t *testing.T) {
	m := sample()
	b := Append(nil, &m)
	for n := range b {
		var got Message
		if ok := Parse(b[:n], &got); ok != (n >= fixed+4) {
			t.Fatalf("cut to %d bytes: %v", n, ok)
		}
	}
}

func TestParseDoesNotAllocate(t *testing.T) {
	m := sample()
	b := Append(nil, &m)
	var got Message
	if n := testing.AllocsPerRun(100, func() { Parse(b, &got) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	m := sample()
	f.Add(Append(nil, &m))
	f.Add([]byte{1, 1, 6})
	f.Fuzz(func(t *testing.T, b []byte) {
		var got Message
		if !Parse(b, &got) {
			return
		}
		var again Message
		if !Parse(Append(nil, &got), &again) || again.Type != got.Type {
			t.Error("what was read cannot be written")
		}
	})
}
