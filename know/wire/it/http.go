package it

import (
	"github.com/wardkeeper/wardkeeper/know/wire/decode"
	"github.com/wardkeeper/wardkeeper/proto/http1"
)

// httpOne reads HTTP/1: requests describe the client, responses the server that sent them. What a
// proxy passes on describes neither.
func httpOne() decode.Decoder {
	held := &budget{}
	return decode.Decoder{
		Name: "http", TCPPorts: []uint16{80, 8080, 8000, 631, 5000, 8888, 49152},
		Match: matchHTTP, Open: func() decode.Session { return &httpSession{budget: held} },
		Limit: 128 << 10,
	}
}

func matchHTTP(dir decode.Dir, first []byte, _ uint16) decode.Match {
	switch kind := http1.Looks(first); {
	case kind == http1.Unsure:
		return decode.More
	case kind == http1.Request && dir == decode.Client, kind == http1.Response && dir == decode.Server:
		return decode.Yes
	}
	return decode.No
}

// httpSession is one connection, which may carry many requests.
type httpSession struct {
	budget   *budget
	side     [2]httpSide
	h        http1.Head // of the message at hand
	heads    uint64     // one bit a request that is not answered yet: it was HEAD
	open     uint8      // requests that are not answered yet
	proxy    bool       // the server passes requests on: what it answers is of others
	phi      bool       // patient data was reported for this connection
	tried    int        // length of the default password sent last, 0 when none
	pathSize uint8
	path     [128]byte // of the last request
}

// httpSide is one direction of it.
type httpSide struct {
	inBody bool
	over   bool // what follows is not HTTP any more
	keep   bool // the content of this body is collected
	body   http1.Body
	head   []byte // copy of the head whose body is being collected
	buf    []byte // collected content
}

// Limits of what is collected of one message.
const (
	maxKeptHead        = 4 << 10
	maxContent         = 4 << 10
	maxClinicalContent = 16 << 10
)

// Read implements decode.Session.
func (s *httpSession) Read(dir decode.Dir, data []byte, out *decode.Out) int {
	side := &s.side[dir]
	used := 0
	for used < len(data) && !side.over {
		if side.inBody {
			n, ok := s.readBody(dir, data[used:], out)
			if !ok {
				return decode.Done
			}
			used += n
			if n == 0 && side.inBody {
				return used
			}
			continue
		}
		h := &s.h
		size, ok := http1.ParseHead(data[used:], h)
		if !ok || h.Response != (dir == decode.Server) && size > 0 {
			return decode.Done
		}
		if size == 0 {
			return used
		}
		used += size
		used += s.message(dir, h, data[used-size:used], data[used:], out)
	}
	if side.over {
		return decode.Done
	}
	return used
}

// End implements decode.Ender: a body without a length ends with its connection.
func (s *httpSession) End(out *decode.Out) {
	s.release(decode.Client)
	side := &s.side[decode.Server]
	if side.keep && side.inBody && len(side.buf) > 0 {
		o := *out
		o.Sender, o.Peer = out.Server, out.Client
		s.collected(decode.Server, &o)
	}
	s.release(decode.Server)
}

// message reads a head and, when the whole body is at hand, the body in place. It returns how many
// bytes of the body it used.
func (s *httpSession) message(dir decode.Dir, h *http1.Head, head, rest []byte, out *decode.Out) int {
	side := &s.side[dir]
	m := httpMessage{Head: h}
	m.readFields()
	toHead := false
	if dir == decode.Client {
		s.asked(h)
		s.request(&m, out)
	} else {
		toHead = s.answered(h)
		s.response(&m, out)
	}
	side.body = h.NewBody(toHead)
	if side.body.Empty() {
		s.finish(&m, nil, out)
		return 0
	}
	side.inBody = true
	side.keep = m.wanted()
	if n := side.body.Counted(); side.keep && n > 0 && n <= len(rest) {
		side.inBody, side.keep = false, false
		s.finish(&m, rest[:min(n, maxClinicalContent)], out)
		return n
	}
	if side.keep = side.keep && len(head) <= maxKeptHead && s.budget.take(len(head), out); side.keep {
		side.head = append([]byte(nil), head...)
	}
	return 0
}

func (s *httpSession) readBody(dir decode.Dir, data []byte, out *decode.Out) (used int, ok bool) {
	side := &s.side[dir]
	part, used, done, ok := side.body.Read(data)
	if !ok {
		return 0, false
	}
	if part = part[:min(len(part), maxClinicalContent-len(side.buf))]; side.keep && len(part) > 0 {
		if s.budget.take(len(part), out) {
			side.buf = append(side.buf, part...)
		} else {
			s.release(dir)
		}
	}
	if side.keep {
		if done || len(side.buf) >= maxContent && !s.clinicalHead(side.head) || len(side.buf) == maxClinicalContent {
			s.collected(dir, out)
		}
	}
	side.inBody = !done
	return used, true
}

// release lets go of what was collected.
func (s *httpSession) release(dir decode.Dir) {
	side := &s.side[dir]
	if side.keep {
		s.budget.give(len(side.head) + len(side.buf))
		side.keep, side.head, side.buf = false, nil, nil
	}
}

// collected reads the content that was gathered behind the kept head.
func (s *httpSession) collected(dir decode.Dir, out *decode.Out) {
	side := &s.side[dir]
	defer s.release(dir)
	var h http1.Head
	if size, ok := http1.ParseHead(side.head, &h); !ok || size == 0 {
		return
	}
	m := httpMessage{Head: &h}
	m.readFields()
	s.finish(&m, side.buf, out)
}

func (s *httpSession) clinicalHead(head []byte) bool {
	var h http1.Head
	if size, ok := http1.ParseHead(head, &h); !ok || size == 0 {
		return false
	}
	return clinicalType(h.Get("Content-Type"))
}

// asked notes a request so that its answer can be told from others.
func (s *httpSession) asked(h *http1.Head) {
	if s.open < 64 {
		if string(h.Method) == "HEAD" {
			s.heads |= 1 << s.open
		}
		s.open++
	}
	s.pathSize = uint8(copy(s.path[:], h.Target)) //nolint:gosec // at most 128
	if len(h.Target) > 0 && h.Target[0] != '/' && h.Target[0] != '*' {
		s.proxy = true
	}
	if string(h.Method) == "CONNECT" {
		s.side[decode.Client].over = true
	}
}

func (s *httpSession) answered(h *http1.Head) (toHead bool) {
	if h.Status == 101 || s.side[decode.Client].over && h.Status/100 == 2 {
		s.side[decode.Client].over, s.side[decode.Server].over = true, true
	}
	if s.open == 0 || h.Status < 200 {
		return false
	}
	toHead = s.heads&1 == 1
	s.heads >>= 1
	s.open--
	return toHead
}

// finish reads a whole message.
func (s *httpSession) finish(m *httpMessage, content []byte, out *decode.Out) {
	s.clinical(m, content, out)
	if len(content) == 0 {
		return
	}
	content = content[:min(len(content), maxContent)]
	switch {
	case !m.Response:
		s.posted(m, content, out)
	case !s.proxy && !m.via:
		s.served(m, content, out)
	}
}
