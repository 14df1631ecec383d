package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/platform/store"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// request is one request on its way through its route.
type request struct {
	*http.Request
	w      http.ResponseWriter
	srv    *Server
	route  Route
	person access.Person
	now    time.Time
	wrote  bool
}

// show draws a page. It is drawn whole before the first byte leaves, so that an error in the middle
// is an error page and not half a page.
func (q *request) show(c templ.Component) error { return q.showAs(http.StatusOK, c) }

func (q *request) showAs(status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(q.Context(), &b); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	write, done := packed(q.Context(), q.w, q.Request)
	q.wrote = true
	q.w.WriteHeader(status)
	if _, err := write(b.Bytes()); err != nil {
		return nil // the client is gone
	}
	_ = done()
	return nil
}

// to sends the person on after a change, so that reloading does not change twice.
func (q *request) to(path string) error {
	q.wrote = true
	http.Redirect(q.w, q.Request, path, http.StatusSeeOther)
	return nil
}

// change runs a change through the one door under the route's permission and audit verb.
func (q *request) change(object, summary string, f func(ctx context.Context, tx store.Tx) error) error {
	a := access.Action{Verb: q.route.Audit, Permission: q.route.Permission, Object: object, Summary: summary}
	return q.srv.Door.Do(q.Context(), a, func(tx store.Tx) error { return f(q.Context(), tx) })
}

// word is one value of a form, trimmed and bounded.
func (q *request) word(key string) string {
	s := strings.TrimSpace(q.PostFormValue(key))
	return s[:min(len(s), 2000)]
}

// refuse answers an error in the design of every other page. Details go to the log, never out.
func (s *Server) refuse(q *request, err error) {
	if q.wrote || errors.Is(err, context.Canceled) {
		return
	}
	if access.SignedOut(err) && q.person.ID == "" {
		s.sendIn(q)
		return
	}
	kind := ward.KindOf(err)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		kind, err = ward.Invalid, &ward.Error{Kind: ward.Invalid, Op: "web", Msg: "That is larger than what is taken here."}
	}
	t := page.Trouble{Status: kind.HTTPStatus(), Text: ward.Message(err)}
	switch kind {
	case ward.NotFound:
		t.Title = "Not here"
	case ward.Forbidden:
		t.Title = "Not allowed"
	case ward.Invalid, ward.Conflict:
		t.Title = "That did not work"
	case ward.Unavailable, ward.Timeout:
		t.Title = "Not just now"
	default:
		t.Title = "Something went wrong"
		t.Reference = store.NewID(s.Now())
	}
	q.w.Header().Del("Content-Disposition")
	level := s.Log.WarnContext
	if kind == ward.Internal {
		level = s.Log.ErrorContext
	}
	level(q.Context(), "request refused", "route", q.route.Path, "kind", kind.String(), "err", err, "reference", t.Reference)
	if err := q.showAs(t.Status, page.TroublePage(s.frame(q, t.Title, ""), t)); err != nil {
		http.Error(q.w, t.Title, t.Status)
	}
}

// sendIn sends somebody who is not signed in to the door, and back to where they wanted to go.
func (s *Server) sendIn(q *request) {
	if q.Header.Get("X-Refresh") != "" {
		http.Error(q.w, "Sign in first.", http.StatusUnauthorized)
		return
	}
	if _, needed, err := s.Door.FirstStart(q.Context()); err == nil && needed {
		_ = q.to("/start")
		return
	}
	next := "/sign-in"
	if q.Method == http.MethodGet && q.URL.Path != "/" {
		next += "?next=" + url.QueryEscape(q.URL.RequestURI())
	}
	_ = q.to(next)
}

func (s *Server) missing(q *request) error {
	if q.person.ID == "" {
		if err := s.Door.Allowed(q.Context(), "", ""); err != nil {
			return err
		}
	}
	return &ward.Error{Kind: ward.NotFound, Op: "web", Msg: "There is no such page."}
}
