package cdp

import (
	"bytes"
	"testing"
)

var station = Station{
	ID: "R1", Port: "Gi0/1", Software: "Cisco IOS Software", Platform: "cisco 1841",
	Capabilities: IsRouter, IPv4: [4]byte{10, 0, 0, 1},
}

func TestAppendAndReadAgree(t *testing.T) {
	b := Append(nil, station)
	if !Is(b) {
		t.Fatal("our own frame is not recognised")
	}
	if checksum(b) != 0 && len(b)%2 == 0 {
		t.Errorf("checksum does not verify: %#x", checksum(b))
	}
	got := map[uint16]string{}
	for v := range TLVs(b) {
		got[v.Type] = string(v.Value)
		if bits, ok := v.Bits(); ok && bits != IsRouter {
			t.Errorf("capabilities = %#x", bits)
		}
		for ip := range v.IPs {
			got[0xffff] += string(ip)
		}
	}
	if got[DeviceID] != "R1" || got[Platform] != "cisco 1841" || got[PortID] != "Gi0/1" {
		t.Errorf("fields = %v", got)
	}
	if !bytes.Equal([]byte(got[0xffff]), station.IPv4[:]) {
		t.Errorf("address = %q", got[0xffff])
	}
}

func TestIsRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty": nil, "version": {3, 180, 0, 0, 0, 1, 0, 5, 'a'}, "short field": {2, 180, 0, 0, 0, 1, 0, 3, 'a'},
		"other first field": {2, 180, 0, 0, 0, 6, 0, 5, 'a'},
	} {
		if Is(b) {
			t.Errorf("%s: taken for CDP", name)
		}
	}
}

func FuzzTLVs(f *testing.F) {
	f.Add(Append(nil, station))
	f.Fuzz(func(t *testing.T, b []byte) {
		Is(b)
		for v := range TLVs(b) {
			v.Bits()
			n := 0
			for range v.IPs {
				n++
			}
			if n > maxAddresses {
				t.Fatal("too many addresses")
			}
		}
	})
}
