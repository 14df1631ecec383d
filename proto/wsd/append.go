package wsd

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// Append writes a WS-Discovery 1.1 message behind dst. Types are given prefixes of their own; ids
// are "urn:uuid:..." URIs and are the caller's.
func Append(dst []byte, m Message) []byte {
	to := "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01"
	if m.RelatesTo != "" {
		to = "http://www.w3.org/2005/08/addressing/anonymous"
	}
	dst = append(dst, `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"`+
		` xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:d="`+Namespace2009+`"`...)
	spaces := map[string]string{}
	for _, e := range m.Endpoints {
		for _, t := range e.Types {
			if spaces[t.Space] == "" {
				p := "t" + strconv.Itoa(len(spaces))
				spaces[t.Space] = p
				dst = append(dst, " xmlns:"+p+`="`...)
				dst = append(escape(dst, t.Space), '"')
			}
		}
	}
	dst = append(dst, "><s:Header>"...)
	dst = element(dst, "a:Action", Namespace2009+"/"+string(m.Action))
	dst = element(dst, "a:MessageID", m.MessageID)
	if m.RelatesTo != "" {
		dst = element(dst, "a:RelatesTo", m.RelatesTo)
	}
	dst = element(dst, "a:To", to)
	dst = append(dst, "</s:Header><s:Body><d:"...)
	dst = append(append(dst, m.Action...), '>')
	inner := ""
	switch m.Action {
	case ProbeMatches:
		inner = "d:ProbeMatch"
	case ResolveMatches:
		inner = "d:ResolveMatch"
	}
	for i := range m.Endpoints {
		if inner != "" {
			dst = append(dst, "<"+inner+">"...)
		}
		dst = endpoint(dst, &m.Endpoints[i], spaces)
		if inner != "" {
			dst = append(dst, "</"+inner+">"...)
		}
	}
	dst = append(dst, "</d:"...)
	dst = append(dst, m.Action...)
	return append(dst, "></s:Body></s:Envelope>"...)
}

func endpoint(dst []byte, e *Endpoint, spaces map[string]string) []byte {
	if e.Address != "" {
		dst = append(dst, "<a:EndpointReference>"...)
		dst = element(dst, "a:Address", e.Address)
		dst = append(dst, "</a:EndpointReference>"...)
	}
	types := make([]string, len(e.Types))
	for i, t := range e.Types {
		types[i] = spaces[t.Space] + ":" + t.Local
	}
	for _, l := range [...]struct {
		name string
		list []string
	}{{"d:Types", types}, {"d:Scopes", e.Scopes}, {"d:XAddrs", e.XAddrs}} {
		if len(l.list) > 0 {
			dst = element(dst, l.name, strings.Join(l.list, " "))
		}
	}
	if e.Address != "" {
		dst = element(dst, "d:MetadataVersion", "1")
	}
	return dst
}

func element(dst []byte, name, text string) []byte {
	dst = append(dst, "<"+name+">"...)
	dst = escape(dst, text)
	return append(dst, "</"+name+">"...)
}

func escape(dst []byte, s string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a Buffer does not fail
	return append(dst, b.Bytes()...)
}
