package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/http1"
	"github.com/wardkeeper/wardkeeper/proto/upnp"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	httpTitle = ward.Field{Protocol: "http", Name: "title"}

	// UPnP device description (UPnP Device Architecture 2.0 section 2.3), of the root device.
	upnpMaker       = ward.Field{Protocol: "upnp", Name: "manufacturer", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	upnpModel       = ward.Field{Protocol: "upnp", Name: "modelName", Proves: ward.Model, Trust: ward.TrustStated}
	upnpNumber      = ward.Field{Protocol: "upnp", Name: "modelNumber"}
	upnpDescription = ward.Field{Protocol: "upnp", Name: "modelDescription"}
	upnpSerial      = ward.Field{Protocol: "upnp", Name: "serialNumber", Proves: ward.Serial, Trust: ward.TrustStated}
	upnpName        = ward.Field{Protocol: "upnp", Name: "friendlyName", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	upnpType        = ward.Field{Protocol: "upnp", Name: "deviceType"}
	upnpProgram     = ward.Field{Protocol: "upnp", Name: "media server", Proves: ward.Component, Trust: ward.TrustBanner}
	upnpUDN         = ward.Field{Protocol: "upnp", Name: "UDN", Proves: ward.UUID, Trust: ward.TrustStated}

	// HNAP GetDeviceSettings (Home Network Administration Protocol, answer of the device).
	hnapVendor      = ward.Field{Protocol: "http", Name: "hnap VendorName", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	hnapModel       = ward.Field{Protocol: "http", Name: "hnap ModelName", Proves: ward.Model, Trust: ward.TrustStated}
	hnapDescription = ward.Field{Protocol: "http", Name: "hnap ModelDescription"}
	hnapFirmware    = ward.Field{Protocol: "http", Name: "hnap FirmwareVersion", Proves: ward.Firmware, Trust: ward.TrustStated}
	hnapHardware    = ward.Field{Protocol: "http", Name: "hnap HardwareVersion", Proves: ward.Hardware, Trust: ward.TrustStated}
	hnapName        = ward.Field{Protocol: "http", Name: "hnap DeviceName", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}

	// Configuration of a Hue bridge, readable without log-in.
	hueModel    = ward.Field{Protocol: "http", Name: "json modelid", Proves: ward.Model, Trust: ward.TrustStated}
	hueFirmware = ward.Field{Protocol: "http", Name: "json swversion", Proves: ward.Firmware, Trust: ward.TrustStated}
	hueAPI      = ward.Field{Protocol: "http", Name: "json apiversion"}
	hueName     = ward.Field{Protocol: "http", Name: "json name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}

	smartPlug = ward.Field{Protocol: "http", Name: "smartplug id"}
)

// served reads the content of a response.
func (s *httpSession) served(m *httpMessage, content []byte, out *decode.Out) {
	t := m.contentType
	switch {
	case contains(t, "application/ipp"):
		s.printer(content, m.server, out)
	case clinicalType(t):
	case contains(t, "json") || len(t) == 0 && content[0] == '{':
		sayHue(content, out)
	case contains(t, "html") && !contains(content[:min(len(content), 64)], "<?xml"):
		if s.frontPage() {
			out.Say(&httpTitle, http1.Title(content))
		}
	case contains(t, "xml") || contains(content[:min(len(content), 64)], "<?xml"):
		sayXML(content, out)
	}
}

// frontPage reports whether the page asked for stands at the top of a site. The title of a deeper
// one may hold the name of a patient.
func (s *httpSession) frontPage() bool {
	path := s.path[:s.pathSize]
	return len(path) > 0 && len(path) < 40 && path[0] == '/' && bytes.IndexByte(path[1:], '/') < 0 && bytes.IndexByte(path, '?') < 0
}

func sayXML(content []byte, out *decode.Out) {
	var d upnp.Device
	switch {
	case upnp.ParseDevice(content, &d) && softwareServer(&d):
		out.Say(&upnpProgram, d.ModelName)
		out.Say(&upnpName, d.FriendlyName)
	case d.DeviceType != nil || d.ModelName != nil:
		out.Say(&upnpMaker, d.Manufacturer)
		out.Say(&upnpModel, d.ModelName)
		out.Say(&upnpNumber, d.ModelNumber)
		out.Say(&upnpDescription, d.ModelDescription)
		if !placeholder(d.SerialNumber) {
			out.Say(&upnpSerial, d.SerialNumber)
		}
		out.Say(&upnpName, d.FriendlyName)
		out.Say(&upnpType, d.DeviceType)
		out.Say(&upnpUDN, bytes.TrimPrefix(d.UDN, []byte("uuid:")))
	case contains(content, "GetDeviceSettingsResponse"):
		out.Say(&hnapVendor, http1.Element(content, "VendorName"))
		out.Say(&hnapModel, http1.Element(content, "ModelName"))
		out.Say(&hnapDescription, http1.Element(content, "ModelDescription"))
		out.Say(&hnapFirmware, http1.Element(content, "FirmwareVersion"))
		out.Say(&hnapHardware, http1.Element(content, "HardwareVersion"))
		out.Say(&hnapName, http1.Element(content, "DeviceName"))
	default:
		out.Say(&smartPlug, http1.Attribute(content, "SMARTPLUG", "id"))
	}
}

// placeholder reports whether a serial number is one that makers leave in their description files.
func placeholder(serial []byte) bool {
	if len(serial) < 4 || bytes.HasPrefix([]byte("12345678901234567890"), serial) || bytes.HasPrefix([]byte("01234567890123456789"), serial) {
		return true
	}
	for _, c := range serial {
		if c != serial[0] {
			return false
		}
	}
	return true
}

// softwareServer reports whether a description is that of a program that can run on anything: it
// names the program's maker and model, not the device's.
func softwareServer(d *upnp.Device) bool {
	if !contains(d.DeviceType, ":MediaServer:") && !contains(d.DeviceType, ":MediaRenderer:") {
		return false
	}
	for _, name := range [...]string{
		"Windows Media", "MiniDLNA", "ReadyMedia", "Plex", "Kodi", "XBMC", "Jellyfin", "Emby", "Rygel", "MediaTomb", "Gerbera",
		"Serviio", "Universal Media Server", "PS3 Media Server", "Twonky", "TVMobili", "VLC", "BubbleUPnP", "gmediarender",
	} {
		if contains(d.ModelName, name) || contains(d.Manufacturer, name) || contains(d.ModelDescription, name) {
			return true
		}
	}
	return false
}

// sayHue reads the configuration object of a Hue bridge: a JSON object of which both versions and
// the bridge's own address stand at the top. Other objects may describe other devices.
func sayHue(content []byte, out *decode.Out) {
	var name, software, api, model, address []byte
	for k, v, rest := http1.NextString(content); k != nil; k, v, rest = http1.NextString(rest) {
		switch string(k) {
		case "name":
			name = v
		case "swversion":
			software = v
		case "apiversion":
			api = v
		case "modelid":
			model = v
		case "mac", "bridgeid":
			address = v
		}
	}
	if software == nil || api == nil || address == nil {
		return
	}
	out.Say(&hueFirmware, software)
	out.Say(&hueAPI, api)
	out.Say(&hueModel, model)
	out.Say(&hueName, name)
}
