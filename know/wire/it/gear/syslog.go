package gear

import (
	"bytes"

	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/syslog"
	"github.com/wardkeeper/wardkeeper/ward"
)

var (
	logHost      = ward.Field{Protocol: "syslog", Name: "hostname", Proves: ward.Hostname, Trust: ward.TrustWeak}
	logApp       = ward.Field{Protocol: "syslog", Name: "app-name"}
	logCisco     = ward.Field{Protocol: "syslog", Name: "cisco message"}
	logKernel    = ward.Field{Protocol: "syslog", Name: "kernel message"}
	logFormat    = ward.Field{Protocol: "syslog", Name: "format"}
	logNetScreen = ward.Field{Protocol: "syslog", Name: "NetScreen device_id", Proves: ward.Serial, Trust: ward.TrustStated}
	logFortiID   = ward.Field{Protocol: "syslog", Name: "devid", Proves: ward.Serial, Trust: ward.TrustStated}
	logFortiName = ward.Field{Protocol: "syslog", Name: "devname", Proves: ward.Hostname, Trust: ward.TrustStated}
	logBoxModel  = ward.Field{Protocol: "syslog", Name: "04", Proves: ward.Model, Trust: ward.TrustStated}
	logBoxSerial = ward.Field{Protocol: "syslog", Name: "05", Proves: ward.Serial, Trust: ward.TrustStated}
	logBoxCode   = ward.Field{Protocol: "syslog", Name: "2A", Proves: ward.Firmware, Trust: ward.TrustStated}
)

// logMessages reads which device a log message names as its own, never the message: it may hold
// names of people and patients.
func logMessages() decode.Decoder {
	return decode.Decoder{
		Name: "syslog", UDPPorts: []uint16{514}, TCPPorts: []uint16{514, 601},
		Datagram: func(p *decode.Packet, out *decode.Out) bool {
			if len(p.Payload) < 4 || p.Payload[0] != '<' {
				return false
			}
			m, ok := syslog.Read(p.Payload)
			if !ok || !m.HasTime && p.DstPort != 514 {
				return false
			}
			sayLog(&m, out)
			return true
		},
		Match: matchSyslog,
		Open:  func() decode.Session { return &logSession{} },
	}
}

// matchSyslog takes both framings of RFC 6587: lines, and messages with their length before them.
func matchSyslog(dir decode.Dir, first []byte, port uint16) decode.Match {
	if dir != decode.Client { // who collects logs says nothing
		return decode.No
	}
	b := first[countDigits(first):]
	if len(b) > 0 && len(b) < len(first) && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) > 0 && b[0] != '<' {
		return decode.No
	}
	if len(b) < 24 {
		return decode.More
	}
	if m, ok := syslog.Read(b); ok && (m.HasTime || port == 514) {
		return decode.Yes
	}
	return decode.No
}

func countDigits(b []byte) int {
	n := 0
	for n < len(b) && n < 6 && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

type logSession struct{ messages int }

func (s *logSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	const maxMessages, maxLine = 64, 2048
	if dir != decode.Client || s.messages > maxMessages {
		return decode.Done
	}
	used := 0
	for {
		i := bytes.IndexByte(data[used:], '<') // behind a length there is one space and then this
		if i < 0 || i > 8 {
			return decode.Done
		}
		b := data[used+i:]
		end := bytes.IndexByte(b[:min(len(b), maxLine)], '\n')
		if end < 0 {
			if len(b) < 256 {
				return used
			}
			end = len(b) - 1
		}
		if m, ok := syslog.Read(b[:end]); ok {
			s.messages++
			sayLog(&m, out)
		}
		used += i + end + 1
		if used >= len(data) {
			return used
		}
	}
}

func sayLog(m *syslog.Message, out *decode.Out) {
	out.Say(&logHost, m.Host)
	out.Say(&logApp, m.App)
	text := m.Text
	switch {
	case m.CiscoTime:
		out.Say(&logCisco, syslog.Mnemonic(text))
	case bytes.HasPrefix(text, []byte("%ASA-")), bytes.HasPrefix(text, []byte("%FTD-")):
		out.Say(&logCisco, syslog.Mnemonic(text))
	case bytes.HasPrefix(text, []byte("date=")):
		if id := syslog.Value(text, "devid"); len(id) > 8 && bytes.HasPrefix(id, []byte("F")) {
			out.SayString(&logFormat, "FortiGate")
			out.Say(&logFortiID, id)
			out.Say(&logFortiName, syslog.Value(text, "devname"))
		}
	case bytes.Contains(text[:min(len(text), 64)], []byte("NetScreen device_id=")):
		sayNetScreen(text, out)
	case string(m.App) == "nbd" && bytes.HasPrefix(text, []byte("01=")):
		sayBox(text, out)
	case string(m.App) == "kernel":
		sayKernel(text, out)
	}
}

// sayNetScreen: "ssg: NetScreen device_id=0185...", where the device's own name stands first.
func sayNetScreen(text []byte, out *decode.Out) {
	if id := syslog.Value(text, "device_id"); isSerialLike(id) {
		out.SayString(&logFormat, "NetScreen")
		out.Say(&logNetScreen, id)
		if name, _, ok := bytes.Cut(text, []byte(": NetScreen ")); ok {
			out.Say(&logHost, name)
		}
	}
}

func isSerialLike(id []byte) bool {
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(id) >= 8
}

// sayBox reads the numbered values of SFR's home gateways: model, base hardware address (which
// serves as the serial number) and the list of its images, of which MAIN is the firmware.
func sayBox(text []byte, out *decode.Out) {
	out.Say(&logBoxModel, syslog.Value(text, "04"))
	if id := syslog.Value(text, "05"); len(id) == 12 && isSerialLike(id) {
		out.Say(&logBoxSerial, id)
	}
	for part := range bytes.SplitSeq(syslog.Value(text, "2A"), []byte("_")) {
		if bytes.Contains(part, []byte("-MAIN-")) {
			out.Say(&logBoxCode, part)
		}
	}
}

// kernelWords begin messages that only a Linux kernel writes.
var kernelWords = [...]string{"IPv6: ADDRCONF(", "docker0:", "Linux version ", "usb ", "EXT4-fs ", "audit: ", "systemd["}

func sayKernel(text []byte, out *decode.Out) {
	if len(text) > 0 && text[0] == '[' { // seconds since start
		if i := bytes.Index(text[:min(len(text), 24)], []byte("] ")); i > 0 {
			text = text[i+2:]
		}
	}
	for _, w := range kernelWords {
		if bytes.HasPrefix(text, []byte(w)) {
			out.SayString(&logKernel, w)
			return
		}
	}
}
