package upnp

import (
	"reflect"
	"testing"
)

func sample() Device {
	return Device{
		DeviceType: []byte("urn:schemas-upnp-org:device:Basic:1"), FriendlyName: []byte("Bed 4"),
		Manufacturer: []byte("Example"), ModelName: []byte("Camera 2"), ModelNumber: []byte("C2"),
		SerialNumber: []byte("123"), UDN: []byte("uuid:1-2-3"), ModelDescription: []byte("a camera"),
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := sample()
	var got Device
	if !ParseDevice(Append(nil, &want), &got) || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestEmbeddedDevicesAreLeftOut(t *testing.T) {
	xml := `<root xmlns="urn:schemas-upnp-org:device-1-0"><device><manufacturer>A</manufacturer>` +
		`<deviceList><device><modelName>inner</modelName></device></deviceList></device></root>`
	var d Device
	if !ParseDevice([]byte(xml), &d) || string(d.Manufacturer) != "A" || d.ModelName != nil {
		t.Errorf("got %+v", d)
	}
	if ParseDevice([]byte("<device><modelName>x</modelName></device>"), &d) {
		t.Error("took something else for a description")
	}
}

func FuzzParseDevice(f *testing.F) {
	d := sample()
	f.Add(Append(nil, &d))
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Device
		ParseDevice(b, &d)
	})
}
