// Package wsd reads and writes WS-Discovery messages: SOAP envelopes in UDP datagrams on port 3702
// by which cameras (ONVIF), printers (WSD) and medical devices (IEEE 11073-20702, SDC) announce
// themselves.
//
// Sources: WS-Discovery April 2005 (schemas.xmlsoap.org) and 1.1 (OASIS 2009), DPWS 1.1 (OASIS).
package wsd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"strings"
)

// Action is the kind of message.
type Action string

// The actions; the last element of wsa:Action.
const (
	Hello          Action = "Hello"
	Bye            Action = "Bye"
	Probe          Action = "Probe"
	ProbeMatches   Action = "ProbeMatches"
	Resolve        Action = "Resolve"
	ResolveMatches Action = "ResolveMatches"
)

// Announces reports whether the sender describes itself with this message. The others ask, so
// that their content says nothing about who sent them.
func (a Action) Announces() bool {
	return a == Hello || a == Bye || a == ProbeMatches || a == ResolveMatches
}

// QName is a type: its namespace and its local name, "NetworkVideoTransmitter".
type QName struct{ Space, Local string }

// Endpoint is one device or, in a Probe, the description of what is looked for.
type Endpoint struct {
	Address string // endpoint reference, "urn:uuid:..."; stable for DPWS devices
	Types   []QName
	Scopes  []string // URIs, percent-encoded as they came
	XAddrs  []string // transport addresses, URLs
}

// Message is one WS-Discovery message.
type Message struct {
	Action    Action
	MessageID string
	RelatesTo string
	Endpoints []Endpoint // one but for ProbeMatches
}

// Namespaces of the two versions.
const (
	Namespace2005 = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
	Namespace2009 = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01"
)

const (
	maxTokens    = 4096
	maxDepth     = 32
	maxEndpoints = 32
	maxList      = 64   // types, scopes, addresses of an endpoint
	maxText      = 1024 // bytes of one item
)

// ErrNotDiscovery is returned for anything that is not a WS-Discovery message.
var ErrNotDiscovery = errors.New("wsd: not a WS-Discovery message")

// Recognise tells cheaply whether a datagram may be a message: it starts as XML and names a
// discovery namespace.
func Recognise(b []byte) bool {
	if len(b) < 64 {
		return false
	}
	i := 0
	if b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf {
		i = 3
	}
	for i < 16 && (b[i] == ' ' || b[i] == '\r' || b[i] == '\n' || b[i] == '\t') {
		i++
	}
	return b[i] == '<' && (bytes.Contains(b, []byte("/ws/2005/04/discovery")) ||
		bytes.Contains(b, []byte("/ws-dd/ns/discovery/2009/01")))
}

// Parse reads one message. Text that is cut off yields an error.
func Parse(b []byte) (Message, error) {
	if !Recognise(b) {
		return Message{}, ErrNotDiscovery
	}
	p := parser{spaces: map[string]string{}}
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = false
	for range maxTokens {
		tok, err := dec.RawToken()
		if err != nil {
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(p.names) >= maxDepth {
				return Message{}, ErrNotDiscovery
			}
			p.start(t)
		case xml.CharData:
			p.text(string(t))
		case xml.EndElement:
			p.end(t.Name.Local)
		}
	}
	if p.m.Action == "" || !p.ended {
		return Message{}, ErrNotDiscovery
	}
	return p.m, nil
}

type parser struct {
	m      Message
	names  []string          // local names from the root
	spaces map[string]string // prefix to namespace; the last declaration of a prefix counts
	ended  bool
}

func (p *parser) start(t xml.StartElement) {
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns" && len(p.spaces) < maxList:
			p.spaces[a.Name.Local] = cut(a.Value)
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			p.spaces[""] = cut(a.Value)
		}
	}
	name := t.Name.Local
	p.names = append(p.names, name)
	switch depth := len(p.names); {
	case depth == 3 && p.names[1] == "Body" && p.discovery(t.Name.Space):
		switch a := Action(name); a {
		case Hello, Bye, Probe, ProbeMatches, Resolve, ResolveMatches:
			p.m.Action = a
			if a != ProbeMatches && a != ResolveMatches {
				p.m.Endpoints = append(p.m.Endpoints, Endpoint{})
			}
		}
	case depth == 4 && (name == "ProbeMatch" || name == "ResolveMatch") && len(p.m.Endpoints) < maxEndpoints:
		p.m.Endpoints = append(p.m.Endpoints, Endpoint{})
	}
}

func (p *parser) discovery(prefix string) bool {
	s := p.spaces[prefix]
	return s == Namespace2005 || s == Namespace2009
}

func (p *parser) text(s string) {
	n := len(p.names)
	if n < 3 {
		return
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	if p.names[1] == "Header" {
		switch p.names[2] {
		case "MessageID":
			p.m.MessageID = cut(s)
		case "RelatesTo":
			p.m.RelatesTo = cut(s)
		}
		return
	}
	if len(p.m.Endpoints) == 0 || p.names[1] != "Body" {
		return
	}
	e := &p.m.Endpoints[len(p.m.Endpoints)-1]
	switch p.names[n-1] {
	case "Address":
		if p.names[n-2] == "EndpointReference" {
			e.Address = cut(s)
		}
	case "Types":
		for _, f := range strings.Fields(s) {
			prefix, local, found := strings.Cut(f, ":")
			if !found {
				prefix, local = "", f
			}
			if len(e.Types) < maxList {
				e.Types = append(e.Types, QName{p.spaces[prefix], cut(local)})
			}
		}
	case "Scopes":
		e.Scopes = appendFields(e.Scopes, s)
	case "XAddrs":
		e.XAddrs = appendFields(e.XAddrs, s)
	}
}

func (p *parser) end(name string) {
	if n := len(p.names); n > 0 {
		p.ended = p.ended || n == 1 && p.names[0] == name
		p.names = p.names[:n-1]
	}
}

func appendFields(list []string, s string) []string {
	for _, f := range strings.Fields(s) {
		if len(list) >= maxList {
			break
		}
		list = append(list, cut(f))
	}
	return list
}

func cut(s string) string {
	if len(s) > maxText {
		return s[:maxText]
	}
	return s
}
