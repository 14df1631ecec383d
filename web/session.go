package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/wardkeeper/wardkeeper/platform/access"
	"github.com/wardkeeper/wardkeeper/ward"
	"github.com/wardkeeper/wardkeeper/web/page"
)

// cookieName is the session's cookie. The prefix makes browsers insist on Secure, Path=/ and no
// Domain (RFC 6265bis, section 4.1.3), and is possible only over TLS.
func (s *Server) cookieName() string {
	if s.Secure {
		return "__Host-wardkeeper"
	}
	return "wardkeeper"
}

func (s *Server) sessionOf(r *http.Request) string {
	c, err := r.Cookie(s.cookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *Server) remember(w http.ResponseWriter, session string) {
	c := &http.Cookie{Name: s.cookieName(), Value: session, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	if session == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func (s *Server) startForm(q *request) error {
	if _, needed, err := s.Door.FirstStart(q.Context()); err != nil || !needed {
		if err != nil {
			return err
		}
		return q.to("/")
	}
	return q.show(page.StartPage(s.frame(q, "First start", ""), page.Door{Token: q.URL.Query().Get("token")}))
}

func (s *Server) start(q *request) error {
	name := q.word("name")
	session, _, err := s.Door.CreateAdministrator(q.Context(), q.word("token"), name, q.PostFormValue("password"), client(q.Request))
	if err != nil {
		return s.again(q, err, func(text string) page.Door { return page.Door{Error: text, Name: name} }, "First start", page.StartPage)
	}
	s.remember(q.w, session)
	return q.to("/")
}

func (s *Server) signInForm(q *request) error {
	if q.person.ID != "" {
		return q.to("/")
	}
	if _, needed, err := s.Door.FirstStart(q.Context()); err == nil && needed {
		return q.to("/start")
	}
	return q.show(page.SignInPage(s.frame(q, "Sign in", ""), page.Door{Next: safeNext(q.URL.Query().Get("next"))}))
}

func (s *Server) signIn(q *request) error {
	name, next := q.word("name"), safeNext(q.word("next"))
	session, _, err := s.Door.SignIn(q.Context(), name, q.PostFormValue("password"), client(q.Request))
	if err != nil {
		return s.again(q, err, func(text string) page.Door { return page.Door{Error: text, Name: name, Next: next} }, "Sign in", page.SignInPage)
	}
	s.remember(q.w, session)
	return q.to(next)
}

// enter takes a one-time link, as the demo prints it, from this machine only.
func (s *Server) enter(q *request) error {
	if !local(q.Request) {
		return &ward.Error{Kind: ward.Forbidden, Op: "web.enter", Msg: "This link works only on the machine that printed it."}
	}
	if q.person.ID != "" {
		return q.to("/")
	}
	session, _, err := s.Door.RedeemLink(q.Context(), q.URL.Query().Get("token"))
	if err != nil {
		return err
	}
	s.remember(q.w, session)
	return q.to("/")
}

func (s *Server) signOut(q *request) error {
	if err := s.Door.SignOut(q.Context(), s.sessionOf(q.Request)); err != nil {
		return err
	}
	s.remember(q.w, "")
	return q.to("/sign-in")
}

func (s *Server) help(q *request) error {
	return q.show(page.HelpPage(s.frame(q, "Keys and help", "/help")))
}

func (s *Server) me(q *request) error { return s.showMe(q, http.StatusOK, "", "") }

// token makes an API token for whoever is signed in and shows it this once.
func (s *Server) token(q *request) error {
	token, err := s.Door.MakeToken(q.Context(), q.word("name"), nil, q.now.Add(tokenLife))
	if err != nil && ward.KindOf(err) != ward.Internal {
		return s.showMe(q, ward.KindOf(err).HTTPStatus(), "", ward.Message(err))
	}
	if err != nil {
		return err
	}
	return s.showMe(q, http.StatusOK, token, "")
}

// tokenLife is how long a token made on a page lasts.
const tokenLife = 90 * 24 * time.Hour

func (s *Server) showMe(q *request, status int, token, problem string) error {
	m := page.Me{Name: q.person.Name, Theme: theme(q.Request), Token: token, Error: problem}
	for _, r := range q.person.Roles {
		m.Roles = append(m.Roles, string(r))
	}
	return q.showAs(status, page.MePage(s.frame(q, q.person.Name, "/me"), m))
}

// appearance keeps the wish for light or dark on this machine; it is no business of the register.
func (s *Server) appearance(q *request) error {
	c := &http.Cookie{Name: "theme", Value: q.word("theme"), Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, Secure: s.Secure, HttpOnly: true}
	if c.Value != "light" && c.Value != "dark" {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(q.w, c)
	return q.to("/me")
}

func theme(r *http.Request) string {
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

type formPage = func(page.Frame, page.Door) templ.Component

// safeNext keeps only a path of this site.
func safeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

// again shows a form once more with what went wrong; errors that are not the person's go on.
func (s *Server) again(q *request, err error, fill func(string) page.Door, title string, draw formPage) error {
	kind := ward.KindOf(err)
	if kind == ward.Internal || access.SignedOut(err) {
		return err
	}
	return q.showAs(kind.HTTPStatus(), draw(s.frame(q, title, ""), fill(ward.Message(err))))
}
