// Package upnp reads and writes UPnP device descriptions (UPnP Device Architecture 2.0,
// section 2.3) as far as they say what a device is.
package upnp

import "bytes"

// Device is the root device of a description. The slices are views; absent elements are nil.
type Device struct {
	DeviceType       []byte
	FriendlyName     []byte
	Manufacturer     []byte
	ModelName        []byte
	ModelNumber      []byte
	ModelDescription []byte
	SerialNumber     []byte
	UDN              []byte
}

// ParseDevice reads the root device of a description that may be cut off. It reports false when
// the text is no device description. Embedded devices (deviceList) are other devices or parts and
// are left out.
func ParseDevice(xml []byte, d *Device) bool {
	if !bytes.Contains(xml, []byte("urn:schemas-upnp-org:device")) {
		return false
	}
	at := bytes.Index(xml, []byte("<device>"))
	if at < 0 {
		return false
	}
	*d = Device{}
	b := xml[at+len("<device>"):]
	for {
		open := bytes.IndexByte(b, '<')
		if open < 0 {
			return true
		}
		b = b[open+1:]
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return true
		}
		name := b[:end]
		if i := bytes.IndexAny(name, " \t\r\n"); i >= 0 {
			name = name[:i]
		}
		if string(name) == "deviceList" || string(name) == "/device" {
			return true
		}
		b = b[end+1:]
		text := b
		if i := bytes.IndexByte(b, '<'); i >= 0 {
			text = b[:i]
			d.set(name, bytes.TrimSpace(text))
		}
	}
}

func (d *Device) set(name, text []byte) {
	if len(text) == 0 {
		return
	}
	switch string(name) {
	case "deviceType":
		d.DeviceType = text
	case "friendlyName":
		d.FriendlyName = text
	case "manufacturer":
		d.Manufacturer = text
	case "modelName":
		d.ModelName = text
	case "modelNumber":
		d.ModelNumber = text
	case "modelDescription":
		d.ModelDescription = text
	case "serialNumber":
		d.SerialNumber = text
	case "UDN":
		d.UDN = text
	}
}

// Append writes a description of a root device without services behind dst.
func Append(dst []byte, d *Device) []byte {
	dst = append(dst, "<?xml version=\"1.0\"?>\r\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\">\r\n"+
		"<specVersion><major>1</major><minor>0</minor></specVersion>\r\n<device>\r\n"...)
	for _, e := range []struct {
		name string
		text []byte
	}{
		{"deviceType", d.DeviceType},
		{"friendlyName", d.FriendlyName},
		{"manufacturer", d.Manufacturer},
		{"modelDescription", d.ModelDescription},
		{"modelName", d.ModelName},
		{"modelNumber", d.ModelNumber},
		{"serialNumber", d.SerialNumber},
		{"UDN", d.UDN},
	} {
		if len(e.text) == 0 {
			continue
		}
		dst = append(append(append(dst, '<'), e.name...), '>')
		for _, c := range e.text {
			switch c {
			case '<':
				dst = append(dst, "&lt;"...)
			case '&':
				dst = append(dst, "&amp;"...)
			default:
				dst = append(dst, c)
			}
		}
		dst = append(append(append(dst, "</"...), e.name...), ">\r\n"...)
	}
	return append(dst, "</device>\r\n</root>\r\n"...)
}
