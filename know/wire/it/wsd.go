package it

import (
	"net/url"
	"strings"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/wsd"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	wsdAddress  = ward.Field{Protocol: "ws-discovery", Name: "endpoint", Proves: ward.UUID, Trust: ward.TrustStated}
	wsdType     = ward.Field{Protocol: "ws-discovery", Name: "type"}
	wsdScope    = ward.Field{Protocol: "ws-discovery", Name: "scope"}
	onvifCamera = ward.Field{Protocol: "ws-discovery", Name: "onvif video transmitter", Proves: ward.Type, Trust: ward.TrustRole}
	onvifName   = ward.Field{Protocol: "ws-discovery", Name: "onvif name", Proves: ward.Hostname, Trust: ward.TrustWeak, Personal: true}
	onvifModel  = ward.Field{Protocol: "ws-discovery", Name: "onvif hardware", Proves: ward.Model, Trust: ward.TrustStated}
	onvifPlace  = ward.Field{Protocol: "ws-discovery", Name: "onvif location", Proves: ward.Place, Trust: ward.TrustWeak, Personal: true, Place: true}
	wsdPrinter  = ward.Field{Protocol: "ws-discovery", Name: "print device", Proves: ward.Type, Trust: ward.TrustRole}
	wsdComputer = ward.Field{Protocol: "ws-discovery", Name: "computer"}
)

// webDiscovery reads WS-Discovery: cameras (ONVIF), printers and computers announce themselves.
// Probes only ask. Medical devices (SDC) have a decoder of their own; what is generic of theirs is
// read here as well.
func webDiscovery() decode.Decoder {
	return decode.Decoder{Name: "ws-discovery", UDPPorts: []uint16{3702}, Datagram: readWSD}
}

func readWSD(p *decode.Packet, out *decode.Out) bool {
	if len(p.Payload) < 64 || p.Payload[0] != '<' && p.Payload[0] != 0xef || !wsd.Recognise(p.Payload) {
		return false
	}
	m, err := wsd.Parse(p.Payload)
	if err != nil {
		return false
	}
	// A discovery proxy answers for many; who announces itself names one endpoint.
	if !m.Action.Announces() || m.Action == wsd.Bye || len(m.Endpoints) != 1 {
		return true
	}
	sayEndpoint(&m.Endpoints[0], out)
	return true
}

func sayEndpoint(e *wsd.Endpoint, out *decode.Out) {
	if id, ok := strings.CutPrefix(e.Address, "urn:uuid:"); ok {
		out.SayString(&wsdAddress, id)
	}
	for _, t := range e.Types {
		out.SayString(&wsdType, t.Local)
		switch t.Local {
		case "NetworkVideoTransmitter":
			out.SayString(&onvifCamera, "ip camera")
		case "PrintDeviceType":
			out.SayString(&wsdPrinter, "printer")
		case "Computer":
			out.SayString(&wsdComputer, "computer")
		}
	}
	for _, s := range e.Scopes {
		sayScope(s, out)
	}
}

// sayScope reads the scopes of the ONVIF Core Specification section 7.3.2.2.
func sayScope(scope string, out *decode.Out) {
	rest, ok := strings.CutPrefix(scope, "onvif://www.onvif.org/")
	if !ok {
		return
	}
	kind, value, ok := strings.Cut(rest, "/")
	if !ok {
		return
	}
	if text, err := url.PathUnescape(value); err == nil {
		value = text
	}
	switch strings.ToLower(kind) {
	case "name":
		out.SayString(&onvifName, value)
	case "hardware":
		out.SayString(&onvifModel, value)
	case "location":
		out.SayString(&onvifPlace, value)
	case "type", "profile":
		out.SayString(&wsdScope, kind+"/"+value)
	}
}
