package clinicalhttp

import (
	"bytes"
	"strings"
)

const (
	uploadMaker    = "host"
	uploadType     = "path"
	uploadModel    = "path model"
	uploadSerial   = "serialNumber"
	uploadFirmware = "currentfw"
)

// readUpload recognises scales by the service they report to. Only the scale itself posts there:
// the makers' phone apps and web pages use other hosts and paths.
func readUpload(e *Exchange) (Reading, bool) {
	if e.Response || len(e.Path) < 2 {
		return Reading{}, false
	}
	switch {
	case strings.HasPrefix(e.Path, "/scale/") && hostIs(e.Host, "www.fitbit.com"):
		return fitbit(e), true
	case strings.HasPrefix(e.Path, "/cgi-bin/") && hostIs(e.Host, "scalews.withings.net") &&
		strings.HasPrefix(e.UserAgent, "Withings UserAgent"):
		return withings(e), true
	}
	return Reading{}, false
}

// fitbit reads the calls of a Fitbit Wi-Fi scale: GET /scale/register and /scale/validate with the
// serial number in the query, POST /scale/upload with measurements in binary. Aria was the only
// model that used this service in clear text.
func fitbit(e *Exchange) Reading {
	path, query, _ := strings.Cut(e.Path, "?")
	r := Reading{Protocol: "health upload", What: "scale " + cut(path[len("/scale/"):]), Fields: []Field{
		{Name: uploadMaker, Value: "Fitbit", Attr: "manufacturer", Derived: true},
		{Name: uploadType, Value: "weighing scale", Attr: "type", Derived: true},
		{Name: uploadModel, Value: "Aria", Attr: "model", Derived: true},
	}}
	if s := formValue([]byte(query), "serialNumber"); plainID(s) {
		r.Fields = append(r.Fields, Field{Name: uploadSerial, Value: s, Attr: "serial"})
	}
	r.Patient = path == "/scale/upload" && e.Method == "POST"
	return r
}

// withings reads the form posts of a Withings scale: /cgi-bin/session opens a session and names
// the running firmware, later posts with action=store hold what the scale measured and logged.
func withings(e *Exchange) Reading {
	r := Reading{Protocol: "health upload", Fields: []Field{
		{Name: uploadMaker, Value: "Withings", Attr: "manufacturer", Derived: true},
		{Name: uploadType, Value: "weighing scale", Attr: "type", Derived: true},
	}}
	path, _, _ := strings.Cut(e.Path, "?")
	r.What = "scale " + cut(path[len("/cgi-bin/"):])
	action := formValue(e.Body, "action")
	if plainID(action) {
		r.What += " " + action
	}
	if fw := formValue(e.Body, "currentfw"); plainID(fw) {
		r.Fields = append(r.Fields, Field{Name: uploadFirmware, Value: fw, Attr: "firmware"})
	}
	r.Patient = action == "store" && e.Method == "POST"
	return r
}

// formValue finds a value in a query or form without decoding the rest of it.
func formValue(form []byte, name string) string {
	for len(form) > 0 {
		var pair []byte
		if i := bytes.IndexByte(form, '&'); i >= 0 {
			pair, form = form[:i], form[i+1:]
		} else {
			pair, form = form, nil
		}
		if len(pair) > len(name) && pair[len(name)] == '=' && string(pair[:len(name)]) == name {
			return cut(string(pair[len(name)+1:]))
		}
	}
	return ""
}

// plainID tells whether a value is an identifier or a version: nothing that needs decoding.
func plainID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		ok := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' || c == '_' || c == ':'
		if !ok {
			return false
		}
	}
	return true
}

// hostIs compares a Host header, with or without a port, with a name.
func hostIs(host, name string) bool {
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return strings.EqualFold(host, name)
}
