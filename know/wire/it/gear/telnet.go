package gear

import (
	"bytes"
	"strconv"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/telnet"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	telnetBanner   = ward.Field{Protocol: "telnet", Name: "banner"}
	telnetServer   = ward.Field{Protocol: "telnet", Name: "serves", Proves: ward.Role, Trust: ward.TrustRole}
	telnetPassword = ward.Field{Protocol: "telnet", Name: "password"}
	telnetSession  = ward.Field{Protocol: "telnet", Name: "session"}
)

// terminal reads Telnet: what the server prints before the log-in, the line with which an
// operating system greets after it, and whether a password went over in clear.
func terminal() decode.Decoder {
	return decode.Decoder{
		Name: "telnet", TCPPorts: []uint16{23}, Match: matchTelnet, Limit: 8 << 10,
		Open: func() decode.Session { return &telnetTalk{} },
	}
}

func matchTelnet(dir decode.Dir, first []byte, port uint16) decode.Match {
	switch {
	case telnet.Is(first):
		return decode.Yes
	case len(first) < 3 && (len(first) == 0 || first[0] == telnet.IAC):
		return decode.More
	case port != 23:
		return decode.No
	case dir == decode.Server && asksFor(first, "ogin:", "sername:", "assword:"):
		return decode.Yes
	case len(first) < 512:
		return decode.More
	}
	return decode.No
}

func asksFor(text []byte, prompts ...string) bool {
	for _, p := range prompts {
		if bytes.Contains(text, []byte(p)) {
			return true
		}
	}
	return false
}

type telnetTalk struct {
	reader [2]telnet.Reader
	line   [2][128]byte // the line at hand, cut
	n      [2]int
	early  []byte // what the server printed before its first prompt, lines ended by \n
	asked  byte   // 'u' or 'p': what the server's prompt asks for
	tried  bool   // a password was sent and the answer is due
	inside bool   // past the log-in: what is printed now may be anything, patients included
	typed  bool   // the client typed before any prompt: this is the middle of something
	lines  int
	login  secret
}

// maxTelnetLines bounds how much of the server's text is looked at.
const maxTelnetLines = 40

func (t *telnetTalk) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	rest := data
	for {
		c, more, ok := t.reader[dir].Next(rest)
		if !ok {
			break
		}
		rest = more
		if c == '\r' || c == '\n' {
			t.endLine(dir, out)
			continue
		}
		if t.n[dir] < len(t.line[dir]) && c != 0 {
			t.line[dir][t.n[dir]] = c
			t.n[dir]++
		}
		if c == ':' && dir == decode.Server {
			t.prompt(out)
		}
	}
	if t.lines > maxTelnetLines {
		return decode.Done
	}
	return len(data)
}

func (t *telnetTalk) take(dir decode.Dir) []byte {
	n := t.n[dir]
	t.n[dir] = 0
	return t.line[dir][:n]
}

// prompt looks whether the server's line so far asks for a name or a password. What stood before
// the first prompt is the banner; without a prompt there is none, for a terminal may open right
// into a screen full of patients.
func (t *telnetTalk) prompt(out *decode.Out) {
	line := bytes.ToLower(t.line[decode.Server][:t.n[decode.Server]])
	switch {
	case t.inside, bytes.HasPrefix(line, []byte("last login:")):
		return
	case bytes.HasSuffix(line, []byte("password:")), bytes.HasSuffix(line, []byte("passwd:")):
		t.asked = 'p'
	case bytes.HasSuffix(line, []byte("login:")), bytes.HasSuffix(line, []byte("username:")), bytes.HasSuffix(line, []byte("user:")):
		t.asked, t.tried = 'u', false // asked again: the last try failed
		t.login = secret{}
		out.Flag(ward.ClearTextProtocol, &telnetSession, "log-in over Telnet")
	default:
		return
	}
	t.n[decode.Server] = 0
	out.SayString(&telnetServer, "telnet server")
	for line := range bytes.SplitSeq(t.early, []byte("\n")) {
		out.Say(&telnetBanner, line)
	}
	t.early = nil
}

func (t *telnetTalk) endLine(dir decode.Dir, out *decode.Out) {
	line := t.take(dir)
	if dir == decode.Server {
		t.printed(bytes.TrimSpace(line), out)
		return
	}
	switch t.asked {
	case 0:
		t.typed, t.early = true, nil
	case 'u':
		if len(line) > 0 {
			t.login.setUser(line)
			t.asked = 0
		}
	case 'p':
		t.asked, t.tried = 0, true
		t.login.setPassword(line)
		if len(line) > 0 {
			out.Flag(ward.ClearTextPassword, &telnetPassword, "present, "+strconv.Itoa(len(line))+" characters")
		}
	}
	clear(line)
}

// printed handles one line of the server's.
func (t *telnetTalk) printed(line []byte, out *decode.Out) {
	if len(line) == 0 {
		return
	}
	t.lines++
	if t.tried {
		t.tried = false
		if asksFor(bytes.ToLower(line), "incorrect", "fail", "denied", "invalid", "bad ", "wrong") {
			t.login = secret{}
			return
		}
		t.inside = true
		if t.login.isDefault() {
			out.Flag(ward.DefaultCredential, &telnetPassword, "a factory user name and password, accepted")
		}
	}
	switch {
	case t.inside:
		if greets(line) {
			out.Say(&telnetBanner, line)
		}
	case t.asked == 0 && !t.typed && len(t.early) < 512 && isText(line):
		t.early = append(append(t.early, line...), '\n')
	}
}

// systems are the words with which an operating system or its shell greets. Only such lines are
// kept once somebody is logged in.
var systems = [...]string{"OpenBSD ", "FreeBSD ", "NetBSD ", "Linux ", "SunOS ", "HP-UX ", "AIX Version", "BusyBox v", "VxWorks ", "QNX ", "Microsoft Windows"}

// greets reports whether a line is the greeting of an operating system.
func greets(line []byte) bool {
	for _, s := range systems {
		if bytes.HasPrefix(line, []byte(s)) {
			return true
		}
	}
	return false
}
