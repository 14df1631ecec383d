package it

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/know/wire/it/gear"
	"github.com/wardkeeper/wardkeeper/proto/http1"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	httpAuthorization = ward.Field{Protocol: "http", Name: "authorization"}
	httpPassword      = ward.Field{Protocol: "http", Name: "password field"}
)

// present says that a secret was there and how long it was, which is all that may be kept of it.
func present(what string, length int) string {
	return what + ", " + strconv.Itoa(length) + " characters"
}

// authorization looks at credentials that anyone on the path can read.
func (s *httpSession) authorization(m *httpMessage, out *decode.Out) {
	scheme, value, _ := bytes.Cut(m.authorization, []byte{' '})
	if !http1.Is(scheme, "Basic") {
		sayHTTPNTLM(m.authorization, out)
		return
	}
	value = bytes.TrimSpace(value)
	var buf [256]byte
	if len(value) > base64.StdEncoding.EncodedLen(len(buf)) {
		return
	}
	n, err := base64.StdEncoding.Decode(buf[:], value)
	if err != nil {
		n, err = base64.RawStdEncoding.Decode(buf[:], bytes.TrimRight(value, "="))
	}
	user, password, ok := bytes.Cut(buf[:n], []byte{':'})
	if err == nil && ok && len(password) > 0 {
		out.Flag(ward.ClearTextPassword, &httpAuthorization, present("basic", len(password)))
		if gear.IsDefaultPair(user, password) {
			s.tried = len(password) // a finding once it is accepted
		}
	}
	clear(buf[:])
}

// sayHTTPNTLM reads an NTLM message in an authentication header (MS-NTHT).
func sayHTTPNTLM(header []byte, out *decode.Out) {
	scheme, value, ok := bytes.Cut(header, []byte{' '})
	if !ok || !http1.Is(scheme, "NTLM") && !http1.Is(scheme, "Negotiate") {
		return
	}
	var buf [768]byte
	value = bytes.TrimSpace(value)
	if n, err := base64.StdEncoding.Decode(buf[:], value[:min(len(value), base64.StdEncoding.EncodedLen(len(buf)))]); err == nil {
		sayNTLM(buf[:n], out)
	}
}

// posted looks for the password of a log-in form or its JSON equivalent.
func (s *httpSession) posted(m *httpMessage, content []byte, out *decode.Out) {
	switch {
	case contains(m.contentType, "x-www-form-urlencoded"):
		for form := content; len(form) > 0; {
			var key, value []byte
			key, value, form = http1.NextPair(form)
			flagPassword(key, value, out)
		}
	case contains(m.contentType, "json") && !clinicalType(m.contentType):
		for k, v, rest := http1.NextString(content); k != nil; k, v, rest = http1.NextString(rest) {
			flagPassword(k, v, out)
		}
	case contains(m.contentType, "application/ipp"):
		printing(content, out)
	}
}

func flagPassword(key, value []byte, out *decode.Out) {
	if len(value) == 0 || hashed(value) {
		return
	}
	for _, k := range [...]string{"password", "passwd", "pwd", "passwort", "userpassword", "user_password", "login_password"} {
		if http1.Is(key, k) {
			out.Flag(ward.ClearTextPassword, &httpPassword, present("form", len(value)))
			return
		}
	}
}

// hashed reports whether a value has the form of a digest: no password in clear.
func hashed(v []byte) bool {
	if len(v) != 32 && len(v) != 40 && len(v) != 64 && len(v) != 128 {
		return false
	}
	for _, c := range v {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
