// Package syslog reads and writes log messages as devices send them: RFC 5424, RFC 3164 and the
// many half-followed forms of it.
package syslog

import (
	"bytes"
	"strconv"
)

// Message is one log message; slices point into it. Host, App and Text are empty where the form of
// the message does not set them apart.
type Message struct {
	Priority  int  // facility times 8 plus severity
	Version   int  // 1 for RFC 5424, else 0
	HasTime   bool // it follows one of the two RFCs at least in its time
	CiscoTime bool // the time is closed by a colon, as only Cisco's devices write it
	Host      []byte
	App       []byte
	Text      []byte
}

// Read reads a message. ok is false when it does not start with a priority.
func Read(b []byte) (m Message, ok bool) {
	if len(b) < 4 || b[0] != '<' {
		return m, false
	}
	i := 1
	for ; i < len(b) && i < 4 && isDigit(b[i]); i++ {
		m.Priority = m.Priority*10 + int(b[i]-'0')
	}
	if i == 1 || i >= len(b) || b[i] != '>' || m.Priority > 191 {
		return m, false
	}
	m.Text = bytes.TrimLeft(b[i+1:], " ")
	if bytes.HasPrefix(m.Text, []byte("1 ")) && m.rfc5424(m.Text[2:]) {
		return m, true
	}
	m.rfc3164()
	return m, true
}

// rfc5424: TIMESTAMP HOST APP PROCID MSGID SD [MSG].
func (m *Message) rfc5424(b []byte) bool {
	var f [5][]byte
	for i := range f {
		var ok bool
		if f[i], b, ok = bytes.Cut(b, []byte(" ")); !ok || len(f[i]) == 0 {
			return false
		}
	}
	if len(f[0]) < 20 && string(f[0]) != "-" || len(f[0]) >= 20 && (f[0][4] != '-' || f[0][10] != 'T') {
		return false
	}
	m.Version, m.HasTime = 1, true
	if string(f[1]) != "-" {
		m.Host = f[1]
	}
	if string(f[2]) != "-" {
		m.App = f[2]
	}
	m.Text = b
	return true
}

// rfc3164: Mmm dd hh:mm:ss HOST TAG[pid]: text, and Cisco's: [count: ][host: ][*]Mmm dd hh:mm:ss.mmm: text.
func (m *Message) rfc3164() {
	b := m.Text
	if n := countLength(b); n > 0 {
		b = b[n:]
		if host, rest, ok := cutHost(b); ok {
			m.Host, b = host, rest
		}
	}
	n := timeLength(b)
	if n == 0 {
		return
	}
	m.HasTime = true
	b = b[n:]
	if bytes.HasPrefix(b, []byte(":")) {
		m.CiscoTime = true
		m.Text = bytes.TrimLeft(b[1:], " ")
		return
	}
	m.Text = bytes.TrimLeft(b, " ")
	if i := bytes.IndexByte(m.Text[:min(len(m.Text), 256)], ' '); i > 0 {
		if host := m.Text[:i]; host[i-1] != ':' && !bytes.ContainsAny(host, "[(=") {
			m.Host, m.Text = host, m.Text[i+1:]
		}
	}
	m.tag()
}

// tag splits the name of the program off the text: "sshd[1234]: ".
func (m *Message) tag() {
	for i, c := range m.Text[:min(len(m.Text), 48)] {
		switch {
		case c == ':' || c == '[':
			if end := bytes.Index(m.Text[:min(len(m.Text), 64)], []byte(": ")); i > 0 && end >= i {
				m.App, m.Text = m.Text[:i], m.Text[end+2:]
			}
			return
		case c <= ' ' || c >= 0x7f:
			return
		}
	}
}

// countLength is the length of the message count with which Cisco's devices begin: "72: ".
func countLength(b []byte) int {
	n := 0
	for n < len(b) && n < 10 && isDigit(b[n]) {
		n++
	}
	if n == 0 || n+1 >= len(b) || b[n] != ':' || b[n+1] != ' ' {
		return 0
	}
	return n + 2
}

// cutHost splits "HOST: " off the start.
func cutHost(b []byte) (host, rest []byte, ok bool) {
	i := bytes.Index(b[:min(len(b), 64)], []byte(": "))
	if i <= 0 || bytes.IndexByte(b[:i], ' ') >= 0 {
		return nil, nil, false
	}
	return b[:i], b[i+2:], true
}

// timeLength is the length of a time as RFC 3164 writes it at the start of b, with Cisco's marks
// before and its fraction behind; 0 when there is none.
func timeLength(b []byte) int {
	n := 0
	for n < len(b) && n < 2 && (b[n] == '*' || b[n] == '.') { // clock not set, not synchronised
		n++
	}
	const shape = "Mmm dd hh:mm:ss"
	if len(b) < n+len(shape) || !isMonth(b[n:n+3]) || b[n+3] != ' ' || b[n+9] != ':' || b[n+12] != ':' {
		return 0
	}
	for _, i := range []int{5, 7, 8, 10, 11, 13, 14} {
		if !isDigit(b[n+i]) {
			return 0
		}
	}
	n += len(shape)
	if n < len(b) && b[n] == '.' {
		for n++; n < len(b) && isDigit(b[n]); n++ {
		}
	}
	return n
}

func isMonth(b []byte) bool {
	const months = "JanFebMarAprMayJunJulAugSepOctNovDec"
	i := bytes.Index([]byte(months), b)
	return i >= 0 && i%3 == 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// Append appends a message in the form of RFC 5424.
func Append(b []byte, priority int, time, host, app, text string) []byte {
	b = append(b, '<')
	b = strconv.AppendInt(b, int64(priority), 10)
	for _, s := range []string{">1", time, host, app, "- - -"} {
		b = append(append(b, s...), ' ')
	}
	return append(b, text...)
}
