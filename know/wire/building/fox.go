package building

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/fox"
	"github.com/wardkeeper/wardkeeper/ward"
)

// What a Niagara station says of itself. The side that calls is a workbench or a scanner, and
// scanners send a fixed text: nothing is taken from it.
var (
	foxVersion  = ward.Field{Protocol: "niagara fox", Name: "app.version", Proves: ward.Firmware, Trust: ward.TrustStated}
	foxSoftware = ward.Field{Protocol: "niagara fox", Name: "app.version on a computer", Proves: ward.Component, Trust: ward.TrustStated}
	foxOS       = ward.Field{Protocol: "niagara fox", Name: "os.name and os.version", Proves: ward.OS, Trust: ward.TrustStated}
	foxBrand    = ward.Field{Protocol: "niagara fox", Name: "brandId"}
	foxMaker    = ward.Field{Protocol: "niagara fox", Name: "brandId of a maker", Proves: ward.Manufacturer, Trust: ward.TrustStated}
	foxHost     = ward.Field{Protocol: "niagara fox", Name: "hostId"}
	foxModel    = ward.Field{Protocol: "niagara fox", Name: "board in hostId", Proves: ward.Model, Trust: ward.TrustStated}
	foxStation  = ward.Field{Protocol: "niagara fox", Name: "station.name", Proves: ward.Hostname, Trust: ward.TrustWeak}
	foxVM       = ward.Field{Protocol: "niagara fox", Name: "vm.version"}
	foxType     = ward.Field{Protocol: "niagara fox", Name: "answers as station", Proves: ward.Type, Trust: ward.TrustRole}
)

func foxDecoder() decode.Decoder {
	return decode.Decoder{
		Name:     "niagara fox",
		TCPPorts: []uint16{1911},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match {
			if n := min(len(first), 6); string(first[:n]) != "fox a "[:n] {
				return decode.No
			} else if n < 6 {
				return decode.More
			}
			return decode.Yes
		},
		Open: func() decode.Session { return framed{size: fox.Size, read: foxMessage} },
	}
}

func foxMessage(_ decode.Dir, b []byte, out *decode.Out) {
	h, ok := fox.ParseHello(b)
	if !ok || !h.Reply || string(h.AppName) != "Station" {
		return
	}
	out.Say(&foxBrand, h.Brand)
	out.Say(&foxHost, h.HostID)
	out.Say(&foxVM, h.VMVersion)
	out.Say(&foxStation, h.Station)
	out.SayString(&foxMaker, foxBrandOwner(h.Brand))
	if len(h.OSName) > 0 {
		name := append(append(make([]byte, 0, 64), h.OSName...), ' ')
		out.Say(&foxOS, bytes.TrimSpace(append(name, h.OSVersion...)))
	}
	if !bytes.HasPrefix(h.HostID, []byte("Qnx-")) { // a supervisor on somebody's computer
		if len(h.AppVersion) > 0 {
			out.SayString(&foxSoftware, "Niagara "+string(h.AppVersion))
		}
		return
	}
	out.Say(&foxVersion, h.AppVersion)
	out.SayString(&foxType, "building controller")
	board, _, _ := bytes.Cut(h.HostID[len("Qnx-"):], []byte("-"))
	out.SayString(&foxModel, foxBoard(board))
}

// foxBrandOwner is the maker who sells controllers under a brand id, as far as brand ids are known.
func foxBrandOwner(brand []byte) string {
	switch string(bytes.ToLower(brand)) {
	case "vykon", "tridium":
		return "Tridium"
	case "webs", "webeasy", "webvision", "honeywell":
		return "Honeywell"
	case "distech":
		return "Distech Controls"
	case "facexp", "johnsoncontrols":
		return "Johnson Controls"
	}
	return ""
}

// foxBoard is the controller built on a board, the second word of a QNX host id.
func foxBoard(board []byte) string {
	switch string(board) {
	case "NPM2":
		return "JACE-2"
	case "NPM3":
		return "JACE-3"
	case "NPM6":
		return "JACE-6"
	case "JVLN":
		return "JACE-7"
	case "TITAN":
		return "JACE-8000"
	}
	return ""
}
