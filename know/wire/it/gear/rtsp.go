package gear

import (
	"bytes"
	"net/netip"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/sip"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	rtspAgent    = ward.Field{Protocol: "rtsp", Name: "User-Agent"}
	rtspServer   = ward.Field{Protocol: "rtsp", Name: "Server"}
	rtspRealm    = ward.Field{Protocol: "rtsp", Name: "realm"}
	rtspHost     = ward.Field{Protocol: "rtsp", Name: "sdp origin", Proves: ward.Hostname, Trust: ward.TrustWeak}
	rtspTool     = ward.Field{Protocol: "rtsp", Name: "sdp tool"}
	rtspSession  = ward.Field{Protocol: "rtsp", Name: "sdp session name"}
	rtspPath     = ward.Field{Protocol: "rtsp", Name: "served path"}
	rtspPassword = ward.Field{Protocol: "rtsp", Name: "authorization"}
)

// streams reads RTSP: what a server of moving pictures calls itself and its streams. That alone
// makes no camera of it: players stream too.
func streams() decode.Decoder {
	return decode.Decoder{
		Name: "rtsp", TCPPorts: []uint16{554, 8554},
		Match: func(_ decode.Dir, first []byte, _ uint16) decode.Match { return matchText(first, true) },
		Open: func() decode.Session {
			s := &rtspTalk{}
			s.say = s.message
			return s
		},
	}
}

type rtspTalk struct {
	textSession
	path []byte // asked for in the last DESCRIBE
}

func (s *rtspTalk) message(m *sip.Message, out *decode.Out) {
	if m.Method != nil {
		out.Say(&rtspAgent, m.Header("user-agent", ""))
		if string(m.Method) == "DESCRIBE" {
			s.path = append(s.path[:0], pathOf(m.URI)...)
		}
		if v := m.Header("authorization", ""); bytes.HasPrefix(v, []byte("Basic ")) {
			out.Flag(ward.ClearTextPassword, &rtspPassword, "Basic, present")
		}
		return
	}
	out.Say(&rtspServer, m.Header("server", ""))
	if _, realm, ok := bytes.Cut(m.Header("www-authenticate", ""), []byte(`realm="`)); ok {
		realm, _, _ = bytes.Cut(realm, []byte(`"`))
		out.Say(&rtspRealm, realm)
	}
	d, ok := sip.ReadDescription(m.Body)
	if !ok || m.Status != 200 {
		return
	}
	out.Say(&rtspPath, s.path)
	out.Say(&rtspSession, d.Name)
	out.Say(&rtspTool, d.Tool)
	if _, err := netip.ParseAddr(string(d.Host)); err != nil {
		out.Say(&rtspHost, d.Host)
	}
}

// pathOf is the path of a URL up to the first sign of a parameter: behind it some cameras want
// their password, in the query or in the path itself.
func pathOf(url []byte) []byte {
	_, rest, ok := bytes.Cut(url, []byte("://"))
	if !ok {
		return nil
	}
	if at := bytes.LastIndexByte(rest, '@'); at >= 0 { // user and password stand before the host
		rest = rest[at+1:]
	}
	i := bytes.IndexByte(rest, '/')
	if i < 0 {
		return nil
	}
	path := rest[i:min(len(rest), i+64)]
	if end := bytes.IndexAny(path, "?&=@"); end >= 0 {
		path = path[:end]
	}
	return path
}
