package lldp

import (
	"bytes"
	"testing"
)

var phone = Station{
	Chassis: [6]byte{0, 1, 2, 3, 4, 5}, Port: "eth0", Name: "ward4-phone", Description: "Acme phone 1.2",
	Capabilities: CanBridge | CanTelephone, IPv4: [4]byte{10, 0, 0, 9},
	Inventory: Inventory{Serial: "A1", Manufacturer: "Acme", Model: "P-200"},
}

func TestAppendAndReadAgree(t *testing.T) {
	b := Append(nil, phone)
	if !Is(b) {
		t.Fatal("our own frame is not recognised")
	}
	got := map[uint8]string{}
	med := map[uint8]string{}
	for v := range TLVs(append(b, 0xff, 0xff)) {
		got[v.Type] = string(v.Value)
		if v.Type == ChassisID && !v.IsMAC() {
			t.Error("chassis id is not taken for a hardware address")
		}
		if bits, ok := v.Enabled(); ok && bits != phone.Capabilities {
			t.Errorf("capabilities = %#x", bits)
		}
		if ip := v.IP(); ip != nil && !bytes.Equal(ip, phone.IPv4[:]) {
			t.Errorf("management address = %v", ip)
		}
		if oui, sub, val, ok := v.Org(); ok && oui == MED {
			med[sub] = string(val)
		}
	}
	if got[SystemName] != phone.Name || got[SystemDescription] != phone.Description {
		t.Errorf("texts = %q", got)
	}
	if med[MEDSerial] != "A1" || med[MEDManufacturer] != "Acme" || med[MEDModel] != "P-200" || len(med) != 3 {
		t.Errorf("inventory = %q", med)
	}
}

func TestIsWantsTheMandatoryOrder(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty":      nil,
		"port first": appendTLV(appendTLV(nil, PortID, []byte{5, 'a'}), ChassisID, []byte{4, 1}),
		"no ttl":     appendTLV(appendTLV(nil, ChassisID, []byte{4, 1}), PortID, []byte{5, 'a'}),
		"cut":        Append(nil, phone)[:10],
	} {
		if Is(b) {
			t.Errorf("%s: taken for LLDP", name)
		}
	}
}

func FuzzTLVs(f *testing.F) {
	f.Add(Append(nil, phone))
	f.Fuzz(func(t *testing.T, b []byte) {
		Is(b)
		n := 0
		for v := range TLVs(b) {
			n += 2 + len(v.Value)
			v.ID()
			v.IP()
			v.Org()
			v.Enabled()
			v.IsMAC()
		}
		if n > len(b) {
			t.Fatal("walked past the end")
		}
	})
}
