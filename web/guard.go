package web

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/ward"
)

// policy is what a page may load: only what this server serves; no inline script or style.
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// maxForm bounds the body of every request but an upload.
const maxForm = 1 << 20

// guard is what every request passes first: headers, refusal of requests from other sites, body
// limits, and the last net under a panic.
func (s *Server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(&request{w: w, Request: r, srv: s}, &ward.Error{Kind: ward.Forbidden, Op: "web.guard", Msg: "This form was sent from another site."})
	}))
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if r.Method != http.MethodGet && !takesFile(r) {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(formWait)) // a test's recorder has none
		}
		inner.ServeHTTP(w, r)
	})
}

// formWait is how long a form may take to arrive: whoever sends it byte by byte is cut off.
const formWait = 30 * time.Second

// takesFile reports whether a request is an upload. Only these two routes read their body as a
// stream, after they have asked who it is; everywhere else a multipart body is as bounded as any.
func takesFile(r *http.Request) bool {
	return (r.URL.Path == "/sensors/captures" || r.URL.Path == "/import") && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// row serves one route: who asks, may they, then the handler. Every error ends in one place.
func (s *Server) row(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{w: w, Request: r, srv: s, route: route, now: s.Now()}
		w.Header().Set("Cache-Control", "no-store")
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // net/http panics with the bare value
					panic(p)
				}
				s.Log.ErrorContext(r.Context(), "a page panicked", "route", route.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				s.refuse(q, &ward.Error{Kind: ward.Internal, Op: "web.row", Err: fmt.Errorf("panic: %v", p)})
			}
		}()
		if err := s.admit(q); err != nil {
			s.refuse(q, err)
			return
		}
		if err := q.readForm(); err != nil {
			s.refuse(q, err)
			return
		}
		if err := route.Handle(q); err != nil {
			s.refuse(q, err)
		}
	})
}

// readForm reads the form before its handler starts, and then gives the handler all the time it
// needs: a read deadline that passes later would end its context.
func (q *request) readForm() error {
	if q.Method == http.MethodGet || takesFile(q.Request) {
		return nil
	}
	err := q.ParseMultipartForm(maxForm)
	_ = http.NewResponseController(q.w).SetReadDeadline(time.Time{}) // a test's recorder has none
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, http.ErrNotMultipart):
		return nil
	case errors.As(err, &large):
		return err // refuse says so
	}
	return &ward.Error{Kind: ward.Invalid, Op: "web.readForm", Msg: "The form could not be read.", Err: err}
}

// admit finds out who asks and whether the route's permission is theirs.
func (s *Server) admit(q *request) error {
	if session := s.sessionOf(q.Request); session != "" {
		if p, err := s.Door.Session(q.Context(), session); err == nil {
			q.person = p
			q.Request = q.Request.WithContext(access.With(q.Context(), p))
		} else if q.route.Permission != Anyone && !access.SignedOut(err) && ward.KindOf(err) != ward.Forbidden {
			return err
		}
	}
	switch q.route.Permission {
	case Anyone:
		return nil
	case SignedIn:
		return s.Door.Allowed(q.Context(), "", "")
	}
	return s.Door.Allowed(q.Context(), q.route.Permission, q.PathValue("id"))
}

// may reports whether the person may do something, to offer only what works.
func (q *request) may(p access.Permission) bool {
	return q.srv.Door.Allowed(q.Context(), p, "") == nil
}

// client is the address a request came from, without the port.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// local reports whether a request came from this machine, and asked for it by a local name.
func local(r *http.Request) bool {
	ip := net.ParseIP(client(r))
	if ip == nil || !ip.IsLoopback() {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	at := net.ParseIP(strings.Trim(host, "[]"))
	return at != nil && at.IsLoopback()
}

var packers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return w }}

// packed gives a writer that compresses when the client can take it, and what to call at the end.
func packed(ctx context.Context, w http.ResponseWriter, r *http.Request) (write func([]byte) (int, error), done func() error) {
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || ctx.Err() != nil {
		return w.Write, func() error { return nil }
	}
	w.Header().Set("Content-Encoding", "gzip")
	z := packers.Get().(*gzip.Writer)
	z.Reset(w)
	return z.Write, func() error {
		err := z.Close()
		packers.Put(z)
		return err
	}
}
