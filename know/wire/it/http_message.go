package it

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/http1"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	httpAgent   = ward.Field{Protocol: "http", Name: "user-agent"}
	httpHost    = ward.Field{Protocol: "http", Name: "host"}
	httpRequest = ward.Field{Protocol: "http", Name: "request"}
	httpAction  = ward.Field{Protocol: "http", Name: "soapaction"}
	httpProxy   = ward.Field{Protocol: "http", Name: "passes on requests", Proves: ward.Role, Trust: ward.TrustRole}

	httpServer  = ward.Field{Protocol: "http", Name: "server"}
	httpRealm   = ward.Field{Protocol: "http", Name: "realm"}
	httpAuth    = ward.Field{Protocol: "http", Name: "www-authenticate"} // without what changes
	httpPowered = ward.Field{Protocol: "http", Name: "x-powered-by"}
	httpCookie  = ward.Field{Protocol: "http", Name: "set-cookie"} // the name and "="
)

// httpMessage is one head with the headers that matter.
type httpMessage struct {
	*http1.Head
	host, agent, contentType, authorization []byte
	action, server, powered, challenge      []byte
	via, encoded                            bool
}

// readFields picks the headers that matter in one pass.
func (m *httpMessage) readFields() {
	for f := m.Fields; len(f) > 0; {
		var name, value []byte
		name, value, f = http1.NextField(f)
		switch len(name) {
		case 3:
			m.via = m.via || http1.Is(name, "Via")
		case 4:
			take(name, value, "Host", &m.host)
		case 6:
			take(name, value, "Server", &m.server)
		case 10:
			take(name, value, "User-Agent", &m.agent)
			take(name, value, "SOAPAction", &m.action)
		case 12:
			take(name, value, "Content-Type", &m.contentType)
			take(name, value, "X-Powered-By", &m.powered)
		case 13:
			take(name, value, "Authorization", &m.authorization)
		case 15:
			m.via = m.via || http1.Is(name, "X-Forwarded-For")
		case 16:
			take(name, value, "WWW-Authenticate", &m.challenge)
			m.encoded = m.encoded || http1.Is(name, "Content-Encoding") && !http1.Is(value, "identity")
		}
	}
}

func take(name, value []byte, want string, into *[]byte) {
	if *into == nil && http1.Is(name, want) {
		*into = value
	}
}

// wanted reports whether the content of the message can hold something of interest.
func (m *httpMessage) wanted() bool {
	if m.encoded {
		return false
	}
	if !m.Response {
		return true
	}
	if m.Status != 200 && m.Status != 201 {
		return false
	}
	t := m.contentType
	return len(t) == 0 || contains(t, "html") || contains(t, "xml") || contains(t, "json") ||
		contains(t, "ipp") || contains(t, "text/plain") || clinicalType(t)
}

func contains(b []byte, s string) bool { return bytes.Contains(b, []byte(s)) }

func (s *httpSession) request(m *httpMessage, out *decode.Out) {
	s.tried = 0
	if len(m.authorization) > 0 {
		s.authorization(m, out)
	}
	if s.proxy {
		return // asked of a proxy: neither end is where it goes
	}
	if m.via {
		out.SayString(&httpProxy, "web proxy") // it says so itself
		return
	}
	out.Say(&httpAgent, m.agent)
	if !bytes.HasPrefix(m.agent, []byte("Mozilla/")) {
		// What a person reads in a browser is no one's business; what a device asks for tells
		// what it is.
		out.Say(&httpHost, hostName(m.host))
		var buf [192]byte
		out.Say(&httpRequest, requestShape(buf[:0], m.Method, m.Target))
	}
	out.Say(&httpAction, bytes.Trim(m.action, `"`))
}

// hostName cuts the port off a Host header and leaves out bare addresses, which tell nothing.
func hostName(host []byte) []byte {
	if at := bytes.LastIndexByte(host, ':'); at >= 0 {
		host = host[:at]
	}
	for _, c := range host {
		if (c < '0' || c > '9') && c != '.' && c != ':' && c != '[' {
			return host
		}
	}
	return nil
}

func (s *httpSession) response(m *httpMessage, out *decode.Out) {
	if s.tried > 0 && m.Status/100 == 2 { // a redirection may lead back to the log-in page
		out.Flag(ward.DefaultCredential, &httpAuthorization, present("published default accepted", s.tried))
	}
	s.tried = 0
	if s.proxy || m.via {
		return
	}
	out.Say(&httpServer, m.server)
	out.Say(&httpPowered, m.powered)
	if len(m.challenge) > 0 {
		sayHTTPNTLM(m.challenge, out)
		r := realm(m.challenge)
		out.Say(&httpRealm, r)
		if scheme, _, ok := bytes.Cut(m.challenge, []byte{' '}); ok && len(r) > 0 {
			var buf [160]byte
			challenge := append(append(buf[:0], scheme[:min(len(scheme), 16)]...), ` realm="`...)
			out.Say(&httpAuth, append(append(challenge, r[:min(len(r), 120)]...), '"'))
		}
	}
	for f := m.Fields; len(f) > 0; {
		var name, value []byte
		name, value, f = http1.NextField(f)
		if http1.Is(name, "Set-Cookie") {
			if at := bytes.IndexByte(value, '='); at > 0 && at <= 40 {
				out.Say(&httpCookie, value[:at+1])
			}
		}
	}
}

// realm is the realm of a WWW-Authenticate challenge, without its quotation marks.
func realm(challenge []byte) []byte {
	at := bytes.Index(challenge, []byte("realm="))
	if at < 0 {
		return nil
	}
	v := challenge[at+len("realm="):]
	if len(v) > 0 && v[0] == '"' {
		v = v[1:]
		if end := bytes.IndexByte(v, '"'); end >= 0 {
			v = v[:end]
		}
		return v
	}
	if end := bytes.IndexByte(v, ','); end >= 0 {
		v = v[:end]
	}
	return v
}

// requestShape writes method and path. Of the query only the names stay, and the values of a few
// that say what a device is; path elements that look like a number of a person, a key or a token
// become a star.
func requestShape(dst, method, target []byte) []byte {
	path, query, _ := bytes.Cut(target, []byte{'?'})
	dst = append(append(dst, method...), ' ')
	person := false
	for len(path) > 0 && len(dst) < 128 {
		element := path[1:]
		path = nil
		if at := bytes.IndexByte(element, '/'); at >= 0 {
			element, path = element[:at], element[at:]
		}
		dst = append(dst, '/')
		if person || tellsWho(element) {
			dst = append(dst, '*')
		} else {
			dst = append(dst, element[:min(len(element), 48)]...)
		}
		person = namesPerson(element)
	}
	for mark := byte('?'); len(query) > 0 && len(dst) < 160; mark = '&' {
		var key, value []byte
		key, value, query = http1.NextPair(query)
		if len(key) == 0 || len(key) > 24 {
			continue
		}
		dst = append(append(dst, mark), key...)
		if deviceKey(key) {
			dst = append(append(dst, '='), value[:min(len(value), 48)]...)
		}
	}
	return dst
}

// namesPerson reports whether the path element behind this one names a person.
func namesPerson(element []byte) bool {
	for _, w := range [...]string{"patient", "patients", "person", "user", "users", "account", "accounts", "practitioner", "mrn", "home"} {
		if http1.Is(element, w) {
			return true
		}
	}
	return false
}

func tellsWho(element []byte) bool {
	digits := 0
	for _, c := range element {
		if c >= '0' && c <= '9' {
			digits++
		}
		if c == '@' || c == '%' || c == '=' {
			return true
		}
	}
	return digits >= 5 || len(element) >= 20 && digits > 0 || len(element) >= 32
}

// deviceKey lists the query keys whose values name a device or its software.
func deviceKey(key []byte) bool {
	for _, k := range [...]string{"model", "fw", "firmware", "version", "currentfw", "serialNumber", "type", "mac", "hw", "product"} {
		if http1.Is(key, k) {
			return true
		}
	}
	return false
}
