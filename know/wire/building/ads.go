package building

import (
	"bytes"
	"fmt"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/ads"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What TwinCAT controllers say of themselves.
var (
	adsModel    = ward.Field{Protocol: "ads", Name: "target description image device", Proves: ward.Model, Trust: ward.TrustStated}
	adsTarget   = ward.Field{Protocol: "ads", Name: "target description target type"}
	adsMaker    = ward.Field{Protocol: "ads", Name: "target type of an embedded controller", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	adsType     = ward.Field{Protocol: "ads", Name: "target description level", Proves: ward.Type, Trust: ward.TrustRole}
	adsOS       = ward.Field{Protocol: "ads", Name: "target description os", Proves: ward.OS, Trust: ward.TrustStated}
	adsFirmware = ward.Field{Protocol: "ads", Name: "target description version", Proves: ward.Firmware, Trust: ward.TrustStated}
	adsSerial   = ward.Field{Protocol: "ads", Name: "target description serial", Proves: ward.Serial, Trust: ward.TrustStated}
	adsImage    = ward.Field{Protocol: "ads", Name: "target description image version"}
	adsSoftware = ward.Field{Protocol: "ads", Name: "device info", Proves: ward.Component, Trust: ward.TrustStated}
)

func adsDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "ads",
		TCPPorts: []uint16{48898},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			return sized(ads.Size(first))
		},
		Open:  func() decode.Session { return framed{size: ads.Size, read: adsMessage} },
		Limit: 64 << 10,
	}
}

func adsMessage(_ decode.Dir, b []byte, out *decode.Out) {
	m, ok := ads.Parse(b)
	if !ok || !m.Response {
		return
	}
	if i, ok := ads.ParseDeviceInfo(&m); ok && len(i.Name) > 0 {
		out.SayString(&adsSoftware, fmt.Sprintf("%s %d.%d.%d", i.Name, i.Major, i.Minor, i.Build))
		return
	}
	d, ok := ads.ParseDescription(&m)
	if !ok {
		return
	}
	out.Say(&adsTarget, d.TargetType)
	out.Say(&adsModel, d.ImageDevice)
	if len(d.ImageDevice) == 0 {
		out.Say(&adsModel, d.TargetType)
	}
	// TwinCAT also runs on other makers' computers; the CX and C6 families are Beckhoff's own.
	if bytes.HasPrefix(d.TargetType, []byte("CX")) || bytes.HasPrefix(d.TargetType, []byte("C6")) {
		out.SayString(&adsMaker, "Beckhoff")
	}
	if string(d.Level) == "PLC" || string(d.Level) == "NC" || string(d.Level) == "CP" {
		out.SayString(&adsType, "plc")
	}
	if len(d.OSName) > 0 {
		out.SayString(&adsOS, fmt.Sprintf("%s %s", d.OSName, d.OSVersion))
	}
	if len(d.Version) > 0 && len(d.Build) > 0 {
		out.SayString(&adsFirmware, fmt.Sprintf("%s.%s.%s", d.Version, d.Revision, d.Build))
	}
	out.Say(&adsSerial, d.Serial)
	out.Say(&adsImage, d.Image)
}
